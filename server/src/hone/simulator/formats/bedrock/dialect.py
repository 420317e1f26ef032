"""What Bedrock's endpoints have in common: signatures, headers and errors.

https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html
"""

from collections.abc import Mapping

from hone.core import clock
from hone.simulator.errors import Headers, Reason, Refused, retry_after
from hone.simulator.formats.base import JSON, Dialect, Inbound, Keys, Problem, encode
from hone.simulator.formats.bedrock import signature
from hone.simulator.formats.reading import Complaint
from hone.simulator.scripts import Allowance

VALIDATION = "ValidationException"

KINDS: Mapping[int, str] = {
    400: VALIDATION,
    401: "UnrecognizedClientException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}
"""The exception of each status; others are refused as invalid or as the server's fault."""

SENTENCES: Mapping[Reason | int, str] = {
    400: "The provided request is not valid.",
    401: "The security token included in the request is invalid.",
    403: "You don't have access to the model with the specified model ID.",
    404: "The provided model identifier is invalid.",
    408: "Model has timed out in processing the request. Try your request again.",
    424: "The system encountered an unexpected error during processing. Try your request again.",
    429: "Too many requests, please wait before trying again.",
    500: "The system encountered an unexpected error during processing. Try your request again.",
    503: "Bedrock is unable to process your request.",
    Reason.RATE: "Too many requests, please wait before trying again.",
    Reason.NO_KEY: "Missing Authentication Token",
    Reason.WRONG_KEY: "Authentication failed: Please make sure your API Key is valid.",
    Reason.TOO_LONG: "The model returned the following errors: Input is too long for requested "
    "model.",
    Reason.FILTERED: "This request has been blocked by our content filters. Our filters "
    "automatically flagged this prompt because it may conflict our AUP or AWS Responsible AI Policy.",
    Reason.NOT_JSON: "Malformed input request, please reformat your input and try again.",
    Reason.PREFILL: "The model returned the following errors: This model does not support assistant "
    "message prefill. The conversation must end with a user message.",
    Reason.ADDRESS: "The requested operation is not recognized by the service.",
}

REASONS: Mapping[Reason, tuple[int, str]] = {
    Reason.NO_KEY: (403, "MissingAuthenticationTokenException"),
    Reason.WRONG_KEY: (403, "AccessDeniedException"),
    Reason.ADDRESS: (404, "UnknownOperationException"),
    Reason.METHOD: (405, "UnknownOperationException"),
    Reason.TOO_LARGE: (400, VALIDATION),
}
"""Status and exception of what is not refused by its status."""


def problem(refusal: Refused, request_id: str, _inbound: Inbound | None = None) -> Problem:
    """Word an error as an exception."""
    usual = "InternalServerException" if refusal.status >= 500 else VALIDATION
    status, kind = refusal.status, refusal.kind or KINDS.get(refusal.status, usual)
    if refusal.reason is not None and refusal.reason in REASONS:
        status, kind = REASONS[refusal.reason]
    if refusal.reason == Reason.SCRIPTED and refusal.code:
        kind = refusal.code
    message = refusal.said(SENTENCES)
    found: Headers = (
        JSON,
        *headers(request_id, 0, None),
        (b"x-amzn-errortype", kind.encode()),
        *retry_after(refusal.retry_after),
    )
    return Problem(status, kind, message, encode({"message": message}), found)


def headers(request_id: str, _spent: int, _allowance: Allowance | None) -> Headers:
    """Return what every answer carries."""
    return ((b"x-amzn-requestid", request_id.encode()),)


def complain(complaint: Complaint) -> Refused:
    """Say what is wrong with a request."""
    if complaint.missing:
        return Refused(
            "1 validation error detected: Value null at "
            f"'{complaint.dotted}' failed to satisfy constraint: Member must not be null"
        )
    return Refused(f"1 validation error detected: Value at '{complaint.dotted}': {complaint.plain}")


def admit(inbound: Inbound, keys: Keys) -> None:
    """Refuse a caller whose request no known key has signed, and who has no accepted key either."""
    if not (keys.api or keys.signing):
        return
    authorization = inbound.header(b"authorization")
    if not authorization:
        raise Refused("", status=403, reason=Reason.NO_KEY)
    bearer = inbound.bearer()
    if bearer is not None:
        if bearer not in keys.api:
            raise Refused("", status=403, reason=Reason.WRONG_KEY)
        return
    request = signature.Request(
        inbound.method, inbound.raw_path, inbound.query, inbound.headers, inbound.body
    )
    signature.verify(request, authorization, keys.signing, clock.now())


DIALECT = Dialect(admit, problem, headers)
