"""What identity counts."""

from collections.abc import Callable

from hone.core.counters import Counters, Metric, declare

SIGN_INS = declare(
    Metric(
        "hone_sign_ins_total",
        "counter",
        "Sign-ins by password, by outcome: signed_in, failed, locked or busy.",
        ("outcome",),
    )
)


def sign_in_counter(counters: Counters) -> Callable[[str], None]:
    """Count sign-ins in the memory of one process."""

    def count(outcome: str) -> None:
        counters.cell(SIGN_INS, {"outcome": outcome}).add()

    return count
