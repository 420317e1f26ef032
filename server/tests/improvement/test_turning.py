"""The states of a turn: a pure function, and the database, which allows nothing else."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from hone.core.db import Database
from hone.improvement.turning import OVER, Act, Facts, Judged, Move, State, following


def judged(*states: str) -> st.SearchStrategy[Judged | None]:
    return st.none() | st.builds(Judged, st.sampled_from(states), st.just("It stands."))


STEPS = st.frozensets(st.sampled_from(["train", "release"]))
FACTS = st.builds(
    Facts,
    approvals=STEPS,
    approved=STEPS,
    overridden=st.booleans(),
    shadow=st.booleans(),
    compare=st.booleans(),
    blocked=st.none() | st.just("It was tried before."),
    run=judged("queued", "running", "succeeded", "failed", "cancelled"),
    gate=judged("passed", "refused"),
    shadowed=judged("running", "succeeded", "rolled_back", "failed"),
    release=judged("running", "waits", "succeeded", "rolled_back", "failed", "cancelled"),
    comparison=judged("not_enough", "winner", "loser", "no_difference"),
)


@given(st.sampled_from(State), FACTS)
def test_a_move_is_one_that_makes_sense(state: State, facts: Facts) -> None:
    move = following(state, facts)
    if state in OVER:
        assert move is None
    if move is None:
        return
    assert (move.awaiting is not None) == (move.to is State.AWAITING)
    assert move.words
    if move.act is Act.RELEASE:
        passed = facts.overridden or state is not State.GATING or facts.gate is not None
        assert passed
        if state is State.GATING:
            assert facts.overridden or (facts.gate is not None and facts.gate.state == "passed")
            assert "release" not in facts.approvals - facts.approved
    if move.act is Act.TRAIN:
        assert "train" not in facts.approvals - facts.approved or "train" in facts.approved


@given(st.lists(FACTS, max_size=30))
async def test_whatever_becomes_known_a_turn_only_goes_forward(story: list[Facts]) -> None:
    order = list(State)
    path = [State.TRIGGERED]
    for facts in story:
        move = following(path[-1], facts)
        if move is not None:
            path.append(move.to)
    for before, after in pairwise(path):
        again = before in {State.AWAITING, State.COMPARING}
        assert order.index(after) > order.index(before) or again or after is State.AWAITING


def every_move() -> set[tuple[str, str]]:
    """Find the moves that there are, by trying what can be known."""
    found: set[tuple[str, str]] = set()

    @given(st.sampled_from(State), FACTS)
    def look(state: State, facts: Facts) -> None:
        move: Move | None = following(state, facts)
        if move is not None and move.to != state:
            found.add((state.value, move.to.value))

    look()
    return found


async def test_the_database_allows_every_move_that_there_is(owner: Database) -> None:
    async with owner.transaction() as session:
        body = await session.scalar(
            text("SELECT prosrc FROM pg_proc WHERE proname = 'improvement_step'")
        )
    for before, after in every_move():
        assert f"('{before}', '{after}')" in str(body)
