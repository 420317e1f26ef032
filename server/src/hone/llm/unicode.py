"""Text that databases and decoders refuse: NUL characters and lone surrogates."""

import re

_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def clean(text: str, limit: int | None = None) -> str:
    """Cut text to `limit` characters and replace NULs and lone surrogates by U+FFFD."""
    short = text[:limit]
    if "\0" in short:
        short = short.replace("\0", "\ufffd")
    if short.isascii():
        return short
    return short.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def mend(json: bytes) -> bytes:
    r"""Replace each escaped lone surrogate in JSON by `\ufffd`.

    RFC 8259, section 8.2, allows them and leaves open what they mean; UTF-8 cannot carry them.
    """
    return _ESCAPE.sub(_mended, json)


def _mended(match: re.Match[bytes]) -> bytes:
    return match[0] if match[1] is None else rb"\ufffd"
