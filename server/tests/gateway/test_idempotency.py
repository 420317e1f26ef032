"""The same request sent twice is done once."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from hone.gateway import Claim, Idempotency, IdempotencyUnavailable, Outcome, Replay
from tests.gateway.running import codes, house, route, target
from tests.gateway.scripted import chunk, scripted
from tests.simulator.running import Simulator

Key = tuple[UUID, bytes]


@dataclass
class Store:
    """The store's contract in memory."""

    kept: dict[Key, Replay | Outcome | None] = field(
        default_factory=dict[Key, Replay | Outcome | None]
    )
    requests: dict[Key, bytes] = field(default_factory=dict[Key, bytes])
    away: bool = False
    away_at_end: bool = False

    async def claim(
        self, organization_id: UUID, key: bytes, request: bytes, operation_id: UUID
    ) -> Claim | Replay:
        if self.away:
            raise IdempotencyUnavailable
        name = organization_id, key
        if name not in self.kept:
            self.kept[name], self.requests[name] = None, request
            return Claim.FRESH
        if self.requests[name] != request:
            return Claim.MISMATCH
        kept = self.kept[name]
        if isinstance(kept, Replay):
            return kept
        return Claim.IN_PROGRESS if kept is None else Claim.NOT_REPLAYABLE

    async def finish(
        self, organization_id: UUID, key: bytes, operation_id: UUID, outcome: Replay | Outcome
    ) -> None:
        if self.away_at_end:
            raise IdempotencyUnavailable
        if outcome is Outcome.RELEASED:
            del self.kept[organization_id, key]
        else:
            self.kept[organization_id, key] = outcome

    def port(self) -> Idempotency:
        return Idempotency(self.claim, self.finish)


WITH_KEY = {"idempotency-key": "one"}


def test_a_repeated_request_gets_the_first_answer(tmp_path: Path, provider: Simulator) -> None:
    models = route("sim-chat", target("sim-chat", provider.api))
    with house(tmp_path, models, idempotency=Store().port()) as home:
        first = home.ask(headers=WITH_KEY)
        second = home.ask(headers=WITH_KEY)
        other = home.ask(headers=WITH_KEY, temperature=0.5)
        assert len(home.settled()) == 1
    assert second.content == first.content
    assert second.headers["x-request-id"] == first.headers["x-request-id"]
    assert second.headers["x-hone-replayed"] == "true"
    assert "x-hone-replayed" not in first.headers
    assert codes(other) == (422, "idempotency_mismatch")
    assert len(provider.ledger()) == 1


def test_a_repeated_stream_gets_the_first_stream(tmp_path: Path, provider: Simulator) -> None:
    models = route("sim-chat", target("sim-chat", provider.api))
    with house(tmp_path, models, idempotency=Store().port()) as home:
        first = home.events(headers=WITH_KEY)
        with home.streaming(headers=WITH_KEY) as answer:
            second = [line[6:] for line in answer.iter_lines() if line.startswith("data: ")]
            assert answer.headers["content-type"].startswith("text/event-stream")
    assert second == first
    assert len(provider.ledger()) == 1


def test_a_claim_that_is_held_is_told(tmp_path: Path) -> None:
    class Busy(Store):
        async def claim(
            self, organization_id: UUID, key: bytes, request: bytes, operation_id: UUID
        ) -> Claim | Replay:
            return Claim.IN_PROGRESS

    models = route("m", target("m", "http://127.0.0.1:1/v1"))
    with house(tmp_path, models, idempotency=Busy().port()) as home:
        answer = home.ask("m", headers=WITH_KEY)
        assert not home.frames()
    assert codes(answer) == (409, "idempotency_in_progress")
    assert answer.headers["retry-after"] == "1"


def test_a_failure_of_the_provider_frees_the_key_and_a_refusal_is_kept(
    tmp_path: Path, provider: Simulator
) -> None:
    store = Store()
    models = [
        route("broken", target("broken", provider.api, upstream="sim-chat#status=500,times=1")),
        route("wrong", target("wrong", provider.api, upstream="sim-chat#fault=content_filter")),
    ]
    with house(tmp_path, *models, idempotency=store.port()) as home:
        assert home.ask("broken", headers=WITH_KEY).status_code == 502
        assert home.ask("broken", headers=WITH_KEY).status_code == 200
        key = {"idempotency-key": "two"}
        first, second = home.ask("wrong", headers=key), home.ask("wrong", headers=key)
    assert codes(first) == codes(second) == (400, "content_filter")
    assert second.headers["x-hone-replayed"] == "true"


def test_a_stream_that_is_too_long_cannot_be_replayed(tmp_path: Path) -> None:
    events = [*[chunk({"content": "x" * 60_000})] * 20, chunk({}, "stop"), b"data: [DONE]\n\n"]
    with (
        scripted(*events) as api,
        house(tmp_path, route("long", target("long", api)), idempotency=Store().port()) as home,
    ):
        assert home.events("long", headers=WITH_KEY)[-1] == "[DONE]"
        with home.streaming("long", headers=WITH_KEY) as answer:
            answer.read()
    assert codes(answer) == (409, "idempotency_not_replayable")


def test_without_its_store_a_key_is_refused_and_a_request_without_one_served(
    tmp_path: Path, provider: Simulator
) -> None:
    store = Store(away=True)
    models = route("sim-fast", target("sim-fast", provider.api))
    with house(tmp_path, models, idempotency=store.port()) as home:
        assert codes(home.ask("sim-fast", headers=WITH_KEY)) == (503, "idempotency_unavailable")
        assert home.ask("sim-fast").status_code == 200
        store.away, store.away_at_end = False, True
        assert home.ask("sim-fast", headers=WITH_KEY).status_code == 200
        long = home.ask("sim-fast", headers={"idempotency-key": "k" * 256})
    assert codes(long) == (400, "invalid_parameter")
    assert long.json()["error"]["param"] == "Idempotency-Key"
