"""Examples as files: JSON, JSON lines, CSV, OpenAI's and Hugging Face's chats, in and out. Pure.

A file is read in pieces and written in pieces; neither is ever whole in memory. `cutting` finds where a
record ends, `reading` makes an example of a record, `writing` a record of an example. Parquet is made
and read by a program of the trainer, as JSON lines on this side.
"""

from hone.datasets.formats.cutting import Cut, Cutter, Damaged, cutter
from hone.datasets.formats.reading import Draft, read
from hone.datasets.formats.writing import MEDIA_TYPES, Row, Writer, writer

__all__ = [
    "MEDIA_TYPES",
    "Cut",
    "Cutter",
    "Damaged",
    "Draft",
    "Row",
    "Writer",
    "cutter",
    "read",
    "writer",
]
