"""Where a turn goes next, from what is known of it: pure.

A turn goes from a trigger over a training run and its gates to a release, and ends as what came of it.
`following` says the next state and what is to be done on the way there; who does it does both in one
transaction, so a turn that is killed anywhere goes on from its last state.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class State(StrEnum):
    """How far a turn is."""

    TRIGGERED = "triggered"
    AWAITING = "awaiting_approval"
    TRAINING = "training"
    GATING = "gating"
    SHADOW = "shadow"
    RELEASING = "releasing"
    COMPARING = "comparing"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled_back"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    FAILED = "failed"


OVER: Final = frozenset(
    {State.PROMOTED, State.ROLLED_BACK, State.REJECTED, State.SKIPPED, State.FAILED}
)
"""The states that nothing follows by itself."""


_TAKEN_BACK: Final = frozenset({"pending", "preparing", "running", "holding", "waits"})
"""The states of a release that can still go back."""


class Act(StrEnum):
    """What is to be done on the way to the next state."""

    NOTHING = "nothing"
    TRAIN = "train"
    SHADOW = "shadow"
    RELEASE = "release"
    END_SHADOW = "end_shadow"
    PROMOTE = "promote"
    """Let a release that was compared take all of the traffic."""
    ROLL_BACK = "roll_back"


@dataclass(frozen=True, slots=True)
class Judged:
    """How something that a turn waits for stands, in words."""

    state: str
    words: str
    evidence: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a turn when somebody looks."""

    approvals: frozenset[str]
    """The steps that wait for somebody: train, release."""
    approved: frozenset[str] = frozenset()
    overridden: bool = False
    shadow: bool = False
    """Copies of calls go to the new version first, unseen."""
    compare: bool = False
    """The new version is compared with the live one before it takes all of the traffic."""
    blocked: str | None = None
    """Why this may not be tried unasked."""
    run: Judged | None = None
    """succeeded, failed, cancelled; anything else is under way."""
    gate: Judged | None = None
    """passed or refused."""
    shadowed: Judged | None = None
    release: Judged | None = None
    """succeeded, rolled_back, failed, cancelled, waits (for approval); else under way."""
    comparison: Judged | None = None
    """winner, loser, no_difference; anything else is under way."""


@dataclass(frozen=True, slots=True)
class Move:
    """The next state, what to do on the way, and why."""

    to: State
    decision: str
    words: str
    act: Act = Act.NOTHING
    awaiting: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict[str, Any])


def following(state: State, facts: Facts) -> Move | None:
    """Say where a turn goes; None where it stays and waits."""
    step = _STEPS.get(state)
    return None if step is None else step(facts)


def waits(state: State, facts: Facts) -> str | None:
    """Say what a turn that stays waits for, where there is something to say."""
    if state is State.AWAITING:
        return None
    judged = {
        State.TRAINING: facts.run,
        State.SHADOW: facts.shadowed,
        State.RELEASING: facts.release,
        State.COMPARING: facts.comparison or facts.release,
    }.get(state)
    return judged and judged.words


def _triggered(facts: Facts) -> Move | None:
    if facts.blocked is not None:
        return Move(State.SKIPPED, "blocked", facts.blocked)
    if "train" in facts.approvals - facts.approved:
        words = "It waits for somebody to say whether to train."
        return Move(State.AWAITING, "asked", words, awaiting="train")
    return _train("It is trained anew.")


def _train(words: str) -> Move:
    return Move(State.TRAINING, "training_started", words, Act.TRAIN)


def _awaiting(facts: Facts) -> Move | None:
    if facts.run is None:
        return _train("It is trained anew.") if "train" in facts.approved else None
    return _carry(facts) if "release" in facts.approved else None


def _training(facts: Facts) -> Move | None:
    if facts.run is None:
        return None
    if facts.run.state == "succeeded":
        return Move(State.GATING, "trained", facts.run.words, evidence=facts.run.evidence)
    if facts.run.state in {"failed", "cancelled"}:
        return Move(
            State.FAILED,
            f"training_{facts.run.state}",
            facts.run.words,
            evidence=facts.run.evidence,
        )
    return None


