"""How a release moves: its state, what is known, and what comes next. Pure.

    pending → preparing → running (step k) ⇄ holding → promoting → succeeded
    any of these → rolling_back → rolled_back | cancelled | failed

`decide` is asked every second and moves by itself; `asked` is what a person wants. Both return the whole
next standing and what must be done in the transaction that writes it, so that a release which is stopped
anywhere goes on from what is written.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

State = Literal[
    "pending",
    "preparing",
    "running",
    "holding",
    "promoting",
    "succeeded",
    "rolling_back",
    "rolled_back",
    "cancelled",
    "failed",
]
Live = Literal["former", "candidate", "other"]
Button = Literal["advance", "hold", "resume", "approve", "rollback", "cancel"]

OVER: Final = frozenset({"succeeded", "rolled_back", "cancelled", "failed"})
SPLIT: Final = frozenset({"running", "holding"})
SETTLE: Final = 3.0
"""Seconds after a split is taken away until no server can send calls to the candidate's place any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """How much the candidate answers, and what must be there before the next step."""

    share: float
    units: int = 0
    seconds: float = 0.0
    approval: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """The part of a plan that says how to move; it never changes."""

    steps: tuple[Step, ...]
    approval_at_end: bool = False
    shadow: bool = False
    patience: float = 120.0
    returns: bool = True
    """Whether there is a version to go back to."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a release is."""

    state: State = "pending"
    step: int = 0
    share: float | None = None
    held_by: str | None = None
    ends_as: State | None = None
    promoted: bool = False
    heard: bool = False
    """Whether a person has let it go on after a signal."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known now."""

    live: Live = "former"
    """What the history says of the name."""
    seconds: float = 0.0
    """Watched since the last move."""
    units: int = 0
    """That the candidate has answered, in all."""
    served: bool | None = None
    """Whether the candidate answers where it is to; None: who would know does not answer."""
    deprecated: bool = False
    harm: str | None = None
    """Why the candidate must go."""
    signal: str | None = None
    """Why somebody should look."""


@dataclass(frozen=True, slots=True)
class Move:
    """The next standing, why, and what is done in the same transaction."""

    to: Standing
    kind: str
    words: str
    stage: bool = False
    """Put the candidate where it can be called beside the live version."""
    promote: bool = False
    """Write into the history that it is live."""
    restore: bool = False
    """Write into the history that the former one is live again."""
    retire: bool = False
    """Take the candidate from beside the live version."""


class NotNow(Exception):
    """This cannot be done at this point; the message says why."""


def decide(course: Course, at: Standing, facts: Facts) -> Move | None:
    """Say what comes next, or None while there is nothing to do but to wait."""
    if at.state in OVER:
        return None
    if at.state == "rolling_back":
        return _gone(at) if facts.seconds >= SETTLE else None
    overtaken = _overtaken(at, facts)
    if overtaken is not None:
        return overtaken
    if at.state == "pending":
        return _begin(course)
    if at.state == "preparing":
        return _prepared(course, at, facts)
    if at.state == "promoting":
        return _settling(course, at, facts)
    return _watched(course, at, facts)


def asked(course: Course, at: Standing, button: Button) -> Move:
    """Say what a person's wish makes of a release; raise `NotNow` where it cannot be."""
    if at.state in OVER and not (at.state == "succeeded" and button == "rollback"):
        raise NotNow("This release is over.")
    if at.state == "rolling_back":
        raise NotNow("This release is on its way back.")
    if button == "rollback":
        return _asked_back(course, at, "rolled_back", "It goes back, as was asked for.")
    if button == "cancel":
        if at.promoted:
            raise NotNow("The new version is live already: roll the release back instead.")
        return _asked_back(course, at, "cancelled", "It is cancelled, as was asked for.")
    return _pressed(course, at, button)


def buttons(course: Course, at: Standing) -> list[Button]:
    """List what can be asked for now."""
    every: tuple[Button, ...] = ("advance", "hold", "resume", "approve", "rollback", "cancel")
    return [each for each in every if _possible(course, at, each)]


def _possible(course: Course, at: Standing, button: Button) -> bool:
    try:
        asked(course, at, button)
    except NotNow:
        return False
    return True


def _pressed(course: Course, at: Standing, button: Button) -> Move:
    if at.state not in SPLIT:
        raise NotNow("No step is under way: the candidate has no traffic, or has all of it.")
    if button == "hold":
        if at.state == "holding":
            raise NotNow("It holds already.")
        return Move(_hold(at, "person"), "held", "It holds here until somebody lets it go on.")
    if button == "resume":
        if at.state != "holding" or at.held_by == "approval":
            raise NotNow("It waits for an approval." if at.held_by else "It does not hold.")
        heard = at.heard or at.held_by == "signal"
        to = replace(at, state="running", held_by=None, heard=heard)
        return Move(to, "resumed", f"Step {at.step + 1} goes on.")
    if button == "approve" and at.held_by != "approval":
        raise NotNow("Nothing waits for an approval.")
    return _next(course, replace(at, heard=at.heard or at.held_by == "signal"))


