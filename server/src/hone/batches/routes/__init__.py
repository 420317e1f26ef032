"""HTTP routes of files and batches: OpenAI's below `/v1`, and the dashboard's."""

from fastapi import APIRouter

from hone.batches.routes import batches, desk, files

router = APIRouter()
for each in (files.router, batches.router, desk.router):
    router.include_router(each)
