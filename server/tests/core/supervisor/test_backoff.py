"""Delays between restarts."""

from hypothesis import given
from hypothesis import strategies as st

from hone.core.supervisor.backoff import Backoff


def test_short_lives_double_the_delay_up_to_five_seconds() -> None:
    backoff = Backoff()
    delays = [round(backoff.after(0.0), 1) for _ in range(8)]
    assert delays == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


@given(st.lists(st.floats(0, 9.9)), st.floats(10, 1e9))
def test_a_long_life_makes_the_next_restart_prompt(short: list[float], long: float) -> None:
    backoff = Backoff()
    assert all(0.1 <= backoff.after(lived) <= 5 for lived in short)
    assert backoff.short_lives == len(short)
    assert backoff.after(long) == 0.1
    assert backoff.short_lives == 0
