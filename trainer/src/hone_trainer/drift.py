"""Drift: `python -m hone_trainer.drift`, one JSON document from standard input to standard output.

Two lots of texts are told apart by a classifier, if they can be: what it finds is how they differ. It is
kernel ridge regression on words, of which the prediction for each text by all the others comes out of one
matrix: with H = K (K + cI)^-1, text i is foreseen as y_i - (y - Hy)_i / (1 - H_ii) (Allen, Technometrics
1974). So a thousand permutations of who came when cost a product of H each, and tell how good the
classifier would look if nothing had changed (Lopez-Paz and Oquab, ICLR 2017, "Revisiting classifier
two-sample tests"). Labels are compared by their population stability index, with the same permutations.
"""

import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from hone_trainer import features

Array = NDArray[np.float64]
ROUNDS: Final = 999
MOST: Final = 1_000
"""Texts of one lot that are looked at."""
_SOFT: Final = 1.0
_TOLD: Final = 10
_EXAMPLES: Final = 20
_SMALL: Final = 0.5
_SHARED: Final = 5
"""So many texts must have a word before it is told: what one person wrote is nobody's to read here."""


class Unfit(Exception):
    """What came cannot be compared; the message says why."""


def compare(
    before: Sequence[str],
    now: Sequence[str],
    labels: tuple[Sequence[str], Sequence[str]] = ((), ()),
    seed: int = 0,
) -> dict[str, Any]:
    """Tell how well texts of `now` can be told from those of `before`, and by what.

    `auc` is the chance that one of now looks newer than one of before (0.5: they are alike), `p` the
    share of permutations that look as good. `words` are those that became more frequent or less, half of each
    where there are enough; `newest` are places in `now` of the texts that look newest.
    """
    if min(len(before), len(now)) < 2:
        raise Unfit("Two texts of each lot are the least.")
    chance = np.random.default_rng(seed)
    old, new = _some(before, chance), _some(now, chance)
    texts = [*(before[at] for at in old), *(now[at] for at in new)]
    told = np.array([-1.0] * len(old) + [1.0] * len(new))
    block = features.learn("words", texts, 1.0, least=2 if len(texts) > 20 else 1)
    matrix = _matrix(block, texts)
    kernel = np.asarray((matrix @ matrix.T).todense(), dtype=np.float64)
    # What all texts share tells nothing.
    kernel += 1e-9 * np.eye(len(texts))
    inverse = np.linalg.inv(kernel + _SOFT * np.eye(len(texts)))
    hat = kernel @ inverse
    free = np.maximum(1 - np.diag(hat), 1e-9)
    scores = _left_out(hat, free, told)
    auc = _auc(scores, told)
    as_good = 1
    for _ in range(ROUNDS):
        mixed = chance.permutation(told)
        as_good += _auc(_left_out(hat, free, mixed), mixed) >= auc
    weights = np.asarray(matrix.T @ (inverse @ told)).ravel()
    newest = np.argsort(-scores[len(old) :])[:_EXAMPLES]
    found: dict[str, Any] = {
        "auc": round(float(auc), 4),
        "p": as_good / (ROUNDS + 1),
        "before": len(old),
        "now": len(new),
        "words": _words(block, weights, matrix, len(old)),
        "newest": [int(new[int(each)]) for each in newest],
    }
    return found | _labels(labels, chance)


def _some(texts: Sequence[str], chance: np.random.Generator) -> list[int]:
    if len(texts) <= MOST:
        return list(range(len(texts)))
    return sorted(int(each) for each in chance.choice(len(texts), MOST, replace=False))


def _matrix(block: features.Block, texts: Sequence[str]) -> csr_matrix:
    width = len(block.places)
    rows: list[csr_matrix] = []
    for text in texts:
        at, values = block.row(text)
        rows.append(csr_matrix((values, (np.zeros(len(at), np.int32), at)), shape=(1, width)))
    return csr_matrix(vstack(rows))


def _left_out(hat: Array, free: Array, told: Array) -> Array:
    centred = told - told.mean()
    return centred - (centred - hat @ centred) / free


def _auc(scores: Array, told: Array) -> float:
    """Reckon the area under the curve by ranks; what is equal counts half."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    ranks = (ends - (count - 1) / 2)[place]
    new = told > 0
    n, m = int(new.sum()), int((~new).sum())
    return float((ranks[new].sum() - n * (n + 1) / 2) / (n * m))


def _words(
    block: features.Block, weights: Array, matrix: csr_matrix, old: int
) -> list[dict[str, Any]]:
    grams = list(block.places)
    has = matrix.copy()
    has.data = np.ones_like(has.data)
    before = np.asarray(has[:old].mean(axis=0)).ravel()
    now = np.asarray(has[old:].mean(axis=0)).ravel()
    common = np.asarray(has.sum(axis=0)).ravel() >= _SHARED
    telling = np.abs(weights) * np.abs(now - before) * common
    order = sorted(np.flatnonzero(telling), key=lambda at: (-round(telling[at], 9), grams[at]))
    # What came must not be hidden by what is asked no more.
    came = [at for at in order if now[at] > before[at]]
    went = [at for at in order if now[at] < before[at]]
    half = _TOLD // 2
    most = max(half, _TOLD - len(went)), max(half, _TOLD - len(came))
    told = {*came[: most[0]], *went[: most[1]]}
    return [
        {
            "word": grams[at],
            "before": round(float(before[at]), 4),
            "now": round(float(now[at]), 4),
        }
        for at in order
        if at in told
    ]


def _labels(
    labels: tuple[Sequence[str], Sequence[str]], chance: np.random.Generator
) -> dict[str, Any]:
    old, new = labels
    if not old or not new:
        return {"psi": None, "psiP": None, "labels": []}
    names = sorted({*old, *new})
    places = {name: place for place, name in enumerate(names)}
    every = np.array([places[each] for each in (*old, *new)])
    psi = _psi(every, len(old), len(names))
    as_far = 1 + sum(
        _psi(chance.permutation(every), len(old), len(names)) >= psi for _ in range(ROUNDS)
    )
    counts = Counter(old), Counter(new)
    some = [each for each in names if counts[0][each] + counts[1][each] >= _SHARED]
    moved = sorted(some, key=lambda each: -abs(_share(counts[1], each) - _share(counts[0], each)))
    return {
        "psi": round(psi, 4),
        "psiP": as_far / (ROUNDS + 1),
        "labels": [
            {
                "label": each,
                "before": round(_share(counts[0], each), 4),
                "now": round(_share(counts[1], each), 4),
            }
            for each in moved[:_TOLD]
        ],
    }


def _psi(every: NDArray[Any], old: int, width: int) -> float:
    """Reckon the population stability index: the sum of (q - p) ln(q / p) over all labels."""
    before = (np.bincount(every[:old], minlength=width) + _SMALL) / (old + _SMALL * width)
    new = len(every) - old
    now = (np.bincount(every[old:], minlength=width) + _SMALL) / (new + _SMALL * width)
    return float(((now - before) * np.log(now / before)).sum())


def _share(counts: Counter[str], name: str) -> float:
    whole = sum(counts.values())
    return counts[name] / whole if whole else math.nan


def main() -> int:
    """Compare what standard input holds."""
    asked = json.load(sys.stdin)
    try:
        labels = asked.get("labelsBefore") or [], asked.get("labelsNow") or []
        found = compare(asked["before"], asked["now"], labels, int(asked.get("seed", 0)))
    except Unfit as error:
        sys.stderr.write(f"{error}\n")
        return 2
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
