"""Questions with answers: a list in JSON, or a table with a column for each."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from hone_trainer.knowledge import Page, Unfit
from hone_trainer.knowledge.texts import decode

_ASKED: Final = ("question", "title", "q")
_ANSWERED: Final = ("answer", "text", "content", "a")
_LONGEST_CELL: Final = 1 << 20


def read(content: bytes) -> list[Page]:
    """Read questions with their answers."""
    text = decode(content)
    rows = _json(text) if text.lstrip()[:1] in {"[", "{"} else _table(text)
    pages = [page for row in rows if (page := _page(row)) is not None]
    if not pages:
        raise Unfit("There is no question with an answer: name them `question` and `answer`.")
    return pages


def _json(text: str) -> Iterable[object]:
    try:
        body: Any = json.loads(text)
    except ValueError as error:
        raise Unfit(f"This is no JSON: {error}.") from error
    if isinstance(body, dict):
        body = next((each for each in body.values() if isinstance(each, list)), [])
    return body


def _table(text: str) -> Iterable[object]:
    csv.field_size_limit(_LONGEST_CELL)
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    try:
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=between))
    except csv.Error as error:
        raise Unfit(f"This is no table that can be read: {error}.") from error


def _page(row: object) -> Page | None:
    if not isinstance(row, Mapping):
        return None
    told = {str(name).strip().lower(): value for name, value in row.items()}
    asked = next((told[name] for name in _ASKED if isinstance(told.get(name), str)), None)
    answered = next((told[name] for name in _ANSWERED if isinstance(told.get(name), str)), None)
    return Page(asked, answered) if asked and answered else None
