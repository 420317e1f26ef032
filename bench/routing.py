"""Measure learned routing on public outcomes: what it saves, whether to believe it, where not to.

`make bench-routing` writes `bench/results/routing.md` and `routing.json`. The outcomes are read from
BENCH_DATA (`../shared/data/routing`) and never copied. Everything that is chosen is chosen inside the
training folds by `hone_trainer.routing`; the test folds are predicted by the server's own code.
"""

import os

# One thread: the figures do not depend on how many cores others leave free.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import gzip
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from hone.gateway import quality
from hone.gateway.quality import Limits, Predictor
from hone_trainer import routing
from hone_trainer.outcomes import Outcomes, fold, load
from hone_trainer.routing import Recipe
from numpy.typing import NDArray
from routing_encoder import NAME, embeddings
from routing_figures import (
    KEPT,
    Figures,
    calibration_error,
    figures,
    reliability,
    saved,
    threshold,
)
from routing_report import save, write

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("BENCH_DATA", ROOT.parent / "shared" / "data" / "routing"))
TWO, NINE = "routellm_2models.jsonl.gz", "llmrouter_9models_train.jsonl.gz"
PRICES = "llmrouter_model_prices.json"
STRONG, WEAK = "gpt-4-1106-preview", "mistralai/Mixtral-8x7B-Instruct-v0.1"
SEED, FOLDS = 7, 5
NEIGHBOURS, NEIGHBOURS_OF_NINE = 50, 20
RESAMPLES = 200
ONE = (Recipe(),)
"""The strength that the trainer chose inside the training folds, in all five folds of MMLU; to
choose again takes three times as long."""

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
Router = Callable[[Outcomes, Outcomes], Floats]
"""From outcomes to learn from, and prompts, to each prompt's quality by each model."""


def by_nothing(known: Outcomes, asked: Outcomes) -> Floats:
    """Say the same of every prompt: to route at random."""
    return np.tile(known.quality.mean(axis=0), (len(asked.prompts), 1))


def by_length(known: Outcomes, asked: Outcomes) -> Floats:
    """Say what was true of prompts of about the same length."""
    table = [by_bin(known, size) for size in range(64)]
    return np.array([table[octave(prompt)] for prompt in asked.prompts])


def by_bin(known: Outcomes, size: int) -> Floats:
    """Return the mean quality at a length, drawn to the mean of all as by 50 prompts."""
    rows = [row for row, prompt in enumerate(known.prompts) if octave(prompt) == size]
    return (known.quality[rows].sum(axis=0) + 50 * known.quality.mean(axis=0)) / (
        len(rows) + 50
    )


def octave(prompt: str) -> int:
    """Put a length on a scale of half octaves."""
    return int(2 * np.log2(len(prompt) + 1))


def by_neighbours(count: int) -> Router:
    """Say what was true of the nearest prompts, by the cosine of embeddings."""

    def route(known: Outcomes, asked: Outcomes) -> Floats:
        assert known.embeddings is not None
        assert asked.embeddings is not None
        near = np.argpartition(-(asked.embeddings @ known.embeddings.T), count, axis=1)[
            :, :count
        ]
        return known.quality[near].mean(axis=1)

    return route


def predicted(
    predictor: Predictor, asked: Outcomes, *, embedded: bool = False
) -> tuple[Floats, Floats]:
    """Ask the server's code: each prompt's quality by model, and its trust."""
    rows: list[list[float]] = []
    trust: list[float] = []
    for number, prompt in enumerate(asked.prompts):
        vector = (
            asked.embeddings[number].tolist()
            if embedded and asked.embeddings is not None
            else None
        )
        said = predictor.predict(quality.read(prompt), vector)
        rows.append([said.quality[model] for model in asked.models])
        trust.append(said.trust)
    return np.array(rows), np.array(trust)


def trusting(predictor: Predictor) -> Predictor:
    """Make a predictor believe itself everywhere."""
    never = Limits(1e9, 2e9)
    return replace(
        predictor,
        familiar=replace(predictor.familiar, words_limits=never, form_limits=never),
    )


