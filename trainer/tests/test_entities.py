"""Spans keep their places, chains count every sequence, and only what is exactly right counts."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone_trainer.entities import crf, gazetteers, tokens
from hone_trainer.entities.features import describe
from hone_trainer.entities.gazetteers import Gazetteers
from hone_trainer.entities.learning import NEVER
from hone_trainer.entities.scoring import Score, score
from hone_trainer.entities.tokens import Span

LABELS = ["city", "date"]
texts = st.text(st.sampled_from("ab Z9.é\n\t日👍_-"), max_size=40)
spans = st.lists(
    st.builds(Span, st.integers(0, 20), st.integers(0, 20), st.sampled_from(LABELS)), max_size=6
)


@given(st.text(max_size=60))
def test_tokens_cover_all_but_white_space(text: str) -> None:
    cut = tokens.cut(text)
    assert "".join(cut.words) == "".join(text.split())
    for (start, end), word in zip(cut.places, cut.words, strict=True):
        assert text[start:end] == word
    ends = [end for _, end in cut.places]
    assert all(start >= end for (start, _), end in zip(cut.places[1:], ends, strict=False))


@given(texts, st.data())
def test_spans_of_whole_tokens_come_back_as_they_were(text: str, data: st.DataObject) -> None:
    cut = tokens.cut(text)
    starts = sorted(data.draw(st.sets(st.integers(0, max(len(cut.places) - 1, 0)), max_size=4)))
    given_spans = [
        Span(cut.places[first][0], cut.places[last - 1][1], data.draw(st.sampled_from(LABELS)))
        for first, last in pairwise([*starts, len(cut.places)])
        if first < last <= len(cut.places)
    ]
    tags = tokens.tag(cut, given_spans, LABELS)
    assert [span for span, _, _ in tokens.spans(cut, tags.tolist(), LABELS)] == given_spans


@given(texts, spans)
def test_tags_of_any_spans_are_allowed(text: str, given_spans: list[Span]) -> None:
    tags = tokens.tag(tokens.cut(text), given_spans, LABELS)
    may = tokens.allowed(len(LABELS))
    path = [len(may) - 1, *tags.tolist(), len(may) - 1]
    assert len(tags) == 0 or all(may[one, other] for one, other in pairwise(path))


@given(texts, st.integers(0, 40), st.integers(0, 40))
def test_a_trimmed_span_is_what_it_was_without_white_space(text: str, start: int, end: int) -> None:
    trimmed = tokens.trim(text, Span(start, end, "city"))
    assert (text[trimmed.start : trimmed.end] if trimmed else "") == text[start:end].strip()


def test_a_long_text_is_cut_where_a_sentence_ends() -> None:
    text = "one two three four. " * 300
    pieces = tokens.pieces(text)
    assert len(pieces) > 2
    assert all(piece.words[-1] == "." and len(piece.places) <= tokens.LONGEST for piece in pieces)
    assert [place for piece in pieces for place in piece.places] == list(tokens.cut(text).places)


@given(st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_a_chain_counts_every_sequence(size: int, seed: int) -> None:
    dice, tags = np.random.default_rng(seed), 3
    scores = dice.normal(size=(size, 2, tags))
    between = dice.normal(size=(tags, tags))
    between[0, 2] = NEVER
    chain = crf.Chain(between, dice.normal(size=tags), dice.normal(size=tags))
    ways = np.array(list(product(range(tags), repeat=size))).T
    found, best = crf.chances(scores, chain), crf.decode(scores, chain)
    one, both = found.along(best)
    for text in range(2):
        same = np.repeat(scores[:, text : text + 1], ways.shape[1], axis=1)
        values = crf.value(same, chain, ways)
        total = np.logaddexp.reduce(values)
        assert found.total[text] == pytest.approx(total)
        assert tuple(best[:, text]) == tuple(ways[:, values.argmax()])
        share = np.exp(values - total)
        for place in range(size):
            here = ways[place] == best[place, text]
            assert one[place, text] == pytest.approx(share[here].sum())
            if place + 1 < size:
                after = here & (ways[place + 1] == best[place + 1, text])
                assert both[place, text] == pytest.approx(share[after].sum())
    assert found.pairs.sum() == pytest.approx(2 * (size - 1))


spans_of_text = st.lists(spans, min_size=1, max_size=5)


@given(spans_of_text)
def test_what_is_all_right_scores_one(said: list[list[Span]]) -> None:
    assert all(each.f1 == 1 for each in score(said, said).values())


@given(st.lists(st.tuples(spans, spans), min_size=1, max_size=5))
def test_labels_add_up_and_precision_mirrors_recall(
    both: list[tuple[list[Span], list[Span]]],
) -> None:
    one, other = [each for each, _ in both], [each for _, each in both]
    found, mirrored = score(one, other), score(other, one)
    assert found[""].right == sum(each.right for label, each in found.items() if label)
    assert found[""].precision == mirrored[""].recall
    assert found[""].f1 == mirrored[""].f1


def test_a_start_an_end_and_a_label_must_all_be_right() -> None:
    there = [Span(0, 5, "city"), Span(8, 12, "date")]
    for wrong in (Span(0, 4, "city"), Span(1, 5, "city"), Span(0, 5, "date")):
        assert score([there], [[wrong, there[1]]])[""] == Score(1, 2, 2)


def test_a_name_that_only_the_text_itself_knows_is_not_found_in_it() -> None:
    lists = Gazetteers({"city": ["New York", "Rome", "Rome"]})
    words = ["from", "new", "york", "to", "rome"]
    assert lists.find(words) == [(), ("city:b",), ("city:e",), (), ("city:1",)]
    own = gazetteers.learned("New York", [Span(0, 8, "city")])
    assert lists.find(words, own) == [(), (), (), (), ("city:1",)]
    assert lists.find(words, gazetteers.learned("Rome", [Span(0, 4, "city")]))[4] == ("city:1",)
    assert Gazetteers(lists.names()).names() == lists.names()


@given(st.text(max_size=40))
def test_every_token_is_described(text: str) -> None:
    cut, lists = tokens.cut(text), Gazetteers({"city": ["a"]})
    described = describe(cut, lists, lists)
    assert len(described) == len(cut.places)
    assert all(len(set(said)) == len(said) for said in described)
