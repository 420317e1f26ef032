"""Why a call went where it went, in figures that are kept with it."""

from collections.abc import Sequence
from typing import Final

from hone.gateway.policies import Candidate, Choice
from hone.gateway.policies.learned import Expectation
from hone.gateway.record import Reason

MOST_WEIGHED: Final = 8
_DIGITS: Final = 4


def reason(expected: Expectation, among: Sequence[Candidate], choice: Choice) -> Reason | None:
    """Write down what was expected of the best targets, the chosen one first."""
    scores = choice.scores
    if scores is None:
        return None
    weighed = [
        (
            among[place].target.model,
            round(expected.qualities[place], _DIGITS),
            round(scores[place], _DIGITS),
        )
        for place in (choice.order or ())[:MOST_WEIGHED]
    ]
    trust = None if expected.trust is None else round(expected.trust, _DIGITS)
    return Reason(expected.model and expected.model.id.bytes, trust, weighed)
