"""Whatever is said in the neutral form comes back from each format as it went in."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hone.llm.formats import chat, messages
from hone.llm.formats.base import ClientFormat, ProviderFormat
from hone.llm.neutral import Answer, Counted, Delta, Format, Request, Sampling
from tests.llm.formats import neutral

FORMATS = {
    "chat": (chat.CLIENT, chat.OPENAI),
    "common": (chat.CLIENT, chat.COMMON),
    "messages": (messages.CLIENT, messages.PROVIDER),
}
unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
both = pytest.mark.parametrize(("client", "provider"), FORMATS.values(), ids=list(FORMATS))


def comparable(request: Request) -> Request:
    """Bring a request to what every format says alike."""
    shape = request.format and Format(request.format.schema)
    turns = tuple(neutral.merged(request.messages))
    return msgspec.structs.replace(request, messages=turns, format=shape)


@both
@unhurried
@given(request=neutral.requests)
def test_a_request(client: ClientFormat, provider: ProviderFormat, request: Request) -> None:
    again = client.read(neutral.as_body(provider.write(request)))
    assert comparable(again) == comparable(request)


@both
@unhurried
@given(answer=neutral.answers())
def test_an_answer(client: ClientFormat, provider: ProviderFormat, answer: Answer) -> None:
    assert provider.read(client.write(answer, {})) == answer


@both
@unhurried
@given(deltas=neutral.streams(), cut=st.integers(1, 400))
def test_a_stream(
    client: ClientFormat, provider: ProviderFormat, deltas: list[Delta], cut: int
) -> None:
    events = neutral.written(client.writer({}), deltas)
    first, *rest = neutral.reread(provider.reader(), events, cut)
    assert [msgspec.structs.replace(first, usage=None), *rest] == deltas
    pieces = [event.piece for event in events if event.piece is not None]
    assert sum(len(piece.finished) for piece in pieces) == 1
    assert pieces[-1].done
    counted = deltas[-2]
    assert isinstance(counted, Counted)
    assert [piece.usage for piece in pieces if piece.usage is not None] == [counted.usage]


def test_what_is_drawn_otherwise_is_left_out() -> None:
    request = Request((), sampling=Sampling(1.5, 1.0, seed=7))
    assert messages.PROVIDER.write(request)["temperature"] == 1.0
    assert "top_p" not in messages.PROVIDER.write(request)
    assert "seed" not in messages.PROVIDER.draws
