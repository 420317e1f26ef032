"""From outcomes to an artifact: what is learned, calibrated, doubted, and read alike by both sides."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.gateway import quality
from hone.gateway.quality import Limits
from hone_trainer import routing
from hone_trainer.outcomes import Outcomes, fold, load
from hone_trainer.routing import Recipe

WORDS = ["the", "of", "in", "on", "by", "with", "from", "after", "under", "near", "one", "two"]
TOPICS = {
    "law": ["court", "judge", "contract", "appeal"],
    "sums": ["add", "minus", "times", "total"],
}
ONE = (Recipe(),)


def made(count: int, seed: int = 1) -> Outcomes:
    """Make outcomes: the small model fails at sums, which the large one can do."""
    dice = Random(seed)
    prompts: list[str] = []
    scores: list[list[float]] = []
    for _ in range(count):
        topic = dice.choice(list(TOPICS))
        words = dice.choices(WORDS, k=8) + dice.choices(TOPICS[topic], k=3)
        dice.shuffle(words)
        prompts.append(" ".join(words) + "?")
        small = 0.85 if topic == "law" else 0.2
        scores.append([float(dice.random() < 0.9), float(dice.random() < small)])
    return Outcomes(prompts, ("large", "small"), np.array(scores))


KNOWN = made(600)
LEARNED = routing.learn(KNOWN, recipes=ONE)


def test_it_tells_where_the_small_model_fails() -> None:
    said: dict[str, list[dict[str, float]]] = {"law": [], "sums": []}
    for prompt in made(200, seed=2).prompts:
        topic = "law" if set(TOPICS["law"]) & set(prompt.strip("?").split()) else "sums"
        said[topic].append(LEARNED.predict(quality.read(prompt)).quality)
    assert np.mean([each["small"] for each in said["sums"]]) < 0.35
    assert np.mean([each["small"] for each in said["law"]]) > 0.7
    assert np.mean([each["large"] for each in said["sums"]]) > 0.8


def test_chances_come_true_on_prompts_it_has_not_seen() -> None:
    fresh = made(800, seed=2)
    said = [LEARNED.predict(quality.read(prompt)).quality["small"] for prompt in fresh.prompts]
    order = np.argsort(said)
    for part in np.array_split(order, 2):
        assert np.mean(np.array(said)[part]) == pytest.approx(
            fresh.quality[part, 1].mean(), abs=0.1
        )


def test_the_server_says_what_the_trainer_says() -> None:
    known = replace(KNOWN, embeddings=np.random.default_rng(3).normal(size=(len(KNOWN.prompts), 6)))
    predictor = quality.unpack(quality.pack(routing.learn(known, recipes=ONE, encoder="dice")))
    never = Limits(1e9, 2e9)
    predictor = replace(
        predictor, familiar=replace(predictor.familiar, words_limits=never, form_limits=never)
    )
    table = routing.read(known)
    for heads, embeddings in ((predictor.heads, None), (predictor.embedded, known.embeddings)):
        part = routing.Table(table.words, table.signals, embeddings)
        weights = routing.Weights(
            np.array(predictor.familiar.words),
            np.array([head.bias for head in heads]),
            np.array([head.words for head in heads]),
            np.array([head.signals for head in heads]),
            np.array([head.embedding for head in heads]),
        )
        expected = 1 / (1 + np.exp(-routing.odds(weights, part)))
        for row, prompt in enumerate(known.prompts):
            vector = None if embeddings is None else embeddings[row].tolist()
            said = predictor.predict(quality.read(prompt), vector)
            assert list(said.quality.values()) == pytest.approx(expected[row].tolist(), abs=1e-6)


def test_the_same_outcomes_give_the_same_bytes() -> None:
    assert quality.pack(routing.learn(KNOWN, recipes=ONE)) == quality.pack(LEARNED)


def test_what_is_unlike_everything_learned_gets_the_prior() -> None:
    for prompt in (
        "def f(x):\n    return x == 1\n",
        "请解释一下模型路由。",
        "I WANT MY MONEY BACK!!!",
    ):
        said = LEARNED.predict(quality.read(prompt))
        assert said.trust == 0
        assert tuple(said.quality.values()) == LEARNED.priors
    trusts = [LEARNED.predict(quality.read(prompt)).trust for prompt in made(400, seed=5).prompts]
    assert np.mean([trust == 0 for trust in trusts]) < 0.03


def test_outcomes_that_follow_no_rule_teach_nothing() -> None:
    dice = np.random.default_rng(4)
    noise = replace(KNOWN, quality=(dice.random(KNOWN.quality.shape) < 0.5).astype(float))
    predictor = routing.learn(noise, recipes=ONE)
    assert predictor.card["differenceError"] > predictor.card["differenceErrorOfPrior"]
    for prompt in KNOWN.prompts:
        said = predictor.predict(quality.read(prompt))
        assert list(said.quality.values()) == pytest.approx(list(predictor.priors))


def test_a_model_that_was_not_asked_everything_is_learned_from_what_it_answered() -> None:
    table = KNOWN.quality.copy()
    table[::3, 0] = np.nan
    predictor = routing.learn(replace(KNOWN, quality=table), recipes=ONE)
    assert predictor.priors[0] == pytest.approx(np.nanmean(table[:, 0]))
    said = [predictor.predict(quality.read(each)).quality["large"] for each in KNOWN.prompts]
    assert np.mean(said) == pytest.approx(0.9, abs=0.05)


def test_shares_of_good_count_as_shares() -> None:
    half = replace(KNOWN, quality=np.full(KNOWN.quality.shape, 0.5))
    predictor = routing.learn(half, recipes=ONE)
    said = predictor.predict(quality.read(KNOWN.prompts[0]))
    assert list(said.quality.values()) == pytest.approx([0.5, 0.5], abs=1e-3)


@given(st.lists(st.text(), min_size=1, max_size=20), st.integers(0, 9), st.integers(2, 9))
def test_equal_prompts_share_a_fold(prompts: list[str], seed: int, count: int) -> None:
    outcomes = Outcomes(prompts * 2, ("m",), np.zeros((len(prompts) * 2, 1)))
    groups = outcomes.folds(seed, count)
    assert list(groups[: len(prompts)]) == list(groups[len(prompts) :])
    assert all(0 <= group < count for group in groups)
    assert groups[0] == fold(prompts[0], seed, count)


def test_the_program_turns_a_file_into_an_artifact(tmp_path: Path) -> None:
    source, target = tmp_path / "outcomes.jsonl", tmp_path / "quality.hone"
    lines = [
        json.dumps({"prompt": prompt, "scores": dict(zip(KNOWN.models, row.tolist(), strict=True))})
        for prompt, row in zip(KNOWN.prompts, KNOWN.quality, strict=True)
    ]
    source.write_text("\n".join(lines), encoding="utf-8")
    assert np.array_equal(load(source).quality, KNOWN.quality)
    run = [sys.executable, "-m", "hone_trainer.routing"]
    done = subprocess.run([*run, source, target], capture_output=True, text=True, check=True)
    assert "differenceError: " in done.stdout
    assert quality.unpack(target.read_bytes()).models == KNOWN.models
    assert subprocess.run(run, capture_output=True, check=False).returncode == 1
