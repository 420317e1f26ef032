"""Calls that are answered, and what the log says of them."""

import json
from pathlib import Path

from hone.core import ids
from hone.gateway import ContentMode, Status, content_answer
from tests.gateway.running import PRICE, house, route, target
from tests.simulator.running import Simulator


def test_an_answer_is_passed_on_and_logged_with_its_cost(
    tmp_path: Path, provider: Simulator
) -> None:
    with house(tmp_path, route("gpt", target("gpt", provider.api, upstream="sim-chat"))) as home:
        answer = home.ask("gpt", "How many guests?", temperature=0.1)
        frame = home.one()
        (opened,) = home.opened()
        content = home.content(frame)
    row = provider.row()
    assert answer.status_code == 200
    assert answer.headers["x-request-id"] == ids.public("op", ids.UUID(bytes=frame.id))
    assert answer.headers["x-hone-model"] == "gpt"
    assert answer.headers["x-hone-attempts"] == "1"
    assert answer.headers["x-hone-cache"] == "none"
    assert 0 <= float(answer.headers["x-hone-overhead-ms"]) < 1000
    assert float(answer.headers["x-hone-cost-usd"]) * 1e12 == row.billed_picodollars
    (attempt,) = frame.attempts
    assert attempt.cost == row.billed_picodollars
    assert (attempt.input_tokens, attempt.output_tokens) == (
        row.prompt_tokens,
        row.completion_tokens,
    )
    assert attempt.price_id == PRICE.id.bytes
    assert (frame.status, frame.http_status, frame.error) == (Status.SUCCESS, 200, None)
    assert (frame.route, frame.finish_reason, frame.candidates) == ("gpt", "stop", [("gpt", 1.0)])
    assert (opened.id, opened.upstream, opened.number) == (frame.id, "sim-chat", 1)
    assert row.caller_request_id == answer.headers["x-request-id"]
    assert content.answer == answer.content
    assert content_answer(content) == answer.json()
    assert json.loads(content.request)["temperature"] == 0.1


def test_an_organization_that_keeps_no_content_has_none_in_its_log(
    tmp_path: Path, provider: Simulator
) -> None:
    models = route("sim-chat", target("sim-chat", provider.api))
    with house(tmp_path, models, content=ContentMode.NONE) as home:
        home.ask()
        frame = home.one()
    assert frame.content is None
    assert frame.content_key is None
