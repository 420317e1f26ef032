"""A search from its first trial to the model: batches of trials, then the best one, measured once by the test."""

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from optuna.trial import Trial as Asked

from hone.core.settings import environment
from hone_trainer import disk
from hone_trainer.engines import Engine
from hone_trainer.errors import Refused, Stopped
from hone_trainer.run import Run
from hone_trainer.searching import plan as plans
from hone_trainer.searching import trial as trials
from hone_trainer.searching.asking import Study
from hone_trainer.searching.book import Book, Trial
from hone_trainer.searching.plan import Plan
from hone_trainer.searching.space import placed
from hone_trainer.searching.trial import Child

_LOOK: Final = 0.1
"""Seconds between two looks at trials that work."""
_STOPPED: Final = 75
_SAID: Final = "predictions.jsonl"
_SHARE: Final = 0.9
"""How much of the run the trials are."""


def search(run: Run, engine: Engine) -> None:
    """Find parameters, and make the model of the best trial this run's model.

    Trials are compared by what they are worth on validation examples. The test is read from the chosen one alone, so
    that its figures are of examples that had no part in the choice.
    """
    assert run.spec.search is not None
    plan = plans.read(run.spec.search, engine)
    if not run.examples.split("validation"):
        told = "A search chooses by validation examples, and there are none: freeze the data with a share for them."
        raise Refused("SEARCH_INVALID", told, param="data.split.validation")
    book = Book(run.folder)
    try:
        while batch := _next(run, plan, book):
            _Batch(run, plan, book, batch).carry_out()
        _adopt(run, plan, book)
    finally:
        book.close()


def _next(run: Run, plan: Plan, book: Book) -> list[tuple[Trial, Asked | None]]:
    """Say which trials come next: those of the first batch that is not over.

    What is asked for depends on the batches before alone, so a search that goes on asks what it would have asked.
    """
    ended = book.ended()
    over = {each.number for each in ended}
    start = next(n for n in range(len(over) + 1) if n not in over)
    start -= start % plan.concurrency
    known = [each for each in ended if each.number < start]
    spent = sum(each.seconds for each in known) / plan.concurrency
    if start >= plan.trials or (plan.timeout and known and spent >= plan.timeout):
        return []
    study = Study(plan, run.seed, known)
    found: list[tuple[Trial, Asked | None]] = []
    for number in range(start, min(start + plan.concurrency, plan.trials)):
        # The first one is what the run itself asks for: a search is never worse than none, on what it chooses by.
        asked = study.ask() if number else None
        trial = Trial(number, "running", dict(asked.params) if asked else {})
        if plan.sampler == "grid" and _tried(trial, [*known, *(each for each, _ in found)]):
            break
        if number not in over:
            found.append((trial, asked))
    return found


def _tried(trial: Trial, others: Sequence[Trial]) -> bool:
    """Tell whether all of a grid was tried: it begins anew."""
    return bool(trial.params) and any(each.params == trial.params for each in others)


