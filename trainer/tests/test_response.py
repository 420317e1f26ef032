"""What is found, what is put first, and when nothing is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone_trainer.data import Example
from hone_trainer.response import doubt, library, ranking
from hone_trainer.response.index import Alike, Found, characters, single, stems
from hone_trainer.response.library import WORDS, gather, says
from hone_trainer.response.ranking import Pool
from hone_trainer.response.signs import SIGNS, Signs

PAGE = "Refunds take five days.\n\nThey go back to the card that paid."
KNOWN = gather(
    [
        Example("ex_1", "Where is my card?", "It is on its way.", "train"),
        Example("ex_2", "when will the card come", "It is  on its way", "train"),
        Example("ex_3", "I want my money back", "Refunds take five days.", "train"),
    ],
    [Example("page_1", "Refunds", PAGE, "train", group="help/refunds", source="knowledge")],
)
few = st.lists(st.sampled_from(["card", "money", "refund", "lost", "the"]), max_size=8).map(
    " ".join
)
shares = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_one_answer_given_twice_is_one_entry() -> None:
    assert [entry.kind for entry in KNOWN.entries] == ["answer", "answer", "passage"]
    assert KNOWN.owners == [0, 0, 1, 2]
    assert library.unpack(KNOWN.pack()) == KNOWN


def test_a_passage_says_what_an_answer_says_when_it_has_its_words() -> None:
    assert says(KNOWN.entries[2], "Refunds take five days, to your card.")
    assert not says(KNOWN.entries[2], "Refunds take a month.")
    assert not says(KNOWN.entries[2], "five")


@given(st.lists(st.text(st.sampled_from("ab .!\n"), max_size=900), max_size=5).map("\n\n".join))
def test_passages_lose_no_word_and_none_is_long(text: str) -> None:
    made = library.passages(text)
    assert " ".join(made).split() == text.split()
    assert all(0 < len(passage.split()) <= WORDS for passage in made)


@given(st.lists(few, min_size=1, max_size=6), few)
def test_what_is_alike_is_between_nothing_and_one(texts: list[str], asked: str) -> None:
    for terms in (stems, characters, single):
        alike = Alike([*texts, asked], terms).scores(asked)
        assert np.all((alike >= 0) & (alike <= 1 + 1e-5))
        assert alike[-1] == pytest.approx(1 if terms(asked) else 0, abs=1e-5)
        assert np.all(Found(texts, terms).scores(asked) <= 1 + 1e-5)


def test_a_question_does_not_find_itself_when_it_is_set_apart() -> None:
    signs = Signs(KNOWN)
    places, found = signs.compare("I want my money back", [2], [1])
    own = found[list(places).index(1)]
    assert own[SIGNS.index("question words")] == 0
    assert own[SIGNS.index("known")] == 0
    whole = signs.compare("I want my money back")
    assert whole[1][list(whole[0]).index(1)][SIGNS.index("question words")] == pytest.approx(1)
    assert len(signs.compare("")[0]) == 0
    assert len(signs.compare("x" * 3_000_000)[0]) == 0


def test_ranking_learns_which_sign_tells() -> None:
    dice = np.random.default_rng(1)
    pools: list[Pool] = []
    for _ in range(60):
        right = np.arange(5) == dice.integers(5)
        telling = right + dice.normal(size=5) / 4
        pools.append(Pool(np.stack([telling, dice.normal(size=5)], axis=1), right))
    telling, noise = ranking.learn(pools)
    assert telling > 2 > 1 > noise >= 0


@given(shares, st.floats(0.01, 0.99))
def test_of_what_the_limit_was_set_with_few_are_answered_wrongly(
    seen: list[tuple[float, bool]], alpha: float
) -> None:
    chances, right = np.array([each for each, _ in seen]), np.array([was for _, was in seen])
    weight = np.ones(len(seen))
    limit = doubt.limit(chances, right, weight, alpha)
    wrong = int(((chances >= limit) & ~right).sum())
    assert wrong == 0 or (wrong + 1) / (len(seen) + 1) <= alpha + 1e-9
    lower = [each for each in chances if each < limit]
    if lower:
        more = int(((chances >= max(lower)) & ~right).sum())
        assert (more + 1) / (len(seen) + 1) > alpha


def test_the_limit_holds_for_new_questions_too() -> None:
    dice, rates = np.random.default_rng(2), []
    for _ in range(300):
        chances = dice.random(200)
        right = dice.random(200) < chances
        limit = doubt.limit(chances[:100], right[:100], np.ones(100), 0.1)
        rates.append(float(((chances[100:] >= limit) & ~right[100:]).mean()))
    assert np.mean(rates) <= 0.1
