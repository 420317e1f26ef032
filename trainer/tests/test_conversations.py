"""Examples as conversations, and the promise that training and serving render them alike."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone_trainer.data import Example
from hone_trainer.errors import Refused
from hone_trainer.tuning import keeping, rendering
from hone_trainer.tuning.answers import nearness
from hone_trainer.tuning.conversations import Lesson, lessons

texts = st.text(min_size=1, max_size=20)


class Letters:
    """A template with a token for each letter."""

    def __init__(self, ending: str = "") -> None:
        self.ending = ending

    def apply_chat_template(self, conversation: Any, **how: Any) -> Any:
        text = "".join(f"<{each['role']}>{each['content']}" for each in conversation)
        text += "<assistant>" if how.get("add_generation_prompt") else self.ending
        return {"input_ids": [ord(sign) for sign in text]} if how.get("tokenize") else text


def lesson(question: str = "Why?", answer: str = "So.") -> Lesson:
    return Lesson("ex_1", [{"role": "user", "content": question}], answer)


@given(texts, texts, st.integers(1, 50))
def test_what_is_rendered_alike_is_proved(question: str, answer: str, cut: int) -> None:
    one, template = lesson(question, answer), Letters("<end>")
    proof = rendering.equal(template, [one], [rendering.tokens(template, one)[:cut]])
    assert (proof["equal"], proof["compared"]) == (True, 1)


@pytest.mark.parametrize(
    ("had", "serving", "why"),
    [
        ([1, 2], Letters(), "other tokens"),
        ([], Letters(), "other tokens"),
        (
            [60],
            type(
                "Moody",
                (Letters,),
                {"apply_chat_template": lambda self, said, **how: "<" + str(how)},
            )(),
            "differently",
        ),
    ],
)
def test_what_is_rendered_differently_is_refused(had: list[int], serving: Any, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        rendering.equal(serving, [lesson()], [had])
    assert refused.value.code == "TEMPLATE_DIFFERS"


def test_a_template_is_told_from_others() -> None:
    one, other = rendering.fingerprint(Letters()), rendering.fingerprint(Letters("<end>"))
    assert one == other, "an ending says nothing of how a question is rendered"
    shout = type(
        "Shout", (Letters,), {"apply_chat_template": lambda self, said, **how: str(said).upper()}
    )
    assert rendering.fingerprint(shout()) != one


def test_examples_become_conversations() -> None:
    said = [{"role": "user", "content": "Why?", "name": "x"}]
    text, messages = lessons(
        [
            Example("a", "Why?", "So.", "train"),
            Example("b", said, [{"role": "assistant", "content": "So."}], "train"),
        ],
        system="Be brief.",
    )
    assert text.whole() == messages.whole()
    assert [each["role"] for each in text.whole()] == ["system", "user", "assistant"]
    (pair,) = lessons(
        [Example("c", "Why?", {"chosen": "So.", "rejected": "No."}, "train")], preference=True
    )
    assert (pair.answer, pair.refused) == ("So.", "No.")


@pytest.mark.parametrize(
    ("example", "preference", "problem"),
    [
        (Example("a", "Why?", 3, "train"), False, "no text"),
        (Example("a", [{"role": "user"}], "So.", "train"), False, "no text as `content`"),
        (Example("a", "Why?", "So.", "train"), True, "no `chosen`"),
        (Example("a", "Why?", {"chosen": "So.", "rejected": "So."}, "train"), True, "the same"),
    ],
)
def test_what_is_no_conversation_is_told(example: Example, preference: bool, problem: str) -> None:
    with pytest.raises(Refused, match=problem):
        lessons([example], preference=preference)


@given(texts, texts)
def test_nearness_is_even_handed(one: str, other: str) -> None:
    assert 0 <= nearness(one, other) == nearness(other, one) <= 1
    assert nearness(one, one) == 1


def test_the_newest_checkpoint_that_is_whole_is_found(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for step in (1, 2, 3):
        written = tmp_path / f"checkpoint-{step}"
        written.mkdir()
        (written / "weights").write_text(str(step))
        keeping.take(written, kept, step)
    assert sorted(each.name for each in kept.iterdir()) == ["2", "3"]
    assert keeping.newest(kept) == kept / "3"
    (kept / "3" / "weights").write_text("4")
    assert keeping.newest(kept) == kept / "2"
    (kept / "2" / "DONE").unlink()
    assert keeping.newest(kept) is None
