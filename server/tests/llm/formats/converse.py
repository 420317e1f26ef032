"""The other side of Bedrock's Converse: requests read, answers and streams written."""

import base64
import json
from typing import Any

import msgspec

from hone.llm.neutral import (
    Answer,
    Argued,
    Asked,
    Began,
    Called,
    Closed,
    Counted,
    Delta,
    Ended,
    Finish,
    Format,
    Media,
    Message,
    Mused,
    Part,
    Raw,
    Request,
    Result,
    Role,
    Sampling,
    Text,
    Thought,
    Tool,
    Wrote,
)
from hone.llm.types import Usage
from hone.simulator.formats.bedrock.eventstream import event

Json = dict[str, Any]

REASONS = {
    Finish.STOP: "end_turn",
    Finish.LENGTH: "max_tokens",
    Finish.TOOL_CALLS: "tool_use",
    Finish.CONTENT_FILTER: "content_filtered",
}


def read(body: Json) -> Request:
    """Read a request as Bedrock would."""
    inference, config = body.get("inferenceConfig", {}), body.get("toolConfig", {})
    more, output = body.get("additionalModelRequestFields", {}), body.get("outputConfig")
    system = parts(body.get("system", []))
    first = (Message(Role.SYSTEM, system),) if system else ()
    structure = output and output["textFormat"]["structure"]["jsonSchema"]
    return Request(
        first
        + tuple(Message(Role(each["role"]), parts(each["content"])) for each in body["messages"]),
        tools=tools(config.get("tools", [])),
        choice=choice(config.get("toolChoice")),
        max_tokens=inference.get("maxTokens"),
        stop=tuple(inference.get("stopSequences", [])),
        sampling=Sampling(
            inference.get("temperature"), inference.get("topP"), top_k=more.get("top_k")
        ),
        format=structure and Format(Raw(structure["schema"].encode()), structure["name"]),
        budget=more.get("thinking", {}).get("budget_tokens"),
        user=body.get("requestMetadata", {}).get("user"),
    )


def parts(blocks: list[Json]) -> tuple[Part, ...]:
    """Read blocks; a cache point marks the one before it."""
    found: list[Any] = []
    for block in blocks:
        if "cachePoint" in block:
            ttl = block["cachePoint"].get("ttl", "5m")
            found[-1] = msgspec.structs.replace(found[-1], cache=ttl)
        else:
            found.append(part(block))
    return tuple(found)


def part(block: Json) -> Part:
    """Read one block."""
    ((kind, told),) = block.items()
    match kind:
        case "text":
            return Text(told)
        case "image":
            return Media("image", f"image/{told['format']}", told["source"]["bytes"])
        case "toolUse":
            return Asked(told["toolUseId"], told["name"], compact(told["input"]))
        case "toolResult":
            failed = told.get("status") == "error"
            results: Any = parts(told["content"])
            return Result(told["toolUseId"], results, failed)
        case "reasoningContent" if "redactedContent" in told:
            return Thought(sealed=told["redactedContent"])
        case "reasoningContent":
            return Thought(**told["reasoningText"])
        case _:
            raise AssertionError(kind)


def tools(given: list[Json]) -> tuple[Tool, ...]:
    """Read tools; a cache point marks the one before it."""
    found: list[Tool] = []
    for each in given:
        if "cachePoint" in each:
            ttl = each["cachePoint"].get("ttl", "5m")
            found[-1] = msgspec.structs.replace(found[-1], cache=ttl)
            continue
        spec = each["toolSpec"]
        schema = Raw(msgspec.json.encode(spec["inputSchema"]["json"]))
        found.append(Tool(spec["name"], spec.get("description", ""), schema, spec.get("strict")))
    return tuple(found)


def choice(given: Json | None) -> str | None:
    """Read whether a tool must be called."""
    if given is None:
        return None
    if "tool" in given:
        return f"={given['tool']['name']}"
    return "required" if "any" in given else "auto"


def write(answer: Answer) -> bytes:
    """Write an answer."""
    told = answer.choices[0]
    message: Json = {"role": "assistant", "content": [block(each) for each in told.parts]}
    used = answer.usage and usage(answer.usage)
    body: Json = {
        "output": {"message": message},
        "stopReason": REASONS[told.finish],
        "usage": used,
        "metrics": {"latencyMs": 5},
    }
    if told.sequence is not None:
        body["stopReason"] = "stop_sequence"
        body["additionalModelResponseFields"] = {"stop_sequence": told.sequence}
    return compact(body).encode()


def block(given: Part) -> Json:
    """Write a part of an answer."""
    match given:
        case Text(text=text):
            return {"text": text}
        case Asked():
            arguments = json.loads(given.arguments)
            return {"toolUse": {"toolUseId": given.id, "name": given.name, "input": arguments}}
        case Thought(sealed=""):
            text = {"text": given.text, "signature": given.signature}
            return {"reasoningContent": {"reasoningText": text}}
        case Thought(sealed=sealed):
            return {"reasoningContent": {"redactedContent": sealed}}
        case _:
            raise AssertionError(given)


def usage(used: Usage) -> Json:
    """Write token counts: what was cached is not among the input."""
    fresh = used.input_tokens - used.cached_tokens - used.written_tokens
    return {
        "inputTokens": fresh,
        "outputTokens": used.output_tokens,
        "totalTokens": used.input_tokens + used.output_tokens,
        "cacheReadInputTokens": used.cached_tokens,
        "cacheWriteInputTokens": used.written_tokens,
    }


def stream(deltas: list[Delta]) -> bytes:
    """Write a stream: one block for all text, one for all thoughts, one for each call."""
    return b"".join(frame(delta) for delta in deltas)


def frame(delta: Delta) -> bytes:
    """Write one piece of an answer."""
    match delta:
        case Began():
            return framed("messageStart", role="assistant", p="abc")
        case Ended(finish=finish):
            return framed("messageStop", stopReason=REASONS[finish])
        case Counted(usage=used):
            return framed("metadata", usage=usage(used), metrics={"latencyMs": 5})
        case Closed():
            return b""
        case _:
            return content(delta)


def content(delta: Wrote | Mused | Called | Argued) -> bytes:
    """Write more of what is said, thought or asked for."""
    match delta:
        case Wrote(text=text):
            return more(1, text=text)
        case Mused(text=text):
            return more(0, reasoningContent={"text": text})
        case Called():
            use = {"toolUseId": delta.id, "name": delta.name}
            return framed(
                "contentBlockStart", contentBlockIndex=delta.index + 2, start={"toolUse": use}
            )
        case Argued():
            return more(delta.index + 2, toolUse={"input": delta.text})


def more(index: int, **delta: object) -> bytes:
    """Write more of a block."""
    return framed("contentBlockDelta", contentBlockIndex=index, delta=delta)


def framed(kind: str, **body: object) -> bytes:
    """Frame an event."""
    return event(kind, json.dumps(body).encode())


def compact(value: object) -> str:
    """Write JSON without spaces."""
    return json.dumps(value, separators=(",", ":"))


SEALED = base64.b64encode(b"sealed").decode()