def _overtaken(at: Standing, facts: Facts) -> Move | None:
    """Notice what somebody did beside the release: by hand, or with the version."""
    if at.promoted:
        if facts.live != "candidate":
            words = "Somebody put another version in force; this release ends."
            return Move(_back(at, "rolled_back"), "superseded", words)
        return None
    if facts.live == "other":
        words = "Somebody put another version in force; the candidate was to follow the former one."
        return Move(_back(at, "cancelled"), "superseded", words)
    if facts.live == "candidate":
        words = "Somebody put the candidate in force by hand; there is nothing left to do."
        return Move(_back(at, "cancelled"), "superseded", words)
    if facts.deprecated:
        return Move(_back(at, "cancelled"), "superseded", "The candidate was deprecated.")
    return None


def _begin(course: Course) -> Move:
    if course.steps:
        to = Standing("preparing")
        return Move(to, "preparing", "The candidate is made ready beside the live one.", stage=True)
    to = Standing("promoting", promoted=True)
    return Move(to, "promoting", "It takes all of the traffic at once.", promote=True)


def _prepared(course: Course, at: Standing, facts: Facts) -> Move | None:
    if facts.served:
        return _enter(course, at, 0)
    if facts.seconds >= course.patience:
        why = "nothing that serves models answers" if facts.served is None else "it is not served"
        words = f"The candidate could not be made ready in {course.patience:g} seconds: {why}."
        return Move(_back(at, "failed"), "unready", words)
    return None


def _watched(course: Course, at: Standing, facts: Facts) -> Move | None:
    if facts.harm is not None:
        return Move(_back(at, "rolled_back"), "harmed", facts.harm)
    if at.state == "holding":
        return None
    if facts.signal is not None and not at.heard:
        return Move(_hold(at, "signal"), "held", facts.signal)
    step = course.steps[at.step]
    if facts.units < step.units or facts.seconds < step.seconds:
        return None
    last = at.step + 1 == len(course.steps)
    if step.approval or (last and course.approval_at_end):
        after = "it is promoted" if last else f"step {at.step + 2}"
        words = f"Step {at.step + 1} is done; {after} once somebody approves."
        return Move(_hold(at, "approval"), "held", words)
    return _next(course, at)


def _settling(course: Course, at: Standing, facts: Facts) -> Move | None:
    if at.share is not None:
        if facts.served:
            words = "It is served under its own name; the split is taken away."
            return Move(replace(at, share=None), "settling", words)
    elif facts.served and (facts.seconds >= SETTLE or not course.steps):
        to = replace(at, state="succeeded")
        return Move(to, "succeeded", "The new version has all of the traffic.", retire=True)
    if facts.served is False and facts.seconds >= course.patience and course.returns:
        words = f"It was not served in {course.patience:g} seconds after it was promoted."
        return Move(_back(at, "failed"), "unready", words, restore=True)
    return None


def _next(course: Course, at: Standing) -> Move:
    if at.step + 1 < len(course.steps):
        return _enter(course, at, at.step + 1)
    to = replace(at, state="promoting", held_by=None, promoted=True)
    return Move(to, "promoting", "It is put in force.", promote=True)


def _enter(course: Course, at: Standing, number: int) -> Move:
    step = course.steps[number]
    to = replace(at, state="running", step=number, share=step.share, held_by=None)
    gets = "copies of calls" if course.shadow else f"{100 * step.share:g} % of the traffic"
    words = f"Step {number + 1} of {len(course.steps)}: the candidate gets {gets}."
    return Move(to, "step", words)


def _hold(at: Standing, by: str) -> Standing:
    return replace(at, state="holding", held_by=by)


def _back(at: Standing, ends_as: State) -> Standing:
    return replace(at, state="rolling_back", share=None, held_by=None, ends_as=ends_as)


def _asked_back(course: Course, at: Standing, ends_as: State, words: str) -> Move:
    if at.promoted and not course.returns:
        raise NotNow("Nothing was live before this version; there is nothing to go back to.")
    return Move(_back(at, ends_as), "asked_back", words, restore=at.promoted)


def _gone(at: Standing) -> Move:
    assert at.ends_as is not None
    words = {
        "rolled_back": "All of the traffic is back with the version before.",
        "cancelled": "It is cancelled; nothing has changed.",
        "failed": "It has failed; all of the traffic is with the version before.",
    }[at.ends_as]
    if at.ends_as == "cancelled" and at.share is None and at.step:
        words = "It is cancelled; all of the traffic is back with the version before."
    return Move(replace(at, state=at.ends_as), at.ends_as, words, retire=True)
