"""A page is fetched from its address: only from where a provider may be, within its size and time.

The address is looked at before, as that of a provider is (`registry.guard_address`), each redirect anew, and
once more at each connection (`llm.addresses`): a name that changes its address later gets nowhere.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urldefrag, urljoin, urlsplit

from hone import registry
from hone.core.errors import AppError
from hone.core.settings import Settings
from hone.datasets.errors import AddressUnfit, NotFetched
from hone.llm import errors as upstream
from hone.llm.transport import Transport, Upstream
from hone.llm.types import Call, Deadlines

MOST_BYTES: Final = 20 << 20
SECONDS: Final = 60.0
_REDIRECTS: Final = 5
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_DEADLINES: Final = Deadlines(connect=5.0, first_token=30.0, stall=15.0, total=SECONDS)
_UNCHANGED: Final = 304
_WORDS: Final[tuple[tuple[type[upstream.ProviderError], str], ...]] = (
    (upstream.AddressRefused, "Its host is not on the public internet, and may not be reached."),
    (upstream.TimedOut, f"It took longer than {SECONDS:.0f} seconds."),
    (upstream.Stalled, "It stopped in the middle."),
    (upstream.Cut, "The connection was cut."),
    (upstream.Malformed, f"It has more than {MOST_BYTES >> 20} MB, or what it says is no HTTP."),
    (upstream.Unreachable, "Its host cannot be reached."),
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came."""

    content: bytes
    kind: str
    """The media type that was told."""
    etag: str | None


async def admit(settings: Settings, url: str) -> tuple[str, tuple[str, ...]]:
    """Write an address in its usual form, with the networks that it may lead to; or refuse it."""
    whole = urldefrag(url)[0]
    try:
        parts = urlsplit(whole)
        base = registry.parse_base_url(whole.partition("?")[0])
    except (ValueError, AppError) as error:
        raise AddressUnfit(param="url") from error
    reach = registry.Reach.PRIVATE if settings.security.private_upstreams else registry.Reach.PUBLIC
    try:
        networks = await registry.guard_address(base, None, reach)
    except AppError as error:
        raise AddressUnfit(error.message, param="url") from error
    path = parts.path or "/"
    usual = str(registry.parse_base_url(f"{base.scheme}://{parts.netloc}"))
    return f"{usual}{path}{f'?{parts.query}' if parts.query else ''}", networks


async def fetch(settings: Settings, url: str, etag: str | None) -> Fetched | None:
    """Fetch a page; None where it is as it was. Raise `NotFetched` with why it did not come."""
    transport = Transport()
    try:
        for _ in range(_REDIRECTS + 1):
            try:
                address, networks = await admit(settings, url)
            except AddressUnfit as error:
                raise NotFetched(error.message) from error
            found = await _ask(transport, address, networks, etag)
            if not isinstance(found, str):
                return found
            target = urljoin(address, found)
            if address.startswith("https:") and not target.startswith("https:"):
                raise NotFetched("It leads from an encrypted address to one that is not.")
            url, etag = target, None
        raise NotFetched(f"It leads on more than {_REDIRECTS} times.")
    finally:
        await transport.close()


async def _ask(
    transport: Transport, url: str, networks: tuple[str, ...], etag: str | None
) -> Fetched | str | None:
    """Ask once; return what came, where it leads, or None where it is as it was."""
    headers = [
        ("user-agent", "Hone"),
        ("accept", "text/html, application/pdf, text/plain, application/json;q=0.8, */*;q=0.1"),
    ]
    if etag is not None:
        headers.append(("if-none-match", etag))
    call = Call(url, tuple(headers), b"", networks, method="GET")
    try:
        async with transport.request(call, _DEADLINES, "hone-knowledge") as asked:
            await asked.head()
            return await _read(asked)
    except upstream.ProviderError as error:
        words = next((said for kind, said in _WORDS if isinstance(error, kind)), error.message)
        raise NotFetched(words) from error


async def _read(asked: Upstream) -> Fetched | str | None:
    if asked.status == _UNCHANGED:
        return None
    if asked.status in _MOVED:
        return _header(asked, b"location") or ""
    if asked.status != 200:
        raise NotFetched(f"It answered {asked.status}.")
    if _header(asked, b"content-encoding") not in {None, "identity"}:
        raise NotFetched("It is compressed, although nobody asked for that.")
    content = await asked.body(MOST_BYTES)
    kind = (_header(asked, b"content-type") or "").partition(";")[0].strip().lower()
    etag = _header(asked, b"etag")
    return Fetched(content, kind, etag if etag and len(etag) <= 200 else None)


def _header(asked: Upstream, name: bytes) -> str | None:
    value = asked.header(name)
    return None if value is None else value.decode("latin-1")
