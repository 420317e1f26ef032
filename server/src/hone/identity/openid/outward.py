"""The way out to identity providers: small answers, in time, and from nowhere inside.

An administrator names the provider, so its address is somebody's input. Each connection goes to an
address that was looked at, never to a name that may have changed meanwhile.
"""

import base64
from typing import Final
from urllib.parse import SplitResult, urlencode, urlsplit

import msgspec

from hone.identity.openid.errors import ProviderMisconfigured, ProviderUnreachable
from hone.llm.errors import AddressRefused, Malformed, ProviderError
from hone.llm.transport import Transport
from hone.llm.types import Call, Deadlines

_SECONDS: Final = 5.0
_DEADLINES: Final = Deadlines(connect=_SECONDS, stall=_SECONDS, total=2 * _SECONDS)
_LARGEST: Final = 1 << 20
_PRIVATE: Final = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128")
"""Without the shared and unique local spaces: clouds keep credentials there."""
_FORM: Final = "application/x-www-form-urlencoded"

Json = dict[str, object]
_object = msgspec.json.Decoder(Json).decode


class Outward:
    """The connections of one process."""

    def __init__(self, *, private: bool = False) -> None:
        self._private = private
        self._transport = Transport()

    async def close(self) -> None:
        """Drop every connection."""
        await self._transport.close()

    def check(self, url: object) -> str:
        """Return an address that may be asked: https, or http where private hosts are allowed."""
        text = url if isinstance(url, str) else ""
        parsed = _split(text)
        if parsed is None:
            raise ProviderMisconfigured(f"{text[:200]!r} is no address.")
        plain = parsed.scheme == "http" and self._private
        named = parsed.username is None and parsed.password is None
        if not parsed.hostname or not named or not (parsed.scheme == "https" or plain):
            raise ProviderMisconfigured(f"{text[:200]!r} is no https address.")
        return text

    async def get(self, url: str, token: str | None = None) -> Json:
        """Read a JSON object."""
        bearer = () if token is None else (("authorization", f"Bearer {token}"),)
        status, body = await self._ask("GET", url, bearer)
        if status != 200:
            raise ProviderMisconfigured(f"{_place(url)} answered {status}.")
        return _read(url, body)

    async def post(
        self, url: str, form: dict[str, str], auth: tuple[str, str] | None
    ) -> tuple[int, Json]:
        """Send a form and read a JSON object, also from a refusal."""
        basic = () if auth is None else (("authorization", _basic(*auth)),)
        status, body = await self._ask("POST", url, basic, urlencode(form).encode())
        return status, _read(url, body)

    async def _ask(
        self, method: str, url: str, who: tuple[tuple[str, str], ...], form: bytes = b""
    ) -> tuple[int, bytes]:
        networks = _PRIVATE if self._private else ()
        headers = (("accept", "application/json"), *who)
        call = Call(self.check(url), headers, form, networks, method=method, content_type=_FORM)
        try:
            async with self._transport.request(call, _DEADLINES, "openid") as answer:
                await answer.head()
                return answer.status, await answer.body(_LARGEST)
        except AddressRefused as error:
            host = urlsplit(url).hostname
            raise ProviderMisconfigured(
                f"The host {host!r} is not on the public internet."
            ) from error
        except Malformed as error:
            raise ProviderMisconfigured(
                f"{_place(url)} answers what is no HTTP, or more than 1 MiB."
            ) from error
        except ProviderError as error:
            raise ProviderUnreachable(f"{_place(url)} does not answer.") from error


def _split(url: str) -> SplitResult | None:
    """Take an address apart; None where it is none."""
    try:
        parsed = urlsplit(url)
        # A port that is no number shows only when it is asked for.
        return parsed if parsed.port is None or parsed.port >= 0 else None
    except ValueError:
        return None


def _basic(name: str, secret: str) -> str:
    """Write who asks (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def _read(url: str, body: bytes) -> Json:
    try:
        return _object(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ProviderMisconfigured(f"{_place(url)} answers no JSON object.") from error


def _place(url: str) -> str:
    """Name an address without what may be secret in it."""
    parsed = urlsplit(url)
    return f"{parsed.scheme}://{parsed.netloc}{parsed.path}"
