"""Examples written as files that other programs read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import msgspec

from hone.core import tables
from hone.datasets.errors import FormatUnsuited

MEDIA_TYPES: Final[dict[str, str]] = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "openai": "application/jsonl",
    "hf": "application/jsonl",
}


@dataclass(frozen=True, slots=True)
class Row:
    """An example to be written."""

    id: str
    dataset: str
    kind: str
    input: Any
    output: Any
    source: str
    status: str | None
    quality: float | None
    weight: float
    split: str | None
    group: str | None = None
    user: str | None = None


@dataclass(slots=True)
class Writer:
    """Writes one file, piece by piece."""

    head: bytes
    tail: bytes
    line: Callable[[Row], bytes]
    between: bytes = b""
    _first: bool = True

    def write(self, rows: Sequence[Row]) -> bytes:
        """Write some rows."""
        made: list[bytes] = []
        for row in rows:
            if self.between and not self._first:
                made.append(self.between)
            self._first = False
            made.append(self.line(row))
        return b"".join(made)


def writer(shape: str) -> Writer:
    """Choose how rows are written, by the format."""
    if shape == "csv":
        return Writer(tables.csv_line(_COLUMNS), b"", _csv)
    if shape == "json":
        return Writer(b"[", b"]\n", lambda row: msgspec.json.encode(_whole(row)), b",\n")
    if shape == "openai":
        return Writer(b"", b"", lambda row: tables.json_line(openai(row)))
    if shape == "hf":
        return Writer(b"", b"", lambda row: tables.json_line(hugging_face(row)))
    return Writer(b"", b"", lambda row: tables.json_line(_whole(row)))


_COLUMNS: Final = (
    "id",
    "dataset",
    "input",
    "output",
    "source",
    "status",
    "quality",
    "weight",
    "split",
)


def _whole(row: Row) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": row.id,
        "dataset": row.dataset,
        "input": row.input,
        "output": row.output,
        "source": row.source,
        "status": row.status,
        "quality": row.quality,
        "weight": row.weight,
        "split": row.split,
    }
    return made if row.user is None else made | {"user": row.user}


def _csv(row: Row) -> bytes:
    whole = _whole(row)
    return tables.csv_line([whole[name] for name in _COLUMNS])


def openai(row: Row) -> dict[str, Any]:
    """Write an example as OpenAI's fine-tuning takes it."""
    asked = _messages(row.input)
    if row.kind == "preference":
        pair = cast("Mapping[str, str]", row.output)
        return {
            "input": {"messages": asked},
            "preferred_output": [_said(pair["chosen"])],
            "non_preferred_output": [_said(pair["rejected"])],
        }
    answer = row.output if isinstance(row.output, str) else msgspec.json.encode(row.output).decode()
    return {"messages": [*asked, _said(answer)]}


def hugging_face(row: Row) -> dict[str, Any]:
    """Write an example as the trainers and data sets of Hugging Face take it."""
    if row.kind == "intent":
        return {"text": row.input, "label": row.output}
    if row.kind == "entity":
        return {"text": row.input, "entities": row.output}
    if row.kind == "preference":
        pair = cast("Mapping[str, str]", row.output)
        if isinstance(row.input, str):
            return {"prompt": row.input, **pair}
        return {
            "prompt": row.input,
            "chosen": [_said(pair["chosen"])],
            "rejected": [_said(pair["rejected"])],
        }
    return {"messages": [*_messages(row.input), _said(row.output)]}


def require(shape: str, kinds: Sequence[str]) -> None:
    """Refuse a format in which these kinds of datasets cannot stand together."""
    if shape == "openai" and "preference" in kinds and len(set(kinds)) > 1:
        raise FormatUnsuited(
            "Preferences and other examples cannot stand in one file of OpenAI's: choose a dataset."
        )


def _messages(given: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return [{"role": "user", "content": given}] if isinstance(given, str) else given


def _said(answer: str) -> dict[str, Any]:
    return {"role": "assistant", "content": answer}
