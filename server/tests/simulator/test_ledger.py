from pathlib import Path

import msgspec
import pytest

from hone.simulator import Delivery, Row, SimulatorConfig
from hone.simulator.ledger import Ledger
from tests.simulator.running import Simulator, content, in_process, in_thread


def billed(row: Row) -> tuple[object, ...]:
    return (
        *(row.model, row.status, row.delivery, row.billed_picodollars, row.delivered_tokens),
        *(row.prompt_tokens, row.cached_tokens, row.completion_tokens, row.reasoning_tokens),
    )


@pytest.mark.parametrize("settings", ["", "#tokens=40", "#cached=3,reasoning=9", "#burst=0"])
def test_streamed_and_plain_answers_cost_the_same(simulator: Simulator, settings: str):
    plain = simulator.chat(f"gpt-4o-mini{settings}", "Is there parking?").json()
    events = simulator.events(f"gpt-4o-mini{settings}", "Is there parking?")
    assert content(events) == plain["choices"][0]["message"]["content"]
    one, two = simulator.ledger()
    assert billed(one) == billed(two)
    assert (one.stream, two.stream) == (False, True)
    usage = plain["usage"]
    assert one.prompt_tokens == usage["prompt_tokens"]
    assert one.completion_tokens == usage["completion_tokens"]
    assert one.billed_picodollars == (
        (one.prompt_tokens - one.cached_tokens) * 150_000
        + one.cached_tokens * 75_000
        + one.completion_tokens * 600_000
    )


def test_a_row_carries_the_ids_of_both_sides(simulator: Simulator):
    headers = {"x-hone-operation-id": "op_1", "x-request-id": "mine"}
    answer = simulator.chat(headers=headers)
    row = simulator.row()
    assert row.request_id == answer.headers["x-request-id"]
    assert answer.json()["id"].removeprefix("chatcmpl-") == row.request_id.removeprefix("req_")
    assert (row.operation_id, row.caller_request_id) == ("op_1", "mine")
    simulator.chat("other")
    for known in ("op_1", "mine", row.request_id):
        assert simulator.ledger(requestId=known) == [row]


def test_rows_can_be_chosen(simulator: Simulator):
    for model in ("a", "b", "a"):
        simulator.chat(model)
    first, second, third = simulator.ledger()
    assert simulator.ledger(model="a") == [first, third]
    assert simulator.ledger(since=first.sequence) == [second, third]
    assert simulator.ledger(limit=1) == [third]
    answer = simulator.http.get("/simulator/ledger?limit=0").json()
    assert answer["items"] == []
    assert answer["totals"]["requests"] == 3
    assert answer["totals"]["billedPicodollars"] == sum(
        row.billed_picodollars for row in (first, second, third)
    )
    simulator.http.delete("/simulator/ledger")
    assert simulator.ledger() == []
    simulator.chat()
    assert simulator.row().sequence == third.sequence + 1


def test_memory_is_bounded_and_the_file_keeps_all(tmp_path: Path):
    path = tmp_path / "ledger.jsonl"
    with in_thread(SimulatorConfig(ledger_path=path, ledger_rows=2)) as simulator:
        for _ in range(5):
            simulator.chat()
        assert [row.sequence for row in simulator.ledger()] == [4, 5]
        assert len(path.read_text().splitlines()) == 5


def test_every_answer_is_in_the_file_after_kill_9(tmp_path: Path):
    path = tmp_path / "deep" / "ledger.jsonl"
    with in_process(path) as (simulator, process):
        ids = [simulator.chat(text=str(number)).headers["x-request-id"] for number in range(20)]
        with simulator.streaming() as response:
            ids.append(response.headers["x-request-id"])
            assert "[DONE]" in response.read().decode()
            process.kill()
        process.wait()
    written = [msgspec.json.decode(line, type=Row) for line in path.read_bytes().splitlines()]
    assert [row.request_id for row in written] == ids
    with in_process(path) as (simulator, _):
        assert simulator.ledger() == written
        simulator.chat()
        assert simulator.ledger()[-1].sequence == written[-1].sequence + 1
        simulator.http.delete("/simulator/ledger")
        assert path.read_bytes() == b""
        simulator.chat()
        assert len(path.read_text().splitlines()) == 1


def test_a_torn_line_is_passed_over(tmp_path: Path):
    path = tmp_path / "ledger.jsonl"
    with in_thread(SimulatorConfig(ledger_path=path)) as simulator:
        simulator.chat()
        (row,) = simulator.ledger()
    path.write_bytes(path.read_bytes() + b'\xff\n{"sequence": 2, "ti')
    ledger = Ledger(path, 10)
    ledger.add(msgspec.structs.replace(row, sequence=ledger.next_sequence()))
    ledger.close()
    again = Ledger(path, 10)
    assert [each.sequence for each in again.rows()] == [1, 2]
    again.close()


def test_an_answer_that_was_sent_whole_says_so(simulator: Simulator):
    simulator.events("m#tokens=9")
    row = simulator.row()
    assert row.delivery == Delivery.FULL
    assert row.delivered_tokens == 9
