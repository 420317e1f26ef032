"""The ledger is whole: nothing that the documents print is left out, and the page says what is so."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.requirements.documents import DOCUMENTS
from tests.requirements.ledger import Document, Stage, State
from tests.requirements.tables import TABLES, Table
from tools.requirements import blocks, digest, gaps, page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "requirements.md"
# Counted in the documents, which are not part of this repository.
FENCED = {1: 32, 2: 0, 3: 28, 4: 7, 5: 1}
ENDPOINTS = {1: 0, 2: 0, 3: 5, 4: 8, 5: 13}
STATEMENTS = {1: 4, 2: 0, 3: 0, 4: 0, 5: 0}
METRICS = {1: 5, 2: 0, 3: 0, 4: 0, 5: 0}
TABLE_NAMES = {1: 1, 2: 0, 3: 6, 4: 6, 5: 6}
PRINTED_INDEXES = {1: 2, 2: 0, 3: 7, 4: 0, 5: 0}
PRINTED_PARTITIONS = {1: 1, 2: 0, 3: 2, 4: 0, 5: 0}
BY_NUMBER = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.number))
pytestmark = pytest.mark.xdist_group("requirements")


@BY_NUMBER
def test_every_fenced_block_became_rows(document: Document) -> None:
    fenced = [each for each in document.blocks if each.number is not None]
    assert [each.number for each in fenced] == list(range(1, FENCED[document.number] + 1))
    assert len({each.digest for each in fenced}) == len(fenced)
    assert all(re.fullmatch(r"[0-9a-f]{12}", each.digest) for each in fenced)
    assert [each.section for each in document.blocks if not each.examples] == []


@BY_NUMBER
def test_everything_that_is_named_is_counted(document: Document) -> None:
    examples = [example for _, example in document.examples()]
    names = {each.name for each in examples}
    endpoint = re.compile(r"(?:fetch )?(?:GET|POST) (/[\w/{}-]+)")
    found = {match[0].split(",")[0] for name in names if (match := endpoint.match(name))}
    assert (
        len({each for each in found if not each.startswith("fetch")}) >= ENDPOINTS[document.number]
    )
    kinds = Counter(each.kind for each in examples)
    assert kinds["sql"] == STATEMENTS[document.number]
    assert kinds["metric"] == METRICS[document.number]
    assert kinds["ddl"] == PRINTED_INDEXES[document.number] + PRINTED_PARTITIONS[document.number]
    assert (
        len([each for each in TABLES if each.document == document.number])
        == (TABLE_NAMES[document.number])
    )


def test_every_row_has_an_id_of_its_own_and_a_state_that_is_explained() -> None:
    examples = [example for document in DOCUMENTS for _, example in document.examples()]
    twice = [name for name, count in Counter(each.id for each in examples).items() if count > 1]
    assert twice == []
    for each in examples:
        assert re.fullmatch(r"[1-5]\.[a-z0-9-]+\.[\w.-]+", each.id)
        assert (each.state is State.NOT_YET) == bool(each.today), each.id
        assert each.note or each.state not in {State.REPLACED, State.CONTEXT}, each.id


@pytest.mark.parametrize("table", TABLES, ids=lambda each: each.name)
def test_every_printed_column_has_the_home_that_is_written(stage: Stage, table: Table) -> None:
    there = {
        f"{name}.{column}"
        for name, column in stage.rows(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
    }
    built = {
        printed: re.match(r"\w+\.\w+", table.home(printed))
        for printed in table.columns
        if table.built and printed not in table.awaited
    }
    assert [name for name in built if f"{table.name}.{name}" not in there] == []
    assert [place[0] for place in built.values() if place and place[0] not in there] == []
    if not table.built:
        assert (table.ours, table.name) not in {
            (each.split(".")[0], table.name) for each in there if each.startswith(f"{table.name}.")
        }, f"{table.name} exists now: mark it"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make requirements`"


def test_a_block_reaches_from_its_fence_to_the_next_bare_one() -> None:
    text = "a\n```bash\none\ntwo\n```\nb\n  ```\nthree\n  ```\n"
    assert blocks(text) == ["one\ntwo", "three"]
    assert digest("one\ntwo") != digest("one\ntwo ")


def test_what_a_document_prints_and_the_ledger_lacks_is_told(tmp_path: Path) -> None:
    for number in range(1, 6):
        text = "`POST /ai/operations/log` and `GET /ai/invented`\n" if number == 5 else ""
        (tmp_path / f"{number}-a.md").write_text(text, "utf-8")
    told = list(gaps(tmp_path))
    assert "5-a.md: GET /ai/invented is in no row" in told
    assert "1-a.md: the fenced blocks are others" in told
    assert not any("POST /ai/operations/log" in each or each.startswith("2-") for each in told)