class Study:
    """A set of outcomes, predicted fold by fold by every router."""

    def __init__(
        self,
        outcomes: Outcomes,
        routers: dict[str, Router],
        groups: Rows,
        *,
        embedded: bool = True,
    ) -> None:
        """Predict everything."""
        self.outcomes, self.groups = outcomes, groups
        self.said = {name: np.zeros(outcomes.quality.shape) for name in routers}
        self.trust = np.ones(len(outcomes.prompts))
        for group in range(FOLDS):
            known, asked = (
                np.flatnonzero(groups != group),
                np.flatnonzero(groups == group),
            )
            inside, outside = outcomes.only(known), outcomes.only(asked)
            for name, route in routers.items():
                self.said[name][asked] = route(inside, outside)
            if not embedded:
                inside = replace(inside, embeddings=None)
            predictor = routing.learn(inside, seed=SEED, encoder=NAME, recipes=ONE)
            ways = (
                {"learned": False, "learned, embedding": True}
                if predictor.embedded
                else {"learned": False}
            )
            for name, way in ways.items():
                table = self.said.setdefault(name, np.zeros(outcomes.quality.shape))
                table[asked], self.trust[asked] = predicted(
                    predictor, outside, embedded=way
                )
            print(f"  fold {group}: {predictor.card}", flush=True)

    def score(self, name: str) -> Floats:
        """Return by how much the strong model is expected to be better."""
        strong, weak = (self.outcomes.models.index(model) for model in (STRONG, WEAK))
        return self.said[name][:, strong] - self.said[name][:, weak]

    def of(self, model: str) -> Floats:
        """Return the qualities of a model's answers."""
        return self.outcomes.quality[:, self.outcomes.models.index(model)]

    def figures(self, name: str) -> dict[str, object]:
        """Compute a router's figures: by fold, all folds together, and with a threshold fixed before."""
        score, weak, strong = self.score(name), self.of(WEAK), self.of(STRONG)
        folds = [
            figures(
                score[self.groups == group],
                weak[self.groups == group],
                strong[self.groups == group],
            )
            for group in range(FOLDS)
        ]
        pooled = figures(score, weak, strong)
        kept, spared = self._fixed(score, weak, strong)
        return {
            "pooled": asdict(pooled),
            "folds": [asdict(each) for each in folds],
            "mean": asdict(
                Figures(
                    *(
                        statistics.mean(asdict(each)[key] for each in folds)
                        for key in asdict(pooled)
                    )
                )
            ),
            "fixed": {"kept": kept, "saved": spared},
        }

    def _fixed(
        self, score: Floats, weak: Floats, strong: Floats
    ) -> tuple[float, float]:
        """Choose each fold's threshold on the other folds; tell what is kept and saved then."""
        chosen = np.zeros(len(score), dtype=bool)
        for group in range(FOLDS):
            others, here = self.groups != group, self.groups == group
            chosen[here] = score[here] >= threshold(
                score[others], weak[others], strong[others]
            )
        kept = np.where(chosen, strong, weak).mean() / strong.mean()
        return float(kept), saved(float(chosen.mean()))

    def doubt(self, name: str, other: str | None = None) -> tuple[float, float]:
        """Bound APGR, or by how much it is above another's, in 95 of 100 resamplings."""
        dice = np.random.default_rng(SEED)
        weak, strong, found = self.of(WEAK), self.of(STRONG), []
        for _ in range(RESAMPLES):
            rows = dice.integers(0, len(weak), len(weak))
            value = figures(self.score(name)[rows], weak[rows], strong[rows]).apgr
            if other is not None:
                value -= figures(self.score(other)[rows], weak[rows], strong[rows]).apgr
            found.append(value)
        low, high = np.quantile(found, [0.025, 0.975])
        return float(low), float(high)

    def calibration(self, name: str) -> dict[str, object]:
        """Tell for each model whether its chances came true."""
        found: dict[str, object] = {}
        for model in (STRONG, WEAK):
            chance = self.said[name][:, self.outcomes.models.index(model)]
            outcome = self.of(model)
            found[model] = {
                "ece": calibration_error(chance, outcome),
                "brier": float(((chance - outcome) ** 2).mean()),
                "brierOfPrior": float(outcome.mean() * (1 - outcome.mean())),
                "table": reliability(chance, outcome),
            }
        return found


