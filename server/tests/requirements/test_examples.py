"""Every example of the requirements is tried; what does not work yet must fail as it is written."""

import pytest

from tests.requirements.documents import DOCUMENTS
from tests.requirements.ledger import Example, Stage, State, Unmet

EXAMPLES = [example for document in DOCUMENTS for _, example in document.examples()]
pytestmark = pytest.mark.xdist_group("requirements")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.id)
def test_an_example_is_in_the_state_that_the_ledger_says(stage: Stage, example: Example) -> None:
    try:
        example.check.run(stage)
    except Unmet as unmet:
        fact = str(unmet)
    else:
        fact = ""
    if example.state is not State.NOT_YET:
        assert not fact, f"{example.id} ({example.name}) does not work: {fact}"
        return
    assert fact, f"{example.id} ({example.name}) works now: mark it, and run `make requirements`"
    assert fact == example.today, f"{example.id} fails in another way now: look, and write it down"
