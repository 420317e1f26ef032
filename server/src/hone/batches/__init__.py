"""Files that clients leave here, and batches: many calls in one file, made in the background.

A file's bytes are sealed under a key of its own, which lies in its row; losing the row is losing the
file. A batch is a row that says how far it is, and a job that goes on with it. Each of its lines is a
call like any other, and its answer is kept before it counts as made: a worker that is killed at any
point loses none, and makes none again whose answer had come.
"""

from hone.batches.elsewhere import Elsewhere, may_forward
from hone.batches.errors import NotKept
from hone.batches.jobs import GO_ON, QUEUE, RUN, Runner, forget, go_on, run
from hone.batches.models import Batch, File
from hone.batches.recording import Book
from hone.batches.running import Station
from hone.batches.schemas import BatchCreate, BatchRead
from hone.batches.service.batches import cancel, create, page, whole
from hone.batches.service.files import keep, lines_of
from hone.batches.storage import Place, holding

__all__ = [
    "GO_ON",
    "QUEUE",
    "RUN",
    "Batch",
    "BatchCreate",
    "BatchRead",
    "Book",
    "Elsewhere",
    "File",
    "NotKept",
    "Place",
    "Runner",
    "Station",
    "cancel",
    "create",
    "forget",
    "go_on",
    "holding",
    "keep",
    "lines_of",
    "may_forward",
    "page",
    "run",
    "whole",
]
