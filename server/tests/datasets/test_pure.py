"""The pure pieces: splits, fingerprints, quality, personal data, variants, cutting."""

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import crypto, ids
from hone.core.keyring import Key
from hone.datasets import applying, augmenting, pii, quality
from hone.datasets.fingerprints import Fingerprinter, exact, near
from hone.datasets.formats import cutter
from hone.datasets.schemas import Splits
from hone.datasets.splits import Member, draw, drawn

TIES = st.lists(st.sampled_from([bytes([each]) for each in range(8)]), min_size=1, max_size=3)


@given(st.lists(TIES, max_size=30), st.integers(0, 1000))
def test_what_belongs_together_is_in_one_split(ties: list[list[bytes]], seed: int) -> None:
    members = [Member(str(number), tuple(each)) for number, each in enumerate(ties)]
    found = draw(members, seed, Splits())
    for one in members:
        for other in members:
            if set(one.ties) & set(other.ties):
                assert found.splits[one.id] == found.splits[other.id]
                assert found.groups[one.id] == found.groups[other.id]


@given(st.lists(TIES, max_size=20), st.lists(TIES, max_size=20), st.integers(0, 99))
def test_nothing_moves_when_there_is_more(
    first: list[list[bytes]], more: list[list[bytes]], seed: int
) -> None:
    members = [Member(str(number), tuple(each)) for number, each in enumerate(first)]
    before = draw(members, seed, Splits()).splits
    kept = [Member(each.id, each.ties, before[each.id]) for each in members]
    added = [Member(f"new {number}", tuple(each)) for number, each in enumerate(more)]
    after = draw([*kept, *added], seed + 1, Splits(train=0.5, validation=0.25, test=0.25))
    assert {each.id: after.splits[each.id] for each in members} == before


def test_shares_are_as_they_were_asked_for() -> None:
    shares = Splits(train=0.7, validation=0.2, test=0.1)
    found = [drawn(bytes([each % 256, each // 256]), 7, shares) for each in range(5000)]
    assert abs(found.count("train") / 5000 - 0.7) < 0.03
    assert abs(found.count("test") / 5000 - 0.1) < 0.02


@given(st.text())
def test_a_fingerprint_does_not_see_spacing(said: str) -> None:
    key = Key(ids.new(), crypto.new_secret())
    prints = Fingerprinter(key)
    assert prints.of(said, "x") == prints.of(f"  {exact(said)}\n", "x")
    assert near(near(said)) == near(said)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("mail ada.lovelace+news@example.co.uk now", ["email"]),
        ("my card is 4111-1111-1111-1111", ["card"]),
        ("order 4111111111111112 is late", []),
        ("IBAN DE89 3704 0044 0532 0130 00 please", ["iban"]),
        ("IBAN DE88 3704 0044 0532 0130 00 please", []),
        ("from 192.168.10.4 and 2001:db8::1", ["ip", "ip"]),
        ("at 10:30:45 on 2026-11-26", []),
        ("call +44 20 7946 0958 or (212) 555-0147", ["phone", "phone"]),
        ("SSN 536-22-1234", ["national_id"]),
        ("DNI 12345678Z", ["national_id"]),
        ("version 1.2.3.400 of 5000 units", []),
    ],
)
def test_personal_data_is_told_by_form_and_checksum(text: str, kinds: list[str]) -> None:
    assert [each.kind for each in pii.find(text)] == kinds


PIECES = ("a@b.com", "+44 20 7946 0958", "4111 1111 1111 1111", "10.0.0.1", "and", "5 of 7", "é")


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_what_was_redacted_holds_nothing_more(said: list[str]) -> None:
    text = ", ".join(said)
    redacted = pii.redact(text)
    assert pii.holds(text) == bool(pii.find(text))
    assert pii.find(redacted) == []
    assert redacted.count(", ") == text.count(", ")


def test_entities_move_with_what_is_redacted() -> None:
    text = "Mail a@b.com about Rome"
    spans = [{"start": 5, "end": 12, "label": "contact"}, {"start": 19, "end": 23, "label": "city"}]
    given_text, output = applying.redacted("entity", text, spans)
    assert given_text == "Mail [email] about Rome"
    assert isinstance(output, list)
    assert [given_text[each["start"] : each["end"]] for each in output] == ["[email]", "Rome"]


@given(st.text(), st.text(min_size=1), st.sampled_from(["user", "expert", "automated"]))
def test_quality_lies_between_nothing_and_one_and_has_its_reasons(
    said: str, answer: str, source: str
) -> None:
    found = quality.score(said, answer, source)
    assert 0 <= found.quality <= 1
    assert (found.quality == 1) == (found.reasons == [])
    assert all(name in quality.WORDS for name, _ in found.reasons)
    assert quality.score(said, answer, source, contradicted=True).quality <= found.quality
    assert 0.5 <= quality.weight(found.quality) <= 1


def test_variants_are_the_same_for_the_same_seed_and_never_the_original() -> None:
    text = "I do not know where my new card is, could you please help me?"
    made = augmenting.variants(text, list(augmenting.METHODS), 4, "7")
    assert made == augmenting.variants(text, list(augmenting.METHODS), 4, "7")
    assert len(set(made)) == 4
    assert text not in made
    assert augmenting.contractions("I don't know", Random(1)) == "I do not know"


@given(
    st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text()))),
    st.integers(1, 40),
    st.booleans(),
)
def test_pieces_of_any_size_give_the_same_records(
    rows: list[dict[str, object]], size: int, ascii_only: bool
) -> None:
    for shape in ("json", "jsonl"):
        written = [json.dumps(each, ensure_ascii=ascii_only) for each in rows]
        whole = f"[{', '.join(written)}]" if shape == "json" else "\n".join(written)
        content = whole.encode("utf-8", "surrogatepass")
        cutting = cutter(shape)
        found = [
            cut
            for place in range(0, len(content), size)
            for cut in cutting.take(content[place : place + size])
        ]
        found += list(cutting.rest())
        assert [each.record for each in found] == rows
