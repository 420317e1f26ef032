"""What a client asks for in a header of its vendor's, passed on where that vendor answers.

Anthropic API reference, "Beta headers": fields of a beta are refused without its name.
"""

import re
from collections.abc import Mapping
from typing import Final

from hone.llm.errors import Rejected

BETA: Final = b"anthropic-beta"
_NAMES: Final = re.compile(rb"[\w.,+ -]{1,1000}", re.ASCII)


def passed(kind: str, headers: Mapping[bytes, bytes]) -> tuple[tuple[str, str], ...]:
    """Return the headers that go along; raise `Rejected` for what is none."""
    given = headers.get(BETA) if kind == "anthropic" else None
    if not given:
        return ()
    if _NAMES.fullmatch(given) is None:
        raise Rejected("'anthropic-beta' is no list of names.", param="anthropic-beta")
    return ((BETA.decode(), given.decode()),)
