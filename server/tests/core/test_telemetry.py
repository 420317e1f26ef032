"""Log lines as they are written to standard error."""

import json
import logging
import warnings
from collections.abc import Callable, Iterator
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


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    """Log in text, and read what was written."""
    configure(Telemetry(), "server 0")
    return lambda: capsys.readouterr().err.split("\n")[:-1]


@pytest.fixture
def objects(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, object]]]:
    """Log in JSON, and read what was written."""
    configure(Telemetry(log_format="json"), "server 0")
    return lambda: [json.loads(line) for line in capsys.readouterr().err.split("\n")[:-1]]


def test_a_line_says_when_how_severe_where_and_what(lines: Callable[[], list[str]]) -> None:
    log.warning("listening on %s", "::1", extra={"port": 8700, "name_given": "two words"})
    (line,) = lines()
    moment, _, rest = line.partition(" ")
    assert datetime.fromisoformat(moment).tzinfo is not None
    assert rest == 'WARNING server 0: listening on ::1 port=8700 name_given="two words"'


def test_a_json_line_holds_the_same(objects: Callable[[], list[dict[str, object]]]) -> None:
    log.info("listening", extra={"port": 8700, "level": "forged", "share": float("nan")})
    (content,) = objects()
    assert datetime.fromisoformat(str(content.pop("time"))).tzinfo is not None
    assert content == {
        "level": "info",
        "process": "server 0",
        "logger": "hone.tests",
        "message": "listening",
        "port": 8700,
        "share": "nan",
    }


def test_a_process_has_one_handler_after_a_new_name(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Telemetry(), "parent")
    configure(Telemetry(log_level="error"), "child")
    log.info("not severe enough")
    log.error("once")
    (line,) = capsys.readouterr().err.split("\n")[:-1]
    assert line.endswith("ERROR   child: once")


def test_only_what_matters_of_libraries_is_logged(lines: Callable[[], list[str]]) -> None:
    logging.getLogger("uvicorn.error").info("Started server process")
    logging.getLogger("uvicorn.error").error("boom")
    warnings.warn("old", UserWarning, stacklevel=1)
    first, second, *_ = lines()
    assert first.endswith("server 0: boom logger=uvicorn.error")
    assert "UserWarning: old" in second
    configure(Telemetry(log_level="debug"), "server 0")
    logging.getLogger("uvicorn.error").debug("everything")
    assert lines()


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_secrets_are_masked(text: str, secret: str) -> None:
    assert secret not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("format_", ["text", "json"])
def test_no_part_of_a_record_shows_a_secret(
    capsys: pytest.CaptureFixture[str], format_: str
) -> None:
    configure(Telemetry.model_validate({"log_format": format_}), "server 0")
    log.info("message %s", KEY)
    log.info("Bearer %s", "abcdef")
    log.info("extra", extra={"where": KEY, "password": 123456, "api_key": "abcdef"})
    log.info("%d is no number", KEY)
    try:
        raise ValueError(KEY)
    except ValueError:
        log.exception("failed", stack_info=True)
    written = capsys.readouterr().err
    assert "ValueError: hone_***" in written
    for secret in (KEY, "abcdef", "123456"):
        assert secret not in written


def test_a_message_cannot_forge_a_line(lines: Callable[[], list[str]]) -> None:
    forged = "x\n2026-11-21T06:00:00.000+00:00 INFO    server 0: forged\r\x1b[2J\u2028\u202e\ud800"
    log.info(forged, extra={"user": forged})
    try:
        raise ValueError(forged)
    except ValueError:
        log.exception("failed")
    first, second, *trace = lines()
    assert "x\\n2026" in first
    assert "\\r\\x1b[2J\\u2028\\u202e\\ud800" in first
    assert second.endswith("failed")
    assert trace
    assert all(each.startswith("    ") for each in trace)
    assert "\x1b" not in "".join(trace)


def test_a_message_cannot_forge_a_json_line(
    objects: Callable[[], list[dict[str, object]]],
) -> None:
    log.info('x"}\n{"message": "forged\ud800"}')
    (content,) = objects()
    assert content["message"] == 'x"}\n{"message": "forged\ud800"}'


def test_an_exception_is_part_of_the_object(
    objects: Callable[[], list[dict[str, object]]],
) -> None:
    try:
        raise ValueError("why")
    except ValueError:
        log.exception("failed")
    (content,) = objects()
    assert str(content["exception"]).endswith("ValueError: why")


def test_a_huge_message_is_cut(lines: Callable[[], list[str]]) -> None:
    log.info("x" * 100_000)
    (line,) = lines()
    assert len(line) < 10_000
    assert line.endswith("… (91808 more)")


@given(st.text(max_size=200))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.text("hone_sk-:/@bearer =\"'", max_size=400), st.integers(1, 200))
def test_redacting_ends_soon(text: str, times: int) -> None:
    assert isinstance(redact(text * times), str)
