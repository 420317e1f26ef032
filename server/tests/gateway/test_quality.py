"""What a prompt looks like, what is expected of each model, and artifacts, good and bad."""

import subprocess
import sys
from array import array
from contextlib import suppress
from dataclasses import replace
from typing import Final

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from hone.gateway import quality
from hone.gateway.quality import ArtifactUnreadable, Familiar, Head, Limits, Predictor
from hone.gateway.quality.features import (
    BINS,
    HEAD,
    MOST_TOKENS,
    SIGNAL_SLOTS,
    SIGNALS,
    SLOTS,
    TAIL,
    VERSION,
)

TEXTS = st.text(st.characters()) | st.text("ab1 .\n模é\ud800\0", max_size=4000)
ASKED: Final = "Which of these is not a prime?\nA. 2\nB. 9\nC. 11\nD. 13\nAnswer:"
EXPECTED: Final = (1, 39, 1515374, 5549)
"""Version, words and pairs, sums of their slots and of the signals' places."""


def head(bias: float, embedding: tuple[float, ...] = ()) -> Head:
    """Return a head that weighs every slot differently."""
    words = array("f", (((slot * 7919) % 101 - 50) / 25 for slot in range(SLOTS)))
    signals = array("f", ((place % 7 - 3) / 30 for place in range(SIGNAL_SLOTS)))
    return Head(bias, words, signals, array("f", embedding))


NEVER = Limits(1e9, 2e9)
FAMILIAR = Familiar(
    array("f", (1 + slot % 5 for slot in range(SLOTS))), array("f", [1.0] * SIGNAL_SLOTS), NEVER, NEVER
)  # fmt: skip
PREDICTOR = Predictor(
    ("large", "small"),
    (0.8, 0.6),
    FAMILIAR,
    (head(1.0), head(-0.5)),
    (head(1.0, (1.0, 0.0, 2.0)), head(-0.5, (0.0, 0.5, 0.0))),
    "an-encoder",
    {"prompts": 2.0},
)
PACKED = quality.pack(PREDICTOR)


