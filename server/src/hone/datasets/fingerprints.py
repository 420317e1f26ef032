"""What tells the same example, the same input, and nearly the same input again.

Digests are keyed by the dataset's own key: who reads the table cannot try sentences against them.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Final, cast

import msgspec

from hone.core.keyring import Key

_SPACE: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"[^\W_]+")


def words_of(value: Any) -> str:  # noqa: ANN401
    """Write an input as the text that is said in it."""
    if isinstance(value, str):
        return value
    said = cast("list[dict[str, Any]]", value)
    return "\n".join(f"{each.get('role', '')}: {_content(each.get('content'))}" for each in said)


def _content(content: object) -> str:
    return content if isinstance(content, str) else msgspec.json.encode(content).decode()


def exact(text: str) -> str:
    """Write a text so that spacing and forms of the same character make no difference."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def near(text: str) -> str:
    """Write a text so that case, accents, punctuation and numbers make no difference either."""
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text)
        text = "".join(each for each in plain if not unicodedata.combining(each))
    words = _WORD.findall(text.casefold())
    # Nothing but punctuation is only near to itself.
    return " ".join("0" if each.isdecimal() else each for each in words) or exact(text)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The digests of one example."""

    whole: bytes
    input: bytes
    near: bytes


@dataclass(frozen=True, slots=True)
class Fingerprinter:
    """Makes digests for one dataset."""

    key: Key
    _secret: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        secret = hashlib.sha256(b"example" + self.key.secret).digest()
        object.__setattr__(self, "_secret", secret)

    def of(self, given: Any, expected: Any) -> Fingerprints:  # noqa: ANN401
        """Digest input and output."""
        text = words_of(given)
        said = exact(text)
        answer = msgspec.json.encode(expected, order="deterministic")
        return Fingerprints(
            self._digest(b"w", said.encode() + b"\0" + answer),
            self._digest(b"i", said.encode()),
            self._digest(b"n", near(text).encode()),
        )

    def named(self, what: str) -> bytes:
        """Digest a name, such as that of a conversation."""
        return self._digest(b"c", what.encode())

    def _digest(self, kind: bytes, said: bytes) -> bytes:
        return hmac.digest(self._secret, kind + said, "sha256")[:16]
