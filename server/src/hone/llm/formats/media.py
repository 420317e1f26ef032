"""Pictures and documents in requests: addresses, and `data:` URLs (RFC 2397)."""

from hone.llm.neutral import Media


def from_url(
    kind: str, url: str, *, name: str = "", detail: str = "", cache: str | None = None
) -> Media:
    """Read an address; of a `data:` URL the bytes, of bare base64 too."""
    head, comma, data = url.partition(",")
    if url.startswith("data:") and comma:
        media_type = head.removeprefix("data:").partition(";")[0]
        return Media(kind, media_type, data, name=name, detail=detail, cache=cache)
    if "://" in url[:16]:
        return Media(kind, url=url, name=name, detail=detail, cache=cache)
    return Media(kind, data=url, name=name, detail=detail, cache=cache)


def to_url(media: Media) -> str:
    """Write an address, or the bytes as a `data:` URL."""
    return media.url or f"data:{media.media_type};base64,{media.data}"
