"""An example from a record, whatever names its columns have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast, get_args

import msgspec

from hone.datasets import shapes
from hone.datasets.errors import ExampleWrong
from hone.datasets.schemas import Source, Split, Status
from hone.datasets.shapes import Input, Output

_INPUTS: Final = (
    "input", "text", "question", "prompt", "query", "utterance", "sentence", "input_text",
    "inputText", "instruction", "full_text",
)  # fmt: skip
_OUTPUTS: Final = (
    "output", "label", "intent", "category", "answer", "response", "completion", "entities",
    "spans", "expected_output", "expectedOutput", "target",
)  # fmt: skip
_ROLES: Final = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "system": "system",
    "tool": "tool",
    "function": "tool",
}
_SPLITS: Final = {"train": "train", "training": "train", "dev": "validation", "valid": "validation",
                  "val": "validation", "validation": "validation", "test": "test"}  # fmt: skip
_LONGEST_NAME: Final = 256

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """An example that is not kept yet."""

    input: Input
    output: Output
    source: Source | None = None
    status: Status | None = None
    split: Split | None = None
    weight: float | None = None
    conversation: str | None = None
    operation: str | None = None
    user: str | None = None
    said_at: datetime | None = None


def read(record: Record, kind: str) -> Draft:
    """Make an example of a record; raise `ExampleWrong` with what is wrong."""
    given, expected = _pair(record, kind)
    taken, output = shapes.checked(kind, given, expected)
    source = cast("Source | None", _one_of(record, "source", get_args(Source)))
    shapes.require_suited(kind, source)
    return Draft(
        taken,
        output,
        source,
        cast("Status | None", _one_of(record, "status", get_args(Status))),
        _split(record.get("split")),
        _weight(record.get("weight")),
        _name(record, "conversation", "conversation_id", "conversationId"),
        _name(record, "operation", "operation_id", "operationId"),
        _name(record, "user", "user_id", "userId"),
        _moment(record, "said_at", "saidAt"),
    )


def _pair(record: Record, kind: str) -> tuple[object, object]:
    """Find input and output: by their names, or in a chat."""
    if "preferred_output" in record:
        return _openai_preference(record)
    for name in ("messages", "conversations", "conversation"):
        said = _parsed_list(record.get(name))
        if isinstance(said, list):
            return _chat(cast("list[object]", said), record, kind)
    given = _first(record, _INPUTS)
    if given is None:
        raise ExampleWrong(f"It has no input: name the column one of {', '.join(_INPUTS[:5])}.")
    if kind in {"chat", "response", "preference"}:
        given = _parsed_list(given)
    return given, _expected(record, kind)


def _expected(record: Record, kind: str) -> object:
    if kind == "preference" and "chosen" in record:
        return {"chosen": record["chosen"], "rejected": record.get("rejected")}
    expected = _first(record, _OUTPUTS)
    if expected is None:
        raise ExampleWrong(f"It has no output: name the column one of {', '.join(_OUTPUTS[:6])}.")
    if isinstance(expected, str) and kind in {"entity", "preference"}:
        return _parsed(expected)
    return expected


def _parsed_list(value: object) -> object:
    """Read a list that a table holds as text."""
    return _parsed(value) if isinstance(value, str) and value[:1] == "[" else value


def _chat(said: list[object], record: Record, kind: str) -> tuple[object, object]:
    """Split a chat at its last answer; a label or a preference may stand beside it."""
    messages = [_message(each) for each in said]
    if kind == "preference" and "chosen" in record:
        return messages, {"chosen": record["chosen"], "rejected": record.get("rejected")}
    beside = _first(record, _OUTPUTS)
    if beside is not None:
        return messages, beside
    if len(messages) < 2 or messages[-1].get("role") != "assistant":
        raise ExampleWrong("The chat does not end with an answer of the assistant.")
    return messages[:-1], messages[-1].get("content")


def _message(given: object) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise ExampleWrong("A message of the chat is no object.")
    said = dict(cast("Mapping[str, Any]", given))
    if "from" in said:
        role = _ROLES.get(str(said["from"]).lower())
        if role is None:
            raise ExampleWrong(f"A message is from {str(said['from'])[:40]!r}.")
        return {"role": role, "content": said.get("value")}
    return said


def _openai_preference(record: Record) -> tuple[object, object]:
    asked = record.get("input")
    messages = cast("Record", asked).get("messages") if isinstance(asked, Mapping) else asked
    pair = {
        "chosen": record["preferred_output"],
        "rejected": record.get("non_preferred_output"),
    }
    return messages, pair


def _first(record: Record, names: tuple[str, ...]) -> object:
    present = (record[each] for each in names if each in record)
    return next((each for each in present if each is not None and each != ""), None)


def _parsed(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return text


def _one_of(record: Record, name: str, known: tuple[str, ...]) -> str | None:
    value = record.get(name)
    if value is None or value == "":
        return None
    if value not in known:
        raise ExampleWrong(f"Its {name} is {str(value)[:40]!r}; it may be {', '.join(known)}.")
    return cast("str", value)


def _split(value: object) -> Split | None:
    if value is None or value == "":
        return None
    found = _SPLITS.get(value.lower()) if isinstance(value, str) else None
    if found is None:
        raise ExampleWrong(f"Its split is {str(value)[:40]!r}; it may be train, validation, test.")
    return cast("Split", found)


def _weight(value: object) -> float | None:
    if value is None or value == "":
        return None
    try:
        weight = float(cast("Any", value))
    except (TypeError, ValueError):
        raise ExampleWrong(f"Its weight is {str(value)[:40]!r}; it must be a number.") from None
    if not 0 <= weight <= 100:
        raise ExampleWrong("Its weight must lie between 0 and 100.")
    return weight


def _moment(record: Record, *names: str) -> datetime | None:
    value = next((record[each] for each in names if record.get(each)), None)
    if value is None:
        return None
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ExampleWrong(
            f"Its {names[0]} is {str(value)[:40]!r}; write it as 2026-11-27T10:00:00Z."
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _name(record: Record, *names: str) -> str | None:
    value = next((record[each] for each in names if record.get(each) is not None), None)
    if value is None or value == "":
        return None
    return shapes.text(str(value), f"Its {names[0]}", _LONGEST_NAME)
