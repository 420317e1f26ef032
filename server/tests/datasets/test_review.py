"""What is decided about examples, one by one and many at once, and how it is taken back."""

import pytest

from tests.datasets.conftest import Desk, Json, lines, told, work_off_checks

REVIEW = "/api/datasets/tickets/examples/review"


async def _pending(desk: Desk, *rows: Json) -> list[Json]:
    await desk.dataset()
    await desk.send("/api/datasets/tickets/import?status=pending&source=user", lines(*rows))
    return (await desk.examples())[::-1]


async def test_examples_are_approved_rejected_and_corrected_in_bulk(desk: Desk) -> None:
    one, two, three = await _pending(
        desk,
        {"text": "Where is my card?", "intent": "card"},
        {"text": "asdfgh qwrtzp xcvbnm", "intent": "card"},
        {"text": "I was charged twice", "intent": "card"},
    )
    assert two["quality"] < one["quality"]
    assert {each["name"] for each in two["reasons"]} == {"source", "gibberish"}
    decided = await desk.made(REVIEW, {"ids": [one["id"]], "action": "approve"}, 200)
    assert decided == {"changed": 1, "missing": []}
    body = {"ids": [two["id"], "ex_nothing"], "action": "reject", "reason": "Noise"}
    assert (await desk.made(REVIEW, body, 200))["missing"] == ["ex_nothing"]
    body = {"ids": [three["id"]], "action": "correct", "output": "double_charge"}
    await desk.made(REVIEW, body, 200)
    first, second, third = (await desk.examples())[::-1]
    assert (first["status"], first["quality"]) == ("validated", 1.0)
    assert (second["status"], second["reason"]) == ("rejected", "Noise")
    assert (third["output"], third["label"]) == ("double_charge", "double_charge")
    assert third["history"][0]["output"] == "card"
    assert first["reviewer"].startswith("key_")
    counts = await desk.get("/api/datasets/tickets/statistics")
    assert counts["byLabel"] == {"card": 1, "double_charge": 1}
    assert counts["needsReview"] == 0


async def test_each_decision_can_be_taken_back(desk: Desk) -> None:
    (one,) = await _pending(desk, {"text": "Where is my card?", "intent": "card"})
    await desk.made(REVIEW, {"ids": [one["id"]], "action": "correct", "output": "other"}, 200)
    await desk.made(REVIEW, {"ids": [one["id"]], "action": "reject"}, 200)
    for status, output in (("validated", "other"), ("pending", "card")):
        await desk.made(REVIEW, {"ids": [one["id"]], "action": "undo"}, 200)
        (now,) = await desk.examples()
        assert (now["status"], now["output"]) == (status, output)
    assert now["reviewer"] is None
    left = await desk.made(REVIEW, {"ids": [one["id"]], "action": "undo"}, 200)
    assert left["changed"] == 0
    refused = await desk.api.post(REVIEW, {"ids": [one["id"]], "action": "correct"})
    assert told(refused) == (422, "example_wrong")


async def test_contradictions_go_to_review_and_end_with_a_decision(desk: Desk) -> None:
    await desk.dataset()
    path = "/api/datasets/tickets/import?source=user"
    await desk.send(path, lines({"text": "It failed", "intent": "a"}))
    given = await desk.send(path, lines({"text": "It  failed", "intent": "b"}))
    assert given["contradictions"] == 1
    rows = await desk.examples()
    assert {each["status"] for each in rows} == {"pending"}
    assert all(each["findings"] == ["contradictions"] for each in rows)
    (found,) = (await desk.get("/api/datasets/tickets/findings"))["items"]
    assert sorted(each["output"] for each in found["examples"]) == ["a", "b"]
    apply = f"/api/datasets/tickets/findings/{found['id']}"
    assert told(await desk.api.post(apply, {"action": "apply"})) == (422, "nothing_suggested")
    await desk.made(REVIEW, {"ids": [rows[0]["id"]], "action": "reject"}, 200)
    open_ones = await desk.get("/api/datasets/tickets/findings?state=open")
    assert open_ones["items"] == []


async def test_filters_find_what_they_say(desk: Desk) -> None:
    await _pending(
        desk,
        {"text": "Where is my card?", "intent": "card", "split": "test"},
        {"text": "I was charged twice", "intent": "charge"},
    )
    for query, number in (
        ("status=pending", 2),
        ("status=validated", 0),
        ("label=card", 1),
        ("split=test", 1),
        ("q=CHARGED", 1),
        ("q=nothing", 0),
        ("minQuality=0.95", 0),
        ("maxQuality=0.95&source=user", 2),
        ("finding=pii", 0),
        ("feedback=fb_nothing", 0),
    ):
        assert len(await desk.examples(query=query)) == number, query
    first = await desk.get("/api/datasets/tickets/examples?limit=1")
    rest = await desk.get(f"/api/datasets/tickets/examples?limit=1&cursor={first['next']}")
    assert (first["total"], rest["next"]) == (2, None)
    assert first["items"][0]["id"] != rest["items"][0]["id"]


