"""Log lines: text for people or JSON for machines, one line each, and no secret in them."""

import json
import logging
import math
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from hone.core.settings import Telemetry

_LONGEST_TEXT = 8192
_LONGEST_LOOKED_AT = 65536
_HIDDEN = "***"

# A key is random; our own names in snake_case (`hone_app`) stay readable. What can begin again
# inside a failed match is bounded, so that no text takes quadratic time.
_HONE_KEY = r"\bhone_(?=[A-Za-z0-9-]{16}|[A-Za-z_-]{0,64}[0-9A-Z])[A-Za-z0-9_-]{12,}"
_NAMED = r"(?<![a-z])(?:api[_-]?key|access[_-]?token|token|password|passwd|pwd|secret|cookie)"

_SECRETS = (
    (re.compile(_HONE_KEY), rf"hone_{_HIDDEN}"),
    (re.compile(r"\bsk-[A-Za-z0-9_-]{8,}"), rf"sk-{_HIDDEN}"),
    (re.compile(r"\bAIza[A-Za-z0-9_-]{20,}"), rf"AIza{_HIDDEN}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,999}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), _HIDDEN),
    (re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+", re.IGNORECASE), rf"\1 {_HIDDEN}"),
    (re.compile(r"(://[^\s:/?#@]*):[^\s/?#]*@"), rf"\1:{_HIDDEN}@"),
    (
        re.compile(_NAMED + r"""(["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s"'&,;]+)""", re.IGNORECASE),
        None,
    ),
)
_SECRET_NAME = re.compile(_NAMED + r"$|^authorization$", re.IGNORECASE)

# Control characters, line and paragraph separators, and what turns the direction of writing:
# each of them can make one line look like another one.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PLAIN_VALUE = re.compile(r"[^\s\"=]+")

_ORDINARY = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "color_message"}
_CHATTY = ("alembic", "procrastinate", "uvicorn", "uvicorn.error")


def configure(settings: Telemetry, process: str) -> None:
    """Send this process's log to standard error; call it again under a new name after a fork."""
    formatter = _Json(process) if settings.log_format == "json" else _Text(process)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for earlier in list(root.handlers):
        if isinstance(earlier.formatter, _Line):
            root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(settings.log_level.upper())
    for name in _CHATTY:
        quiet = settings.log_level != "debug"
        logging.getLogger(name).setLevel(
            max(root.level, logging.WARNING) if quiet else logging.NOTSET
        )
    logging.captureWarnings(capture=True)


def redact(text: str) -> str:
    """Mask what looks like a key, a token, or a password in a text."""
    for pattern, mask in _SECRETS:
        text = pattern.sub(mask or _hide_value, text)
    return text


def _hide_value(match: re.Match[str]) -> str:
    return match[0][: match.start(2) - match.start()] + _HIDDEN


class _Line(logging.Formatter):
    """What both formats share."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.process = process

    def text(self, record: logging.LogRecord) -> str:
        """Return the message; one that cannot be formatted is shown as it was written."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):
            message = f"{record.msg} {record.args}"
        return _shown(message)

    def facts(self, record: logging.LogRecord) -> Iterator[tuple[str, object]]:
        """Return what was logged beside the message, by `extra`."""
        for name, value in vars(record).items():
            if name not in _ORDINARY:
                yield name, _HIDDEN if _SECRET_NAME.search(name) else _shown_fact(value)

    def trace(self, record: logging.LogRecord) -> str:
        """Return the trace of an exception or of the stack, if there is one."""
        parts = [self.formatException(record.exc_info)] if record.exc_info else []
        parts += [self.formatStack(record.stack_info)] if record.stack_info else []
        return _shown("\n".join(parts))


class _Text(_Line):
    """`2026-11-21T06:00:00.123+01:00 INFO server 0: started port=8700`."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line, and a trace indented below it."""
        moment = datetime.fromtimestamp(record.created, UTC).astimezone()
        facts = dict(self.facts(record))
        if not record.name.startswith("hone"):
            facts["logger"] = record.name
        line = [
            moment.isoformat(timespec="milliseconds"),
            f"{record.levelname:<7}",
            f"{self.process}:",
            _one_line(self.text(record)),
            *(f"{_one_line(name)}={_quoted(str(value))}" for name, value in facts.items()),
        ]
        trace = [f"    {_one_line(each)}" for each in self.trace(record).split("\n") if each]
        return "\n".join([" ".join(line), *trace])


class _Json(_Line):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one object; its own fields win over facts of the same name."""
        moment = datetime.fromtimestamp(record.created, UTC)
        content = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self.process,
            "logger": record.name,
            "message": self.text(record),
        }
        trace = self.trace(record)
        if trace:
            content["exception"] = trace
        return json.dumps({**content, **dict(self.facts(record)), **content})


def _shown(text: str) -> str:
    """Mask secrets, then shorten: a cut secret would no longer look like one."""
    masked = redact(text[:_LONGEST_LOOKED_AT])
    left_out = len(text) - _LONGEST_TEXT
    return f"{masked[:_LONGEST_TEXT]}… ({left_out} more)" if left_out > 0 else masked


def _shown_fact(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return _shown(str(value))


def _one_line(text: str) -> str:
    return _UNSAFE.sub(lambda unsafe: unsafe[0].encode("unicode_escape").decode(), text)


def _quoted(text: str) -> str:
    safe = _one_line(text)
    return safe if _PLAIN_VALUE.fullmatch(safe) else json.dumps(safe, ensure_ascii=False)
