"""`hone prices reconcile`: a provider's export beside the calls that went through Hone."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from hone.core import ids
from tests.cli.console import Installation
from tests.operations.frames import attempt, land, settled

DAYS = [datetime(2026, 11, day, 23, 59, tzinfo=UTC) for day in (1, 2, 3)]
PLAIN = """date,model,input_tokens,output_tokens,cost
2026-11-01,gpt-4o-2026-08-06,"1,000",100,0.0035
2026-11-01,gpt-4o,1000,100,$0.0035
2026-11-02,gpt-4o,4000,0,0.01
2026-11-02,embedder,500,0,0.00001
"""
ANTHROPIC = (
    "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,"
    "usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens\n"
    "2026-11-01,gpt-4o-20260806,400,300,200,100,100\n2026-11-02,gpt-4o-20260806,0,0,0,0,0\n"
)
COST = (
    "usage_date_utc,model,token_type,cost_usd\n"
    "2026-11-01,GPT 4o,input_no_cache,0.003\n2026-11-01,GPT 4o,output,0.001\n"
)
OPENAI = (
    "start_time,start_time_iso,model,input_tokens,output_tokens\n"
    "1,2026-11-01T00:00:00+00:00,gpt-4o-2026-08-06,2000,200\n"
    "2,2026-11-01T01:00:00+00:00,,0,0\n"
)


@pytest.fixture
def books(installed: Installation) -> Installation:
    """Record a call on each of three days, at the provider `simulator`, and one elsewhere."""
    installed.hone("apply", installed.config)
    ((organization,),) = installed.rows("SELECT id FROM organizations")
    calls = [
        settled(
            organization,
            id=ids.new(int(day.timestamp() * 1000)).bytes,
            attempts=[
                attempt(provider=provider, input_tokens=1000, output_tokens=100, cost=3_500_000_000)
            ],
        )
        for day in DAYS
        for provider in ("simulator", "elsewhere")
    ]
    asyncio.run(land(installed.urls.owner, calls, lane=ids.new().hex))
    return installed


def _compare(books: Installation, text: str, *options: str) -> Any:
    file = books.folder / "export.csv"
    file.write_text(text, encoding="utf-8")
    command = ("prices", "reconcile", file, "--provider", "simulator", *options)
    return books.hone(*command, "--json").document


def test_what_went_through_hone_is_told_by_day_and_model(books: Installation) -> None:
    told = _compare(books, PLAIN)
    used = {"inputTokens": 1000, "outputTokens": 100, "costUsd": "0.0035"}
    assert [(each["day"], each["model"]) for each in told["lines"]] == [
        ("2026-11-01", "gpt-4o"),
        ("2026-11-02", "embedder"),
        ("2026-11-02", "gpt-4o"),
    ]
    first, missing, second = told["lines"]
    assert first["theirs"] == {"inputTokens": 2000, "outputTokens": 200, "costUsd": "0.007"}
    assert first["ours"] == second["ours"] == used
    assert missing["ours"] is None
    assert told["ours"] == {"inputTokens": 2000, "outputTokens": 200, "costUsd": "0.007"}
    assert told["captured"] == {
        "tokens": round(2200 / 6700, 6),
        "cost": round(0.007 / 0.01701, 6),
    }


def test_what_the_provider_does_not_know_is_named(books: Installation) -> None:
    text = PLAIN.replace("2026-11-02,gpt-4o,4000", "2026-11-03,other,4000")
    file = books.folder / "export.csv"
    file.write_text(text, encoding="utf-8")
    said = books.hone("prices", "reconcile", file, "--provider", "simulator").out
    lines = [line for line in said.splitlines() if line.endswith("not in theirs")]
    assert [line.split()[:2] for line in lines] == [
        ["2026-11-02", "gpt-4o"],
        ["2026-11-03", "gpt-4o"],
    ]
    assert "not in ours" in said
    assert "Captured: 49.25% of tokens" in said


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        (ANTHROPIC, {"tokens": 1.0, "cost": None}),
        (COST, {"tokens": None, "cost": 0.875}),
        (OPENAI, {"tokens": 0.5, "cost": None}),
    ],
)
def test_exports_of_vendors_are_known_by_their_columns(
    books: Installation, text: str, rate: dict[str, float | None]
) -> None:
    assert _compare(books, text)["captured"] == rate


def test_columns_of_any_file_can_be_named(books: Installation) -> None:
    text = "day,sku,fresh,kept,out\n2026-11-01,gpt-4o,600,400,100\n"
    told = _compare(books, text, "--columns", "date=day,model=sku,input=fresh+kept,output=out")
    assert told["captured"] == {"tokens": 1.0, "cost": None}


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("a,b\n1,2\n", (), "Its columns are not known"),
        ("date,model,cost\nsoon,m,1\n", (), "Line 2: 'soon' is not a day"),
        ("date,model,cost\n2026-11-01,m,dear\n", (), "Line 2: 'dear' is not a number"),
        ("date,model,cost\n2026-11-01,m,NaN\n", (), "is not a number"),
        ("date,model,cost\n", (), "It says of nothing"),
        (PLAIN, ("--columns", "date=day,model=model,cost=cost"), "It has no column 'day'"),
        (PLAIN, ("--columns", "day=date"), "Columns are named like"),
        (PLAIN, ("--provider", "nobody"), "There is no provider 'nobody'."),
    ],
)
def test_what_is_wrong_with_an_export_is_said(
    books: Installation, text: str, options: tuple[str, ...], told: str
) -> None:
    file = books.folder / "export.csv"
    file.write_text(text, encoding="utf-8")
    said = books.hone("prices", "reconcile", file, "--provider", "simulator", *options)
    assert (said.code, told in said.error) == (1, True), said.error
