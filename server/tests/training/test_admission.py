"""Who may start: never more than there is, nobody waits for ever, and each is told why."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from hone.training.admission import AGEING, LEVELS, Held, Plan, Room, Waiting, plan

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
GIB = 1 << 30
ORGANIZATIONS = [UUID(int=number) for number in (1, 2, 3)]


def room(cpu: float = 2, memory: float = 4, gpus: int = 0) -> Room:
    return Room(cpu, round(memory * GIB), gpus, (cpu, round(memory * GIB), gpus))


def waiting(
    number: int,
    *,
    organization: int = 0,
    priority: str = "normal",
    waited: float = 0,
    cpu: float = 1,
    memory: float = 1,
    gpus: int = 0,
    key: str | None = None,
    begins: datetime | None = None,
) -> Waiting:
    since = NOW - timedelta(seconds=waited)
    needs = cpu, round(memory * GIB), gpus
    return Waiting(
        UUID(int=100 + number), ORGANIZATIONS[organization], priority, since, *needs, key, begins
    )


def started(made: Plan) -> list[int]:
    return [each.id.int - 100 for each in made.starts]


RUNS = st.lists(
    st.builds(
        waiting,
        st.integers(0, 10_000),
        organization=st.integers(0, 2),
        priority=st.sampled_from(sorted(LEVELS)),
        waited=st.floats(0, 5000),
        cpu=st.sampled_from([0.5, 1, 2, 3]),
        memory=st.sampled_from([0.5, 1, 3, 5]),
        gpus=st.integers(0, 3),
        key=st.sampled_from([None, None, "a", "b"]),
    ),
    max_size=30,
    unique_by=lambda each: each.id,
)


@given(RUNS, st.sampled_from([1.0, 2.0, 4.0]), st.integers(0, 2))
def test_what_starts_fits_and_everybody_else_is_told_why(
    runs: list[Waiting], cpu: float, gpus: int
) -> None:
    made = plan(runs, [], room(cpu, 4, gpus), NOW)
    known = {each.id: each for each in runs}
    chosen = [known[each.id] for each in made.starts]
    assert sum(each.cpu for each in chosen) <= cpu
    assert sum(each.memory for each in chosen) <= 4 * GIB
    assert sum(each.gpus for each in made.starts) <= gpus
    keys = [(each.organization_id, each.key) for each in chosen if each.key]
    assert len(keys) == len(set(keys))
    told = {each.id: each for each in made.stay}
    assert told.keys() | {each.id for each in chosen} == known.keys()
    assert sorted(each.place for each in made.stay) == list(range(1, len(made.stay) + 1))
    assert all(each.why.endswith(".") for each in made.stay)


@given(RUNS, st.integers(1, 40), st.integers(0, 99))
def test_nobody_who_fits_waits_for_ever(runs: list[Waiting], steady: int, seed: int) -> None:
    """New runs of high priority come all the time, as many as the machine can take."""
    left = {each.id: each for each in runs if each.cpu <= 2 and each.memory <= 4 * GIB}
    now, at_work, fresh = NOW, list[tuple[datetime, Waiting]](), 0
    for minute in range(1200):
        now = NOW + timedelta(minutes=minute)
        at_work = [each for each in at_work if each[0] > now]
        for _ in range(steady % 3):
            fresh += 1
            made = waiting(20_000 + fresh, organization=(seed + fresh) % 3, priority="critical")
            left[made.id] = Waiting(made.id, made.organization_id, "critical", now, 1, GIB)
        free = room()
        for _, each in at_work:
            free.take(each)
        held = [Held(each.organization_id, each.key) for _, each in at_work]
        for start in plan(list(left.values()), held, free, now).starts:
            at_work.append((now + timedelta(minutes=2), left.pop(start.id)))
        if not any(each in left for each in (run.id for run in runs)):
            return
    raise AssertionError("somebody waits still")


def test_priority_goes_first_until_age_has_caught_up() -> None:
    one = room(cpu=1)
    assert started(plan([waiting(1), waiting(2, priority="high")], [], one, NOW)) == [2]
    aged = waiting(1, priority="low", waited=4 * AGEING.total_seconds() + 1)
    assert started(plan([aged, waiting(2, priority="critical")], [], room(cpu=1), NOW)) == [1]


def test_organizations_take_turns() -> None:
    many = [waiting(number, waited=10 - number) for number in range(5)]
    other = waiting(9, organization=1)
    assert started(plan([*many, other], [], room(cpu=2), NOW)) == [0, 9]
    busy = [Held(ORGANIZATIONS[0])]
    assert started(plan([*many, other], busy, room(cpu=1), NOW)) == [9]


def test_a_small_run_passes_a_large_one_until_it_has_waited_long() -> None:
    large, small = waiting(1, cpu=2, waited=60), waiting(2)
    half = Room(1, 4 * GIB, 0, (2, 4 * GIB, 0))
    assert started(plan([large, small], [], half, NOW)) == [2]
    patient = waiting(1, cpu=2, waited=400)
    half = Room(1, 4 * GIB, 0, (2, 4 * GIB, 0))
    made = plan([patient, small], [], half, NOW)
    assert started(made) == []
    assert made.stay[1].why.startswith("A run before it has waited long")


def _why(runs: Sequence[Waiting], held: Sequence[Held] = ()) -> str:
    return plan(runs, held, Room(0.5, GIB, 0, (2, 4 * GIB, 0)), NOW).stay[0].why


def test_why_a_run_waits_is_told_in_words() -> None:
    assert _why([waiting(1)]) == "It needs 1 core and 1.0 GB of memory; 0.5 and 1.0 GB are free."
    assert "this machine gives 2 and 4.0 GB" in _why([waiting(1, cpu=8)])
    later = NOW + timedelta(hours=3)
    assert _why([waiting(1, begins=later)]) == "It begins at 2026-11-26 15:00 UTC, as asked."
    same = [Held(ORGANIZATIONS[0], "nightly")]
    assert "concurrency key 'nightly'" in _why([waiting(1, key="nightly")], same)