def _gating(facts: Facts) -> Move | None:
    if facts.gate is None:
        return None
    passed = facts.gate.state == "passed" or facts.overridden
    if "release" in facts.approvals - facts.approved:
        ends = "It waits for somebody to say whether to release it."
        if not passed:
            ends = "It waits for somebody to override that, or to reject it."
        words = f"{facts.gate.words} {ends}"
        return Move(
            State.AWAITING, "asked", words, awaiting="release", evidence=facts.gate.evidence
        )
    if not passed:
        return Move(State.REJECTED, "gate_refused", facts.gate.words, evidence=facts.gate.evidence)
    return _carry(facts)


def _carry(facts: Facts) -> Move:
    """Bring the version to traffic, unseen at first where that is wanted."""
    told = facts.gate or Judged("passed", "")
    if facts.shadow:
        words = f"{told.words} Copies of calls go to it, unseen.".strip()
        return Move(State.SHADOW, "shadowed", words, Act.SHADOW, evidence=told.evidence)
    return _release(f"{told.words} It is released.".strip(), told.evidence)


def _release(words: str, evidence: Mapping[str, Any]) -> Move:
    return Move(State.RELEASING, "release_started", words, Act.RELEASE, evidence=evidence)


def _shadow(facts: Facts) -> Move | None:
    if facts.shadowed is None:
        return None
    if facts.shadowed.state == "waits":
        words = "Copies of calls went to it; nothing spoke against it."
        evidence = facts.shadowed.evidence
        return Move(State.SHADOW, "shadow_seen", words, Act.END_SHADOW, evidence=evidence)
    if facts.shadowed.state == "succeeded":
        return _release(f"{facts.shadowed.words} It is released.", facts.shadowed.evidence)
    return _lost(facts.shadowed)


def _releasing(facts: Facts) -> Move | None:
    found = facts.release
    if found is None:
        return None
    if found.state == "succeeded":
        return Move(State.PROMOTED, "promoted", found.words, evidence=found.evidence)
    if found.state == "waits" and facts.compare:
        words = f"{found.words} Both versions are compared."
        return Move(State.COMPARING, "comparison_started", words, evidence=found.evidence)
    return _lost(found) or _broken(State.RELEASING, found, facts.comparison)


def _comparing(facts: Facts) -> Move | None:
    found = facts.release
    if found is not None and found.state == "succeeded":
        told = facts.comparison or found
        return Move(State.PROMOTED, "promoted", told.words, evidence=told.evidence)
    if found is not None and (lost := _lost(found)):
        return lost
    told = facts.comparison
    if found is None or told is None or found.state != "waits":
        return None
    if told.state in {"winner", "no_difference"}:
        return Move(State.COMPARING, told.state, told.words, Act.PROMOTE, evidence=told.evidence)
    return _broken(State.COMPARING, found, told)


def _broken(state: State, found: Judged, told: Judged | None) -> Move | None:
    """Take a version back that is surely worse, or under a bar."""
    if told is None or told.state != "loser" or found.state not in _TAKEN_BACK:
        return None
    return Move(state, "loser", told.words, Act.ROLL_BACK, evidence=told.evidence)


def _lost(found: Judged) -> Move | None:
    if found.state == "rolled_back":
        return Move(State.ROLLED_BACK, "rolled_back", found.words, evidence=found.evidence)
    if found.state in {"failed", "cancelled"}:
        return Move(State.FAILED, f"release_{found.state}", found.words, evidence=found.evidence)
    return None


_STEPS: Final[Mapping[State, Callable[[Facts], Move | None]]] = {
    State.TRIGGERED: _triggered,
    State.AWAITING: _awaiting,
    State.TRAINING: _training,
    State.GATING: _gating,
    State.SHADOW: _shadow,
    State.RELEASING: _releasing,
    State.COMPARING: _comparing,
}
