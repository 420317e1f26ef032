"""A file on its way in: sealed piece by piece, or passed on to a provider as it came."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import cast

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from hone.batches.elsewhere import Elsewhere
from hone.batches.errors import FileTooLarge, FormUnreadable
from hone.batches.forms import Field, FileStart, Form, Found, boundary_of
from hone.batches.schemas import FileObject
from hone.batches.service import files
from hone.batches.storage import Draft, Place
from hone.core.settings import Settings
from hone.identity import Actor

OURS = "batch"


@dataclass(slots=True)
class Upload:
    """One form with a file in it."""

    request: Request
    actor: Actor
    place: Place
    forwardable: bool
    """There is a provider to whom files of other purposes go."""
    _fields: dict[str, str] = field(default_factory=dict[str, str])
    _draft: Draft | None = None
    _raw: list[bytes] = field(default_factory=list[bytes])
    """What came, as long as it may have to be passed on."""
    _held: int = 0

    async def receive(self) -> FileObject | Response:
        """Keep the file, or pass the request on."""
        form = Form(boundary_of(self.request.headers.get("content-type", "")))
        try:
            stream = self.request.stream()
            async for data in stream:
                self._hold(data)
                for found in form.take(data):
                    await self._take(found)
                if self._is_elsewhere():
                    await self._let_go()
                    return Elsewhere(self.request, b"".join(self._raw), _rest(stream))
            if not form.ended:
                raise FormUnreadable("The form has no end.")
            return await self._finish()
        except BaseException as error:
            await self._let_go()
            if isinstance(error, ClientDisconnect):
                return Response(status_code=499)
            raise

    def _hold(self, data: bytes) -> None:
        """Keep what came for a provider, until it is known that none is meant."""
        if not self.forwardable or self._fields.get("purpose") == OURS:
            self._raw.clear()
            return
        settings = cast("Settings", self.request.app.state.settings)
        self._held += len(data)
        if self._held > settings.server.max_body_bytes:
            raise FileTooLarge(
                "Send the field `purpose` before the file: what goes to a provider has at most"
                f" {settings.server.max_body_bytes} bytes."
            )
        self._raw.append(data)

    def _is_elsewhere(self) -> bool:
        return self.forwardable and self._fields.get("purpose", OURS) != OURS

    async def _take(self, found: Found) -> None:
        match found:
            case Field(name, value):
                self._fields[name] = value
            case FileStart("file", filename) if self._draft is None:
                if not self._is_elsewhere():
                    await self._begin(filename)
            case FileStart(name, _):
                raise FormUnreadable(
                    f"The form has one file, in the field 'file', and not {name!r}."
                )
            case bytes():
                if self._draft is not None:
                    await self._draft.write(found)

    async def _begin(self, filename: str) -> None:
        purpose = self._fields.get("purpose", "")
        if purpose:
            files.require_purpose(purpose)
        self._draft = await files.begin(self.actor, self.place, purpose, filename)

    async def _finish(self) -> FileObject:
        if self._draft is None:
            raise FormUnreadable("The form has no file: send it in the field 'file'.")
        purpose = self._fields.get("purpose", "")
        files.require_purpose(purpose)
        expires = files.expiry(
            self._fields.get("expires_after[anchor]"), self._fields.get("expires_after[seconds]")
        )
        return await files.finish(self.actor, self._draft, purpose, expires)

    async def _let_go(self) -> None:
        """Leave nothing of a file that is not kept."""
        draft, self._draft = self._draft, None
        if draft is not None:
            await files.abandon(draft)


async def _rest(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for data in stream:
        if data:
            yield data
