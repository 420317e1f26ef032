"""Serve a built single-page application: hashed assets for ever, its page for every other path."""

from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

_FOR_EVER = "public, max-age=31536000, immutable"
_MISSING = "The dashboard is not built. Run `make web`, or use a release that contains it.\n"


class Pages:
    """The files of one folder; paths that are no file get the application's page.

    Below `reserved` there are no pages: a mistyped address of an API must not look like a success.
    """

    def __init__(self, folder: Path | None, reserved: tuple[str, ...] = ()) -> None:
        self._folder = folder
        self._reserved = reserved
        self._files = None if folder is None else StaticFiles(directory=folder)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        answer = await self._find(scope)
        await answer(scope, receive, send)

    async def _find(self, scope: Scope) -> Response:
        if f"{scope['path']}/".startswith(self._reserved):
            raise HTTPException(404)
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405, headers={"allow": "GET, HEAD"})
        if self._files is None or self._folder is None:
            return PlainTextResponse(_MISSING, 404)
        path = _page(self._folder, str(scope["path"]).lstrip("/"))
        if path and _is_file(self._folder, path):
            answer = await self._file(self._files, self._folder, path, scope)
            hashed = path.startswith("assets/")
            answer.headers["cache-control"] = _FOR_EVER if hashed else "no-cache"
            return answer
        if path.startswith("assets/"):
            raise HTTPException(404)
        return FileResponse(self._folder / "index.html", headers={"cache-control": "no-cache"})

    async def _file(self, files: StaticFiles, folder: Path, path: str, scope: Scope) -> Response:
        """Return a file, packed where the build has packed it and the client takes that."""
        packed = f"{path}.gz"
        if not _is_file(folder, packed):
            return await files.get_response(path, scope)
        taken = _takes_gzip(Headers(scope=scope).get("accept-encoding", ""))
        answer = await files.get_response(packed if taken else path, scope)
        answer.headers["vary"] = "accept-encoding"
        if taken:
            answer.headers["content-encoding"] = "gzip"
        return answer


def _takes_gzip(accepted: str) -> bool:
    """Tell whether a client takes gzip (RFC 9110, 12.5.3); one that says `q=0` does not."""
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in {"gzip", "*"}:
            return weight.strip() not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _page(folder: Path, path: str) -> str:
    """Name the page of a folder that has one of its own, as `/docs` does."""
    inside = f"{path.rstrip('/')}/index.html"
    return inside if path and _is_file(folder, inside) else path


def _is_file(folder: Path, path: str) -> bool:
    """Tell whether a path names a file of the folder, and of no other."""
    try:
        found = (folder / path).resolve()
        return found.is_relative_to(folder.resolve()) and found.is_file()
    except (OSError, ValueError):
        return False
