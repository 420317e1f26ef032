"""Files in and out: every format, and what is no file that could be read."""

import gzip
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from obstore.store import MemoryStore, from_url
from sqlalchemy import text

from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.identity import Permission
from tests.datasets.conftest import Desk, Json, lines, told

MESSAGES = [{"role": "user", "content": "Which plan?"}]
ANSWERED = [*MESSAGES, {"role": "assistant", "content": "The small one."}]


async def _import(desk: Desk, content: bytes, query: str = "", status: int = 200) -> Json:
    return await desk.send(f"/api/datasets/tickets/import?{query}", content, status)


@pytest.mark.parametrize(
    ("kind", "shape", "content", "expected"),
    [
        ("intent", "json", b'[{"text": "a [b] {c}", "intent": "x"}]', ("a [b] {c}", "x")),
        ("intent", "json", b'{"data": [{"input": "say \\"hi\\"", "label": "x"}], "n": [1]}',
         ('say "hi"', "x")),
        ("intent", "csv", b'text,intent\n"two\nlines, ""quoted""",x\n',
         ('two\nlines, "quoted"', "x")),
        ("intent", "csv", b"\xef\xbb\xbfutterance;category\r\nHi;x\r\n", ("Hi", "x")),
        ("intent", "openai", lines({"messages": ANSWERED}), ("Which plan?", "The small one.")),
        ("response", "hf", lines({"conversations": [
            {"from": "human", "value": "Which plan?"}, {"from": "gpt", "value": "The small one."}
        ]}), (MESSAGES, "The small one.")),
        ("chat", "openai", lines({"messages": ANSWERED}), (MESSAGES, "The small one.")),
        ("entity", "jsonl", lines({"text": "to Rome", "entities": [
            {"start": 3, "end": 7, "label": "city"}
        ]}), ("to Rome", [{"start": 3, "end": 7, "label": "city"}])),
        ("preference", "openai", lines({"input": {"messages": MESSAGES}, "preferred_output": [
            {"role": "assistant", "content": "A"}], "non_preferred_output": [
            {"role": "assistant", "content": "B"}]}), (MESSAGES, {"chosen": "A", "rejected": "B"})),
        ("preference", "hf", lines({"prompt": "Q", "chosen": "A", "rejected": "B"}),
         ("Q", {"chosen": "A", "rejected": "B"})),
    ],
)  # fmt: skip
async def test_every_format_comes_in_and_goes_out_as_it_was(
    desk: Desk, kind: str, shape: str, content: bytes, expected: tuple[Any, Any]
) -> None:
    await desk.dataset(kind=kind)
    given = await _import(desk, content, f"format={shape}")
    assert (given["added"], given["problems"]) == (1, [])
    (row,) = await desk.examples()
    assert (row["input"], row["output"]) == expected
    written = await desk.api.get(f"/api/datasets/tickets/export?format={shape}")
    assert written.status_code == 200
    again = await _import(desk, written.content, f"format={shape}")
    assert (again["added"], again["duplicates"], again["problems"]) == (0, 1, [])


async def test_columns_are_named_by_who_sends_a_file(desk: Desk) -> None:
    await desk.dataset()
    content = b"id,what,which\n1,Hello,greeting\n"
    given = await _import(desk, content, "format=csv&input=what&output=which")
    assert given["added"] == 1


async def test_what_is_wrong_with_a_line_is_told_and_the_others_are_kept(desk: Desk) -> None:
    await desk.dataset()
    rows = [
        b'{"text": "good", "intent": "a"}',
        b'{"text": "no label"}',
        b"not json",
        b'{"text": "half \\ud800 pair", "intent": "a"}',
        b'{"text": "nul \\u0000", "intent": "a"}',
        b'{"text": "x", "intent": "' + b"l" * 300 + b'"}',
        b"[" * 5000 + b"]" * 5000,
        b'{"text": "' + b"long " * 300_000 + b'", "intent": "a"}',
        b"\xff\xfe\xfa",
        b'{"text": "also good", "intent": "b", "split": "elsewhere"}',
        b'{"text": "last", "intent": "b"}',
    ]
    given = await _import(desk, b"\n".join(rows))
    assert (given["added"], given["refused"], given["lines"]) == (2, 9, 11)
    assert [each["line"] for each in given["problems"]] == list(range(2, 11))
    reasons = " ".join(each["reason"] for each in given["problems"])
    for word in ("no output", "not JSON", "surrogate", "NUL", "300 characters", "1 MB", "split"):
        assert word in reasons


