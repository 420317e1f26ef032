"""Ollama's answers on the wire, whole and line by line; its errors, vectors and models.

https://github.com/ollama/ollama/blob/main/docs/api.md
"""

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from hone.core import clock
from hone.simulator.answers import Answer
from hone.simulator.asks import EmbeddingAsk, Json
from hone.simulator.errors import Headers, Reason, Refused, retry_after
from hone.simulator.formats.base import (
    JSON,
    Details,
    Dialect,
    Embedding,
    Endpoint,
    Generation,
    Inbound,
    Lookup,
    Problem,
    by_bearer,
    encode,
)
from hone.simulator.formats.ollama_requests import (
    OllamaAsk,
    read_chat,
    read_embedding,
    read_generate,
)
from hone.simulator.scripts import Allowance

SENTENCES: Mapping[Reason | int, str] = {
    400: "invalid request",
    401: "unauthorized",
    403: "forbidden",
    404: "model not found, try pulling it first",
    429: "too many requests",
    500: "an error was encountered while running the model",
    503: "server busy, please try again. maximum pending requests exceeded",
    Reason.RATE: "too many requests, please try again in {wait}",
    Reason.NO_KEY: "unauthorized",
    Reason.WRONG_KEY: "unauthorized",
    Reason.TOO_LONG: "the input length exceeds the context length",
    Reason.TOO_LARGE: "http: request body too large",
    Reason.FILTERED: "the prompt was blocked by the content filter",
    Reason.ADDRESS: "404 page not found",
    Reason.METHOD: "405 method not allowed",
    Reason.NOT_JSON: "invalid JSON in the request body",
}


class LineWriter:
    """Writes one answer."""

    head: Headers = ((b"content-type", b"application/x-ndjson"),)

    def __init__(self, details: Details) -> None:
        self._details = details
        ask = details.ask
        self._generate = isinstance(ask, OllamaAsk) and ask.generate

    def whole(self, answer: Answer) -> bytes:
        """Write an answer that is not streamed."""
        text = "" if answer.tool_call is not None else answer.text
        thought = "".join(self._thoughts(answer))
        line = self._line(text, thought, self._calls(answer))
        return encode({**line, **self._end(answer)})

    def opening(self, answer: Answer) -> bytes:
        """Write what was thought, where the caller wants to see it."""
        return b"".join(_line(self._line("", text)) for text in self._thoughts(answer))

    def piece(self, answer: Answer, text: str) -> bytes:
        """Write one token; a function's call comes as a whole at the end."""
        return b"" if answer.tool_call is not None else _line(self._line(text))

    def ending(self, answer: Answer) -> bytes:
        """Write a function's call."""
        calls = self._calls(answer)
        return _line(self._line("", "", calls)) if calls else b""

    def done(self, answer: Answer) -> bytes:
        """Write the line that says that the answer is done, and the counts."""
        return _line({**self._line(""), **self._end(answer)})

    def broken(self, _answer: Answer) -> bytes:
        """Write a line that is no JSON."""
        line = _line(self._line(""))
        return line[: len(line) // 2] + b"\n"

    def error(self, problem: Problem) -> bytes:
        """Write an error in the middle of a stream."""
        return problem.body + b"\n"

    def _line(self, text: str, thought: str = "", calls: Sequence[Json] = ()) -> Json:
        details = self._details
        line: Json = {"model": details.model, "created_at": _moment(), "done": False}
        if self._generate:
            line["response"] = text
            if thought:
                line["thinking"] = thought
            return line
        message: Json = {"role": "assistant", "content": text}
        if thought:
            message["thinking"] = thought
        if calls:
            message["tool_calls"] = calls
        line["message"] = message
        return line

    def _thoughts(self, answer: Answer) -> list[str]:
        return answer.thoughts() if self._details.ask.thinks else []

    def _calls(self, answer: Answer) -> list[Json]:
        call = answer.tool_call
        arguments = None if call is None else answer.arguments()
        if call is None or arguments is None:
            return []
        function = {"index": 0, "name": call.name, "arguments": arguments}
        return [{"id": f"call_{call.id[:8]}", "function": function}]

    def _end(self, answer: Answer) -> Json:
        spent = max(0, int((clock.now().timestamp() - self._details.created) * 1e9))
        end: Json = {
            "done": True,
            "done_reason": "length" if answer.finish_reason == "length" else "stop",
            "total_duration": spent,
            "load_duration": 0,
            "prompt_eval_count": self._details.prompt_tokens,
            "prompt_eval_duration": 0,
            "eval_count": answer.token_count,
            "eval_duration": spent,
        }
        return end


def problem(refusal: Refused, request_id: str, _inbound: Inbound | None = None) -> Problem:
    """Word an error."""
    message = refusal.said(SENTENCES)
    name = refusal.code or (refusal.reason if refusal.reason != Reason.SCRIPTED else None)
    found: Headers = (JSON, *headers(request_id, 0, None), *retry_after(refusal.retry_after))
    return Problem(
        refusal.status, name or str(refusal.status), message, encode({"error": message}), found
    )


def headers(request_id: str, _spent: int, _allowance: Allowance | None) -> Headers:
    """Return what every answer carries."""
    return ((b"x-request-id", request_id.encode()),)


def write_embeddings(ask: EmbeddingAsk, vectors: "Sequence[array[float]]") -> bytes:
    """Write the vectors."""
    return encode(
        {
            "model": ask.model,
            "embeddings": [vector.tolist() for vector in vectors],
            "total_duration": 0,
            "load_duration": 0,
            "prompt_eval_count": ask.prompt_tokens(),
        }
    )


def models(_inbound: Inbound, names: Sequence[str]) -> object:
    """List the models."""
    return {"models": [_model(name) for name in names]}


def _model(name: str) -> Json:
    return {
        "name": name,
        "model": name,
        "modified_at": "2025-01-01T00:00:00Z",
        "size": 4_000_000_000,
        "digest": hashlib.sha256(name.encode()).hexdigest(),
        "details": {
            "parent_model": "",
            "format": "gguf",
            "family": "simulator",
            "families": ["simulator"],
            "parameter_size": "7B",
            "quantization_level": "Q4_K_M",
        },
    }


def _line(fields: Json) -> bytes:
    return encode(fields) + b"\n"


def _moment() -> str:
    return datetime.fromtimestamp(clock.now().timestamp(), UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


DIALECT = Dialect(by_bearer, problem, headers)

ENDPOINTS = (
    Endpoint("/api/chat", "ollama.chat", DIALECT, Generation(read_chat, LineWriter)),
    Endpoint("/api/generate", "ollama.generate", DIALECT, Generation(read_generate, LineWriter)),
    Endpoint("/api/embed", "ollama.embed", DIALECT, Embedding(read_embedding, write_embeddings)),
    Endpoint("/api/tags", "ollama.tags", DIALECT, Lookup(models), "GET"),
)
