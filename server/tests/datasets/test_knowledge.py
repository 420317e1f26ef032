"""Knowledge: pages, FAQs and documents that answers are searched in, kept in sync with where they are from."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from hone import datasets
from hone.core import clock, http
from hone.core.db import Database
from hone.core.settings import Security, Settings
from hone.datasets import syncing
from hone.datasets.examining import Place
from hone.datasets.repository import knowledge
from hone.datasets.routes import router
from hone.identity import Permission
from tests.datasets.conftest import Desk, Json, lines, told
from tests.datasets.documents import Site, open_site, pdf
from tests.identity.api import open_api
from tests.identity.api import told as events_of

PATH = "/api/datasets/answers/knowledge"
PAGE = "<html><title>Help</title><body><nav>Home</nav><h1>Refunds</h1><p>{}</p></body></html>"


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as opened:
        yield opened


@pytest_asyncio.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_api(database, private_upstreams=True) as opened:
        http.add_routers(opened.app, router)
        made = Desk(opened, tmp_path)
        await made.dataset("answers", "response")
        yield made


async def _sync(desk: Desk, owner: Database, *, due: bool = False) -> Json:
    """Do what a worker does within seconds; with `due`, as if its time had come."""
    if due:
        async with owner.transaction() as session:
            await session.execute(text("UPDATE knowledge_sources SET next_at = now()"))
    place = Place(desk.api.app.state.settings, desk.api.keyring)
    while await syncing.sync(owner, place):
        pass
    return (await desk.get(PATH))["items"][0]


async def _pages(desk: Desk) -> dict[str, str]:
    found = await desk.examples("answers", "source=knowledge")
    return {each["input"]: each["output"] for each in found}


async def test_a_page_is_read_and_kept_in_sync(desk: Desk, owner: Database, site: Site) -> None:
    site.says("/help", PAGE.format("They take five days."))
    asked = {"url": site.url("/help#refunds"), "name": "Help", "everyHours": 6}
    made = await desk.made(PATH, asked, 202)
    assert (made["state"], made["pages"], made["url"]) == ("waiting", 0, site.url("/help"))
    again = await desk.api.post(PATH, asked)
    assert told(again) == (409, "knowledge_name_taken")
    now = await _sync(desk, owner)
    assert (now["state"], now["format"], now["pages"]) == ("current", "html", 1)
    assert await _pages(desk) == {"Refunds": "They take five days."}
    (row,) = await desk.examples("answers", "source=knowledge")
    assert (row["status"], row["lineage"]["knowledge"]) == ("validated", made["id"])
    assert row["lineage"]["file"] == site.url("/help")
    before = await _sync(desk, owner, due=True)
    assert site.asked[-1] == ("/help", 304)
    assert before["changedAt"] == now["changedAt"]
    site.says("/help", PAGE.format("They take two days."))
    assert (await _sync(desk, owner, due=True))["pages"] == 1
    assert await _pages(desk) == {"Refunds": "They take two days."}
    site.pages.clear()
    failed = await _sync(desk, owner, due=True)
    assert (failed["state"], failed["problem"]) == ("failed", "It answered 404.")
    assert failed["nextAt"] < before["nextAt"], "it is tried again sooner"
    assert await _pages(desk) == {"Refunds": "They take two days."}, "what it said is kept"
    names = [name for name, _, _ in await events_of(owner) if name.startswith("knowledge.")]
    assert names == [f"knowledge.{each}" for each in ("added", "synced", "synced", "failed")]
    assert (await desk.api.delete(f"{PATH}/{made['id']}")).status_code == 204
    assert await _pages(desk) == {}


async def test_a_worker_that_comes_late_writes_nothing(
    desk: Desk, owner: Database, site: Site
) -> None:
    site.says("/help", PAGE.format("One."))
    await desk.made(PATH, {"url": site.url("/help")}, 202)
    place = Place(desk.api.app.state.settings, desk.api.keyring)
    async with owner.transaction() as session:
        (late,) = await knowledge.claim(session, clock.now(), timedelta(0), 1)
    await _sync(desk, owner, due=True)
    before = await _pages(desk)
    site.says("/help", PAGE.format("Two."))
    await syncing.follow(owner, place, *late)
    assert await _pages(desk) == before == {"Refunds": "One."}


async def test_a_model_is_trained_on_answers_and_names_the_page(
    desk: Desk, owner: Database, site: Site, tmp_path: Path
) -> None:
    site.says("/help", PAGE.format("They take five days."))
    await desk.made(PATH, {"url": site.url("/help")}, 202)
    await _sync(desk, owner)
    rows = [{"input": f"question {each}?", "output": f"answer {each}"} for each in range(30)]
    same = {"input": "Refunds", "output": "Ask us."}
    given = await desk.send("/api/datasets/answers/import", lines(*rows, same))
    assert (given["added"], given["contradictions"]) == (31, 0), "a page is no answer to its title"
    version = await desk.made("/api/datasets/answers/versions", {})
    assert version["manifest"]["sources"] == {"expert": 31, "knowledge": 1}
    api = desk.api
    async with api.database.transaction(api.organization_id) as session:
        row = await datasets.version(session, api.organization_id, version["id"])
        learned = datasets.enough(row, "response").available
        assert learned == version["manifest"]["splits"]["train"] - 1
        await datasets.pour(
            *(session, api.app.state.blobs, api.keyring, api.organization_id),
            version["id"],
            tmp_path / "data.jsonl",
        )
    poured = [json.loads(each) for each in (tmp_path / "data.jsonl").read_bytes().splitlines()]
    (page,) = [each for each in poured if each["source"] == "knowledge"]
    assert (page["input"], page["split"]) == ("Refunds", "train")
    assert page["group"] == site.url("/help")


DOCUMENTS = {
    "guide.pdf": (pdf("Guests may stay.", "Dogs may not.", title="Guide"), {
        "Guide, page 1": "Guests may stay.", "Guide, page 2": "Dogs may not."}),
    "faq.json": (b'[{"question": "Dogs?", "answer": "No."}]', {"Dogs?": "No."}),
    "faq.csv": (b'question;answer\nDogs?;"No, never."\n', {"Dogs?": "No, never."}),
    "rules.md": ("# Dogs\nNo.\n## Cats\nYes, caf\u00e9 cats.".encode("cp1252"), {
        "Dogs": "No.", "Cats": "Yes, caf\u00e9 cats."}),
    "notes.txt": (b"\xff\xfe" + "Only notes.".encode("utf-16-le"), {"notes.txt": "Only notes."}),
    "faq.html": (b'<script type="application/ld+json">{"@graph": [{"@type": "FAQPage",'
                 b' "mainEntity": [{"name": "Dogs?", "acceptedAnswer": {"text": "<p>No.</p>"}}]}]}'
                 b"</script><h1>Dogs</h1><p>None.", {"Dogs?": "No.", "Dogs": "None."}),
}  # fmt: skip


async def test_documents_of_every_format_are_uploaded_and_replaced(desk: Desk) -> None:
    for name, (content, expected) in DOCUMENTS.items():
        made = await desk.send(f"{PATH}/upload?name={name}", content, 201)
        assert (made["state"], made["pages"]) == ("current", len(expected)), name
        assert await _pages(desk) == expected, name
        again = await desk.api.post(f"{PATH}/{made['id']}/sync", {})
        assert told(again) == (409, "knowledge_uploaded")
        await desk.api.delete(f"{PATH}/{made['id']}")
    await desk.send(f"{PATH}/upload?name=a.txt", b"One.", 201)
    await desk.send(f"{PATH}/upload?name=a.txt", b"Two.", 201)
    assert await _pages(desk) == {"a.txt": "Two."}
    assert (await desk.get(PATH))["total"] == 1


HOSTILE = {
    "a.pdf": (b"%PDF-1.7 and no more", "damaged"),
    "b.pdf": (pdf(""), "no text"),
    "c.json": (b"[" * 100_000, "nested|JSON"),
    "d.json": (b'[{"question": 1}]', "question"),
    "e.bin": (bytes(5000), "NUL"),
    "f.html": (b"<html>" + b"<div>" * 50_000 + b"<script>alert(1)", "no text"),
    "g.txt": (b" \n ", "no text"),
    "h.csv": (b'question,answer\n"' + b"x" * (2 << 20) + b'",y\n', "table"),
}


async def test_what_cannot_be_read_is_refused_in_words(desk: Desk) -> None:
    for name, (content, words) in HOSTILE.items():
        refused = await desk.send(f"{PATH}/upload?name={name}", content, 422)
        assert refused["error"]["code"] == "document_unfit", name
        message = refused["error"]["message"]
        assert any(each in message for each in words.split("|")), (name, message)
    await desk.send(f"{PATH}/upload?name=big.txt", b"x" * ((20 << 20) + 1), 413)
    assert (await desk.get(PATH))["total"] == 0


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://name:word@example.com/",
        "http://169.254.169.254/latest/meta-data",
        "http://0x7f.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://localhost:8700/",
        "gopher://example.com/",
        "https://example.com:99999/",
        "http://example.com\\@127.0.0.1/",
    ],
)
async def test_an_address_that_leads_inside_is_refused(desk: Desk, url: str) -> None:
    desk.api.app.state.settings = Settings()
    refused = await desk.api.post(PATH, {"url": url})
    assert told(refused) == (422, "address_unfit"), refused.text


async def test_a_redirect_is_looked_at_as_an_address_is(
    desk: Desk, owner: Database, site: Site
) -> None:
    site.says("/inside", "http://169.254.169.254/latest/meta-data", "location")
    site.says("/round", "/round", "location")
    site.says("/moved", "/help", "location")
    site.says("/help", PAGE.format("Moved."))
    for path in ("/inside", "/round", "/moved"):
        await desk.made(PATH, {"url": site.url(path), "name": path}, 202)
    await _sync(desk, owner)
    found = {each["name"]: each for each in (await desk.get(PATH))["items"]}
    assert "public internet" in found["/inside"]["problem"]
    assert "more than 5 times" in found["/round"]["problem"]
    assert found["/moved"]["state"] == "current"
    assert await _pages(desk) == {"Refunds": "Moved."}


async def test_knowledge_is_of_answers_and_of_who_may(desk: Desk) -> None:
    await desk.dataset()
    url = {"url": "http://127.0.0.1:9/"}
    elsewhere = await desk.api.post("/api/datasets/tickets/knowledge", url)
    assert told(elsewhere) == (422, "knowledge_unsuited")
    row = lines({"text": "Title", "intent": "x", "source": "knowledge"})
    refused = await desk.send("/api/datasets/tickets/import", row)
    assert "kind 'response'" in refused["problems"][0]["reason"]
    made = await desk.made(PATH, url | {"everyHours": None}, 202)
    reader = await desk.api.add_key(Permission.DATASETS_READ)
    assert (await desk.api.get(PATH, reader)).json()["total"] == 1
    where = f"{PATH}/{made['id']}"
    for method, path, body in (
        ("POST", PATH, url),
        ("PATCH", where, {"name": "x"}),
        ("POST", f"{where}/sync", {}),
        ("DELETE", where, None),
    ):
        assert (await desk.api.call(method, path, body, reader)).status_code == 403
    stranger = await desk.api.add_organization("Elsewhere")
    assert told(await desk.api.get(where, stranger)) == (404, "dataset_not_found")
    missing = f"{PATH}/{made['id'][:-1]}{'0' if made['id'][-1] != '0' else '1'}"
    assert told(await desk.api.get(missing)) == (404, "knowledge_not_found")
    changed = await desk.api.call("PATCH", where, {"name": "Help", "everyHours": 12})
    assert (changed.json()["name"], changed.json()["everyHours"]) == ("Help", 12)


async def test_one_that_fails_and_has_no_schedule_is_given_up(desk: Desk, owner: Database) -> None:
    await desk.made(PATH, {"url": "http://127.0.0.1:9/", "everyHours": None}, 202)
    tries = [await _sync(desk, owner, due=True) for _ in range(3)]
    found = tries[-1]
    assert (found["state"], found["nextAt"]) == ("failed", None)
    assert found["problem"] == "Its host cannot be reached."
    settings: Settings = desk.api.app.state.settings
    desk.api.app.state.settings = settings.model_copy(update={"security": Security()})
    where = f"{PATH}/{found['id']}/sync"
    assert (await desk.made(where, {}, 202))["state"] == "waiting"
    assert "public internet" in (await _sync(desk, owner))["problem"]
