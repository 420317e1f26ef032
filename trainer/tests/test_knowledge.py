"""Pages, FAQs and documents as titles and texts, whatever is in them."""

import contextlib
import io
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hone_trainer.knowledge import LONGEST, Page, Unfit, cut, faqs, html, pdf, texts
from hone_trainer.knowledge.__main__ import MOST, read

SITE = b"""<!doctype html><html><head><title>Venue
 help</title><meta charset="latin-1"><style>p { color: red }</style></head><body>
<nav><a href="/">Home</a></nav><main><h1>Refunds &amp; more</h1><p>Caf\xe9 money comes
back.</p><ul><li>Card</li><li>Cash</li></ul><script>alert("p")</script>
<details><summary>Who pays?</summary><p>We do.</p></details>
<dl><dt>Parking?</dt><dd>Free.</dd><dt>Dogs?</dt><dd>No.</dd></dl>
<table><tr><th>Day</th><td>Monday</td></tr></table></main><footer>2026</footer></body></html>"""


def told(kind: str, content: bytes) -> list[dict[str, Any]]:
    written = io.BytesIO()
    read(kind, io.BytesIO(content), written)
    return [json.loads(each) for each in written.getvalue().splitlines()]


def test_a_page_is_what_stands_under_its_headings() -> None:
    assert {each["title"]: each["text"] for each in told("html", SITE)} == {
        "Refunds & more": "Café money comes back.\n\nCard\n\nCash",
        "Who pays?": "We do.",
        "Parking?": "Free.",
        "Dogs?": "No.",
        "Venue help": "Day Monday",
    }


def test_a_page_that_marks_nothing_is_read_whole() -> None:
    assert told("html", b"Just <b>words</b>.")[0]["text"] == "Just words."
    assert told("html", b"<main></main><p>Outside.</p>")[0]["text"] == "Outside."


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<main>", "</main>", "<h1>", "</h1>", "<details>",
    "<summary>", "</summary>", "<script>", "</script>", "<nav>", "</nav>", "&#x0;", "&#xd800;", "<!--",
    "-->", "<![CDATA[", "<dt>", "word", '<script type="application/ld+json">[{"name": "a"}]</script>'])
    | st.text(max_size=8), max_size=40).map("".join))  # fmt: skip
def test_any_page_is_read_or_told(page: str) -> None:
    with contextlib.suppress(Unfit):
        for each in told("html", page.encode("utf-8", "surrogatepass")):
            assert each["text"].strip()
            assert "\0" not in each["title"] + each["text"]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["text", "faq"]), st.binary(max_size=300))
def test_any_bytes_are_read_or_told(kind: str, content: bytes) -> None:
    with contextlib.suppress(Unfit):
        assert told(kind, content)


@given(st.text(min_size=1, max_size=200), st.integers(1, 400))
def test_what_is_long_is_cut_and_loses_no_word(word: str, times: int) -> None:
    said = f"{word} {'x' * 90}. " * times
    pages = list(cut([Page("Title", said)]))
    assert all(len(page.text) <= LONGEST for page in pages)
    whole = "".join("".join(page.text.split()) for page in pages)
    expected = next(iter(cut([Page("", said[:1])])), Page("", "")).text
    assert whole.startswith("".join(expected.split()))
    assert whole.count("x" * 90) >= times - len(pages)


def test_a_damaged_document_is_told() -> None:
    whole = document("Guests may stay.", "Dogs may not.")
    assert [each["text"] for each in told("pdf", whole)] == ["Guests may stay.", "Dogs may not."]
    dice = random.Random(7)
    for _ in range(100):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        with contextlib.suppress(Unfit):
            pdf.read(bytes(damaged[: dice.randint(20, len(damaged))]))


def test_too_much_is_refused_in_words() -> None:
    rows = [{"question": f"q {each}", "answer": "a"} for each in range(MOST + 1)]
    with pytest.raises(Unfit, match="more than 5,000 pages"):
        told("faq", json.dumps(rows).encode())
    with pytest.raises(Unfit, match="question"):
        faqs.read(b"{}")
    with pytest.raises(Unfit, match="NUL"):
        texts.read(bytes(9))
    assert html.read(b"") == []


def document(*said: str) -> bytes:
    """Write a PDF document with a line on each page."""
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(said)))
    parts.append(f"<< /Type /Pages /Count {len(said)} /Kids [{kids}] >>".encode())
    parts.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for place, line in enumerate(said):
        drawn = f"BT /F1 12 Tf 20 700 Td ({line}) Tj ET"
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * place} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        parts.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream".encode())
    written, places = b"%PDF-1.4\n", list[int]()
    for number, part in enumerate(parts, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    size = len(parts) + 1
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    foot = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
    return written + head + table + foot
