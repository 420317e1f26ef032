"""PDF documents: each of their pages is a page, as far as it has text."""

import io
import logging
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from hone_trainer.knowledge import Page, Unfit

MOST: Final = 2_000


def read(content: bytes) -> list[Page]:
    """Read the text of a document."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        return _pages(PdfReader(io.BytesIO(content), strict=False))
    except Unfit:
        raise
    # A damaged document can fail anywhere in the library.
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
    ) as error:
        raise Unfit("This PDF document is damaged, or is none.") from error


def _pages(reader: PdfReader) -> list[Page]:
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unfit("This PDF document needs a password.")
    if len(reader.pages) > MOST:
        raise Unfit(f"It has {len(reader.pages):,} pages; {MOST:,} are allowed.")
    known = reader.metadata
    title = (known.title if known is not None else None) or ""
    return [
        Page(str(title), page.extract_text(), f"page {number}")
        for number, page in enumerate(reader.pages, 1)
    ]
