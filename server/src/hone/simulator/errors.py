"""What the simulated provider refuses, in OpenAI's error shape.

https://platform.openai.com/docs/guides/error-codes/api-errors and OpenAI's OpenAPI document.
"""

import math
from collections.abc import Sequence

import msgspec

Headers = Sequence[tuple[bytes, bytes]]

KINDS = {
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
    500: ("server_error", None),
    503: ("server_error", "service_unavailable"),
}
"""Type and code of a scripted status; others are a plain request or server error without a code."""

SENTENCES = {
    400: "The request could not be understood.",
    401: "Incorrect API key provided. You can find your API key in your account settings.",
    403: "Country, region, or territory not supported.",
    404: "The model does not exist or you do not have access to it.",
    429: "Rate limit reached. Please try again later.",
    500: "The server had an error while processing your request. Sorry about that!",
    502: "Bad gateway.",
    503: "The engine is currently overloaded, please try again later.",
}


class Refused(Exception):
    """The provider answers this request with an error."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        headers: Headers = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.headers = headers

    def body(self) -> bytes:
        """Render OpenAI's error envelope."""
        error = {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}
        return msgspec.json.encode({"error": error})


def scripted(status: int, code: str | None, retry_after: float | None) -> Refused:
    """Return the failure that a behaviour asks for."""
    kind, usual = KINDS.get(
        status, ("server_error" if status >= 500 else "invalid_request_error", None)
    )
    return Refused(
        SENTENCES.get(status, f"The server answered with status {status}."),
        status=status,
        kind=kind,
        code=code or usual,
        headers=() if retry_after is None else retry_headers(retry_after),
    )


def retry_headers(seconds: float) -> Headers:
    """Return `Retry-After` (RFC 9110, section 10.2.3: whole seconds) and the exact milliseconds."""
    return (
        (b"retry-after", b"%d" % math.ceil(seconds)),
        (b"retry-after-ms", b"%d" % math.ceil(seconds * 1000)),
    )


def unknown_address(method: str, path: str) -> Refused:
    """Return what OpenAI answers where it has no such path."""
    return Refused(f"Invalid URL ({method} {path})", status=404)


def wrong_method(method: str, path: str) -> Refused:
    """Return what OpenAI answers to a method that a path does not have."""
    return Refused(f"Not allowed to {method} on {path}.", status=405, code="method_not_supported")


def wrong_key(key: str | None) -> Refused:
    """Return the answer to a missing or unknown API key; a key is shown by its ends only."""
    if not key:
        return Refused(
            "You didn't provide an API key. You need to provide your API key in an Authorization "
            "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
            status=401,
        )
    shown = f"{key[:3]}***{key[-4:]}" if len(key) > 12 else "***"
    return Refused(f"Incorrect API key provided: {shown}.", status=401, code="invalid_api_key")


def too_long(limit: int, prompt_tokens: int) -> Refused:
    """Return the answer to a prompt that exceeds the model's context."""
    return Refused(
        f"This model's maximum context length is {limit} tokens. However, your messages resulted "
        f"in {prompt_tokens} tokens. Please reduce the length of the messages.",
        code="context_length_exceeded",
        param="messages",
    )


def filtered() -> Refused:
    """Return the answer to a prompt that the content filter stops."""
    return Refused(
        "The response was filtered due to the prompt triggering the content management policy. "
        "Please modify your prompt and retry.",
        code="content_filter",
        param="prompt",
    )
