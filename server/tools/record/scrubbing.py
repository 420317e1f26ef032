"""Nothing in a recorded exchange says whose it was: no credential, no id, no proof of a thought."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final, cast

LONGEST_VECTOR: Final = 8
_NAMES: Final = frozenset(
    {
        *("id", "call_id", "item_id", "request_id", "responseId", "response_id", "tool_call_id"),
        *("tool_use_id", "toolUseId", "system_fingerprint", "organization", "user", "user_id"),
    }
)
_PROOFS: Final = frozenset(
    {"signature", "thoughtSignature", "thought_signature", "encrypted_content", "data"}
)
_TIMES: Final = frozenset({"created", "created_at", "createTime"})
_LOOSE: Final = re.compile(r"\b(org|proj|user|req|sk|key)([-_])(?=[\w-]*\d)[\w-]{8,}")
_DATA: Final = "data: "


@dataclass
class Scrubber:
    """Gives every id another, and the same one always the same."""

    secrets: tuple[str, ...]
    given: dict[str, str] = field(default_factory=dict[str, str])

    def text(self, text: str) -> str:
        """Scrub an answer: JSON, lines of JSON, or a stream of events with JSON in them."""
        try:
            return self._json(text)
        except ValueError:
            return "\n".join(self._line(line) for line in text.split("\n"))

    def value(self, value: object) -> Any:
        """Scrub what was decoded."""
        match value:
            case dict():
                members = cast("dict[str, object]", value).items()
                return {name: self._member(name, each) for name, each in members}
            case list():
                items = cast("list[object]", value)
                if len(items) > LONGEST_VECTOR and all(isinstance(each, float) for each in items):
                    items = items[:LONGEST_VECTOR]
                return [self.value(each) for each in items]
            case str():
                return self._plain(value)
            case _:
                return value

    def _json(self, text: str) -> str:
        return json.dumps(self.value(json.loads(text)), ensure_ascii=False, separators=(",", ":"))

    def _line(self, line: str) -> str:
        mark = _DATA if line.startswith(_DATA) else ""
        try:
            return mark + self._json(line.removeprefix(mark))
        except ValueError:
            return self._plain(line)

    def _member(self, name: str, value: object) -> object:
        if isinstance(value, str) and value:
            if name in _NAMES:
                return self._other(value)
            if name in _PROOFS:
                return "scrubbed"
        if name in _TIMES:
            return 0 if isinstance(value, int | float) else value and "2026-01-01T00:00:00Z"
        return self.value(value)

    def _other(self, name: str) -> str:
        """Return another id of the same kind: what stands before the first `-` or `_` says which."""
        if name not in self.given:
            kind = re.match(r"[A-Za-z]{2,12}[-_]", name)
            self.given[name] = f"{kind[0] if kind else 'id-'}{len(self.given) + 1}"
        return self.given[name]

    def _plain(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "scrubbed")
        for name, other in self.given.items():
            text = text.replace(name, other)
        return _LOOSE.sub(r"\1\2scrubbed", text)
