"""Pictures and documents as Bedrock takes them: by their bytes, or from S3."""

import re
from typing import Final
from urllib.parse import urlsplit

from hone.llm.errors import Unsupported
from hone.llm.neutral import Media

Object = dict[str, object]

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_PICTURES: Final = {
    "image/gif": "gif",
    "image/jpeg": "jpeg",
    "image/jpg": "jpeg",
    "image/png": "png",
    "image/webp": "webp",
}
_DOCUMENTS: Final = {
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/vnd.ms-excel": "xls",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}.wordprocessingml.document": "docx",
    "text/csv": "csv",
    "text/html": "html",
    "text/markdown": "md",
    "text/plain": "txt",
}
_ENDINGS: Final = {"jpg": "jpeg", "htm": "html"}
_UNNAMEABLE: Final = re.compile(r"[^a-zA-Z0-9\s()\[\]-]+")
_LONGEST_NAME: Final = 200


def picture(media: Media) -> Object:
    """Write a picture."""
    return {"image": {"format": _format(media, _PICTURES), "source": _source(media)}}


def document(media: Media, taken: set[str]) -> Object:
    """Write a document; no two of a request may have one name, and a name is letters and digits."""
    stem = media.name.rpartition(".")[0] or media.name
    name = " ".join(_UNNAMEABLE.sub(" ", stem).split())[:_LONGEST_NAME] or "document"
    if name in taken:
        name = f"{name} {len(taken) + 1}"
    taken.add(name)
    kind = _format(media, _DOCUMENTS)
    return {"document": {"format": kind, "name": name, "source": _source(media)}}


def _format(media: Media, known: dict[str, str]) -> str:
    """Read the format from the type of the bytes, or from the end of a name."""
    found = known.get(media.media_type.lower())
    ending = (media.name or urlsplit(media.url).path).rpartition(".")[2].lower()
    if found is None and not media.media_type:
        ending = _ENDINGS.get(ending, ending)
        found = ending if ending in known.values() else None
    if found is None:
        kind = media.media_type or "a file of unknown type"
        raise Unsupported(f"'messages': Bedrock does not take {kind}.", param="messages")
    return found


def _source(media: Media) -> Object:
    if media.url.startswith("s3://"):
        return {"s3Location": {"uri": media.url}}
    if media.url:
        reason = "'messages': Bedrock fetches no addresses; send the bytes as a `data:` URL."
        raise Unsupported(reason, param="messages")
    return {"bytes": media.data}
