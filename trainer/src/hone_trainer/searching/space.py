"""What is searched: for each parameter, by its path, from where to where, or which choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hone_trainer.errors import Refused

KINDS: Final = ("number", "integer", "choice")


@dataclass(frozen=True, slots=True)
class Range:
    """The values that one parameter may have."""

    kind: str
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    """Whether ten times more is as far as ten times less."""
    choices: Sequence[Any] = ()


Space = Mapping[str, Range]


def read(given: Mapping[str, Any]) -> Space:
    """Read a space, or say what is wrong with it."""
    return {path: _range(path, each) for path, each in sorted(given.items())}


def _range(path: str, given: object) -> Range:
    body: Mapping[str, Any] = given if isinstance(given, dict) else {}
    kind = body.get("type")
    if kind not in KINDS:
        raise _wrong(path, f"`type` is {kind!r}, not one of {', '.join(KINDS)}")
    if kind == "choice":
        choices = body.get("choices")
        if not isinstance(choices, list) or len(choices) < 2:
            raise _wrong(path, "`choices` has fewer than two")
        return Range(kind, choices=tuple(choices))
    low, high = body.get("low"), body.get("high")
    numbers = [each for each in (low, high) if isinstance(each, int | float)]
    if len(numbers) < 2 or not numbers[0] < numbers[1]:
        raise _wrong(path, "`low` must be less than `high`")
    log = bool(body.get("log", False))
    if log and numbers[0] <= 0:
        raise _wrong(path, "with `log`, `low` must be above 0")
    return Range(kind, float(numbers[0]), float(numbers[1]), log)


def _wrong(path: str, words: str) -> Refused:
    return Refused("SEARCH_INVALID", f"search.space.{path}: {words}.", param=f"search.space.{path}")


def placed(params: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Put values into parameters by their paths, as `regularization.l2`."""
    made = dict(params)
    for path, value in found.items():
        head, _, rest = path.partition(".")
        inner = made.get(head)
        within = inner if isinstance(inner, dict) else {}
        made[head] = placed(within, {rest: value}) if rest else value
    return made


def taken(params: Mapping[str, Any], path: str) -> object:
    """Return the value at a path; nothing where there is none."""
    head, _, rest = path.partition(".")
    value = params.get(head)
    if not rest:
        return value
    return taken(value, rest) if isinstance(value, dict) else None
