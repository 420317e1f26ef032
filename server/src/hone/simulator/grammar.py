"""Behaviours in a model's name: `any-model#ttft=200,fault=cut,after=40`."""

import re

import msgspec

from hone.simulator.behaviours import DEFAULT, Behaviour

KEYS = {
    "head": "headMs",
    "ttft": "ttftMs",
    "pace": "perTokenMs",
    "tokens": "outputTokens",
    "cached": "cachedTokens",
    "reasoning": "reasoningTokens",
    "context": "contextTokens",
    "echo": "echo",
    "call": "callTool",
    "prefill": "prefill",
    "burst": "burst",
    "status": "status",
    "code": "code",
    "retry": "retryAfter",
    "fault": "fault",
    "after": "afterTokens",
    "stall": "stallMs",
    "times": "times",
    "rate": "rate",
    "flap": "flap",
}
SWITCHES = {"echo", "callTool", "prefill"}
PAIRS = {"rate": ("requests", "perSeconds"), "flap": ("failSeconds", "wellSeconds")}

_WHOLE = re.compile(r"\d{1,12}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,12}\.\d{1,6}", re.ASCII)
_NUMBER = r"(\d{1,12}(?:\.\d{1,6})?)"
_PAIR = re.compile(f"{_NUMBER}/{_NUMBER}", re.ASCII)


class NotABehaviour(ValueError):
    """These settings do not make a behaviour."""


def split(name: str) -> tuple[str, str]:
    """Return the model and the text of its settings, which may be empty."""
    model, _, settings = name.partition("#")
    return model, settings


def parse(name: str, otherwise: Behaviour = DEFAULT) -> tuple[str, Behaviour]:
    """Read a model's name; settings that it does not give are `otherwise`'s."""
    model, mark, text = name.partition("#")
    if not model:
        raise NotABehaviour("A model's name comes before the '#'.")
    if not mark:
        return model, otherwise
    settings = msgspec.to_builtins(otherwise)
    settings.update(_settings(text))
    try:
        return model, msgspec.convert(settings, Behaviour)
    except msgspec.ValidationError as error:
        raise NotABehaviour(f"{error} (in {name!r})") from None


def write(model: str, behaviour: Behaviour) -> str:
    """Write a behaviour into a model's name; `parse` reads it back."""
    given = msgspec.to_builtins(behaviour)
    settings = [f"{key}={_text(given[field])}" for key, field in KEYS.items() if field in given]
    return f"{model}#{','.join(settings)}" if settings else model


def _settings(text: str) -> dict[str, object]:
    settings: dict[str, object] = {}
    for setting in text.split(","):
        key, equals, value = setting.partition("=")
        field = KEYS.get(key)
        if field is None or not equals or not value:
            raise NotABehaviour(f"{setting!r} is not key=value with a key of {', '.join(KEYS)}.")
        if field in settings:
            raise NotABehaviour(f"{key!r} is given twice.")
        settings[field] = _value(field, value)
    return settings


def _value(field: str, text: str) -> object:
    if field == "code":
        return text
    if field in SWITCHES:
        return {"0": False, "1": True}.get(text, text)
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    pair = _PAIR.fullmatch(text)
    if pair is None or field not in PAIRS:
        return text
    return {key: _number(part) for key, part in zip(PAIRS[field], pair.groups(), strict=True)}


def _number(text: str) -> float:
    return float(text) if "." in text else int(text)


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "/".join(_text(part) for part in value.values())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)
