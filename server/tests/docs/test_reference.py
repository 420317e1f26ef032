"""The reference says everything, and what it says is true of this code."""

import re

import pytest

from tests.docs.pages import DOCS
from tools.reference.pages import FOLDER, PAGES


@pytest.mark.parametrize("page", PAGES)
def test_a_reference_page_is_up_to_date(page: str) -> None:
    written = PAGES[page]()
    assert (FOLDER / page).read_text(encoding="utf-8") == written, "run `make docs`"


def test_every_page_can_be_found_from_the_index() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    pages = [
        page
        for folder in ("tutorials", "how-to", "reference", "explanation")
        for page in (DOCS / folder).glob("*.md")
    ]
    missing = [page.name for page in pages if page.relative_to(DOCS).as_posix() not in index]
    assert not missing


def test_every_link_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(DOCS)} → {link}"
        for page in DOCS.rglob("*.md")
        for link in _links(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert not broken


def _links(text: str) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [
        link.split("#")[0]
        for link in found
        if "://" not in link and not link.startswith(("#", "mailto:"))
    ]
