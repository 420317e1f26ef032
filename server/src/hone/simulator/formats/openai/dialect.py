"""What OpenAI's endpoints have in common: keys, headers, errors and models.

https://platform.openai.com/docs/guides/error-codes/api-errors and OpenAI's OpenAPI document.
"""

import math
import re
from collections.abc import Mapping, Sequence

from hone.simulator.errors import Headers, Reason, Refused, retry_after
from hone.simulator.formats.base import JSON, Dialect, Inbound, Problem, by_bearer, encode
from hone.simulator.formats.reading import Complaint
from hone.simulator.scripts import Allowance, duration

INVALID = "invalid_request_error"

KINDS: Mapping[int, tuple[str, str | None]] = {
    401: (INVALID, "invalid_api_key"),
    403: (INVALID, "unsupported_country_region_territory"),
    404: (INVALID, "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
    500: ("server_error", None),
    503: ("server_error", "service_unavailable"),
}
"""Type and code of a scripted status; others are a plain request or server error without a code."""

CODES: Mapping[Reason, tuple[str | None, str | None]] = {
    Reason.TOO_LONG: ("context_length_exceeded", "messages"),
    Reason.TOO_LARGE: ("request_too_large", None),
    Reason.FILTERED: ("content_filter", "prompt"),
    Reason.WRONG_KEY: ("invalid_api_key", None),
    Reason.METHOD: ("method_not_supported", None),
    Reason.PREFILL: (None, "messages"),
}
"""Code and parameter of what every vendor refuses."""

SENTENCES: Mapping[Reason | int, str] = {
    400: "The request could not be understood.",
    401: "Incorrect API key provided. You can find your API key in your account settings.",
    403: "Country, region, or territory not supported.",
    404: "The model does not exist or you do not have access to it.",
    429: "Rate limit reached. Please try again later.",
    500: "The server had an error while processing your request. Sorry about that!",
    502: "Bad gateway.",
    503: "The engine is currently overloaded, please try again later.",
    Reason.RATE: "Rate limit reached on requests: Limit {limit}, Used {used}, Requested 1. Please try "
    "again in {wait}.",
    Reason.NO_KEY: "You didn't provide an API key. You need to provide your API key in an "
    "Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    Reason.WRONG_KEY: "Incorrect API key provided: {key}.",
    Reason.TOO_LONG: "This model's maximum context length is {limit} tokens. However, your messages "
    "resulted in {tokens} tokens. Please reduce the length of the messages.",
    Reason.FILTERED: "The response was filtered due to the prompt triggering the content management "
    "policy. Please modify your prompt and retry.",
    Reason.NOT_JSON: "We could not parse the JSON body of your request. (HINT: This likely means you "
    "aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was "
    "sent was not valid JSON.)",
}

_COMPLAINTS = (
    (re.compile(r"^Invalid enum value"), "invalid_value"),
    (re.compile(r"`array` of length >="), "empty_array"),
    (re.compile(r"`int` >="), "integer_below_min_value"),
    (re.compile(r"Number out of range"), "integer_above_max_value"),
)


def problem(refusal: Refused, request_id: str, _inbound: Inbound | None = None) -> Problem:
    """Word an error in OpenAI's envelope."""
    kind, code, param = _named(refusal)
    message = refusal.said(SENTENCES)
    error = {"message": message, "type": kind, "param": param, "code": code}
    allowance = refusal.facts.get("allowance")
    found: Headers = (
        JSON,
        (b"x-request-id", request_id.encode()),
        *_retry(refusal.retry_after),
        *(limits(allowance) if isinstance(allowance, Allowance) else ()),
    )
    return Problem(refusal.status, code or kind, message, encode({"error": error}), found)


def headers(request_id: str, spent: int, allowance: Allowance | None) -> Headers:
    """Return what every answer carries."""
    found = (
        (b"x-request-id", request_id.encode()),
        (b"openai-processing-ms", b"%d" % spent),
        (b"openai-version", b"2020-10-01"),
    )
    return found if allowance is None else (*found, *limits(allowance))


def limits(allowance: Allowance) -> Headers:
    """Return the headers of a rate limit."""
    return (
        (b"x-ratelimit-limit-requests", b"%d" % allowance.limit),
        (b"x-ratelimit-remaining-requests", b"%d" % allowance.remaining),
        (b"x-ratelimit-reset-requests", duration(allowance.reset).encode()),
    )


def complain(complaint: Complaint) -> Refused:
    """Say what is wrong with a request."""
    path = complaint.path or None
    if complaint.missing:
        if path == "model":
            return no_model()
        return missing(complaint.path)
    for pattern, code in _COMPLAINTS:
        if pattern.search(complaint.reason):
            return Refused(f"Invalid '{path}': {complaint.plain}.", code=code, param=path)
    return Refused(
        f"Invalid type for '{path}': {complaint.plain}.", code="invalid_type", param=path
    )


def no_model() -> Refused:
    """Return the answer to a request that names no model."""
    return Refused("you must provide a model parameter")


def missing(param: str) -> Refused:
    """Return the answer to a request that lacks something."""
    return Refused(
        f"Missing required parameter: '{param}'.", code="missing_required_parameter", param=param
    )


def models(_inbound: Inbound, names: Sequence[str]) -> object:
    """List the models."""
    return {"object": "list", "data": [_model(name) for name in names]}


def model(inbound: Inbound, _names: Sequence[str]) -> object:
    """Describe a model."""
    return _model(inbound.name)


def _model(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 1_735_689_600, "owned_by": "simulator"}


def _named(refusal: Refused) -> tuple[str, str | None, str | None]:
    if refusal.reason in {Reason.SCRIPTED, Reason.RATE}:
        usual = ("server_error" if refusal.status >= 500 else INVALID, None)
        kind, code = KINDS.get(refusal.status, usual)
        return kind, refusal.code or code, None
    code, param = CODES.get(refusal.reason, (None, None)) if refusal.reason else (None, None)
    return refusal.kind or INVALID, refusal.code or code, refusal.param or param


def _retry(seconds: float | None) -> Headers:
    if seconds is None:
        return ()
    return (*retry_after(seconds), (b"retry-after-ms", b"%d" % math.ceil(seconds * 1000)))


DIALECT = Dialect(by_bearer, problem, headers)
