"""Who gives feedback that is out of line: what a worker asks of the last day of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from hone.core import clock
from hone.core.db import Session
from hone.feedback.models import Feedback
from hone.feedback.suspicion import LEAST, MOST, WINDOW, Correction, History, out_of_line

OUT_OF_LINE, BARRED, TRUSTED = "out_of_line", "barred", "trusted"
_OTHERS_FOR: Final = "30 days"
_LATELY: Final = """
SELECT f.id, f.person, f.state, f.updated_at, f.expected, f.confidence, f.corrected, f.model,
    f.user_id IS NOT NULL OR f.actor LIKE 'person\\_%' AS named, f.answer, f.operation_id
FROM unnest(CAST(:people AS text[])) AS wanted (person), LATERAL (
    SELECT * FROM feedback WHERE organization_id = :organization AND person = wanted.person
        AND state <> 'rejected' AND updated_at >= :since ORDER BY id DESC LIMIT :most
) AS f
"""
_VERDICTS: Final = """
SELECT person, verdict FROM feedback_people
WHERE organization_id = :organization AND person = ANY(:people)
"""
_OTHERS: Final = """
SELECT f.operation_id, f.person, f.answer FROM feedback f
WHERE organization_id = :organization AND operation_id = ANY(:operations)
    AND answer IS NOT NULL AND state IN ('received', 'accepted')
"""
_USUAL: Final = f"""
SELECT model, sum(told)::bigint AS told, sum(corrected)::bigint AS corrected FROM feedback_hours
WHERE organization_id = :organization AND model = ANY(:models)
    AND hour >= now() - interval '{_OTHERS_FOR}' GROUP BY 1
"""


@dataclass(slots=True)
class Judged:
    """Whose feedback is held and why, and what counted before and no longer does."""

    reasons: dict[str, str] = field(default_factory=dict[str, str])
    taken_back: list[UUID] = field(default_factory=list[UUID])


async def judge(session: Session, organization_id: UUID, rows: Sequence[Feedback]) -> Judged:
    """Judge everybody whose feedback is being settled."""
    made = Judged()
    everybody = sorted({each.person for each in rows})
    verdicts = await _verdicts(session, organization_id, everybody)
    made.reasons = {who: BARRED for who, verdict in verdicts.items() if verdict == BARRED}
    correctors = {each.person for each in rows if each.corrected} - verdicts.keys()
    if not correctors:
        return made
    lately = await _lately(session, organization_id, sorted(correctors))
    for person, said in lately.items():
        corrections = [each for each in said if each.corrected]
        if len(corrections) < LEAST:
            continue
        history = await _history(session, organization_id, person, said)
        if out_of_line(history):
            made.reasons[person] = OUT_OF_LINE
            made.taken_back += [each.id for each in corrections if each.state == "accepted"]
    return made


async def _verdicts(
    session: Session, organization_id: UUID, people: Sequence[str]
) -> dict[str, str]:
    values = {"organization": organization_id, "people": list(people)}
    rows = await session.execute(text(_VERDICTS), values)
    return {row.person: row.verdict for row in rows}


async def _lately(
    session: Session, organization_id: UUID, people: Sequence[str]
) -> dict[str, list[Any]]:
    values = {
        "organization": organization_id,
        "people": list(people),
        "since": clock.now() - WINDOW,
        "most": MOST,
    }
    found: dict[str, list[Any]] = {}
    for row in await session.execute(text(_LATELY), values):
        found.setdefault(row.person, []).append(row)
    return found


async def _history(
    session: Session, organization_id: UUID, person: str, said: Sequence[Any]
) -> History:
    corrections = [each for each in said if each.corrected]
    others = await _others(session, organization_id, person, corrections)
    models = sorted({each.model for each in said if each.model})
    values: dict[str, Any] = {"organization": organization_id, "models": models}
    usual = (await session.execute(text(_USUAL), values)).all()
    counted = [each for each in said if each.state == "accepted"]
    return History(
        corrections=[_correction(each, others) for each in corrections],
        told=len(said),
        others_told=sum(row.told for row in usual) - len(counted),
        others_corrected=sum(row.corrected for row in usual)
        - sum(each.corrected for each in counted),
        named=said[0].named,
    )


async def _others(
    session: Session, organization_id: UUID, person: str, corrections: Sequence[Any]
) -> dict[UUID, set[bytes]]:
    """Find what others say was right, by call."""
    operations = [each.operation_id for each in corrections if each.operation_id]
    values: dict[str, Any] = {"organization": organization_id, "operations": operations}
    found: dict[UUID, set[bytes]] = {}
    for row in await session.execute(text(_OTHERS), values):
        if row.person != person:
            found.setdefault(row.operation_id, set()).add(bytes(row.answer))
    return found


def _correction(row: Any, others: Mapping[UUID, set[bytes]]) -> Correction:  # noqa: ANN401 - a row
    theirs = others.get(row.operation_id, set())
    mine = None if row.answer is None else bytes(row.answer)
    return Correction(
        at=row.updated_at,
        expected=row.expected,
        confidence=row.confidence,
        disputed=bool(theirs) and mine not in theirs,
        agreed=mine in theirs,
    )
