"""Starting from a model that knows some of it already: its weights, where grams and labels are the same."""

import numpy as np

from hone_trainer.classifier import Classifier
from hone_trainer.features import Featurizer
from hone_trainer.heads import Floats
from hone_trainer.intent.labelled import Labelled
from hone_trainer.run import Run


def warm(run: Run, known: Labelled, featurizer: Featurizer, arrays: list[Floats]) -> bool:
    """Fill arrays with what the model in `base/` knows, if there is one that may be used."""
    base = run.base() if run.params["warmStart"] else None
    if not isinstance(base, Classifier):
        return False
    theirs = {label: place for place, label in enumerate(base.manifest.labels)}
    labels = [(own, theirs[name]) for own, name in enumerate(known.labels) if name in theirs]
    grams = _grams(featurizer, base.featurizer)
    if not labels or not grams:
        return False
    # Scores of any kind of head, as odds.
    heat = np.float32(base.manifest.settings["temperature"])
    own_labels, their_labels = (np.array(each, np.intp) for each in zip(*labels, strict=True))
    own_grams, their_grams = (np.array(each, np.intp) for each in zip(*grams, strict=True))
    arrays[0][np.ix_(own_grams, own_labels)] = (
        base.head.words[np.ix_(their_grams, their_labels)] / heat
    )
    arrays[1][own_labels] = base.head.bias[their_labels] / heat
    if len(arrays) > 2 and base.head.straight is not None:
        arrays[2][:, own_labels] = base.head.straight[:, their_labels] / heat
    run.event("milestone", f"Starting from a model that knows {len(labels)} of the labels.")
    return True


def _grams(own: Featurizer, other: Featurizer) -> list[tuple[int, int]]:
    """Return the places of grams that both know."""
    found: list[tuple[int, int]] = []
    first, second = 0, 0
    for one, two in zip(own.blocks, other.blocks, strict=False):
        if one.reader == two.reader:
            found += [
                (first + place, second + two.places[gram])
                for gram, place in one.places.items()
                if gram in two.places
            ]
        first, second = first + len(one.places), second + len(two.places)
    return found
