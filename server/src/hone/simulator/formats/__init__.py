"""The formats that the simulator speaks: a row for each address, in the order in which they fit."""

import re
from collections.abc import Mapping

from hone.simulator import errors
from hone.simulator.formats import anthropic, bedrock, gemini, ollama, openai
from hone.simulator.formats.base import Dialect, Endpoint

ENDPOINTS: tuple[Endpoint, ...] = (
    *anthropic.ENDPOINTS,
    *openai.ENDPOINTS,
    *gemini.ENDPOINTS,
    *bedrock.ENDPOINTS,
    *ollama.ENDPOINTS,
)

DIALECTS: tuple[tuple[str, Dialect], ...] = (
    ("/v1/messages", anthropic.DIALECT),
    ("/v1beta/", gemini.DIALECT),
    ("/model/", bedrock.DIALECT),
    ("/api/", ollama.DIALECT),
    ("/", openai.DIALECT),
)
"""Who answers where there is no such address."""


def find(method: str, path: str, headers: Mapping[bytes, bytes]) -> tuple[Endpoint, str]:
    """Return the endpoint at an address, and what the address names."""
    known = _FIXED.get(path)
    if known is None:
        known, name = _named(path)
    else:
        name = ""
    for endpoint in known:
        fits = not endpoint.when or any(header in headers for header in endpoint.when)
        if fits and endpoint.method == method:
            return endpoint, name
    if known:
        raise errors.wrong_method(method, path)
    raise errors.unknown_address(method, path)


def dialect(path: str, headers: Mapping[bytes, bytes]) -> Dialect:
    """Return the dialect in which a request to an address is refused."""
    if any(header in headers for header in anthropic.SIGNS):
        return anthropic.DIALECT
    return next(spoken for prefix, spoken in DIALECTS if path.startswith(prefix))


def _named(path: str) -> tuple[list[Endpoint], str]:
    found: list[Endpoint] = []
    name = ""
    for pattern, endpoint in _NAMED:
        match = pattern.fullmatch(path)
        if match and (not found or endpoint.address == found[0].address):
            found.append(endpoint)
            name = match[1]
    return found, name


def _pattern(address: str) -> re.Pattern[str]:
    before, _, after = address.partition("{name}")
    return re.compile(f"{re.escape(before)}(.+){re.escape(after)}", re.DOTALL)


_FIXED: dict[str, list[Endpoint]] = {}
_NAMED = [
    (_pattern(endpoint.address), endpoint) for endpoint in ENDPOINTS if "{name}" in endpoint.address
]
for _endpoint in ENDPOINTS:
    if "{name}" not in _endpoint.address:
        _FIXED.setdefault(_endpoint.address, []).append(_endpoint)
