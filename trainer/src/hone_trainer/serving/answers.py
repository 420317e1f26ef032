"""What is answered, as JSON."""

import time
from collections.abc import Sequence
from typing import Any

import msgspec

from hone_trainer.artifact import Prediction
from hone_trainer.serving.models import Release

encode = msgspec.json.Encoder().encode


def labels(
    request: str, release: Release, found: Sequence[Prediction], top: int, tokens: int
) -> bytes:
    """Write the labels of texts."""
    results = [
        {
            "label": each.label,
            "confidence": _chance(each.confidence),
            "inScope": each.in_scope,
            "labels": [
                {"label": label, "confidence": _chance(sure)} for label, sure in each.labels[:top]
            ],
        }
        for each in found
    ]
    return _whole("classification", request, release, results, tokens)


def entities(request: str, release: Release, found: Sequence[Prediction], tokens: int) -> bytes:
    """Write the entities of texts."""
    results = [
        {
            "entities": [
                {
                    "label": span.label,
                    "start": span.start,
                    "end": span.end,
                    "text": span.text,
                    "confidence": _chance(span.confidence),
                }
                for span in each.entities
            ]
        }
        for each in found
    ]
    return _whole("entities", request, release, results, tokens)


def chat(request: str, release: Release, found: Prediction, tokens: int) -> bytes:
    """Write an answer as a chat completion."""
    choice = {"index": 0, "message": _message(found), "finish_reason": "stop"}
    return encode(
        {
            **_head("chat.completion", request, release),
            "choices": [choice],
            "usage": _usage(tokens, found),
        }
    )


def stream(request: str, release: Release, found: Prediction, tokens: int, *, usage: bool) -> bytes:
    """Write an answer as the chunks of a stream; it is known whole, so it comes at once."""
    head = _head("chat.completion.chunk", request, release)
    chunks: list[dict[str, Any]] = [
        {**head, "choices": [{"index": 0, "delta": _message(found), "finish_reason": None}]},
        {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ]
    if usage:
        chunks.append({**head, "choices": [], "usage": _usage(tokens, found)})
    events = [b"data: %b\n\n" % encode(each) for each in chunks]
    return b"".join((*events, b"data: [DONE]\n\n"))


def error(status: int, message: str, code: str, param: str | None = None) -> bytes:
    """Write the one error envelope."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return encode({"error": {"message": message, "type": kind, "code": code, "param": param}})


def _whole(kind: str, request: str, release: Release, results: list[Any], tokens: int) -> bytes:
    return encode(
        {
            "id": request,
            "object": kind,
            "model": release.name,
            "version": release.version,
            "results": results,
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        }
    )


def _head(kind: str, request: str, release: Release) -> dict[str, Any]:
    return {
        "id": request,
        "object": kind,
        "created": int(time.time()),
        "model": release.name,
        "system_fingerprint": release.version,
    }


def _message(found: Prediction) -> dict[str, Any]:
    """Say what the model answers: a text where it writes one, else its label or its entities."""
    said: dict[str, Any] = {"role": "assistant", "content": content(found)}
    if found.sources:
        said["sources"] = list(found.sources)
    return said


def content(found: Prediction) -> str:
    """Return an answer as text."""
    if found.text is not None:
        return found.text
    if found.label is not None:
        return found.label
    spans = [{"label": each.label, "text": each.text} for each in found.entities]
    return encode(spans).decode()


def _usage(tokens: int, found: Prediction) -> dict[str, int]:
    written = (len(content(found).encode()) + 3) // 4
    return {
        "prompt_tokens": tokens,
        "completion_tokens": written,
        "total_tokens": tokens + written,
    }


def _chance(value: float) -> float:
    return round(float(value), 6)
