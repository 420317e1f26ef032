"""Make a predictor of quality from outcomes: `python -m hone_trainer.routing OUTCOMES ARTIFACT`.

Logistic regression on hashed words, pairs of words and signals of form. What the models have in
common and what sets each apart are penalised apart, for a router lives on the difference. Every
figure of the card, the calibration and the limits of trust come from prompts that were held out.
The same outcomes and seed give the same bytes.

While it works it says how far it is, in lines such as `progress: 3 of 16`.
"""

import sys
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from hone.gateway import quality
from hone.gateway.quality import Familiar, Head, Limits, Predictor
from hone.gateway.quality.features import SIGNAL_SLOTS, SLOTS
from hone_trainer import calibration
from hone_trainer.evidence import COMPARED, evidence
from hone_trainer.outcomes import Floats, Outcomes, load

SELDOM: Final = 2
"""A word or pair of fewer prompts is not learned from."""
STEPS: Final = 30
"""Of the solver; more of them fit the outcomes better and held-out ones no better."""
USUAL: Final = 0.95
STRANGE: Final = 0.995
"""Shares of held-out prompts that lie below the two limits of trust."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to learn."""

    strength: float = 1.0
    """Inverse of the penalty."""
    apart: float = 0.7
    """Scale of what sets a model apart; small values draw the models together."""
    signals: float = 0.1
    embedding: float = 0.3
    """Scales of the other features beside words, which have length 1."""


RECIPES: Final = tuple(Recipe(strength) for strength in (0.5, 1.0, 2.0))
"""Tried, and chosen from by held-out prompts."""


@dataclass(frozen=True, slots=True)
class Table:
    """Prompts as the featurizer reads them."""

    words: csr_matrix
    signals: csr_matrix
    embeddings: Floats | None

    def only(self, rows: NDArray[np.intp]) -> "Table":
        """Return a part of it."""
        embeddings = None if self.embeddings is None else self.embeddings[rows]
        return Table(self.words[rows], self.signals[rows], embeddings)


@dataclass(frozen=True, slots=True)
class Weights:
    """One fitting: what is to be multiplied with the features of a prompt."""

    idf: Floats
    bias: Floats
    words: Floats
    signals: Floats
    embedding: Floats
    """By model and place."""


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """What was said of prompts by weights that had not seen them."""

    recipe: Recipe
    odds: Floats
    error: float

    def useful(self, target: Floats) -> bool:
        """Tell whether it says more of prompts than the priors do."""
        return self.error < _error(_priors(target), target)


@dataclass(slots=True)
class _Steps:
    """How many fittings there are, and who hears of each."""

    of: int
    tell: Callable[[int, int], None]
    done: int = 0

    def end(self) -> None:
        self.done += 1
        self.tell(self.done, self.of)


def _nobody(done: int, of: int) -> None:
    """Hear of progress and do nothing."""


def read(outcomes: Outcomes) -> Table:
    """Read every prompt with the server's featurizer."""
    seen = [quality.read(prompt) for prompt in outcomes.prompts]
    words = _sparse([each.slots for each in seen], [each.counts for each in seen], SLOTS)
    ones = [[1.0] * len(each.signals) for each in seen]
    return Table(words, _sparse([e.signals for e in seen], ones, SIGNAL_SLOTS), outcomes.embeddings)


def learn(
    outcomes: Outcomes,
    *,
    seed: int = 7,
    folds: int = 5,
    recipes: Sequence[Recipe] = RECIPES,
    encoder: str = "",
    tell: Callable[[int, int], None] = _nobody,
) -> Predictor:
    """Make a predictor; with embeddings it predicts both with and without one.

    `tell` hears how many of how many steps are done.
    """
    table = read(outcomes)
    plain = Table(table.words, table.signals, None)
    groups = outcomes.folds(seed, folds)
    ways = 1 if table.embeddings is None else 2
    steps = _Steps(1 + ways * len(recipes) * len(np.unique(groups)), tell)
    held = _choose(plain, outcomes.quality, groups, recipes, steps)
    priors = np.nanmean(outcomes.quality, axis=0)
    weights = fit(plain, outcomes.quality, held.recipe)
    embedded: tuple[Head, ...] = ()
    if table.embeddings is not None:
        other = _choose(table, outcomes.quality, groups, recipes, steps)
        embedded = _heads(fit(table, outcomes.quality, other.recipe), other, outcomes.quality)
    card = _card(outcomes, held, seed, groups)
    steps.end()
    return Predictor(
        outcomes.models,
        tuple(float(prior) for prior in priors),
        _familiar(plain, groups),
        _heads(weights, held, outcomes.quality),
        embedded,
        encoder if embedded else "",
        card,
    )


