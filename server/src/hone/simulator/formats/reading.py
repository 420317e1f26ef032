"""Reading a request's JSON; each format says in its own words what is wrong with it."""

import re
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import msgspec

from hone.simulator.errors import Reason, Refused

T = TypeVar("T")

_MISSING = re.compile(r"Object missing required field `(\w+)`")


class Complaint(NamedTuple):
    """What does not fit."""

    path: str
    """Such as `messages[0].role`; empty for the whole body."""
    reason: str
    missing: bool

    @property
    def plain(self) -> str:
        """The reason, as the end of a sentence."""
        return self.reason[:1].lower() + self.reason[1:].replace("`", "")

    @property
    def dotted(self) -> str:
        """The path, with a dot before each index."""
        return self.path.replace("[", ".").replace("]", "")


def decode(
    body: bytes, decoder: "msgspec.json.Decoder[T]", complain: Callable[[Complaint], Refused]
) -> T:
    """Read a body, or refuse it."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise complain(_complaint(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("The body is not JSON.", reason=Reason.NOT_JSON) from None


def _complaint(text: str) -> Complaint:
    reason, _, path = text.partition(" - at `$")
    path = path.rstrip("`").removeprefix(".")
    missing = _MISSING.fullmatch(reason)
    if missing:
        path = f"{path}.{missing[1]}" if path else missing[1]
    return Complaint(path, reason, missing is not None)
