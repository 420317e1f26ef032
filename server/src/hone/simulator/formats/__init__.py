"""The formats that the simulator speaks: a row for each address, in the order in which they fit."""

import re
from collections.abc import Mapping

from hone.simulator import errors
from hone.simulator.formats import anthropic, bedrock, gemini, ollama, openai
from hone.simulator.formats.base import Dialect, Endpoint

ENDPOINTS: tuple[Endpoint, ...] = (
    *anthropic.ENDPOINTS,
    *gemini.ENDPOINTS,
    *openai.ENDPOINTS,
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
    known = _FIXED.get(path) or _named(path)
    for endpoint, name in known:
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


def _named(path: str) -> list[tuple[Endpoint, str]]:
    matches = ((pattern.fullmatch(path), endpoint) for pattern, endpoint in _NAMED)
    return [(endpoint, match[1]) for match, endpoint in matches if match is not None]


def _pattern(address: str) -> re.Pattern[str]:
    before, _, after = address.partition("{name}")
    return re.compile(f"{re.escape(before)}(.+){re.escape(after)}", re.DOTALL)


_FIXED: dict[str, list[tuple[Endpoint, str]]] = {}
_NAMED = [
    (_pattern(endpoint.address), endpoint) for endpoint in ENDPOINTS if "{name}" in endpoint.address
]
for _endpoint in ENDPOINTS:
    if "{name}" not in _endpoint.address:
        _FIXED.setdefault(_endpoint.address, []).append((_endpoint, ""))