def baselines(outcomes: Outcomes) -> dict[str, Router]:
    """List the routers to compare with."""
    found: dict[str, Router] = {"random": by_nothing, "length": by_length}
    if outcomes.embeddings is not None:
        found[f"{NEIGHBOURS} nearest, embedding"] = by_neighbours(NEIGHBOURS)
    return found


def two_models(outcomes: Outcomes) -> dict[str, object]:
    """Measure one task's outcomes, learned from the same task."""
    study = Study(outcomes, baselines(outcomes), outcomes.folds(SEED, FOLDS))
    found: dict[str, object] = {
        "prompts": len(outcomes.prompts),
        "strong": float(study.of(STRONG).mean()),
        "weak": float(study.of(WEAK).mean()),
        "routers": {name: study.figures(name) for name in study.said},
        "calibration": {
            name: study.calibration(name) for name in study.said if "learned" in name
        },
        "doubt": {name: study.doubt(name) for name in study.said if "learned" in name},
        "strangers": float((study.trust == 0).mean()),
        "doubted": float((study.trust < 1).mean()),
    }
    near = f"{NEIGHBOURS} nearest, embedding"
    if near in study.said:
        found["aboveNearest"] = {
            name: study.doubt(name, near) for name in study.said if "learned" in name
        }
    return found


def elsewhere(known: Outcomes, others: dict[str, Outcomes]) -> dict[str, object]:
    """Measure what a predictor says of prompts that it knows nothing of."""
    predictor = routing.learn(replace(known, embeddings=None), seed=SEED, recipes=ONE)
    found: dict[str, object] = {}
    for name, asked in others.items():
        _, trust = predicted(predictor, replace(asked, models=known.models))
        entry: dict[str, object] = {
            "prompts": len(asked.prompts),
            "strangers": float((trust == 0).mean()),
            "doubted": float((trust < 1).mean()),
        }
        if asked.models == known.models:
            said, _ = predicted(trusting(predictor), asked)
            strong, weak = (asked.models.index(model) for model in (STRONG, WEAK))
            score = said[:, strong] - said[:, weak]
            entry["blindApgr"] = figures(
                score, asked.quality[:, weak], asked.quality[:, strong]
            ).apgr
        found[name] = entry
    return found


def unseen_subjects(outcomes: Outcomes, subjects: list[str]) -> dict[str, float]:
    """Measure prompts of subjects that were left out of learning, all of each together."""
    groups = np.array([fold(subject, SEED, FOLDS) for subject in subjects])
    study = Study(replace(outcomes, embeddings=None), {}, groups)
    made = study.figures("learned")["mean"]
    assert isinstance(made, dict)
    return {
        "apgr": float(made["apgr"]),
        "saved": float(made["saved"]),
        "strangers": float((study.trust == 0).mean()),
        "doubted": float((study.trust < 1).mean()),
    }


def nine_models(outcomes: Outcomes, prices: Floats) -> dict[str, object]:
    """Draw quality against price where nine models may answer."""
    routers: dict[str, Router] = {}
    if outcomes.embeddings is not None:
        routers[f"{NEIGHBOURS_OF_NINE} nearest, embedding"] = by_neighbours(
            NEIGHBOURS_OF_NINE
        )
    study = Study(outcomes, routers, outcomes.folds(SEED, FOLDS), embedded=False)
    rows = np.arange(len(outcomes.prompts))
    curves: dict[str, list[tuple[float, float, float]]] = {}
    for name, said in study.said.items():
        curves[name] = []
        for worth in (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0, 3.0):
            chosen = (said - worth * prices).argmax(axis=1)
            curves[name].append(
                (
                    worth,
                    float(outcomes.quality[rows, chosen].mean()),
                    float(prices[chosen].mean()),
                )
            )
    best = outcomes.quality.max(axis=1)
    said = study.said["learned"]
    return {
        "prompts": len(rows),
        "models": {
            model: (float(outcomes.quality[:, at].mean()), float(prices[at]))
            for at, model in enumerate(outcomes.models)
        },
        "oracle": float(best.mean()),
        "curves": curves,
        "ece": float(
            np.mean(
                [
                    calibration_error(said[:, at], outcomes.quality[:, at])
                    for at in range(len(outcomes.models))
                ]
            )
        ),
    }


