"""A file of conversations, as OpenAI's clients send them, as lines that a data set takes.

https://platform.openai.com/docs/guides/supervised-fine-tuning has the form of such files. An engine that
labels learns from the last question and the last answer: the answer is the label.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, cast

import msgspec

from hone.training.errors import TuningWrong

_LONGEST_LABEL: Final = 256
_TEXTS: Final = {"text", "input_text", "output_text"}
Record = dict[str, Any]


async def records(
    lines: AsyncIterator[tuple[int, bytes]], kind: str, splits: Sequence[str], param: str
) -> AsyncIterator[bytes]:
    """Rewrite lines for a data set of a kind; each gets the next of `splits`, in turn."""
    count = 0
    async for number, line in lines:
        record = _record(line, number, param)
        if kind in {"intent", "entity"}:
            record = _labelled(record, kind, number, param)
        if splits:
            record["split"] = splits[count % len(splits)]
        count += 1
        yield msgspec.json.encode(record) + b"\n"


def _record(line: bytes, number: int, param: str) -> Record:
    try:
        return msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise wrong(number, "is not a JSON object", param) from error


def _labelled(record: Mapping[str, Any], kind: str, number: int, param: str) -> Record:
    """Take the last question as what is asked, and the last answer as its label."""
    messages = record.get("messages")
    if not isinstance(messages, list):
        return dict(record)
    said = [
        cast("Mapping[str, Any]", each)
        for each in cast("list[object]", messages)
        if isinstance(each, dict)
    ]
    asked = next((each for each in reversed(said) if each.get("role") == "user"), None)
    if asked is None or not said or said[-1].get("role") != "assistant":
        raise wrong(number, "does not end with an answer of the assistant to a user", param)
    answer = _text(said[-1].get("content")).strip()
    if not answer:
        raise wrong(number, "has an answer without text", param)
    if kind == "intent" and len(answer) > _LONGEST_LABEL:
        raise wrong(number, f"has a label of more than {_LONGEST_LABEL} characters", param)
    return {"input": _text(asked.get("content")), "output": answer}


def _text(content: object) -> str:
    """Read a message's text, which may come in parts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    told = [
        cast("Mapping[str, Any]", each)
        for each in cast("list[object]", content)
        if isinstance(each, dict)
    ]
    return "".join(str(each.get("text", "")) for each in told if each.get("type") in _TEXTS)


def wrong(number: int, words: str, param: str) -> TuningWrong:
    """Say what is wrong with a line."""
    return TuningWrong(f"Line {number} of the file {words}.", param=param)