def fit(table: Table, target: Floats, recipe: Recipe) -> Weights:
    """Find the weights that explain the outcomes best, short of learning them by heart."""
    idf, seldom = _idf(table.words)
    end = SLOTS + SIGNAL_SLOTS
    used = np.flatnonzero(np.concatenate([~seldom, np.ones(SIGNAL_SLOTS, dtype=bool)]))
    block = csr_matrix(hstack([_scaled(table.words, idf), table.signals * recipe.signals]))
    dense = np.zeros((len(target), 0)) if table.embeddings is None else table.embeddings
    found, bias = _solve(csr_matrix(block[:, used]), dense * recipe.embedding, target, recipe)
    full = np.zeros((target.shape[1], end))
    full[:, used] = found[:, : len(used)]
    return Weights(
        idf,
        bias,
        full[:, :SLOTS],
        full[:, SLOTS:] * recipe.signals,
        found[:, len(used) :] * recipe.embedding,
    )


def odds(weights: Weights, table: Table) -> Floats:
    """Say of prompts what the server would say, before calibration."""
    found = _scaled(table.words, weights.idf) @ weights.words.T
    found = found + table.signals @ weights.signals.T + weights.bias
    if table.embeddings is not None:
        found = found + table.embeddings @ weights.embedding.T
    return np.asarray(found)


def _sparse(places: list[list[int]], values: list[list[float]], width: int) -> csr_matrix:
    ends = np.cumsum([0, *map(len, places)])
    data = np.fromiter((v for row in values for v in row), dtype=np.float64, count=ends[-1])
    columns = np.fromiter((p for row in places for p in row), dtype=np.int32, count=ends[-1])
    return csr_matrix((data, columns, ends), shape=(len(places), width))


def _idf(words: csr_matrix) -> tuple[Floats, NDArray[np.bool_]]:
    count = np.bincount(words.indices, minlength=SLOTS)
    idf = np.log((1 + words.shape[0]) / (1 + count)) + 1
    return idf.astype(np.float32).astype(np.float64), count < SELDOM


def _scaled(words: csr_matrix, idf: Floats) -> csr_matrix:
    """Weigh words by what they tell, and scale every prompt to length one."""
    data = words.data * idf[words.indices]
    rows = np.repeat(np.arange(words.shape[0]), np.diff(words.indptr))
    length = np.sqrt(np.bincount(rows, weights=data * data, minlength=words.shape[0]))
    return csr_matrix((data / length[rows], words.indices, words.indptr), shape=words.shape)


def _solve(
    block: csr_matrix, dense: Floats, target: Floats, recipe: Recipe
) -> tuple[Floats, Floats]:
    """Minimise cross entropy and penalties by L-BFGS; no bias is penalised."""
    models, sparse = target.shape[1], block.shape[1]
    width = sparse + dense.shape[1]
    asked = ~np.isnan(target)
    wanted = np.where(asked, target, 0.0)
    turned = block.T.tocsr()
    edge = (models + 1) * width

    def loss(flat: Floats) -> tuple[float, Floats]:
        common, own = flat[:width], flat[width:edge].reshape(models, width)
        weights = (common + recipe.apart * own).T
        found = block @ weights[:sparse] + dense @ weights[sparse:] + flat[edge:]
        entropy = np.where(asked, np.logaddexp(0, found) - wanted * found, 0.0).sum()
        rest = np.where(asked, 1 / (1 + np.exp(-found)) - wanted, 0.0)
        slope = np.concatenate([turned @ rest, dense.T @ rest]).T
        penalty = flat[:edge] / recipe.strength
        value = float(entropy + penalty @ flat[:edge] / 2)
        steps = [slope.sum(axis=0), (recipe.apart * slope).ravel(), rest.sum(axis=0)]
        gradient = np.concatenate(steps)
        gradient[:edge] += penalty
        return value, gradient

    biases = [calibration.odds(float(prior)) for prior in np.nanmean(target, axis=0)]
    start = np.concatenate([np.zeros(edge), biases])
    options = {"maxiter": STEPS, "ftol": 1e-6, "maxcor": 5}
    done = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    flat: Floats = done.x
    own = flat[width:edge].reshape(models, width)
    return flat[:width] + recipe.apart * own, flat[edge:]


def _choose(
    table: Table,
    target: Floats,
    groups: NDArray[np.intp],
    recipes: Sequence[Recipe],
    steps: _Steps,
) -> _HeldOut:
    """Hold out each fold in turn and keep the recipe that tells the models apart best."""
    tried: list[_HeldOut] = []
    for recipe in recipes:
        said = np.zeros(target.shape)
        for group in np.unique(groups):
            inside, outside = np.flatnonzero(groups != group), np.flatnonzero(groups == group)
            weights = fit(table.only(inside), target[inside], recipe)
            said[outside] = odds(weights, table.only(outside))
            steps.end()
        tried.append(_HeldOut(recipe, said, _error(calibration.chance(said), target)))
    return min(tried, key=lambda each: each.error)


