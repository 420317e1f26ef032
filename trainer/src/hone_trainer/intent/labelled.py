"""Texts with their labels as arrays, and whether there are enough of them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hone_trainer.data import Example
from hone_trainer.errors import Refused, insufficient
from hone_trainer.heads import Floats
from hone_trainer.run import Run

SHOWN: Final = 20
FEW: Final = 50
"""Up to so many examples of each label on average, the names of labels are learned from as well."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Examples to learn from."""

    labels: Sequence[str]
    texts: Sequence[str]
    """Examples in scope, then names of labels, then what is known to be out of scope."""
    classes: NDArray[np.intp]
    """The place of each text's label; below nothing: out of scope."""
    weights: Floats
    count: int
    """So many texts, the first ones, are examples in scope."""

    def wanted(self) -> Floats:
        """Return one for each text's label and nothing for others."""
        return (
            np.eye(len(self.labels), dtype=np.float32)[self.classes] * (self.classes >= 0)[:, None]
        )

    def strange(self) -> NDArray[np.intp]:
        """Return which texts are known to be out of scope."""
        return np.flatnonzero(self.classes < 0)


def labelled(run: Run) -> Labelled:
    """Take what a classifier learns from, or say why it is not enough."""
    params = run.params
    outside = params["outOfScope"]["label"]
    train = run.examples.split("train")
    inside = [example for example in train if example.label != outside]
    inside = _enough(inside, params)
    tested = [e for e in run.examples.split("test") if e.label != outside]
    if not tested:
        raise insufficient(
            "There are no test examples, so nothing would be known of the model.",
            required=1,
            available=0,
            suggestions=["Freeze the data with a share for `test`.", "Collect more examples."],
        )
    labels = sorted({example.label for example in inside})
    _known(params["outOfScope"]["thresholds"], labels)
    places = {label: place for place, label in enumerate(labels)}
    classes = np.array([places[example.label] for example in inside], dtype=np.intp)
    weights = _weights(inside, labels, classes, params["classWeights"])
    few = len(inside) <= FEW * len(labels)
    names = [(_words(label), places[label]) for label in labels if few and _words(label)]
    strange = [example.text for example in train if example.label == outside]
    return Labelled(
        labels,
        [*(example.text for example in inside), *(name for name, _ in names), *strange],
        np.array([*classes, *(place for _, place in names), *(-1 for _ in strange)], np.intp),
        np.concatenate([weights, np.ones(len(names) + len(strange), np.float32)]),
        len(inside),
    )


def _known(thresholds: Mapping[str, float], labels: Sequence[str]) -> None:
    """Refuse thresholds of labels that there are not: they would say nothing."""
    for label in thresholds:
        if label not in labels:
            told = f"There is no label {label!r} to have a threshold."
            param = "outOfScope.thresholds"
            raise Refused("PARAMS_INVALID", told, problems=[{"param": param, "problem": told}])


def _words(label: str) -> str:
    """Return a label's name as words, if it has any."""
    found = re.findall(r"[^\W\d_]{2,}", re.sub(r"([a-z])([A-Z])", r"\1 \2", label))
    return " ".join(found).lower()


def _enough(examples: Sequence[Example], params: Mapping[str, Any]) -> list[Example]:
    least: int = params["minPerLabel"]
    counts = Counter(example.label for example in examples)
    rare = sorted(label for label, count in counts.items() if count < least)
    if rare and params["rareLabels"] == "drop":
        examples = [example for example in examples if counts[example.label] >= least]
    elif rare:
        raise insufficient(
            f"{len(rare)} labels have fewer than {least} examples to learn from, "
            f"such as {rare[0]!r} with {counts[rare[0]]}.",
            required=least,
            available=min(counts.values()),
            suggestions=[
                "Add examples of these labels, or merge them with others.",
                "Lower the quality from which examples are taken.",
                "Set `rareLabels` to `drop` to train without them.",
            ],
            labels={label: counts[label] for label in rare[:SHOWN]},
        )
    kinds = len({example.label for example in examples})
    if kinds < 2:
        raise insufficient(
            f"There {'is one label' if kinds == 1 else 'are no labels'} to learn; two are needed.",
            required=2,
            available=kinds,
            suggestions=["Add examples of another label.", "Approve the examples that wait."],
        )
    return list(examples)


def _weights(
    examples: Sequence[Example],
    labels: Sequence[str],
    classes: NDArray[np.intp],
    wish: str | Mapping[str, float],
) -> Floats:
    """Weigh examples: by their own weight, and by their label's."""
    own = np.array([example.weight for example in examples], dtype=np.float32)
    if wish == "none":
        return own
    if isinstance(wish, str):
        counts = np.bincount(classes, minlength=len(labels))
        return (own * (len(classes) / len(labels) / counts)[classes]).astype(np.float32)
    factors = np.array([wish.get(label, 1.0) for label in labels], dtype=np.float32)
    return own * factors[classes]
