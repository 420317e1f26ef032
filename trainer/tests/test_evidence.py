"""Figures of what was held out: right where the answer is known, and silent where it is not."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.gateway import quality
from hone_trainer import calibration, routing
from hone_trainer.evidence import KEPT, apgr, calibration_error, choose, evidence
from hone_trainer.outcomes import Floats, Outcomes, load
from hone_trainer.routing import Recipe

DICE = np.random.default_rng(5)
WEAK = (DICE.random(400) < 0.5).astype(float)
STRONG = np.ones(400)
GROUPS = np.arange(400) % 5
COSTS = np.tile([10.0, 1.0], (400, 1))
KNOWN = Outcomes(
    [f"prompt {n}" for n in range(400)],
    ("large", "small"),
    np.stack([STRONG, WEAK], axis=1),
    costs=COSTS,
)
ORACLE = np.stack([STRONG, WEAK], axis=1)
shares = st.lists(st.floats(0, 1), min_size=1, max_size=50).map(np.array)


def test_who_knows_everything_recovers_all_and_who_knows_nothing_half() -> None:
    assert apgr(STRONG - WEAK, WEAK, STRONG) == pytest.approx(1 - (WEAK == 0).mean() / 2)
    assert apgr(np.zeros(400), WEAK, STRONG) == pytest.approx(0.5)
    assert apgr(WEAK - STRONG, WEAK, STRONG) < 0.5


def test_saving_is_what_is_left_when_quality_is_kept() -> None:
    found = evidence(KNOWN, ORACLE, GROUPS)
    assert found["compared"] == 400
    assert found["bestQuality"] == 1
    assert found["kept"] >= KEPT - 0.02
    assert found["saved"] == pytest.approx(0.9 * WEAK.mean(), abs=0.06)
    assert 0 < found["qualityShare"] < 1
    blind = evidence(KNOWN, np.full((400, 2), 0.5), GROUPS)
    assert blind["saved"] == pytest.approx(0.0), "nothing but the best keeps its quality"


@pytest.mark.parametrize(
    ("outcomes", "absent"),
    [
        (replace(KNOWN, costs=None), {"saved", "kept", "apgr"}),
        (KNOWN.only(np.arange(20)), {"saved", "bestQuality"}),
        (Outcomes(KNOWN.prompts, ("large",), STRONG[:, None], costs=COSTS[:, :1]), {"saved"}),
    ],
)
def test_what_cannot_be_known_is_not_said(outcomes: Outcomes, absent: set[str]) -> None:
    size = len(outcomes.prompts)
    found = evidence(outcomes, ORACLE[:size, : len(outcomes.models)], GROUPS[:size])
    assert not absent & set(found)
    assert found["outcomes.large"] == size


@given(shares, shares)
def test_chances_are_off_by_no_more_than_all(one: Floats, other: Floats) -> None:
    size = min(len(one), len(other))
    assert 0 <= calibration_error(one[:size], other[:size]) <= 1
    assert calibration_error(one, one) == pytest.approx(0, abs=1e-9)


@given(st.floats(0, 1))
def test_the_more_quality_counts_the_better_what_is_chosen(share: float) -> None:
    less, more = (choose(ORACLE, COSTS, each) for each in (share / 2, share))
    rows = np.arange(400)
    assert ORACLE[rows, more].sum() >= ORACLE[rows, less].sum()


def test_no_prompt_has_a_part_in_its_own_calibration() -> None:
    said = DICE.normal(size=(400, 2))
    chances = calibration.held_out(said, ORACLE, GROUPS, useful=True)
    changed = ORACLE.copy()
    changed[GROUPS == 0] = 1 - changed[GROUPS == 0]
    again = calibration.held_out(said, changed, GROUPS, useful=True)
    assert np.array_equal(chances[GROUPS == 0], again[GROUPS == 0])
    flat = calibration.held_out(said, ORACLE, GROUPS, useful=False)
    assert len(np.unique(flat[GROUPS == 0], axis=0)) == 1


def test_where_one_model_answered_each_prompt_failures_are_learned_all_the_same() -> None:
    prompts = [f"{'court judge' if n % 2 else 'add minus'} word{n % 7} near" for n in range(300)]
    table = np.full((300, 2), np.nan)
    places = np.arange(300) % 4 // 2
    table[np.arange(300), places] = np.arange(300) % 2
    predictor = routing.learn(Outcomes(prompts, ("a", "b"), table), recipes=(Recipe(),))
    good, poor = (predictor.predict(quality.read(prompts[n])).quality for n in (1, 2))
    assert all(good[model] - poor[model] > 0.5 for model in ("a", "b"))
    assert "saved" not in predictor.card


def test_prompts_come_by_a_pipe_and_progress_is_told(tmp_path: Path) -> None:
    lines = [
        {
            "prompt": prompt,
            "scores": {"large": 1.0, "small": weak},
            "costs": {"large": 2, "small": 1},
        }
        for prompt, weak in zip(KNOWN.prompts, WEAK.tolist(), strict=True)
    ]
    content = "\n".join(map(json.dumps, lines)).encode()
    (tmp_path / "outcomes.jsonl").write_bytes(content)
    read = load(tmp_path / "outcomes.jsonl")
    assert read.costs is not None
    assert read.costs[0].tolist() == [2, 1]
    run = [sys.executable, "-m", "hone_trainer.routing", "-", tmp_path / "artifact"]
    done = subprocess.run(run, input=content, capture_output=True, check=True)
    told = [line for line in done.stdout.split(b"\n") if line.startswith(b"progress: ")]
    assert told[0] == b"progress: 1 of 16"
    assert told[-1] == b"progress: 16 of 16"
    card = quality.unpack((tmp_path / "artifact").read_bytes()).card
    assert card["outcomes.large"] == 400
