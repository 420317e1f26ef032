"""Which parameters to try next, asked of Optuna (Akiba et al., arXiv 1907.10902).

The study is made anew from what the book says before each batch, and its chance comes from the run's seed and the
number of the batch's first trial: a search that was killed asks the same as one that was not.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler, BruteForceSampler, RandomSampler, TPESampler
from optuna.trial import Trial as Asked
from optuna.trial import TrialState

from hone_trainer.searching.book import Trial
from hone_trainer.searching.plan import Plan
from hone_trainer.searching.space import Range

optuna.logging.set_verbosity(optuna.logging.WARNING)
_STARTUP: Final = 8
"""Trials by chance before the sampler learns from them."""
_STATES: Final = {
    "complete": TrialState.COMPLETE,
    "pruned": TrialState.PRUNED,
    "failed": TrialState.FAIL,
}


class Study:
    """What is asked next, of what is known."""

    def __init__(self, plan: Plan, seed: int, known: Sequence[Trial]) -> None:
        self._space = {path: _distribution(each) for path, each in plan.space.items()}
        first = len(known)
        self._study = optuna.create_study(
            direction=plan.direction,
            sampler=_sampler(plan.sampler, (seed * 1_000_003 + first) % 2**32),
            pruner=_pruner(plan.prune),
        )
        for each in known:
            if each.params:
                self._study.add_trial(_told(each, self._space))

    def ask(self) -> Asked:
        """Ask for a trial; those that were asked for and have no answer are looked away from."""
        return self._study.ask(self._space)


def _distribution(given: Range) -> BaseDistribution:
    if given.kind == "choice":
        return CategoricalDistribution(given.choices)
    if given.kind == "integer":
        return IntDistribution(int(given.low), int(given.high), log=given.log)
    return FloatDistribution(given.low, given.high, log=given.log)


def _sampler(name: str, seed: int) -> BaseSampler:
    if name == "random":
        return RandomSampler(seed=seed)
    if name == "grid":
        return BruteForceSampler(seed=seed)
    return TPESampler(seed=seed, n_startup_trials=_STARTUP, constant_liar=True)


def _pruner(name: str) -> optuna.pruners.BasePruner:
    if name == "median":
        return optuna.pruners.MedianPruner(n_startup_trials=3, n_warmup_steps=2)
    if name == "asha":
        return optuna.pruners.SuccessiveHalvingPruner()
    return optuna.pruners.NopPruner()


def _told(trial: Trial, space: Mapping[str, BaseDistribution]) -> optuna.trial.FrozenTrial:
    known: dict[str, Any] = {path: trial.params[path] for path in space if path in trial.params}
    return optuna.trial.create_trial(
        state=_STATES[trial.state],
        value=trial.value if trial.state == "complete" else None,
        params=known,
        distributions={path: space[path] for path in known},
        intermediate_values=dict(trial.curve),
    )