def _error(said: Floats, target: Floats) -> float:
    """Measure how wrong the differences between models are: what routing depends on.

    Where hardly any prompt was answered by two of them, no difference is known: then how wrong the
    chances themselves are must do.
    """
    wrong = said - target
    both = (~np.isnan(target)).sum(axis=1) > 1
    if both.sum() >= COMPARED:
        wrong = wrong[both] - np.nanmean(wrong[both], axis=1, keepdims=True)
    return float(np.nanmean(wrong * wrong))


def _heads(weights: Weights, held: _HeldOut, target: Floats) -> tuple[Head, ...]:
    """Calibrate on what was held out, and write the weights as the server reads them.

    Weights that tell held-out prompts' models apart no better than the priors do are of no use.
    """
    heads: list[Head] = []
    useful = held.useful(target)
    for model in range(target.shape[1]):
        said, was = held.odds[:, model], target[:, model]
        slope, shift = (
            calibration.line(said, was)
            if useful
            else (0.0, calibration.odds(float(np.nanmean(was))))
        )
        heads.append(
            Head(
                slope * float(weights.bias[model]) + shift,
                array("f", slope * weights.words[model]),
                array("f", slope * weights.signals[model]),
                array("f", slope * weights.embedding[model]),
            )
        )
    return tuple(heads)


def _familiar(table: Table, groups: NDArray[np.intp]) -> Familiar:
    """Learn what prompts look like, and how strange one may be before it is a stranger."""
    words, form = np.zeros(len(groups)), np.zeros(len(groups))
    for group in np.unique(groups):
        inside, outside = np.flatnonzero(groups != group), np.flatnonzero(groups == group)
        idf, shares = _idf(table.words[inside])[0], _shares(table.signals[inside])
        words[outside], form[outside] = _strangeness(table.only(outside), idf, shares)
    return Familiar(
        array("f", _idf(table.words)[0]),
        array("f", _shares(table.signals)),
        _limits(words),
        _limits(form),
    )


def _shares(signals: csr_matrix) -> Floats:
    count = np.bincount(signals.indices, minlength=SIGNAL_SLOTS)
    return -np.log((count + 0.5) / (signals.shape[0] + 16))


def _strangeness(table: Table, idf: Floats, shares: Floats) -> tuple[Floats, Floats]:
    present = csr_matrix(
        (np.ones_like(table.words.data), table.words.indices, table.words.indptr),
        shape=table.words.shape,
    )
    kinds = np.maximum(np.diff(table.words.indptr), 1)
    signals = np.maximum(np.diff(table.signals.indptr), 1)
    return (present @ idf) / kinds, (table.signals @ shares) / signals


def _limits(values: Floats) -> Limits:
    usual, strange = (float(np.quantile(values, share)) for share in (USUAL, STRANGE))
    return Limits(usual, max(strange, usual + 1e-6))


def _priors(target: Floats) -> Floats:
    return np.broadcast_to(np.nanmean(target, axis=0), target.shape)


def _card(
    outcomes: Outcomes, held: _HeldOut, seed: int, groups: NDArray[np.intp]
) -> dict[str, float]:
    """Write down what the predictor was made of, and how well held-out prompts were predicted."""
    said, target = calibration.chance(held.odds), outcomes.quality
    prior = _priors(target)
    chances = calibration.held_out(held.odds, target, groups, useful=held.useful(target))
    return {
        "prompts": float(len(outcomes.prompts)),
        "seed": float(seed),
        "strength": held.recipe.strength,
        "apart": held.recipe.apart,
        "differenceError": held.error,
        "differenceErrorOfPrior": _error(prior, target),
        "brier": float(np.nanmean((said - target) ** 2)),
        "brierOfPrior": float(np.nanmean((prior - target) ** 2)),
        **evidence(outcomes, chances, groups),
    }


def _say(done: int, of: int) -> None:
    sys.stdout.write(f"progress: {done} of {of}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> None:
    """Learn from a file and write the artifact."""
    if len(arguments) != 2:
        sys.exit("usage: python -m hone_trainer.routing OUTCOMES.jsonl[.gz]|- ARTIFACT")
    predictor = learn(load(Path(arguments[0])), tell=_say)
    Path(arguments[1]).write_bytes(quality.pack(predictor))
    for name, value in predictor.card.items():
        sys.stdout.write(f"{name}: {value:.6g}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
