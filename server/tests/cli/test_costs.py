"""`hone costs`: what the API tells, for people, programs and spreadsheets."""

import asyncio
import csv
import io
import json

import pytest

from hone.core import ids
from tests.cli.console import Installation
from tests.operations.frames import attempt, land, settled


@pytest.fixture
def spent(installed: Installation) -> Installation:
    """Record three calls of two models."""
    installed.hone("apply", installed.config)
    ((organization,),) = installed.rows("SELECT id FROM organizations")
    calls = [
        settled(organization, route=route, attempts=[attempt(model=model, cost=cost)])
        for model, route, cost in (
            ("large", "a", 2 * 10**12),
            ("large", "b", 10**12),
            ("small", "a", 10**12),
        )
    ]
    asyncio.run(land(installed.urls.owner, calls, lane=ids.new().hex))
    return installed


def test_costs_are_told_to_people_programs_and_spreadsheets(spent: Installation) -> None:
    lines = spent.hone("costs", "--by", "model", "--since", "7d").out.splitlines()
    assert lines[1].split() == ["MODEL", "CALLS", "COST", "SHARE", "BEFORE", "REVENUE"]
    assert [line.split()[:4] for line in lines[2:5]] == [
        ["large", "2", "$3", "75.0%"],
        ["small", "1", "$1", "25.0%"],
        ["total", "3", "$4", "100.0%"],
    ]
    told = spent.hone("costs", "--by", "model", "--only", "route=a", "--step", "day", "--json")
    assert [each["costUsd"] for each in told.document["items"]] == [2, 1]
    assert sum(each["costUsd"] for each in told.document["steps"]) == 3
    some = spent.hone("costs", "--by", "model", "--limit", "1")
    assert "(1 more)" in some.out
    file = spent.hone("costs", "--by", "route", "--since", "1w", "--csv").out
    rows = list(csv.DictReader(io.StringIO(file)))
    assert {row["value"]: float(row["costUsd"]) for row in rows} == {"a": 3, "b": 1}
    assert json.loads(rows[0]["calls"]) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--since", "soon"), "7d"),
        (("--by", "colour"), "metadata"),
        (("--only", "colour=red"), "conversation"),
        (("--zone", "Atlantis/Deep"), "Atlantis/Deep"),
        (("--step", "year"), "step"),
    ],
)
def test_what_makes_no_sense_is_said(
    spent: Installation, options: tuple[str, ...], said: str
) -> None:
    result = spent.hone("costs", *options)
    assert result.code == 1
    assert said in result.error
