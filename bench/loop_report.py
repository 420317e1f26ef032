"""How the figures of the loop are written: a table for people, a file for programs."""

import json
import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from loop_intent import Row

HEAD = """# What the loop makes of labelled data

Written by `make bench-loop`. Each figure is the mean of {folds} folds of a stratified cross-validation of the training
files (seed 7), each a run of `python -m hone_trainer` with the parameters that a run has by default. The labels of
these files are noisy, so that published tests can be higher. {system}, {cores} cores.

`intent` has the encoder all-MiniLM-L6-v2, `linear` none. *10 per label* learns from ten examples of each label of a
training fold. *Out of scope* learns from the training split, with its hundred examples that are out of scope, and is
asked the validation split. *Head refit* is the part of a run that is left when all embeddings are there. Seconds are told as
they were, whatever else the machine did: at most so many.

`entity` has no encoder; its folds are not stratified, and its texts are learned from and asked in one process. A span counts
when its start, its end and its label are right.

| set | engine | figure | mean | folds | bar |  | measured |
| --- | --- | --- | --: | --- | --: | --- | --- |
"""


ONCE = ("out of scope", "published")
"""Figures of one run, not of folds."""


def write(path: Path, new: Sequence[Row], folds: int, kept: Sequence[Row] = ()) -> None:
    """Write both files; of `kept` those stay that were not measured anew."""
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    for row in new:
        row.measured = today
    found = {(row.set, row.engine, row.name): row for row in (*kept, *new)}
    rows = [found[key] for key in sorted(found, key=lambda key: (key[0], key[1]))]
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    text = HEAD.format(folds=folds, system=system, cores=os.cpu_count())
    for row in rows:
        met = {None: "", True: "met", False: "**not met**"}[row.met]
        if len(row.values) < folds and not row.name.startswith(ONCE):
            met = f"{met} {len(row.values)} of {folds} folds".strip()
        values = " ".join(_figure(row, value) for value in row.values)
        text += (
            f"| {row.set} | {row.engine} | {row.name} | {_figure(row, row.mean)} | {values} "
            f"| {'' if row.bar is None else _figure(row, row.bar)} | {met} | {row.measured} |\n"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".md").write_text(text)
    body = [
        {
            "set": row.set,
            "engine": row.engine,
            "figure": row.name,
            "values": row.values,
            "bar": row.bar,
            "met": row.met,
            "measured": row.measured,
        }
        for row in rows
    ]
    path.with_suffix(".json").write_text(json.dumps(body, indent=1) + "\n")


def read(path: Path) -> Iterator[Row]:
    """Read what was measured before."""
    place = path.with_suffix(".json")
    for each in json.loads(place.read_bytes()) if place.exists() else ():
        yield Row(
            each["set"], each["engine"], each["figure"], each["values"], each.get("measured", "")
        )


def _figure(row: Row, value: float) -> str:
    if row.name.endswith((", seconds", " ms")):
        return f"{value:.1f}"
    return f"{value * 100:.2f}"
