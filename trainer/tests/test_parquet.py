"""Parquet as JSON lines and back, and files that are none."""

import contextlib
import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hone_trainer import parquet


def test_what_is_written_is_read_as_it_was() -> None:
    rows = [
        {"id": "a", "input": "Wo ist meine Karte?", "output": "card", "quality": 0.5},
        {"id": "b", "input": [{"role": "user", "content": "é"}], "output": "x"},
    ]
    lines = io.BytesIO(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    file, again = io.BytesIO(), io.BytesIO()
    parquet.write(lines, file)
    parquet.read(io.BytesIO(file.getvalue()), again)
    first, second = (json.loads(each) for each in again.getvalue().splitlines())
    assert (first["input"], first["quality"]) == ("Wo ist meine Karte?", 0.5)
    assert json.loads(second["input"]) == rows[1]["input"]


def test_lists_bytes_and_what_is_no_number_become_json() -> None:
    table = pa.table({"text": [b"raw"], "spans": [[{"start": 1}]], "score": [float("nan")]})
    file, lines = io.BytesIO(), io.BytesIO()
    pq.write_table(table, file)
    parquet.read(io.BytesIO(file.getvalue()), lines)
    assert json.loads(lines.getvalue()) == {"text": "raw", "spans": [{"start": 1}], "score": None}


@pytest.mark.parametrize("content", [b"", b"PAR1 and nothing", b"PAR1" + bytes(100) + b"PAR1"])
def test_what_is_no_parquet_is_said_in_words(content: bytes) -> None:
    with pytest.raises(parquet.FileUnfit, match="no Parquet file"):
        parquet.read(io.BytesIO(content), io.BytesIO())


def test_too_many_columns_are_refused() -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({f"c{number}": [1] for number in range(600)}), file)
    with pytest.raises(parquet.FileUnfit, match="600 columns"):
        parquet.read(io.BytesIO(file.getvalue()), io.BytesIO())


def test_a_column_that_is_nested_without_an_end_is_refused() -> None:
    kind: pa.DataType = pa.string()
    for _ in range(70):
        kind = pa.list_(kind)
    file = io.BytesIO()
    pq.write_table(pa.table({"text": pa.nulls(1, kind)}), file)
    with pytest.raises(parquet.FileUnfit, match="deeply nested"):
        parquet.read(io.BytesIO(file.getvalue()), io.BytesIO())


def test_a_small_file_that_unpacks_to_much_takes_little_memory(tmp_path: Path) -> None:
    """Two hundred megabytes in a file of some kilobytes: each row has the same long cell."""
    long = pa.array(["x" * (1 << 20)]).dictionary_encode()
    same = pa.DictionaryArray.from_arrays(pa.array([0] * 200, pa.int32()), long.dictionary)
    bomb = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"text": same}), bomb, compression="zstd", store_schema=False)
    assert bomb.stat().st_size < 1 << 20
    command = [sys.executable, "-m", "hone_trainer.parquet", "read"]
    with bomb.open("rb") as given:
        process = subprocess.Popen(command, stdin=given, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    assert used.ru_maxrss << 10 < 500 << 20


def test_a_damaged_file_is_refused_and_never_half_believed() -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"text": [f"row {each}" for each in range(200)]}), file)
    whole = file.getvalue()
    dice = random.Random(7)
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        with contextlib.suppress(parquet.FileUnfit):
            parquet.read(io.BytesIO(bytes(damaged[: dice.randint(1, len(damaged))])), io.BytesIO())