def cost(mmlu: Outcomes, nine: Outcomes) -> dict[str, object]:
    """Measure time and size of a predictor for two models and of one for nine."""
    predictors = {
        name: routing.learn(replace(known, embeddings=None), seed=SEED, recipes=ONE)
        for name, known in (("two", mmlu), ("nine", nine))
    }
    return {
        "microseconds": speed(predictors, list(mmlu.prompts)),
        "bytes": {name: len(quality.pack(each)) for name, each in predictors.items()},
    }


def speed(
    predictors: dict[str, Predictor], prompts: list[str]
) -> dict[str, dict[str, float]]:
    """Time the reading of prompts and the predictions, in microseconds: the median of many."""
    middle = sorted(prompts, key=len)[len(prompts) // 2]
    long = "\n".join(prompts)
    texts = {
        "200 characters": long[:200],
        f"median of MMLU ({len(middle)})": middle,
        "2,000 characters": long[:2000],
        "20,000 characters": long[:20_000],
        "20,000 ideographs": "模型路由选择质量" * 2500,
    }
    found: dict[str, dict[str, float]] = {}
    for name, text in texts.items():
        found[name] = {"read": clock(lambda text=text: quality.read(text))}
        for who, predictor in predictors.items():
            seen, predictor = quality.read(text), trusting(predictor)
            found[name][who] = clock(
                lambda seen=seen, predictor=predictor: predictor.predict(seen)
            )
    return found


def clock(call: Callable[[], object]) -> float:
    """Return the median of 300 calls, in microseconds."""
    took: list[float] = []
    for _ in range(300):
        began = time.perf_counter()
        call()
        took.append((time.perf_counter() - began) * 1e6)
    return statistics.median(took)


def main() -> None:
    """Read, learn, measure, write."""
    if not (DATA / TWO).exists():
        sys.exit(
            f"The outcomes are not there: {DATA / TWO}. Say where with BENCH_DATA."
        )
    two, nine = load(DATA / TWO), load(DATA / NINE)
    with gzip.open(DATA / TWO, "rt", encoding="utf-8") as lines:
        tasks = [json.loads(line)["task"] for line in lines]
    rows = embeddings([*two.prompts, *nine.prompts])
    if rows is not None:
        wide = rows.astype(np.float64)
        two, nine = (
            replace(two, embeddings=wide[: len(tasks)]),
            replace(nine, embeddings=wide[len(tasks) :]),
        )
    is_mmlu = np.array([task.startswith("mmlu/") for task in tasks])
    mmlu, gsm8k = two.only(np.flatnonzero(is_mmlu)), two.only(np.flatnonzero(~is_mmlu))
    listed = json.loads((DATA / PRICES).read_text("utf-8"))
    prices = np.array([listed[model]["input_price"] for model in nine.models])
    subjects = [task for task in tasks if task.startswith("mmlu/")]
    result: dict[str, object] = {
        "seed": SEED,
        "folds": FOLDS,
        "kept": KEPT,
        "python": sys.version.split()[0],
    }
    result["encoder"] = NAME if rows is not None else None
    parts: dict[str, Callable[[], object]] = {
        "mmlu": lambda: two_models(mmlu),
        "fromMmlu": lambda: elsewhere(mmlu, {"GSM8K": gsm8k, "nine-model set": nine}),
        "nine": lambda: nine_models(nine, prices),
        "gsm8k": lambda: two_models(gsm8k),
        "fromGsm8k": lambda: elsewhere(gsm8k, {"MMLU": mmlu, "nine-model set": nine}),
        "cost": lambda: cost(mmlu, nine),
        "unseenSubjects": lambda: unseen_subjects(mmlu, subjects),
    }
    for name, measure in parts.items():
        print(name, flush=True)
        result[name] = measure()
        save(ROOT / "bench" / "results", result)
    write(ROOT / "bench" / "results", result)


if __name__ == "__main__":
    main()