class _Batch:
    """Trials that run at once."""

    def __init__(
        self, run: Run, plan: Plan, book: Book, wanted: Sequence[tuple[Trial, Asked | None]]
    ) -> None:
        self.run, self.plan, self.book = run, plan, book
        self.trials = {each.number: each for each, _ in wanted}
        self.asked = {each.number: asked for each, asked in wanted}
        self.children: dict[int, Child] = {}

    def carry_out(self) -> None:
        """Do them all, or stop them when the run is told to stop."""
        threads = max(int(environment().get("OMP_NUM_THREADS", "1")) // self.plan.concurrency, 1)
        try:
            for trial in self.trials.values():
                self.book.write(trial)
            for number, trial in self.trials.items():
                self.children[number] = trials.begin(self.run, number, trial.params, threads)
            while self.children:
                if self.run.told.is_set():
                    self._rest()
                self._look()
                time.sleep(_LOOK)
        finally:
            for child in self.children.values():
                child.kill()

    def _rest(self) -> None:
        """Let the trials leave checkpoints, and end."""
        for child in self.children.values():
            child.stop()
        for child in self.children.values():
            child.process.wait()
        raise Stopped

    def _look(self) -> None:
        for number, child in list(self.children.items()):
            self._measure(child)
            code = child.code
            if code is None and self._is_hopeless(number):
                child.kill()
                self._end(child, replace(self.trials[number], state="pruned"))
            elif code is not None:
                self._end(child, self._judged(child, code))

    def _measure(self, child: Child) -> None:
        """Hear what a trial measured on its way."""
        trial, asked = self.trials[child.number], self.asked[child.number]
        news = child.news(frozenset({self.plan.objective, "accuracy"}))
        for step, value in news:
            if asked is not None and step not in trial.curve:
                asked.report(value, step)
        if news:
            self.trials[child.number] = replace(trial, curve={**trial.curve, **dict(news)})

    def _is_hopeless(self, number: int) -> bool:
        asked = self.asked[number]
        return self.plan.prune != "none" and asked is not None and asked.should_prune()

    def _judged(self, child: Child, code: int) -> Trial:
        trial = self.trials[child.number]
        if code == _STOPPED and self.run.told.is_set():
            raise Stopped
        if code != 0:
            told = trials.complaint(child.folder, code)
            return replace(trial, state="failed", error=told)
        figures = trials.card(child.folder).get("figures", {}).get("validation", {})
        if self.plan.objective not in figures:
            known = ", ".join(sorted(figures)) or "nothing"
            told = f"There is no figure {self.plan.objective!r} of validation examples; there is {known}."
            raise Refused("SEARCH_INVALID", told, param="search.objective")
        value = float(figures[self.plan.objective])
        return replace(trial, state="complete", value=value, figures=figures)

    def _end(self, child: Child, trial: Trial) -> None:
        """Write what came of a trial; of all but the best, only what they said is kept."""
        run, plan = self.run, self.plan
        del self.children[child.number]
        before = best(plan, self.book)
        ended = replace(trial, seconds=child.seconds())
        self.book.write(ended)
        now = best(plan, self.book)
        for each in (before, ended):
            if each is not None and (now is None or each.number != now.number):
                trials.forget(trials.folder_of(run, each.number))
        done = _SHARE * len(self.book.ended()) / plan.trials
        run.event("progress", _words(plan, ended, now), min(done, _SHARE))
        if ended.value is not None:
            run.metric(plan.objective, ended.value, split="search", step=ended.number)


def best(plan: Plan, book: Book) -> Trial | None:
    """Return the best trial so far; of two alike, the earlier one."""
    found: Trial | None = None
    for each in book.ended():
        if each.state != "complete" or each.value is None:
            continue
        if found is None or found.value is None or plan.better(each.value, found.value):
            found = each
    return found


def _words(plan: Plan, ended: Trial, now: Trial | None) -> str:
    told = f"Trial {ended.number + 1} of {plan.trials}: "
    if ended.value is not None:
        told += f"{plan.objective} {ended.value:.4f}."
    else:
        told += f"{ended.state}." if ended.error is None else f"failed: {ended.error}"
    if now is not None and now.value is not None:
        told += f" The best so far is trial {now.number + 1} with {now.value:.4f}."
    return told


def _adopt(run: Run, plan: Plan, book: Book) -> None:
    """Make the best trial's model this run's."""
    chosen = best(plan, book)
    if chosen is None:
        failed = [each for each in book.ended() if each.error]
        told = failed[0].error if failed else "All trials were ended early."
        raise Refused("SEARCH_FAILED", f"No trial came to its end: {told}", trials=len(failed))
    folder = trials.folder_of(run, chosen.number)
    run.event("milestone", f"Trial {chosen.number + 1} is the best of {len(book.ended())}.", 0.92)
    with disk.folder(run.folder / "model") as filling:
        shutil.copytree(folder / "model", filling, dirs_exist_ok=True, copy_function=os.link)
    if (folder / _SAID).exists():
        disk.write(run.folder / _SAID, (folder / _SAID).read_bytes())
    card = trials.card(folder)
    ended = book.ended()
    card["search"] = {
        "sampler": plan.sampler,
        "objective": plan.objective,
        "direction": plan.direction,
        "trials": len(ended),
        "chosen": chosen.number,
        "value": chosen.value,
        "first": ended[0].value,
        "params": dict(chosen.params),
        "asked": placed(run.spec.params, chosen.params),
        "seconds": round(sum(each.seconds for each in ended), 1),
    }
    run.params = card["params"]
    run.conclude(card)
