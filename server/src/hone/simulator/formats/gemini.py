"""Gemini's answers on the wire, whole and in chunks; its errors, vectors and models.

https://ai.google.dev/api/generate-content and https://cloud.google.com/apis/design/errors
"""

import base64
from array import array
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from hone.simulator.answers import Answer
from hone.simulator.asks import Ask, EmbeddingAsk, Json
from hone.simulator.errors import Headers, Reason, Refused
from hone.simulator.formats.base import (
    JSON,
    Details,
    Dialect,
    Embedding,
    Endpoint,
    Generation,
    Inbound,
    Keys,
    Lookup,
    Measure,
    Problem,
    check_key,
    encode,
)
from hone.simulator.formats.gemini_requests import (
    GeminiAsk,
    read,
    read_counted,
    read_embedding,
    read_embeddings,
    read_stream,
    wants_events,
)
from hone.simulator.scripts import Allowance

TYPES = "type.googleapis.com/google.rpc."

STATUSES: Mapping[int, str] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}

SENTENCES: Mapping[Reason | int, str] = {
    400: "Request contains an invalid argument.",
    401: "Request had invalid authentication credentials.",
    403: "The caller does not have permission",
    404: "models/unknown is not found for API version v1beta, or is not supported for "
    "generateContent.",
    429: "You exceeded your current quota, please check your plan and billing details.",
    500: "An internal error has occurred. Please retry or report in "
    "https://developers.generativeai.google/guide/troubleshooting",
    503: "The model is overloaded. Please try again later.",
    504: "Deadline expired before operation could complete.",
    Reason.RATE: "You exceeded your current quota, please check your plan and billing details. "
    "Quota exceeded for requests, limit: {limit}. Please retry in {wait}.",
    Reason.NO_KEY: "Method doesn't allow unregistered callers (callers without established "
    "identity). Please use API Key or other form of API consumer identity to call this API.",
    Reason.WRONG_KEY: "API key not valid. Please pass a valid API key.",
    Reason.TOO_LONG: "The input token count ({tokens}) exceeds the maximum number of tokens allowed "
    "({limit}).",
    Reason.NOT_JSON: "Invalid JSON payload received. Unexpected token.",
    Reason.ADDRESS: "The requested URL {path} was not found on this server.",
}

