"""OpenAI's response on the wire, whole and as typed events.

https://platform.openai.com/docs/api-reference/responses/object and …/responses-streaming
"""

from hone.simulator.answers import Answer
from hone.simulator.asks import Json, Message
from hone.simulator.formats.base import EVENTS, Details, Problem, Stored, encode
from hone.simulator.formats.openai.chat import half
from hone.simulator.formats.openai.responses_requests import ResponseAsk

FAILURES = {"rate_limit_exceeded", "server_error"}
"""The codes of a failed response that OpenAI lists, of those that are sent here."""


class ResponseWriter:
    """Writes one response."""

    head = EVENTS

    def __init__(self, details: Details) -> None:
        self._details = details
        self._id = f"resp_{details.bare_id}"
        self._sequence = 0
        ask = details.ask
        assert isinstance(ask, ResponseAsk)
        self._ask = ask

    def whole(self, answer: Answer) -> bytes:
        """Write a response that is not streamed, and keep it."""
        body = encode(self._finished(answer))
        self._keep(answer, body)
        return body

    def opening(self, answer: Answer) -> bytes:
        """Write that the response begins, what was thought, and the beginning of what is said."""
        shell = self._response("in_progress", [], None)
        events = [
            self._event("response.created", response=shell),
            self._event("response.in_progress", response=shell),
        ]
        if answer.reasoning_tokens:
            events += self._thought(answer)
        if answer.pieces:
            events += self._begun(answer)
        return b"".join(events)

    def piece(self, answer: Answer, text: str) -> bytes:
        """Write one token."""
        if answer.tool_call is not None:
            return self._event(
                "response.function_call_arguments.delta",
                item_id=self._item_id("fc"),
                output_index=_index(answer),
                delta=text,
            )
        return self._event(
            "response.output_text.delta", **self._place(answer), delta=text, logprobs=[]
        )

    def ending(self, answer: Answer) -> bytes:
        """Write that the item is whole."""
        if not answer.pieces:
            return b""
        index, item = _index(answer), self._item(answer)
        if answer.tool_call is not None:
            events = [
                self._event(
                    "response.function_call_arguments.done",
                    item_id=self._item_id("fc"),
                    output_index=index,
                    name=answer.tool_call.name,
                    arguments=answer.text,
                )
            ]
        else:
            place = self._place(answer)
            events = [
                self._event("response.output_text.done", **place, text=answer.text, logprobs=[]),
                self._event("response.content_part.done", **place, part=_part(answer.text)),
            ]
        events.append(self._event("response.output_item.done", output_index=index, item=item))
        return b"".join(events)

    def done(self, answer: Answer) -> bytes:
        """Write the whole response once more, and keep it."""
        response = self._finished(answer)
        self._keep(answer, encode(response))
        return self._event(f"response.{response['status']}", response=response)

    def broken(self, answer: Answer) -> bytes:
        """Write an event that is no JSON."""
        self._sequence -= 1
        return half(self.piece(answer, ""))

    def error(self, problem: Problem) -> bytes:
        """Write an error in the middle of a stream."""
        code = problem.name if problem.name in FAILURES else "server_error"
        failed = self._response("failed", [], None)
        failed["error"] = {"code": code, "message": problem.message}
        return self._event(
            "error", code=problem.name, message=problem.message, param=None
        ) + self._event("response.failed", response=failed)

    def _event(self, kind: str, **fields: object) -> bytes:
        body = encode({"type": kind, "sequence_number": self._sequence, **fields})
        self._sequence += 1
        return b"event: %b\ndata: %b\n\n" % (kind.encode(), body)

    def _thought(self, answer: Answer) -> list[bytes]:
        item_id, text = self._item_id("rs"), "".join(answer.thoughts())
        place = {"item_id": item_id, "output_index": 0, "summary_index": 0}
        item: Json = {"id": item_id, "type": "reasoning", "summary": []}
        events = [self._event("response.output_item.added", output_index=0, item=item)]
        if self._ask.thinks:
            part = {"type": "summary_text", "text": text}
            added = {"type": "summary_text", "text": ""}
            events.append(self._event("response.reasoning_summary_part.added", **place, part=added))
            events += [
                self._event("response.reasoning_summary_text.delta", **place, delta=token)
                for token in answer.thoughts()
            ]
            events += [
                self._event("response.reasoning_summary_text.done", **place, text=text),
                self._event("response.reasoning_summary_part.done", **place, part=part),
            ]
        whole = self._reasoning(answer)
        return [*events, self._event("response.output_item.done", output_index=0, item=whole)]

    def _begun(self, answer: Answer) -> list[bytes]:
        item = self._item(answer)
        item["status"] = "in_progress"
        if answer.tool_call is not None:
            item["arguments"] = ""
        else:
            item["content"] = []
        index = _index(answer)
        events = [self._event("response.output_item.added", output_index=index, item=item)]
        if answer.tool_call is None:
            place = self._place(answer)
            events.append(self._event("response.content_part.added", **place, part=_part("")))
        return events

    def _place(self, answer: Answer) -> Json:
        return {
            "item_id": self._item_id("msg"),
            "output_index": _index(answer),
            "content_index": 0,
        }

    def _item_id(self, kind: str) -> str:
        return f"{kind}_{self._details.bare_id}"

    def _reasoning(self, answer: Answer) -> Json:
        text = "".join(answer.thoughts())
        summary = [{"type": "summary_text", "text": text}] if self._ask.thinks else []
        return {"id": self._item_id("rs"), "type": "reasoning", "summary": summary}

    def _item(self, answer: Answer) -> Json:
        status = "completed" if _status(answer) == "completed" else "incomplete"
        call = answer.tool_call
        if call is not None:
            return {
                "id": self._item_id("fc"),
                "type": "function_call",
                "status": status,
                "arguments": answer.text,
                "call_id": f"call_{call.id}",
                "name": call.name,
            }
        return {
            "id": self._item_id("msg"),
            "type": "message",
            "status": status,
            "content": [_part(answer.text)],
            "role": "assistant",
        }

    def _finished(self, answer: Answer) -> Json:
        output = [self._reasoning(answer)] if answer.reasoning_tokens else []
        if answer.pieces:
            output.append(self._item(answer))
        return self._response(_status(answer), output, answer)

    def _response(self, status: str, output: list[Json], answer: Answer | None) -> Json:
        details = self._details
        reasons = {"length": "max_output_tokens", "content_filter": "content_filter"}
        reason = reasons.get(answer.finish_reason) if answer else None
        return {
            "id": self._id,
            "object": "response",
            "created_at": int(details.created),
            "status": status,
            "error": None,
            "incomplete_details": {"reason": reason} if reason else None,
            "model": details.model,
            "output": output,
            **self._ask.echo,
            "usage": None if answer is None else self._usage(answer),
        }

    def _usage(self, answer: Answer) -> Json:
        details = self._details
        return {
            "input_tokens": details.prompt_tokens,
            "input_tokens_details": {"cached_tokens": details.cached_tokens},
            "output_tokens": answer.token_count,
            "output_tokens_details": {"reasoning_tokens": answer.reasoning_tokens},
            "total_tokens": details.prompt_tokens + answer.token_count,
        }

    def _keep(self, answer: Answer, body: bytes) -> None:
        if not self._ask.keep:
            return
        call = answer.tool_call
        said = Message("assistant", answer.text)
        if call is not None:
            function = {"name": call.name, "arguments": answer.text}
            said = Message("assistant", None, [{"id": f"call_{call.id}", "function": function}])
        self._details.inbound.shelf.put(self._id, Stored(body, [*self._ask.messages, said]))


def _index(answer: Answer) -> int:
    return 1 if answer.reasoning_tokens else 0


def _part(text: str) -> Json:
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}


def _status(answer: Answer) -> str:
    return "incomplete" if answer.finish_reason in {"length", "content_filter"} else "completed"
