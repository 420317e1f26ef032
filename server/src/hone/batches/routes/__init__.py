"""HTTP routes of files and batches: OpenAI's below `/v1`, and the dashboard's."""

from hone.batches.routes import batches, desk, files
from hone.core import http

router = http.gather((files.router, batches.router, desk.router))
