"""Every example of the requirements is tried; what does not work yet must fail as it is written."""

import pytest

from tests.requirements.documents import DOCUMENTS
from tests.requirements.ledger import (
    Check,
    Example,
    Stage,
    Unmet,
    awaits,
    replaced,
    verdict,
    works,
)

EXAMPLES = [example for document in DOCUMENTS for _, example in document.examples()]
pytestmark = pytest.mark.xdist_group("requirements")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.id)
def test_an_example_is_in_the_state_that_the_ledger_says(stage: Stage, example: Example) -> None:
    assert verdict(example, unmet(example, stage)) == ""


def unmet(example: Example, stage: Stage) -> str:
    """Try an example; return what is unmet, or nothing."""
    try:
        example.check.run(stage)
    except Unmet as told:
        return str(told)
    return ""


CHECK = Check(lambda _: None, "404")


@pytest.mark.parametrize(
    ("example", "fact", "words"),
    [
        (works("a", "request", "GET /a", CHECK), "", ""),
        (works("a", "request", "GET /a", CHECK), "404", "does not work"),
        (replaced("a", "request", "GET /a", CHECK, "b"), "500", "does not work"),
        (awaits(4, "a", "request", "GET /a", CHECK), "404", ""),
        (awaits(4, "a", "request", "GET /a", CHECK), "", "works now"),
        (awaits(4, "a", "request", "GET /a", CHECK), "500", "in another way"),
    ],
)
def test_the_ledger_only_moves_forward(example: Example, fact: str, words: str) -> None:
    said = verdict(example, fact)
    assert words in said
    assert bool(words) == bool(said)