async def test_personal_data_is_found_and_taken_out(desk: Desk) -> None:
    await desk.dataset()
    said = "Write to ada@example.com, card 4111 1111 1111 1111"
    await desk.send(
        "/api/datasets/tickets/import",
        lines({"text": said, "intent": "contact"}, {"text": "contact me!", "intent": "contact"},
              {"text": "Contact me", "intent": "contact"}),
    )  # fmt: skip
    begun = await desk.made("/api/datasets/tickets/checks", {}, 202)
    assert begun["state"] == "running"
    again = await desk.api.post("/api/datasets/tickets/checks", {})
    assert told(again) == (409, "check_running")
    await work_off_checks(desk)
    (check,) = (await desk.get("/api/datasets/tickets/checks"))["items"]
    assert (check["state"], check["error"]) == ("done", None)
    assert check["summary"] == {"duplicates": 1, "pii": 1}
    (pii,) = (await desk.get("/api/datasets/tickets/findings?kind=pii"))["items"]
    assert [each["kind"] for each in pii["details"]["input"]] == ["email", "card"]
    apply = f"/api/datasets/tickets/findings/{pii['id']}"
    done = await desk.made(apply, {"action": "apply"}, 200)
    assert done["state"] == "applied"
    assert done["examples"][0]["input"] == "Write to [email], card [card]"
    assert done["examples"][0]["history"] == [], "what was taken out is not remembered"
    assert told(await desk.api.post(apply, {"action": "dismiss"})) == (409, "finding_decided")
    (same,) = (await desk.get("/api/datasets/tickets/findings?kind=duplicates"))["items"]
    await desk.made(f"/api/datasets/tickets/findings/{same['id']}", {"action": "apply"}, 200)
    kept = await desk.examples(query="status=validated")
    assert len(kept) == 2
    assert len(await desk.examples(query="status=rejected")) == 1


async def test_variants_are_pending_and_only_ever_trained_on(desk: Desk) -> None:
    await desk.dataset()
    rows = [
        {"text": f"Could you please tell me where my {each} is?", "intent": each}
        for each in ("card", "refund", "order", "parcel", "invoice", "voucher")
    ]
    await desk.send("/api/datasets/tickets/import", lines(*rows))
    made = await desk.made("/api/datasets/tickets/augment", {"copies": 2}, 200)
    assert made["added"] >= len(rows)
    variants = await desk.examples(query="source=automated")
    assert {each["status"] for each in variants} == {"pending"}
    assert all(each["lineage"]["parent"] for each in variants)
    body = {"ids": [each["id"] for each in variants], "action": "approve"}
    await desk.made(REVIEW, body, 200)
    asked = {"splits": {"train": 0.5, "validation": 0.25, "test": 0.25}}
    version = await desk.made("/api/datasets/tickets/versions", asked)
    export = await desk.api.get("/api/datasets/tickets/export?version=1&format=json")
    by_split: dict[str, set[str]] = {}
    for row in export.json():
        by_split.setdefault(row["split"], set()).add(row["source"])
    assert all(sources == {"expert"} for split, sources in by_split.items() if split != "train")
    held = version["manifest"]["withheld"]
    assert version["examples"] == len(rows) + len(variants) - held


@pytest.mark.timeout(300)
async def test_a_wrong_label_and_a_stranger_are_found_by_the_program(desk: Desk) -> None:
    await desk.dataset()
    ways = ("where is my {}", "the {} did not come", "please send the {} again", "I lost the {}",
            "can I change the {}", "who has the {}", "cancel the {} today", "the {} is broken")  # fmt: skip
    rows = [
        {"text": way.format(what), "intent": what}
        for what in ("card", "refund", "parcel")
        for way in ways
    ]
    wrong = {"text": "where did my new card go", "intent": "parcel"}
    await desk.send("/api/datasets/tickets/import", lines(*rows, wrong))
    await desk.made("/api/datasets/tickets/checks", {"kinds": ["labels", "outliers"]}, 202)
    await work_off_checks(desk)
    (check,) = (await desk.get("/api/datasets/tickets/checks"))["items"]
    assert (check["state"], check["error"]) == ("done", None)
    found = (await desk.get("/api/datasets/tickets/findings?kind=labels"))["items"]
    about = {each["examples"][0]["input"]: each for each in found}
    assert wrong["text"] in about
    finding = about[wrong["text"]]
    assert (finding["suggestion"], finding["label"]) == ("relabel", "card")
    path = f"/api/datasets/tickets/findings/{finding['id']}"
    done = await desk.made(path, {"action": "apply"}, 200)
    assert done["examples"][0]["output"] == "card"
    assert done["examples"][0]["history"][0]["output"] == "parcel"
