"""Anything that can be asked and answered, for the tests that translate there and back."""

import json
from collections.abc import Iterable
from itertools import groupby

import msgspec
from hypothesis import strategies as st

from hone.llm.formats.base import Event, Reader, Writer
from hone.llm.neutral import (
    Answer,
    Argued,
    Asked,
    Began,
    Called,
    Choice,
    Closed,
    Counted,
    Delta,
    Ended,
    Finish,
    Format,
    Media,
    Message,
    Mused,
    Part,
    Raw,
    Request,
    Result,
    Role,
    Sampling,
    Text,
    Thought,
    Tool,
    Wrote,
)
from hone.llm.types import Usage

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
solid = words.filter(lambda text: bool(text.strip()))
names = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_]{0,8}", fullmatch=True)
objects = st.dictionaries(names, st.integers() | words | st.booleans(), max_size=3)
arguments = objects.map(lambda value: json.dumps(value, separators=(",", ":")))
schemas = objects.map(lambda given: {"type": "object", "default": given}).map(
    lambda value: Raw(msgspec.json.encode(value))
)
texts = st.builds(Text, words)
pictures = st.builds(Media, st.just("image"), st.just("image/png"), st.just("iVBORw0KGgo=")) | (
    st.builds(Media, st.just("image"), url=st.just("https://example.org/a.png"))
)
calls = st.builds(Asked, names.map("call_{}".format), names, arguments)
tools = st.builds(Tool, names, words, schemas)
counts = st.integers(0, 10_000)


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    """Any counts that make sense: parts are not larger than what they are parts of."""
    prompt, answer = draw(counts), draw(counts)
    return Usage(prompt, answer, draw(st.integers(0, prompt)))


@st.composite
def conversations(draw: st.DrawFn) -> tuple[Message, ...]:
    """A system's word, and turns of a user and a model; what tools returned comes first."""
    turns: list[Message] = []
    if draw(st.booleans()):
        turns.append(Message(Role.SYSTEM, (draw(texts),)))
    asked: list[Asked] = []
    for _ in range(draw(st.integers(1, 3))):
        results = [Result(call.id, (draw(texts),)) for call in asked]
        said = draw(st.lists(texts | pictures, min_size=0 if results else 1, max_size=3))
        turns.append(Message(Role.USER, (*results, *said)))
        asked = draw(st.lists(calls, max_size=2, unique_by=lambda call: call.id))
        spoken = draw(st.lists(texts, min_size=0 if asked else 1, max_size=1))
        turns.append(Message(Role.ASSISTANT, (*spoken, *asked)))
    return tuple(turns)


requests = st.builds(
    Request,
    conversations(),
    tools=st.lists(tools, min_size=1, max_size=3).map(tuple),
    choice=st.sampled_from([None, "auto", "none", "required", "=search"]),
    max_tokens=st.integers(1, 100_000),
    stop=st.lists(solid, max_size=3).map(tuple),
    sampling=st.builds(Sampling, st.none() | st.floats(0, 0.9), st.none() | st.floats(0, 0.9)),
    format=st.none() | st.builds(Format, schemas),
    user=st.none() | words,
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """A thought, a text, and calls: each may be missing, not all."""
    parts: list[Part] = draw(st.lists(texts, max_size=1))
    parts += draw(st.lists(calls, min_size=0 if parts else 1, max_size=3))
    finish = draw(st.sampled_from(Finish))
    return Answer((Choice(tuple(parts), finish),), draw(usages()), draw(names), draw(names))


@st.composite
def streams(draw: st.DrawFn) -> list[Delta]:
    """An answer, piece by piece."""
    deltas: list[Delta] = [Began(draw(names), draw(names))]
    deltas += [Mused(text) for text in draw(st.lists(words, max_size=2))]
    deltas += [Wrote(text) for text in draw(st.lists(words, max_size=3))]
    for index, call in enumerate(draw(st.lists(calls, max_size=2))):
        cut = draw(st.integers(1, len(call.arguments)))
        pieces = [call.arguments[:cut], call.arguments[cut:]]
        deltas.append(Called(index, call.id, call.name))
        deltas += [Argued(index, piece) for piece in pieces if piece]
    return [*deltas, Ended(draw(st.sampled_from(Finish))), Counted(draw(usages())), Closed()]


def merged(messages: Iterable[Message]) -> list[Message]:
    """Make one turn of neighbours of one role, and nothing of empty ones."""
    turns: list[Message] = []
    for role, group in groupby(messages, key=lambda message: message.role):
        parts = tuple(part for message in group for part in message.parts)
        turns += [Message(role, parts)] if parts else []
    return turns


def written(writer: Writer, deltas: Iterable[Delta]) -> list[Event]:
    """Write a whole stream."""
    return [event for delta in deltas for event in writer.write(delta)]


def reread(reader: Reader, events: Iterable[Event], cut: int) -> list[Delta]:
    """Read a stream that comes in chunks of some size."""
    stream = b"".join(event.raw for event in events)
    chunks = [stream[at : at + cut] for at in range(0, len(stream), cut)]
    return [delta for chunk in chunks for delta in reader.feed(chunk)]


def as_body(value: dict[str, object]) -> dict[str, Raw]:
    """Send a request: its top level decoded, as the gateway has it."""
    return msgspec.json.decode(msgspec.json.encode(value), type=dict[str, Raw])


__all__ = ["Thought", "answers", "as_body", "merged", "requests", "reread", "streams", "written"]