@given(TEXTS)
def test_any_text_is_read_into_its_places(text: str) -> None:
    seen = quality.read(text)
    assert len(seen.slots) == len(set(seen.slots)) == len(seen.counts)
    assert all(0 <= slot < SLOTS for slot in seen.slots)
    assert all(count >= 1 for count in seen.counts)
    assert [place // BINS for place in seen.signals] == list(range(len(SIGNALS)))
    assert quality.read(text) == seen


@given(st.sampled_from(["a b ", "模型", "1,2;", "\ud800", "x" * 50, "\n"]), st.integers(1, 5000))
def test_no_text_takes_more_than_its_share_of_work(piece: str, times: int) -> None:
    assert len(quality.read(piece * times).slots) <= 2 * MOST_TOKENS


@given(st.text("ab .", min_size=1, max_size=50), st.text("ab .", min_size=1, max_size=50))
def test_the_middle_of_a_long_prompt_is_not_read(one: str, other: str) -> None:
    first, last = "begin " * HEAD, " end" * TAIL
    size = max(len(one), len(other))
    left, right = (first + each.ljust(size, "x") + last for each in (one, other))
    assert quality.read(left) == quality.read(right)


def test_scripts_without_spaces_are_read_by_character() -> None:
    one, two = quality.read("模型"), quality.read("型模")
    assert len(one.slots) == 3
    assert len(set(one.slots) & set(two.slots)) == 2


def test_every_process_reads_the_same() -> None:
    # Artifacts outlive the process: a change here must raise VERSION, and with it refuse old ones.
    seen = quality.read(ASKED)
    assert (VERSION, len(seen.slots), sum(seen.slots), sum(seen.signals)) == EXPECTED
    code = (
        "import sys; from hone.gateway import quality; s = quality.read(sys.argv[1]);"
        "print((len(s.slots), sum(s.slots), sum(s.signals)))"
    )
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", code, ASKED],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        )
        assert done.stdout.strip() == str(EXPECTED[1:])


@given(TEXTS)
def test_a_prediction_is_a_chance_for_every_model(text: str) -> None:
    said = PREDICTOR.predict(quality.read(text))
    assert tuple(said.quality) == PREDICTOR.models
    assert all(0 <= chance <= 1 for chance in said.quality.values())
    assert said.trust == 1


@given(st.floats(0, 3), st.floats(0.01, 1))
def test_the_stranger_a_prompt_the_nearer_the_prior(usual: float, width: float) -> None:
    known = replace(FAMILIAR, form_limits=Limits(usual, usual + width))
    sure, drawn = PREDICTOR, replace(PREDICTOR, familiar=known)
    seen = quality.read(ASKED)
    trust = known.form_limits.trust(1.0)
    whole, said = sure.predict(seen), drawn.predict(seen)
    assert said.trust == pytest.approx(trust)
    for model, prior in zip(PREDICTOR.models, PREDICTOR.priors, strict=True):
        expected = prior + trust * (whole.quality[model] - prior)
        assert said.quality[model] == pytest.approx(expected)


def test_a_stranger_gets_the_prior_itself() -> None:
    strange = replace(PREDICTOR, familiar=replace(FAMILIAR, words_limits=Limits(0.1, 0.2)))
    said = strange.predict(quality.read(ASKED), (1.0, 1.0, 1.0))
    assert said == quality.Prediction({"large": 0.8, "small": 0.6}, 0.0)


def test_an_embedding_is_used_where_it_fits() -> None:
    seen = quality.read(ASKED)
    without = PREDICTOR.predict(seen)
    assert PREDICTOR.predict(seen, (0.0, 0.0, 0.0)) == without
    assert PREDICTOR.predict(seen, (1.0, 0.0, 1.0)).quality["large"] > without.quality["large"]
    assert PREDICTOR.predict(seen, (9.0, 9.0)) == without
    assert replace(PREDICTOR, embedded=(), encoder="").predict(seen, (1.0, 0.0, 1.0)) == without


def test_an_artifact_comes_back_as_it_was() -> None:
    again = quality.unpack(PACKED)
    assert again == PREDICTOR
    assert quality.pack(again) == PACKED
    bare = replace(PREDICTOR, embedded=(), encoder="")
    assert quality.unpack(quality.pack(bare)) == bare


@given(st.binary(max_size=200), st.integers(0, len(PACKED) - 1), st.integers(1, 255))
def test_what_is_no_artifact_is_refused(garbage: bytes, at: int, flip: int) -> None:
    for content in (garbage, PACKED[:at], zstandard.compress(garbage)):
        with pytest.raises(ArtifactUnreadable):
            quality.unpack(content)
    touched = bytearray(PACKED)
    touched[at] ^= flip
    with suppress(ArtifactUnreadable):
        quality.unpack(bytes(touched))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", "hone-quality/2"),
        ("features", VERSION + 1),
        ("models", ["large", "large"]),
        ("models", []),
        ("priors", [0.5]),
        ("priors", [0.5, 1.5]),
        ("words", b""),
        ("form", b"\x00\x00\xc0\x7f" * SIGNAL_SLOTS),
        ("words_limits", (2.0, 1.0)),
        ("form_limits", (0.0, float("inf"))),
        ("embedded", []),
        ("encoder", ""),
        ("more", 1),
    ],
)
def test_an_artifact_that_would_predict_nonsense_is_refused(field: str, value: object) -> None:
    plain = msgspec.msgpack.decode(zstandard.decompress(PACKED))
    plain[field] = value
    with pytest.raises(ArtifactUnreadable):
        quality.unpack(zstandard.compress(msgspec.msgpack.encode(plain)))


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        (b'{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}]}', "Hi"),
        (b'{"messages":[{"role":"user","content":"One"},{"role":"assistant","content":"Two"}]}', "One"),
        (
            b'{"messages":[{"role":"user","content":[{"type":"text","text":"See"},'
            b'{"type":"image_url","image_url":{"url":"x"}},{"type":"text","text":"this"}]}]}',
            "See\nthis",
        ),
        (b'{"input":"Respond"}', "Respond"),
        (b'{"input":[{"role":"user","content":[{"type":"input_text","text":"Item"}]}]}', "Item"),
        (b'{"prompt":"Complete"}', "Complete"),
        (b'{"messages":[{"role":"user","content":"\\ud800"}]}', "\ufffd"),
        (b'{"messages":[{"role":"tool","content":"4"}]}', ""),
        (b'{"messages":[{"role":"user","content":null}]}', ""),
        (b'{"messages":[' + b"[" * 5000, ""),
        (b"[]", ""),
        (b"\xff", ""),
        (b"", ""),
    ],
)  # fmt: skip
def test_what_the_user_said_last_is_what_is_asked(content: bytes, asked: str) -> None:
    assert quality.prompt(content) == asked


@given(st.binary())
def test_no_request_stops_a_prediction(content: bytes) -> None:
    said = quality.predicts(PREDICTOR)(content)
    assert tuple(said.quality) == PREDICTOR.models
