"""Log lines as they are written to standard error."""

import json
import logging
import time
import warnings
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core.settings import Telemetry
from hone.core.telemetry import configure, redact

log = logging.getLogger("hone.tests")

KEY = "hone_4fK2mPq9Zx7Lw3Rt8Vb6Nc1Ys5"
SECRETS = [
    (f"key {KEY} is known", KEY),
    (f"Authorization: Bearer {KEY}", KEY),
    ("authorization: bearer abc.def-123", "abc.def-123"),
    ("Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
    ("openai sk-proj-abcDEF123456 refused", "abcDEF123456"),
    ("key=AIzaSyA1234567890abcdefghijklmnopqrst", "SyA1234567890"),
    ("postgresql://hone:pa55w@rd@db:5432/hone", "pa55w@rd"),
    ("redis://:pa55word@cache/0", "pa55word"),
    ("host=db password=pa55word user=x", "pa55word"),
    ("host=db password='pa55 word' user=x", "pa55 word"),
    ('{"api_key": "abcdef", "x": 1}', "abcdef"),
    ("OPENAI_API_KEY=abcdef", "abcdef"),
    ("GET /v1/models?token=abcdef&x=1", "abcdef"),
    ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "c2lnbmF0dXJl"),
]
HARMLESS = [
    "role hone_app and hone_owner on hone_drain_operations_total",
    "GET https://example.com:8700/a?b=c",
    "prompt_tokens=12 completion_tokens: 3",
    "a task-specific-desk-lamp",
    "postgresql://hone@db:5432/hone",
]


Record = Callable[..., list[str]]


@pytest.fixture
def record(capsys: pytest.CaptureFixture[str]) -> Record:
    """Log what a function logs, and return the lines; logging is left as it was found."""

    def run(act: Callable[[], object], **settings: str) -> list[str]:
        root = logging.getLogger()
        handlers, level = list(root.handlers), root.level
        root.handlers[:] = []
        try:
            configure(Telemetry(), "parent")
            configure(Telemetry.model_validate(settings), "server 0")
            act()
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
            logging.captureWarnings(capture=False)
        return capsys.readouterr().err.split("\n")[:-1]

    return run


def failed(message: str) -> None:
    """Log an exception with its trace."""
    try:
        raise ValueError(message)
    except ValueError:
        log.exception("failed", stack_info=True)


def test_a_line_says_when_how_severe_where_and_what(record: Record) -> None:
    extra = {"port": 8700, "name_given": "two words"}
    (line,) = record(lambda: log.warning("listening on %s", "::1", extra=extra))
    moment, _, rest = line.partition(" ")
    assert datetime.fromisoformat(moment).tzinfo is not None
    assert rest == 'WARNING server 0: listening on ::1 port=8700 name_given="two words"'


def test_a_json_line_holds_the_same(record: Record) -> None:
    extra = {"port": 8700, "level": "forged", "share": float("nan"), "half": 0.5}
    (line,) = record(lambda: log.info("listening", extra=extra), log_format="json")
    content = json.loads(line)
    assert datetime.fromisoformat(content.pop("time")).tzinfo is not None
    assert content == {
        "level": "info",
        "process": "server 0",
        "logger": "hone.tests",
        "message": "listening",
        "port": 8700,
        "share": "nan",
        "half": 0.5,
    }


def test_only_what_is_severe_enough_is_logged(record: Record) -> None:
    def act() -> None:
        log.info("not severe enough")
        log.error("once")

    (line,) = record(act, log_level="error")
    assert line.endswith("ERROR   server 0: once")


def test_only_what_matters_of_libraries_is_logged(record: Record) -> None:
    def act() -> None:
        logging.getLogger("uvicorn.error").info("Started server process")
        logging.getLogger("uvicorn.error").error("boom")

    (line,) = record(act)
    assert line.endswith("server 0: boom logger=uvicorn.error")
    assert len(record(act, log_level="debug")) == 2


def test_warnings_are_logged(record: Record) -> None:
    def act() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("this is old", UserWarning, stacklevel=1)

    (line,) = record(act)
    assert "UserWarning: this is old" in line


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_secrets_are_masked(text: str, secret: str) -> None:
    assert secret not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_part_of_a_record_shows_a_secret(record: Record, log_format: str) -> None:
    def act() -> None:
        log.info("message %s", KEY)
        log.info("Bearer %s", "abcdef")
        log.info("extra", extra={"where": KEY, "password": 123456, "api_key": "abcdef"})
        log.info("%d is no number", KEY)
        failed(KEY)

    written = "\n".join(record(act, log_format=log_format))
    assert "ValueError: hone_***" in written
    for secret in (KEY, "abcdef", "123456"):
        assert secret not in written


def test_a_message_cannot_forge_a_line(record: Record) -> None:
    forged = "x\n2026-11-21T06:00:00.000+00:00 INFO    server 0: forged\r\x1b[2J\u2028\u202e\ud800"

    def act() -> None:
        log.info(forged, extra={"user": forged})
        failed(forged)

    first, second, *trace = record(act)
    assert "x\\n2026" in first
    assert "\\r\\x1b[2J\\u2028\\u202e\\ud800" in first
    assert second.endswith("failed")
    assert trace
    assert all(each.startswith("    ") for each in trace)
    assert "\x1b" not in "".join(trace)


def test_a_message_cannot_forge_a_json_line(record: Record) -> None:
    forged = 'x"}\n{"message": "forged\ud800"}'
    (line,) = record(lambda: log.info(forged), log_format="json")
    assert json.loads(line)["message"] == forged


def test_an_exception_is_part_of_the_object(record: Record) -> None:
    (line,) = record(lambda: failed("why"), log_format="json")
    assert "\nValueError: why\n" in json.loads(line)["exception"]


def test_a_huge_message_is_cut(record: Record) -> None:
    (line,) = record(lambda: log.info("x" * 100_000))
    assert len(line) < 10_000
    assert line.endswith("… (91808 more)")


@given(st.text(max_size=200))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize(
    "text", ["hone_-", "-eyJaaaaaaaa", "://x:", "token ", "token='", "bearer ", "sk-a ", "a" * 99]
)
def test_masking_takes_no_quadratic_time(text: str) -> None:
    begun = time.process_time()
    redact(text * (65536 // len(text)))
    assert time.process_time() - begun < 2
