"""What an example of each kind looks like: checked, and written in one way.

| kind | input | output |
|---|---|---|
| intent | text | a label |
| entity | text | a list of `{start, end, label}`, in the order of the text |
| response | text, or messages | an answer |
| chat | messages | the next message's text |
| preference | text, or messages | `{chosen, rejected}` |
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from hone.datasets.errors import ExampleWrong
from hone.datasets.schemas import KNOWLEDGE

LONGEST_TEXT: Final = 100_000
LONGEST_LABEL: Final = 256
MOST_MESSAGES: Final = 200
MOST_ENTITIES: Final = 500
DEEPEST: Final = 16
ROLES: Final = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
_KEPT: Final = ("role", "content", "name", "tool_calls", "tool_call_id")

Input = str | list[dict[str, Any]]
Output = str | list[dict[str, Any]] | dict[str, str]


def checked(kind: str, given: object, expected: object) -> tuple[Input, Output]:
    """Check an example and write it as it is kept; say in words what is wrong."""
    taken = _INPUTS[kind](given)
    return taken, _OUTPUTS[kind](expected, taken)


def require_suited(kind: str, source: str | None) -> None:
    """Refuse pages where nothing is searched for answers."""
    if source == KNOWLEDGE and kind != "response":
        raise ExampleWrong(
            f"Knowledge goes into a dataset of the kind 'response', and this one is {kind!r}."
        )


def label_of(kind: str, expected: Output) -> str | None:
    """Tell what an example is counted by: only an intent has one label."""
    return expected if kind == "intent" and isinstance(expected, str) else None


def text(value: object, what: str, longest: int = LONGEST_TEXT) -> str:
    """Check a text."""
    if not isinstance(value, str):
        raise ExampleWrong(f"{what} must be text.")
    if len(value) > longest:
        raise ExampleWrong(f"{what} has {len(value):,} characters; {longest:,} are allowed.")
    if not value.strip():
        raise ExampleWrong(f"{what} is empty.")
    if "\0" in value:
        raise ExampleWrong(f"{what} has a NUL character in it.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ExampleWrong(f"{what} has half a surrogate pair in it.") from None
    return value


def _text_input(given: object) -> Input:
    if isinstance(given, list | tuple):
        # A chat whose last word is the question.
        messages = _messages(cast("Sequence[object]", given))
        asked = [each["content"] for each in messages if each["role"] == "user"]
        if not asked:
            raise ExampleWrong("No message of the input is the user's.")
        return text(asked[-1], "The user's last message")
    return text(given, "The input")


def _any_input(given: object) -> Input:
    if isinstance(given, list | tuple):
        return _messages(cast("Sequence[object]", given))
    return text(given, "The input")


def _chat_input(given: object) -> Input:
    if isinstance(given, str):
        return [{"role": "user", "content": text(given, "The input")}]
    if not isinstance(given, list | tuple):
        raise ExampleWrong("The input must be messages, or the text of one.")
    return _messages(cast("Sequence[object]", given))


def _messages(given: Sequence[object]) -> list[dict[str, Any]]:
    if not given:
        raise ExampleWrong("The input has no messages.")
    if len(given) > MOST_MESSAGES:
        raise ExampleWrong(f"The input has {len(given)} messages; {MOST_MESSAGES} are allowed.")
    return [_message(each, number) for number, each in enumerate(given, 1)]


def _message(given: object, number: int) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise ExampleWrong(f"Message {number} is no object.")
    said = cast("Mapping[str, Any]", given)
    role = said.get("role")
    if role not in ROLES:
        raise ExampleWrong(f"Message {number} has the role {str(role)[:40]!r}.")
    _plain(said, f"Message {number}", 0)
    content = said.get("content")
    if isinstance(content, str) or content is None:
        if not content and "tool_calls" not in said:
            raise ExampleWrong(f"Message {number} is empty.")
    elif not isinstance(content, list):
        raise ExampleWrong(f"The content of message {number} must be text.")
    return {name: said[name] for name in _KEPT if said.get(name) is not None}


def _plain(value: object, what: str, depth: int) -> None:
    """Look through a JSON value for what cannot be kept."""
    if depth > DEEPEST:
        raise ExampleWrong(f"{what} is nested deeper than {DEEPEST} levels.")
    if isinstance(value, str):
        if value:
            text(value if value.strip() else "-", what)
    elif isinstance(value, Mapping):
        for name, each in cast("Mapping[str, object]", value).items():
            _plain(name, what, depth + 1)
            _plain(each, what, depth + 1)
    elif isinstance(value, list | tuple):
        for each in cast("Sequence[object]", value):
            _plain(each, what, depth + 1)


def _label(expected: object, _: Input) -> Output:
    if isinstance(expected, bool | int | float):
        expected = str(expected)
    return text(expected, "The label", LONGEST_LABEL).strip()


def _answer(expected: object, _: Input) -> Output:
    if isinstance(expected, Mapping):
        said = cast("Mapping[str, object]", expected)
        return text(said.get("content"), "The output")
    return text(expected, "The output")


def _entities(expected: object, given: Input) -> Output:
    if not isinstance(expected, list | tuple):
        raise ExampleWrong("The output must be a list of entities.")
    spans = cast("Sequence[object]", expected)
    if len(spans) > MOST_ENTITIES:
        raise ExampleWrong(f"There are {len(spans)} entities; {MOST_ENTITIES} are allowed.")
    assert isinstance(given, str)
    found = sorted((_entity(each, given) for each in spans), key=lambda each: each["start"])
    for one, following in itertools.pairwise(found):
        if following["start"] < one["end"]:
            raise ExampleWrong(f"The entities at {one['start']} and {following['start']} overlap.")
    return found


def _entity(given: object, said: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise ExampleWrong("An entity must have start, end and label.")
    span = cast("Mapping[str, object]", given)
    start = span.get("start", span.get("start_position"))
    end = span.get("end", span.get("end_position"))
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(said):
        raise ExampleWrong(
            f"An entity reaches from {start!r} to {end!r} in a text of {len(said)} characters."
        )
    label = span.get("label", span.get("entity_type", span.get("entity")))
    return {"start": start, "end": end, "label": text(label, "An entity's label", LONGEST_LABEL)}


def _preference(expected: object, _: Input) -> Output:
    if not isinstance(expected, Mapping):
        raise ExampleWrong("The output must have chosen and rejected.")
    pair = cast("Mapping[str, object]", expected)
    made = {
        name: cast("str", _answer(_last(pair.get(name)), "")) for name in ("chosen", "rejected")
    }
    if made["chosen"] == made["rejected"]:
        raise ExampleWrong("The chosen and the rejected answer are the same.")
    return made


def _last(answer: object) -> object:
    """Take the answer out of a list of messages that ends with it."""
    if isinstance(answer, list):
        said = cast("list[object]", answer)
        return said[-1] if said else None
    return answer


_INPUTS: Final[dict[str, Callable[[object], Input]]] = {
    "intent": _text_input,
    "entity": _text_input,
    "response": _any_input,
    "chat": _chat_input,
    "preference": _any_input,
}
_OUTPUTS: Final[dict[str, Callable[[object, Input], Output]]] = {
    "intent": _label,
    "entity": _entities,
    "response": _answer,
    "chat": _answer,
    "preference": _preference,
}
