"""The files of a built dashboard, over HTTP."""

import gzip
from pathlib import Path

import httpx
import pytest

from hone.core.pages import Pages

SCRIPT = b"console.log('a script that is long enough to be packed');\n" * 50


@pytest.fixture
def built(tmp_path: Path) -> Pages:
    """Build a page, a script with its packed copy, and a picture without one."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_bytes(b"<title>Hone</title>")
    (assets / "a.js").write_bytes(SCRIPT)
    (assets / "a.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "b.svg").write_bytes(b"<svg/>")
    return Pages(tmp_path, ("/api/",))


async def get(pages: Pages, path: str, accepted: str) -> httpx.Response:
    transport = httpx.ASGITransport(pages)
    async with httpx.AsyncClient(transport=transport, base_url="http://hone") as client:
        return await client.get(path, headers={"accept-encoding": accepted})


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.8", "GZIP", "*"])
async def test_a_packed_file_is_given_to_who_takes_it(built: Pages, accepted: str) -> None:
    answer = await get(built, "/assets/a.js", accepted)
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(SCRIPT) / 2
    assert answer.content == SCRIPT
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "gzip; q=0.0, br"])
async def test_who_takes_none_gets_it_plain(built: Pages, accepted: str) -> None:
    answer = await get(built, "/assets/a.js", accepted)
    assert "content-encoding" not in answer.headers
    assert answer.content == SCRIPT
    assert answer.headers["vary"] == "accept-encoding"


async def test_what_was_not_packed_is_given_as_it_is(built: Pages) -> None:
    answer = await get(built, "/assets/b.svg", "gzip")
    assert (answer.content, "content-encoding" in answer.headers) == (b"<svg/>", False)
    assert (await get(built, "/anywhere", "gzip")).text == "<title>Hone</title>"
