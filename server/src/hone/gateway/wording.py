"""Values as they stand in headers and in the log."""

from functools import lru_cache

import msgspec

from hone.llm.formats.base import Told

_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_encode = msgspec.json.Encoder().encode


def usd(pico: int) -> bytes:
    """Write pico-dollars as dollars, exactly."""
    return (b"%d.%012d" % divmod(pico, 10**12)).rstrip(b"0").rstrip(b".")


@lru_cache(maxsize=4096)
def ascii_name(name: str) -> bytes:
    """Write a name so that it can stand in a header."""
    return name.encode("unicode_escape")


def beside(metadata: bytes | None, said: Told) -> bytes:
    """Put what a trained model said beside the client's metadata."""
    told: dict[str, object] = {"modelVersion": said.version}
    if said.label is not None:
        told["label"] = said.label
    return _encode({**(_object(metadata) if metadata else {}), **told})