@pytest.mark.parametrize(
    ("shape", "content", "word"),
    [
        ("jsonl", gzip.compress(b"{}", mtime=0), "gzip"),
        ("csv", b"PK\x03\x04" + bytes(40), "ZIP"),
        ("jsonl", "{}".encode("utf-16"), "UTF-16"),
        ("jsonl", b"\n\n", "nothing"),
        ("csv", b"alone\nx\n", "two columns"),
        ("csv", b"text,text\nx,y\n", "twice"),
        ("json", b'{"no": "array"}', "no array"),
        ("json", b"[" + b'{"a":' * 100, "deeper"),
        ("parquet", b"PAR1 but no more", "no Parquet"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_in_words(
    desk: Desk, shape: str, content: bytes, word: str
) -> None:
    await desk.dataset()
    refused = await _import(desk, content, f"format={shape}", 422)
    assert refused["error"]["code"] == "file_refused"
    assert word in refused["error"]["message"]


async def test_what_came_before_a_file_breaks_off_is_kept(desk: Desk) -> None:
    await desk.dataset()
    given = await _import(desk, b'[{"text": "whole", "intent": "a"}, {"text": "ha', "format=json")
    assert (given["added"], given["refused"]) == (1, 1)
    assert "middle" in given["problems"][0]["reason"]


async def test_a_formula_is_none_in_a_spreadsheet_and_comes_back_as_it_was(desk: Desk) -> None:
    await desk.dataset()
    await _import(desk, lines({"text": "=HYPERLINK(1)", "intent": "a"}))
    written = await desk.api.get("/api/datasets/tickets/export?format=csv")
    assert "'=HYPERLINK" in written.text
    again = await _import(desk, written.content, "format=csv")
    assert again["duplicates"] == 1


async def test_parquet_comes_in_and_goes_out(desk: Desk) -> None:
    await desk.dataset()
    rows = [{"text": f"question {each}", "intent": "even"} for each in range(0, 60, 2)]
    await _import(desk, lines(*rows))
    written = await desk.api.get("/api/datasets/tickets/export?format=parquet")
    assert written.content[:4] == b"PAR1"
    again = await _import(desk, written.content, "format=parquet")
    assert (again["duplicates"], again["refused"]) == (30, 0)


async def test_a_disk_without_room_is_told_and_what_came_before_is_kept(
    desk: Desk, owner: Database
) -> None:
    """The database says what it says of a full disk; sent again, the file is whole."""
    await desk.dataset()
    rows = [{"text": f"question {each}", "intent": "a"} for each in range(1200)]
    full = (
        "CREATE FUNCTION fill_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.line > 600 THEN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END IF;"
        " RETURN NEW; END $$"
    )
    async with owner.transaction() as session:
        await session.execute(text(full))
        await session.execute(
            text(
                "CREATE TRIGGER fill_up BEFORE INSERT ON examples"
                " FOR EACH ROW EXECUTE FUNCTION fill_up()"
            )
        )
    refused = await desk.send("/api/datasets/tickets/import", lines(*rows), 503)
    assert refused["error"]["code"] == "storage_full"
    assert (await desk.get("/api/datasets/tickets"))["examples"] == 500
    async with owner.transaction() as session:
        await session.execute(text("DROP TRIGGER fill_up ON examples"))
    again = await _import(desk, lines(*rows))
    assert (again["added"], again["duplicates"]) == (700, 500)


async def test_a_version_is_not_made_where_there_is_no_room(desk: Desk, small_disk: Path) -> None:
    await desk.dataset()
    rows = [{"text": os.urandom(20_000).hex(), "intent": "a"} for _ in range(60)]
    await _import(desk, lines(*rows))
    desk.api.app.state.blobs = Blobs(from_url(small_disk.as_uri()))
    refused = await desk.api.post("/api/datasets/tickets/versions", {})
    assert told(refused) == (503, "storage_full")
    assert (await desk.get("/api/datasets/tickets/versions"))["items"] == []
    desk.api.app.state.blobs = Blobs(MemoryStore())
    assert (await desk.made("/api/datasets/tickets/versions", {}))["number"] == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a disk of one megabyte."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "hone-test", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this system does not let us mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


async def test_an_export_that_broke_off_is_gone_on_with(desk: Desk) -> None:
    await desk.dataset()
    rows = [{"text": f"question {each}", "intent": "a"} for each in range(700)]
    await _import(desk, lines(*rows))
    await desk.made("/api/datasets/tickets/versions", {})
    for shape in ("jsonl", "csv", "openai", "hf"):
        path = f"/api/datasets/tickets/export?version=1&format={shape}"
        whole = (await desk.api.get(path)).content
        head = shape == "csv"
        for skip in (1, 500, 699, 700, 900):
            rest = (await desk.api.get(f"{path}&skip={skip}")).content
            assert rest == b"".join(whole.splitlines(keepends=True)[skip + head :]), (shape, skip)
    for shape in ("json", "parquet"):
        path = f"/api/datasets/tickets/export?version=1&format={shape}&skip=1"
        assert told(await desk.api.get(path)) == (422, "format_unsuited")


async def test_an_import_needs_the_permission_and_a_dataset(desk: Desk) -> None:
    await desk.dataset()
    missing = await desk.send("/api/datasets/other/import", b"{}", 404)
    assert missing["error"]["code"] == "dataset_not_found"
    key = await desk.api.add_key(Permission.DATASETS_READ)
    await desk.send("/api/datasets/tickets/import", b"{}", 403, key)


async def test_training_data_is_all_there_is(desk: Desk) -> None:
    await desk.dataset("one")
    await desk.dataset("two", "response")
    body = {"dataset": "one", "input": "Hello", "output": "greeting"}
    await desk.made("/api/ai/training-data", body)
    await desk.made("/ai/training-data", {"dataset": "two", "input": "Which?", "output": "This."})
    for path in ("/api/ai/training-data", "/ai/training-data"):
        page = await desk.get(f"{path}?minQuality=0.7")
        assert [each["dataset"] for each in page["items"]] == ["two", "one"]
        for shape in ("json", "jsonl", "csv", "openai"):
            answer = await desk.api.get(f"{path}/export?format={shape}")
            assert answer.status_code == 200
            assert "Which?" in answer.text
    again = await desk.api.post("/api/ai/training-data", body)
    assert told(again) == (409, "example_exists")
    assert json.loads((await desk.api.get("/ai/training-data/export?format=json")).text)
