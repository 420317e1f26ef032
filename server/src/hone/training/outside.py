"""The way out to what an operator runs beside Hone: small answers in JSON, in time.

The address is the operator's own setting, so it may lie in any network; nothing that a tenant says becomes one.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from hone.core.errors import Unavailable
from hone.llm.errors import ProviderError
from hone.llm.transport import Transport
from hone.llm.types import Call, Deadlines

_DEADLINES: Final = Deadlines(connect=5.0, stall=10.0, total=20.0)
_LARGEST: Final = 8 << 20
_ANYWHERE: Final = ("0.0.0.0/0", "::/0")
Json = dict[str, Any]


class Silent(Unavailable):
    """It does not answer."""

    code = "outside_silent"


class Outside:
    """The connections of one process to one address."""

    def __init__(self, address: str, token: str | None = None) -> None:
        self.address = address.rstrip("/")
        self._who = () if token is None else (("authorization", f"Bearer {token}"),)
        self._transport = Transport()

    async def close(self) -> None:
        """Drop every connection."""
        await self._transport.close()

    async def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> tuple[int, Json]:
        """Send an object and read one; raise `Silent` where no answer comes."""
        url = f"{self.address}{path}"
        sent = b"" if body is None else msgspec.json.encode(body)
        headers = (("accept", "application/json"), *self._who)
        call = Call(url, headers, sent, _ANYWHERE, method=method)
        try:
            async with self._transport.request(call, _DEADLINES, "training") as answer:
                await answer.head()
                return answer.status, _read(await answer.body(_LARGEST))
        except ProviderError as error:
            raise Silent(f"{self.address} does not answer: {error}") from error


def _read(body: bytes) -> Json:
    """Read an object; what is none is told as text."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return {"text": body[:500].decode("utf-8", "replace")}
