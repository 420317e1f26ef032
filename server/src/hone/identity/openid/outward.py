"""The way out to identity providers: small answers, in time, and from nowhere inside.

An administrator names the provider, so its address is somebody's input. Each connection goes to an
address that was looked at, never to a name that may have changed meanwhile.
"""

import asyncio
import socket
from typing import Final

import httpx
import msgspec

from hone.core.errors import AppError
from hone.identity.openid.errors import ProviderMisconfigured, ProviderUnreachable
from hone.llm.addresses import permitted

_SECONDS: Final = 5.0
_LARGEST: Final = 1 << 20
_PRIVATE: Final = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128")
"""Without the shared and unique local spaces: clouds keep credentials there."""

Json = dict[str, object]
_object = msgspec.json.Decoder(Json).decode


class _Checked(httpx.AsyncHTTPTransport):
    """Connects to the address that was checked, under the name that was asked for."""

    def __init__(self, networks: tuple[str, ...]) -> None:
        super().__init__(trust_env=False)
        self._networks = networks

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        host = request.url.host
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, request.url.port or 443, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        if not addresses or not all(permitted(each, self._networks) for each in addresses):
            raise ProviderMisconfigured(f"The host {host!r} is not on the public internet.")
        request.extensions = {**request.extensions, "sni_hostname": host}
        # The header `Host` was written from the name, and the certificate is held to it.
        request.url = request.url.copy_with(host=addresses[0])
        return await super().handle_async_request(request)


class Outward:
    """The connections of one process."""

    def __init__(self, *, private: bool = False) -> None:
        self._private = private
        self._client = httpx.AsyncClient(
            transport=_Checked(_PRIVATE if private else ()), timeout=_SECONDS
        )

    async def close(self) -> None:
        """Drop every connection."""
        await self._client.aclose()

    def check(self, url: object) -> str:
        """Return an address that may be asked: https, or http where private hosts are allowed."""
        text = url if isinstance(url, str) else ""
        try:
            parsed = httpx.URL(text)
        except httpx.InvalidURL as error:
            raise ProviderMisconfigured(f"{text[:200]!r} is no address.") from error
        plain = parsed.scheme == "http" and self._private
        if not parsed.host or parsed.userinfo or not (parsed.scheme == "https" or plain):
            raise ProviderMisconfigured(f"{text[:200]!r} is no https address.")
        return text

    async def get(self, url: str, token: str | None = None) -> Json:
        """Read a JSON object."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        status, body = await self._ask("GET", url, headers=headers)
        if status != 200:
            raise ProviderMisconfigured(f"{self._place(url)} answered {status}.")
        return self._read(url, body)

    async def post(
        self, url: str, form: dict[str, str], auth: tuple[str, str] | None
    ) -> tuple[int, Json]:
        """Send a form and read a JSON object, also from a refusal."""
        basic = None if auth is None else httpx.BasicAuth(*auth)
        status, body = await self._ask("POST", url, data=form, auth=basic)
        return status, self._read(url, body)

    async def _ask(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
        auth: httpx.Auth | None = None,
    ) -> tuple[int, bytes]:
        request = self._client.build_request(
            method,
            self.check(url),
            headers={"accept": "application/json", **(headers or {})},
            data=data,
        )
        try:
            async with asyncio.timeout(2 * _SECONDS):
                answer = await self._client.send(
                    request, stream=True, auth=auth, follow_redirects=False
                )
                try:
                    return answer.status_code, await self._body(url, answer)
                finally:
                    await answer.aclose()
        except AppError:
            raise
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            raise ProviderUnreachable(f"{self._place(url)} does not answer.") from error

    async def _body(self, url: str, answer: httpx.Response) -> bytes:
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > _LARGEST:
                raise ProviderMisconfigured(f"{self._place(url)} answers more than 1 MiB.")
        return bytes(body)

    def _read(self, url: str, body: bytes) -> Json:
        try:
            return _object(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ProviderMisconfigured(f"{self._place(url)} answers no JSON object.") from error

    @staticmethod
    def _place(url: str) -> str:
        parsed = httpx.URL(url)
        return f"{parsed.scheme}://{parsed.netloc.decode()}{parsed.path}"
