"""What a call earned, as its client tells it in the call's metadata: pure."""

from decimal import Decimal, InvalidOperation
from typing import Final, cast

import msgspec

from hone.operations.filters import PICO

FIELD: Final = "revenue_usd"
MOST_USD: Final = 10_000
_NAMED: Final = f'"{FIELD}"'.encode()
_LONGEST: Final = 40


def told(metadata: bytes | None) -> int | None:
    """Read pico-dollars from the metadata of a call; None where it says nothing that makes sense.

    The call is over when this is read, so there is nobody to complain to; the metadata keeps what
    was said.
    """
    if metadata is None or _NAMED not in metadata:
        return None
    try:
        value = cast("dict[str, object]", msgspec.json.decode(metadata)).get(FIELD)
    except (msgspec.DecodeError, AttributeError):
        return None
    # OpenAI's metadata holds texts only.
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    return _pico(str(value))


def _pico(text: str) -> int | None:
    if len(text) > _LONGEST:
        return None
    try:
        dollars = Decimal(text)
    except InvalidOperation:
        return None
    if not dollars.is_finite() or not 0 <= dollars <= MOST_USD:
        return None
    return int(dollars * PICO)