FINISHES: Mapping[str, str] = {
    "stop": "STOP",
    "tool_calls": "STOP",
    "length": "MAX_TOKENS",
    "content_filter": "SAFETY",
}
KEY = b"x-goog-api-key"
STREAMED = ":streamGenerateContent"
RATED = "HARM_CATEGORY_DANGEROUS_CONTENT"
EVENTS: Headers = ((b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache"))


class AnswerWriter:
    """Writes one answer."""

    def __init__(self, details: Details) -> None:
        self._details = details
        ask = details.ask
        self._events = not isinstance(ask, GeminiAsk) or ask.events
        self._count = 0
        self._written = 0
        self.head: Headers = EVENTS if self._events else (JSON,)

    def whole(self, answer: Answer) -> bytes:
        """Write an answer that is not streamed."""
        parts = self._call(answer)
        if answer.tool_call is None and answer.pieces:
            parts.append({"text": answer.text})
        return encode(
            self._chunk(
                answer, [*self._thought(answer), *parts], _finish(answer), len(answer.pieces)
            )
        )

    def opening(self, answer: Answer) -> bytes:
        """Write what was thought, where the caller wants to see it."""
        return b"".join(
            self._event(self._chunk(answer, [part], None, 0))
            for part in self._thought(answer, apart=True)
        )

    def piece(self, answer: Answer, text: str) -> bytes:
        """Write one token; a function's call comes as a whole at the end."""
        self._count += 1
        if answer.tool_call is not None:
            return b""
        return self._event(self._chunk(answer, [{"text": text}], None, self._count))

    def ending(self, answer: Answer) -> bytes:
        """Write a function's call."""
        parts = self._call(answer)
        return self._event(self._chunk(answer, parts, None, self._count)) if parts else b""

    def done(self, answer: Answer) -> bytes:
        """Write the chunk that says why the answer ends."""
        return self._close(
            self._event(self._chunk(answer, [{"text": ""}], _finish(answer), self._count))
        )

    def broken(self, answer: Answer) -> bytes:
        """Write a chunk that is no JSON."""
        event = self._event(self._chunk(answer, [{"text": ""}], None, self._count))
        return event[: len(event) // 2] + (b"\r\n\r\n" if self._events else b"")

    def error(self, problem: Problem) -> bytes:
        """Write an error in the middle of a stream."""
        return self._close(self._framed(problem.body))

    def _event(self, chunk: Json) -> bytes:
        return self._framed(encode(chunk))

    def _framed(self, body: bytes) -> bytes:
        if self._events:
            return b"data: %b\r\n\r\n" % body
        self._written += 1
        return (b"[" if self._written == 1 else b",\r\n") + body

    def _close(self, last: bytes) -> bytes:
        return last if self._events else last + b"]"

    def _thought(self, answer: Answer, apart: bool = False) -> list[Json]:
        if not (answer.reasoning_tokens and self._details.ask.thinks):
            return []
        thoughts = answer.thoughts()
        return [
            {"text": text, "thought": True} for text in (thoughts if apart else ["".join(thoughts)])
        ]

    def _call(self, answer: Answer) -> list[Json]:
        call = answer.tool_call
        arguments = None if call is None else answer.arguments()
        if call is None or arguments is None:
            return []
        part: Json = {"functionCall": {"id": call.id[:8], "name": call.name, "args": arguments}}
        if answer.reasoning_tokens:
            part["thoughtSignature"] = base64.b64encode(answer.chance.to_bytes(16, "big")).decode()
        return [part]

    def _chunk(self, answer: Answer, parts: list[Json], finish: str | None, count: int) -> Json:
        details = self._details
        candidate: Json = {"content": {"parts": parts, "role": "model"}, "index": 0}
        if not parts:
            candidate["content"] = {"role": "model"}
        if finish is not None:
            candidate["finishReason"] = finish
        if finish == "SAFETY":
            candidate["safetyRatings"] = [
                {"category": RATED, "probability": "HIGH", "blocked": True}
            ]
        return {
            "candidates": [candidate],
            "usageMetadata": _usage(details, answer, count),
            "modelVersion": details.model,
            "responseId": details.bare_id,
        }


def problem(refusal: Refused, request_id: str, inbound: Inbound | None = None) -> Problem:
    """Word an error as a `google.rpc.Status`; a filtered prompt is an answer with no candidates."""
    if refusal.reason == Reason.FILTERED:
        return _blocked(request_id, inbound)
    code = _status(refusal)
    usual = "INTERNAL" if code >= 500 else "INVALID_ARGUMENT"
    status = STATUSES.get(code, usual)
    if refusal.reason == Reason.SCRIPTED and refusal.code:
        status = refusal.code
    message = refusal.said(SENTENCES)
    error: Json = {"code": code, "message": message, "status": status}
    details = _details(refusal)
    if details:
        error["details"] = details
    body = encode({"error": error})
    return Problem(code, status, message, body, (JSON, *_trace(request_id)))


def headers(request_id: str, spent: int, _allowance: Allowance | None) -> Headers:
    """Return what every answer carries."""
    return (*_trace(request_id), (b"server-timing", b"gfet4t7; dur=%d" % spent))


def admit(inbound: Inbound, keys: Keys) -> None:
    """Refuse a caller without one of the accepted keys, in a header or in the address."""
    key = inbound.header(KEY) or inbound.bearer()
    if key is None and keys.api:
        key = parse_qs(inbound.query.decode("latin-1")).get("key", [None])[0]
    check_key(key, keys)


def counted(ask: Ask, _request_id: str) -> object:
    """Tell how long a conversation is."""
    count = ask.prompt_tokens()
    return {"totalTokens": count, "promptTokensDetails": _modalities(count)}


def write_embedding(_ask: EmbeddingAsk, vectors: "Sequence[array[float]]") -> bytes:
    """Write one vector."""
    return encode({"embedding": {"values": vectors[0].tolist()}})


def write_embeddings(_ask: EmbeddingAsk, vectors: "Sequence[array[float]]") -> bytes:
    """Write several vectors."""
    return encode({"embeddings": [{"values": vector.tolist()} for vector in vectors]})


def models(_inbound: Inbound, names: Sequence[str]) -> object:
    """List the models."""
    return {"models": [_model(name) for name in names]}


def describe(inbound: Inbound, _names: Sequence[str]) -> object:
    """Describe a model."""
    return _model(inbound.name)


def _blocked(request_id: str, inbound: Inbound | None) -> Problem:
    ratings = [{"category": RATED, "probability": "HIGH", "blocked": True}]
    body = encode(
        {
            "promptFeedback": {"blockReason": "SAFETY", "safetyRatings": ratings},
            "responseId": request_id.removeprefix("req_"),
        }
    )
    found: Headers = (JSON,)
    if inbound is not None and inbound.path.endswith(STREAMED):
        events = wants_events(inbound)
        body = b"data: %b\r\n\r\n" % body if events else b"[%b]" % body
        found = EVENTS if events else found
    return Problem(200, "SAFETY", "The prompt was blocked.", body, (*found, *_trace(request_id)))


def _model(name: str) -> Json:
    return {
        "name": f"models/{name}",
        "version": "001",
        "displayName": name,
        "inputTokenLimit": 128_000,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens", "embedContent"],
    }


def _usage(details: Details, answer: Answer, count: int) -> Json:
    prompt, thought = details.prompt_tokens, answer.reasoning_tokens
    usage: Json = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": count,
        "totalTokenCount": prompt + count + thought,
        "promptTokensDetails": _modalities(prompt),
    }
    if details.cached_tokens:
        usage["cachedContentTokenCount"] = details.cached_tokens
        usage["cacheTokensDetails"] = _modalities(details.cached_tokens)
    if thought:
        usage["thoughtsTokenCount"] = thought
    return usage


def _modalities(count: int) -> list[Json]:
    return [{"modality": "TEXT", "tokenCount": count}]


def _finish(answer: Answer) -> str:
    return FINISHES[answer.finish_reason]


def _status(refusal: Refused) -> int:
    """Google refuses a missing key with 403 and a wrong one with 400."""
    return {Reason.NO_KEY: 403, Reason.WRONG_KEY: 400, Reason.TOO_LARGE: 400}.get(
        refusal.reason or Reason.SCRIPTED, refusal.status
    )


def _details(refusal: Refused) -> list[Json]:
    if refusal.reason == Reason.WRONG_KEY:
        info = {"reason": "API_KEY_INVALID", "domain": "googleapis.com"}
        return [{"@type": f"{TYPES}ErrorInfo", **info}]
    details: list[Json] = []
    if refusal.reason == Reason.RATE:
        violation = {
            "quotaMetric": "generativelanguage.googleapis.com/generate_content_requests",
            "quotaId": "GenerateRequestsPerMinutePerProjectPerModel",
            "quotaValue": str(refusal.facts["limit"]),
        }
        details.append({"@type": f"{TYPES}QuotaFailure", "violations": [violation]})
    if refusal.retry_after is not None:
        delay = f"{refusal.retry_after:.3f}".rstrip("0").rstrip(".")
        details.append({"@type": f"{TYPES}RetryInfo", "retryDelay": f"{delay}s"})
    return details


def _trace(request_id: str) -> Headers:
    return ((b"x-request-id", request_id.encode()),)


DIALECT = Dialect(admit, problem, headers)


def _endpoints(version: str, when: tuple[bytes, ...] = ()) -> tuple[Endpoint, ...]:
    """Return the addresses of a version of the API; its models are shown by `when`, if given."""
    model = f"/{version}/models/{{name}}"
    return (
        Endpoint(
            f"{model}:generateContent",
            "gemini.generateContent",
            DIALECT,
            Generation(read, AnswerWriter),
        ),
        Endpoint(
            f"{model}{STREAMED}",
            "gemini.streamGenerateContent",
            DIALECT,
            Generation(read_stream, AnswerWriter),
        ),
        Endpoint(
            f"{model}:countTokens", "gemini.countTokens", DIALECT, Measure(read_counted, counted)
        ),
        Endpoint(
            f"{model}:embedContent",
            "gemini.embedContent",
            DIALECT,
            Embedding(read_embedding, write_embedding),
        ),
        Endpoint(
            f"{model}:batchEmbedContents",
            "gemini.batchEmbedContents",
            DIALECT,
            Embedding(read_embeddings, write_embeddings),
        ),
        Endpoint(f"/{version}/models", "gemini.models", DIALECT, Lookup(models), "GET", when),
        Endpoint(model, "gemini.models", DIALECT, Lookup(describe), "GET", when),
    )


ENDPOINTS = (*_endpoints("v1beta"), *_endpoints("v1", (KEY,)))
