"""The input of a batch: what each line must be, and in words what is wrong with it."""

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

MOST_LINES: Final = 50_000
MOST_ERRORS: Final = 100
"""More are not listed."""
LONGEST_LINE: Final = 16 << 20
LONGEST_ID: Final = 512
ENDPOINTS: Final = (
    "/v1/chat/completions",
    "/v1/embeddings",
    "/v1/completions",
    "/v1/responses",
    "/v1/moderations",
)


class Line(msgspec.Struct, frozen=True, gc=False):
    """One call of a batch."""

    custom_id: str
    body: msgspec.Raw


_NOTHING: Final = msgspec.Raw(b"")


class _Given(msgspec.Struct, gc=False):
    custom_id: str | None = None
    method: str | None = None
    url: str | None = None
    body: msgspec.Raw = _NOTHING


class _Body(msgspec.Struct, gc=False):
    model: str | None = None
    stream: bool | None = None


_given = msgspec.json.Decoder(_Given).decode
_line = msgspec.json.Decoder(Line).decode
_body = msgspec.json.Decoder(_Body).decode
_BOM: Final = b"\xef\xbb\xbf"


def parse(line: bytes) -> Line:
    """Read a line that was checked."""
    return _line(line.removeprefix(_BOM))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where."""

    code: str
    message: str
    param: str | None = None
    line: int | None = None

    def told(self) -> dict[str, Any]:
        """Write it as OpenAI's clients read it."""
        return {
            "code": self.code,
            "message": self.message,
            "param": self.param,
            "line": self.line,
        }


@dataclass(slots=True)
class Check:
    """Looks at an input line by line."""

    endpoint: str
    total: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])
    unlisted: int = 0
    _ids: dict[str, int] = field(default_factory=dict[str, int])
    _models: set[str | None] = field(default_factory=set[str | None])

    def take(self, number: int, line: bytes) -> bool:
        """Look at a line; tell whether more need to be looked at."""
        self.total += 1
        if self.total > MOST_LINES:
            self._tell(
                "too_many_requests", f"A batch has at most {MOST_LINES} lines.", None, number
            )
            return False
        if len(line) > LONGEST_LINE:
            self._tell("line_too_long", f"A line has at most {LONGEST_LINE} bytes.", None, number)
            return True
        problem = self._look(number, line)
        if problem is not None:
            self._tell(*problem, number)
        return True

    def finish(self) -> list[Problem]:
        """Return all that is wrong; nothing where the batch can begin."""
        if self.total == 0:
            return [Problem("empty_file", "The file has no lines: one line is one request.")]
        if self.unlisted:
            self.problems.append(Problem("more_errors", f"{self.unlisted} more lines have errors."))
        return self.problems

    @property
    def model(self) -> str | None:
        """Return the model that all lines name; None where they differ."""
        return next(iter(self._models)) if len(self._models) == 1 else None

    def _tell(self, code: str, message: str, param: str | None, number: int) -> None:
        if len(self.problems) < MOST_ERRORS:
            self.problems.append(Problem(code, message, param, number))
        else:
            self.unlisted += 1

    def _look(self, number: int, line: bytes) -> tuple[str, str, str | None] | None:
        try:
            line.decode()
            given = _given(line.removeprefix(_BOM))
        except UnicodeDecodeError:
            return "invalid_json_line", "This line is not valid UTF-8.", None
        except msgspec.ValidationError as error:
            reason, _, path = str(error).partition(" - at ")
            param = path.strip("`").removeprefix("$").removeprefix(".") or None
            return "invalid_json_line", f"This line is not a request: {reason}.", param
        except (msgspec.DecodeError, RecursionError):
            return "invalid_json_line", "This line is not valid JSON.", None
        return self._request(number, given)

    def _request(self, number: int, given: _Given) -> tuple[str, str, str | None] | None:
        for name in ("custom_id", "method", "url", "body"):
            if getattr(given, name) in (None, _NOTHING):
                return "missing_required_parameter", f"{name!r} is missing.", name
        problem = self._custom_id(number, given.custom_id or "")
        if problem is not None:
            return problem
        if given.method != "POST":
            return "invalid_method", "'method' must be POST.", "method"
        if given.url != self.endpoint:
            message = f"'url' must be {self.endpoint}, the endpoint of the batch."
            return "mismatched_endpoint", message, "url"
        return self._content(given.body)

    def _custom_id(self, number: int, custom_id: str) -> tuple[str, str, str | None] | None:
        if not 1 <= len(custom_id) <= LONGEST_ID:
            return (
                "invalid_custom_id",
                f"'custom_id' has 1 to {LONGEST_ID} characters.",
                "custom_id",
            )
        before = self._ids.setdefault(custom_id, number)
        if before != number:
            message = f"'custom_id' is that of line {before}: each line has its own."
            return "duplicate_custom_id", message, "custom_id"
        return None

    def _content(self, raw: msgspec.Raw) -> tuple[str, str, str | None] | None:
        try:
            body = _body(raw)
        except msgspec.ValidationError as error:
            reason, _, path = str(error).partition(" - at ")
            return "invalid_body", f"{reason}.", "body" + path.strip("`").removeprefix("$")
        if body.stream:
            return "invalid_body", "A line of a batch is not streamed.", "body.stream"
        self._models.add(body.model)
        return None
