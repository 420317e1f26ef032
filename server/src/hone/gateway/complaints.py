"""What a provider said of its failure, short and without anybody's words: done only when a call failed.

What providers quote is often the prompt, a key or an address. So quotations, addresses, long numbers and
whatever looks like a secret are left out, and so is what reads as the request does.
"""

import re
from typing import Final

from hone.llm.errors import ProviderError
from hone.llm.unicode import clean

MOST: Final = 300
_READ: Final = 1200
_LARGEST_REQUEST: Final = 64 << 10
"""Of longer requests nothing is kept: to compare them would take too long."""
_RUN: Final = 3
"""So many words in a row that the request has as well are the request's."""
_HIDDEN: Final = "…"
_MASKS: Final = (
    (re.compile(r"https?://\S+", re.IGNORECASE), "<url>"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<address>"),
    (
        re.compile(
            r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)|`[^`]*`|“[^”]*”|\u2018[^\u2019]*\u2019|«[^»]*»"
        ),
        "<text>",
    ),
    # Left open by a cut or a provider: to the end.
    (re.compile(r"[\"`“«].*", re.DOTALL), "<text>"),
    (re.compile(r"\b(?:sk|pk|rk|key|bearer|token)[-_ ][\w.*-]{6,}", re.IGNORECASE), "<secret>"),
    (re.compile(r"(?<!\w)(?=[\w*+/=-]*\d)[\w*+/=-]{16,}"), "<id>"),
    (re.compile(r"\+?\d[\d ().-]{5,}\d"), "<number>"),
    (re.compile(r"\s+"), " "),
)


def told(error: ProviderError, request: bytes) -> str | None:
    """Write what a provider said; None where it said nothing of its own, or nothing is left."""
    said = error.message
    if said == (error.__doc__ or "").splitlines()[0] or len(request) > _LARGEST_REQUEST:
        return None
    short = clean(said, _READ)
    for pattern, mask in _MASKS:
        short = pattern.sub(mask, short)
    left = _without(short.strip(), request)[:MOST].rstrip()
    return left or None


def _without(said: str, request: bytes) -> str:
    """Leave out words that the request has in the same order."""
    words = said.split(" ")
    theirs: set[int] = set()
    for at in range(len(words) - _RUN + 1):
        run = " ".join(words[at : at + _RUN])
        if run.encode() in request:
            theirs.update(range(at, at + _RUN))
    kept = [
        _HIDDEN if at in theirs else word
        for at, word in enumerate(words)
        if at not in theirs or at - 1 not in theirs
    ]
    return " ".join(kept)
