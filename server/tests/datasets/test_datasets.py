"""Datasets through the API: begun, filled, looked through, frozen, carried in and out."""

import json

from hone.identity import Permission
from tests.datasets.conftest import Desk, lines, told

TICKETS = [
    {"text": "Where is my card?", "intent": "card_arrival"},
    {"text": "My card has not come", "intent": "card_arrival"},
    {"text": "I was charged twice", "intent": "double_charge"},
    {"text": "Two payments for one coffee", "intent": "double_charge"},
]


async def test_a_dataset_is_begun_changed_and_taken_away(desk: Desk) -> None:
    made = await desk.dataset(collects=["ticket-classifier"], retentionDays=90)
    assert made["id"].startswith("ds_")
    assert (made["examples"], made["averageQuality"], made["version"]) == (0, None, None)
    again = await desk.api.post("/api/datasets", {"name": "tickets", "kind": "intent"})
    assert told(again) == (409, "dataset_name_taken")
    changed = await desk.api.call(
        "PATCH", "/api/datasets/tickets", {"description": "What came in", "retentionDays": None}
    )
    assert changed.json()["description"] == "What came in"
    assert changed.json()["retentionDays"] is None
    assert changed.json()["collects"] == ["ticket-classifier"]
    assert (await desk.get("/api/datasets"))["items"][0]["name"] == "tickets"
    assert (await desk.api.delete(f"/api/datasets/{made['id']}")).status_code == 204
    assert told(await desk.api.get("/api/datasets/tickets")) == (404, "dataset_not_found")


async def test_a_file_is_imported_counted_and_written_again(desk: Desk) -> None:
    await desk.dataset()
    given = await desk.send("/api/datasets/tickets/import?file=t.jsonl", lines(*TICKETS))
    assert (given["lines"], given["added"], given["refused"]) == (4, 4, 0)
    again = await desk.send("/api/datasets/tickets/import", lines(*TICKETS))
    assert (again["added"], again["duplicates"]) == (0, 4)
    counts = await desk.get("/api/datasets/tickets/statistics")
    assert counts["byLabel"] == {"card_arrival": 2, "double_charge": 2}
    assert counts["byStatus"] == {"pending": 0, "validated": 4, "rejected": 0}
    assert (counts["merged"], sum(counts["qualityHistogram"])) == (4, 4)
    written = await desk.api.get("/api/datasets/tickets/export?format=jsonl")
    rows = [json.loads(each) for each in written.text.splitlines()]
    assert [(each["input"], each["output"]) for each in rows] == [
        (each["text"], each["intent"]) for each in TICKETS
    ]
    first = (await desk.examples())[-1]
    assert first["lineage"]["file"] == "t.jsonl"
    assert first["lineage"]["line"] == 1


async def test_a_version_is_what_was_there_for_ever(desk: Desk) -> None:
    await desk.dataset()
    await desk.send("/api/datasets/tickets/import", lines(*TICKETS))
    path = "/api/datasets/tickets/versions"
    first = await desk.made(path, {"note": "begin"})
    assert (first["number"], first["examples"], first["note"]) == (1, 4, "begin")
    assert sum(first["manifest"]["splits"].values()) == 4
    assert (await desk.made(path, {}))["number"] == 1, "nothing changed"
    gone = (await desk.examples())[0]
    await desk.api.delete(f"/api/datasets/tickets/examples/{gone['id']}")
    new = {"text": "Please close my account", "intent": "close"}
    await desk.send("/api/datasets/tickets/import", lines(new))
    fix = (await desk.examples(query="label=card_arrival"))[0]
    where = f"/api/datasets/tickets/examples/{fix['id']}"
    assert (await desk.api.call("PATCH", where, {"output": "card_lost"})).status_code == 200
    second = await desk.made(path, {})
    assert second["number"] == 2
    compared = await desk.get(f"{path}/1/compare/2")
    assert (compared["added"], compared["removed"], compared["relabelled"]) == (1, 1, 1)
    assert compared["same"] == 2
    assert compared["labels"]["card_lost"] == [0, 1]
    assert compared["examples"]["relabelled"][0]["before"] == "card_arrival"
    assert compared["examples"]["added"][0]["input"] == new["text"]
    old = await desk.api.get("/api/datasets/tickets/export?version=1")
    assert sorted(json.loads(each)["input"] for each in old.text.splitlines()) == sorted(
        each["text"] for each in TICKETS
    )


async def test_the_same_content_has_the_same_digest(desk: Desk) -> None:
    digests: list[str] = []
    for name, rows in (("one", TICKETS), ("two", TICKETS[::-1])):
        await desk.dataset(name)
        fixed = [each | {"split": "train"} for each in rows]
        await desk.send(f"/api/datasets/{name}/import", lines(*fixed))
        digests.append((await desk.made(f"/api/datasets/{name}/versions", {}))["digest"])
    assert digests[0] == digests[1]


async def test_a_stranger_finds_nothing_and_a_reader_changes_nothing(desk: Desk) -> None:
    await desk.dataset()
    await desk.send("/api/datasets/tickets/import", lines(*TICKETS))
    stranger = await desk.api.add_organization("Elsewhere")
    assert told(await desk.api.get("/api/datasets/tickets", stranger)) == (404, "dataset_not_found")
    reader = await desk.api.add_key(Permission.DATASETS_READ)
    page = await desk.api.get("/api/datasets/tickets/examples", reader)
    assert {each["input"] for each in page.json()["items"]} == {None}
    export = await desk.api.get("/api/datasets/tickets/export", reader)
    assert export.status_code == 403
    body = {"name": "mine", "kind": "intent"}
    assert (await desk.api.post("/api/datasets", body, reader)).status_code == 403
    found = await desk.api.get("/api/datasets/tickets/examples?q=card", reader)
    assert found.status_code == 403
