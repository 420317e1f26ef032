"""Parquet as JSON lines and back, and files that are none."""

import io
import json

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
