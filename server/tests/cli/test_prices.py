"""`hone prices`: a wrong price is put right, and every sum that it is part of with it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from hone.core import ids
from hone.gateway import Opened, Settled, Status
from hone.llm.pricing import cost
from hone.llm.types import Price, Usage
from tests.cli.console import CONFIG, Installation
from tests.core.facts import wait_for
from tests.operations.frames import attempt, land, opened, settled

TWO = CONFIG.replace(
    "routes:",
    "  - {name: large, provider: simulator, upstream: large, price: {input: 5, output: 20}}\nroutes:",
)
RIGHT = Price(ids.new(), 2_000_000, 8_000_000, 200_000, 2_500_000, cache_write_hour=4_000_000)
CORRECT = [
    "--input",
    "2",
    "--output",
    "8",
    "--cached-input",
    "0.2",
    "--cache-write",
    "2.5",
    "--cache-write-hour",
    "4",
]
LANE = ids.new().hex
NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=100)
USAGES = (
    Usage(1000, 100),
    Usage(1000, 50, 400, 10),
    Usage(3000, 10, 0, 0, 2500, written_hour_tokens=1200),
    Usage(3000, 10, 1000, 0, 1500, estimated=True),
    Usage(),
)
"""Plain, read from the cache, put into it, both and estimated, and none at all."""


@dataclass
class Books:
    """An installation with two models, and calls of theirs."""

    at: Installation
    organization: UUID
    models: dict[str, UUID]
    prices: dict[str, UUID]

    def call(self, at: datetime, *usages: Usage, model: str = "venue", **changes: Any) -> Settled:
        """Make the frame of a call at a moment, with an attempt for each usage."""
        return settled(
            self.organization,
            id=ids.new(int(at.timestamp() * 1000)).bytes,
            attempts=[
                attempt(
                    model=model,
                    model_id=self.models[model].bytes,
                    price_id=self.prices[model].bytes,
                    input_tokens=each.input_tokens,
                    output_tokens=each.output_tokens,
                    cached_tokens=each.cached_tokens,
                    reasoning_tokens=each.reasoning_tokens,
                    written_tokens=each.written_tokens,
                    written_hour_tokens=each.written_hour_tokens,
                    estimated=each.estimated,
                    cost=each.input_tokens * 2_500_000 + each.output_tokens * 10_000_000,
                )
                for each in usages
            ],
            **changes,
        )

    def died(self, at: datetime) -> list[Opened]:
        """Make the frame of a call whose process died."""
        return [
            opened(
                self.organization,
                id=ids.new(int(at.timestamp() * 1000)).bytes,
                model="venue",
                model_id=self.models["venue"].bytes,
                price_id=self.prices["venue"].bytes,
            )
        ]

    def land(self, frames: Sequence[Settled], died: Sequence[list[Opened]] = ()) -> None:
        asyncio.run(land(self.at.urls.owner, frames, died, lane=LANE))

    def correct(self, since: datetime = LONG_AGO, model: str = "venue") -> Any:
        since = since.astimezone(UTC).replace(microsecond=0, tzinfo=None)
        return self.at.hone("prices", "correct", model, "--from", since, *CORRECT, "--json")

    def rerate(self, *options: object, since: datetime = LONG_AGO) -> Any:
        moment = since.replace(microsecond=0, tzinfo=None)
        return self.at.hone("prices", "rerate", "--from", moment, *options, "--json").document

    def operations(self) -> list[dict[str, Any]]:
        rows = self.at.rows("SELECT to_jsonb(o) FROM operations o ORDER BY created_at, id")
        return [row for (row,) in rows]

    def figures(self) -> list[list[tuple[Any, ...]]]:
        """Return everything that a rating may touch."""
        tables = ("operations", "operation_minutes", "operation_quarters", "operation_facets")
        tables += ("operation_costs",)
        queries = [f"SELECT to_jsonb(t)::text FROM {name} t ORDER BY 1" for name in tables]
        return [self.at.rows(query) for query in queries]

    def events(self, name: str) -> list[dict[str, Any]]:
        found = self.at.rows("SELECT data FROM event_inbox WHERE name = %s ORDER BY id", name)
        return [data for (data,) in found]

    def assert_sums(self) -> None:
        """Compare the sums of minutes, quarters and hours with the operations."""
        for table, width in (("minutes", "1 minute"), ("quarters", "15 minutes")):
            differ = self.at.rows(
                f"SELECT * FROM (SELECT date_bin('{width}', created_at, 'epoch') AS minute, model,"
                " route, status, sum(cost) AS cost FROM operations GROUP BY 1, 2, 3, 4) o"
                f" FULL JOIN operation_{table} m USING (minute, model, route, status)"
                " WHERE o.cost IS DISTINCT FROM m.cost"
            )
            assert differ == []
        differ = self.at.rows(
            "SELECT * FROM (SELECT 15 AS span, date_bin('15 minutes', created_at, 'epoch') AS start,"
            " model, sum(cost) AS cost, sum(cost) FILTER (WHERE usage_estimated) AS estimated"
            " FROM operations GROUP BY 2, 3) o FULL JOIN (SELECT span, start, model, sum(cost) AS cost,"
            " nullif(sum(estimated_cost), 0) AS estimated FROM operation_costs WHERE span = 15"
            " GROUP BY 1, 2, 3) m USING (span, start, model)"
            " WHERE (o.cost, o.estimated) IS DISTINCT FROM (m.cost, m.estimated)"
        )
        assert differ == []
        dearer = self.at.rows(
            "SELECT o.id FROM operations o JOIN operation_facets f ON f.field = 'model'"
            " AND f.value = o.model AND f.hour = date_bin('1 hour', o.created_at, 'epoch')"
            " WHERE f.most_cost < o.cost"
        )
        assert dearer == []


@pytest.fixture
def books(installed: Installation) -> Books:
    """Declare two models; the price of one of them will turn out to have been wrong."""
    file = installed.folder / "two.yaml"
    file.write_text(TWO, encoding="utf-8")
    installed.hone("apply", file)
    ((organization,),) = installed.rows("SELECT id FROM organizations")
    models = dict(installed.rows("SELECT name, id FROM models"))
    prices = dict(
        installed.rows("SELECT m.name, p.id FROM prices p JOIN models m ON m.id = p.model_id")
    )
    return Books(installed, organization, models, prices)


def _months(books: Books) -> list[Settled]:
    """Make calls of three months, of all kinds."""
    at = [NOW - timedelta(days=70), NOW - timedelta(days=35), NOW - timedelta(minutes=40), NOW]
    calls = [books.call(each, usage) for each in at for usage in USAGES]
    failed = books.call(at[1], Usage(), USAGES[2], status=Status.ERROR, error="upstream_timeout")
    return [*calls, failed, books.call(at[0], USAGES[0], model="large")]


def test_history_is_rated_anew_and_nothing_else_changes(books: Books) -> None:
    books.land(_months(books), [books.died(NOW - timedelta(days=35))])
    before, figures = books.operations(), books.figures()
    assert books.correct().code == 0
    shown = books.rerate("--dry-run")
    assert books.figures() == figures
    assert books.events("price.rerated") == []
    done = books.rerate()
    assert done == {**shown, "written": True}
    after = books.operations()
    changed = {"cost", "attempts", "price_id"}
    for old, new in zip(before, after, strict=True):
        assert {k: v for k, v in old.items() if k not in changed} == {
            k: v for k, v in new.items() if k not in changed
        }
        assert new["cost"] == sum(each["cost"] for each in new["attempts"])
        for was, each in zip(old["attempts"], new["attempts"], strict=True):
            usage = Usage(
                each["inputTokens"],
                each["outputTokens"],
                each.get("cachedTokens", 0),
                written_tokens=each.get("cacheWriteTokens", 0),
                written_hour_tokens=each.get("cacheWriteHourTokens", 0),
            )
            large = each["model"] == "large"
            assert each["cost"] == (was["cost"] if large else cost(usage, RIGHT))
            assert {k: v for k, v in was.items() if k not in {"cost", "priceId"}} == {
                k: v for k, v in each.items() if k not in {"cost", "priceId"}
            }
    books.assert_sums()
    difference = sum(each["cost"] for each in after) - sum(each["cost"] for each in before)
    told = books.events("price.rerated")
    assert sum(each["costAfter"] - each["costBefore"] for each in told) == difference
    assert round(float(done["operations"]["differenceUsd"]) * 10**12) == difference
    assert [each["model"] for each in done["models"]] == ["venue"]
    assert done["lookedAt"] == len(before)
    assert done["estimated"] == 5


def test_what_is_right_already_stays(books: Books) -> None:
    books.land(_months(books))
    books.correct()
    books.rerate()
    figures, told = books.figures(), books.events("price.rerated")
    assert books.rerate()["operations"]["changed"] == 0
    assert (books.figures(), books.events("price.rerated")) == (figures, told)
    said = books.at.hone("prices", "rerate", "--from", "2020-01-01").out
    assert said == f"{len(_months(books))} calls looked at; every one costs what it should.\n"


def test_only_the_stretch_and_the_model_that_are_named_are_rated(books: Books) -> None:
    early, late = NOW - timedelta(days=70), NOW - timedelta(days=2)
    books.land([books.call(each, USAGES[0]) for each in (early, late)])
    books.correct()
    middle = NOW - timedelta(days=35)
    until = middle.replace(microsecond=0, tzinfo=None)
    assert books.rerate("--model", "large")["operations"]["changed"] == 0
    assert books.rerate("--to", until)["operations"]["changed"] == 1
    assert [each["cost"] for each in books.operations()] == [2_800_000_000, 3_500_000_000]
    assert books.rerate("--model", "venue", since=middle)["operations"]["changed"] == 1
    assert [each["cost"] for each in books.operations()] == [2_800_000_000] * 2
    refused = books.at.hone("prices", "rerate", "--from", until, "--model", "nowhere")
    assert (refused.code, "There is no model 'nowhere'." in refused.error) == (1, True)


def test_a_call_before_any_price_keeps_what_it_was_charged(books: Books) -> None:
    books.land([books.call(NOW - timedelta(days=70), USAGES[0])])
    books.correct(since=NOW - timedelta(days=10))
    assert books.rerate()["operations"]["changed"] == 0


def test_a_limit_counts_what_calls_cost_now(books: Books) -> None:
    books.at.rows(
        "INSERT INTO limits (id, organization_id, subject_kind, subject_id, measure, period, amount)"
        " SELECT id, id, 'organization', id, 'cost', 'month', 1000000000000 FROM organizations"
        " RETURNING 1"
    )
    limit = books.organization.bytes
    books.land(
        [books.call(each, USAGES[0], limits=[limit]) for each in (NOW, NOW - timedelta(days=40))]
    )
    used = "SELECT used FROM limit_uses ORDER BY window_start"
    assert books.at.rows(used) == [(3_500_000_000,), (3_500_000_000,)]
    books.correct()
    assert books.rerate("--dry-run")["limitSums"] == 0
    assert books.rerate()["limitSums"] == 1
    assert books.at.rows(used) == [(3_500_000_000,), (2_800_000_000,)]
    books.at.hone("limits", "rebuild")
    assert books.at.rows(used) == [(3_500_000_000,), (2_800_000_000,)]


def test_a_rating_that_was_killed_is_gone_on_with(books: Books) -> None:
    start = NOW - timedelta(days=1)
    calls = [books.call(start + timedelta(milliseconds=n), USAGES[0]) for n in range(2100)]
    books.land(calls)
    books.correct()
    arguments = ["prices", "rerate", "--from", f"{LONG_AGO:%Y-%m-%d}"]
    with psycopg.connect(books.at.urls.owner) as holding:
        holding.execute(
            "SELECT 1 FROM operations WHERE id = %s FOR UPDATE", (UUID(bytes=calls[-1].id),)
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "hone.cli", *arguments], env={**os.environ, **books.at.env}
        )
        try:
            wait_for(lambda: books.events("price.rerated"))
        finally:
            process.kill()
            process.wait()
    (first,) = books.events("price.rerated")
    assert first["operations"] == 2000
    books.assert_sums()
    assert books.rerate()["operations"]["changed"] == 100
    assert {each["cost"] for each in books.operations()} == {2_800_000_000}
    books.assert_sums()


def test_a_correction_is_said_once_and_holds_until_the_next_price(books: Books) -> None:
    said = books.correct().document
    assert (said["input"], said["cacheWrite"], said["source"]) == ("2", "2.5", "corrected")
    assert books.correct().document["id"] == said["id"]
    (told,) = books.events("price.corrected")
    assert told["before"] is None
    assert told["after"]["cache_write"] == "2.5"
    assert told["after"]["cache_write_hour"] == "4"
    books.land([books.call(datetime.now(UTC), USAGES[0])])
    assert books.rerate()["operations"]["changed"] == 0


def test_a_price_is_corrected_from_its_own_start_on(books: Books) -> None:
    ((start,),) = books.at.rows(
        "UPDATE prices SET effective_from = date_trunc('second', effective_from)"
        " WHERE id = %s RETURNING effective_from",
        books.prices["venue"],
    )
    books.land([books.call(datetime.now(UTC), USAGES[0])])
    assert books.correct(since=start).code == 0
    assert books.rerate()["operations"]["changed"] == 1


@pytest.mark.parametrize(
    ("model", "since", "told"),
    [
        ("nowhere", "2026-01-01", "There is no model 'nowhere'."),
        ("venue", "2999-01-01", "A correction holds from a moment in the past on"),
    ],
)
def test_what_cannot_be_corrected_is_named(
    installed: Installation, model: str, since: str, told: str
) -> None:
    installed.hone("apply", installed.config)
    said = installed.hone("prices", "correct", model, "--from", since, *CORRECT)
    assert (said.code, told in said.error) == (1, True), said.error
