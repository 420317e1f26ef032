"""Hold what clients received, what Hone stored and what the provider billed against each other."""

from collections import Counter

import psycopg

from hone.core import ids
from tests.core.facts import wait_for
from tests.fixtures.house import House

_ROWS = "SELECT id, status, cost, usage_estimated FROM operations"


def settle(house: House, received: list[str]) -> dict[str, int]:
    """Wait until the drain has everything, then check the books; return counts by status."""
    # A database that was killed often is given a pause before it starts again.
    wait_for(lambda: _database_answers(house), 60)
    wanted = {ids.parse("op", each) for each in received}
    wait_for(lambda: wanted <= {row[0] for row in house.rows("SELECT id FROM operations")})
    wait_for(lambda: not _open_lanes(house))
    rows = house.rows(_ROWS)
    stored = Counter(row[0] for row in rows)
    assert max(stored.values(), default=1) == 1, "an operation is stored twice"
    by_id = {str(row[0]).replace("-", ""): row for row in rows}
    billed = _billed(house)
    for public_id in received:
        _, status, cost, estimated = by_id[public_id.removeprefix("op_")]
        assert status == "success"
        assert not estimated
        assert cost == billed[public_id], "the cost is not what was billed"
    for public_id in billed.keys() - {f"op_{each}" for each in by_id}:
        raise AssertionError(f"the provider billed {public_id}, and Hone does not know it")
    return dict(Counter(str(row[1]) for row in rows))


def _database_answers(house: House) -> bool:
    try:
        return bool(house.rows("SELECT 1"))
    except psycopg.OperationalError:
        return False


def _billed(house: House) -> dict[str, int]:
    """Add up what the provider billed for each operation, in pico-dollars."""
    bill: Counter[str] = Counter()
    for row in house.simulator.ledger():
        bill[str(row["callerRequestId"])] += int(str(row["billedPicodollars"]))
    return dict(bill)


def _open_lanes(house: House) -> list[tuple[object, ...]]:
    """List lanes of dead writers that the drain has not finished."""
    finished = {
        row[0] for row in house.rows("SELECT lane FROM spool_marks WHERE finished_at IS NOT NULL")
    }
    folders = {path.name for path in (house.data_dir / "spool").iterdir() if path.is_dir()}
    living = len(house.pids("server"))
    left = sorted(folders - finished)
    return [(lane,) for lane in left[: max(0, len(left) - living)]]
