"""Numbers of versions, and the way back: pure, so by their properties."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from hone.versions import semver, timeline
from hone.versions.semver import Number
from hone.versions.timeline import Step

numbers = st.builds(Number, *[st.integers(0, 999)] * 3)
labels = st.frozensets(st.sampled_from("abcd"))
ids = st.integers(1, 5).map(lambda each: UUID(int=each))


@given(numbers, labels, labels, st.booleans())
def test_the_next_number_is_higher_and_major_only_where_labels_vanish(
    newest: Number, before: frozenset[str], now: frozenset[str], warm: bool
) -> None:
    made = semver.following(newest, before, now, warm=warm)
    assert made > newest
    assert (made.major > newest.major) == bool(before - now)
    assert semver.parse(f"v{made}") == semver.parse(str(made)) == made


def test_what_is_no_version_is_none() -> None:
    for text in ("", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "1.2.3-beta", "-1.2.3"):
        assert semver.parse(text) is None


@given(st.lists(ids, min_size=1, max_size=8))
def test_going_back_step_by_step_ends_where_it_began(promoted: list[UUID]) -> None:
    steps = [Step("promoted", each) for each in promoted]
    live: UUID | None = promoted[-1]
    seen = [live]
    while (target := timeline.before(steps, live, ())) is not None and len(seen) < 20:
        steps.append(Step("rolled_back", target))
        live = target
        seen.append(live)
    assert live in promoted
    assert len(seen) <= len(promoted)


@given(st.lists(ids, min_size=2, max_size=8, unique=True))
def test_a_deprecated_version_is_passed_over(promoted: list[UUID]) -> None:
    steps = [Step("promoted", each) for each in promoted]
    target = timeline.before(steps, promoted[-1], {promoted[-2]})
    assert target == (promoted[-3] if len(promoted) > 2 else None)


def test_what_was_retired_can_come_back() -> None:
    one = UUID(int=1)
    assert timeline.before([Step("promoted", one), Step("retired", None)], None, ()) == one
