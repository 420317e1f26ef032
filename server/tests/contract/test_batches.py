"""OpenAI's client runs batches against a running Hone: files, every end that a batch can have."""

import asyncio
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import openai
import pytest
from openai.types import Batch

from hone import identity
from hone.core import ids, keyring
from hone.core.db import Database
from hone.core.settings import Settings
from hone.identity import KeyCreate, Permission
from tests.core.facts import wait_for
from tests.fixtures.control import add_model, desk, do
from tests.fixtures.house import ADMIN_KEY, House, run_hone

CHAT = "/v1/chat/completions"
VENDOR = """
providers: [{{name: vendor, kind: openai, base_url: "{url}/v1", api_key: sk-1}}]
models: [{{name: large, provider: vendor, upstream: venue}}]
routes: [{{name: default, policy: weighted, targets: [{{model: large, weight: 1}}]}}]
"""
OVER = {"completed", "failed", "expired", "cancelled"}


@pytest.fixture
def client(house: House) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{house.url}/v1", api_key=ADMIN_KEY, max_retries=0) as made:
        yield made


def ask(custom_id: str, model: str = "assistant", **body: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": f"What of {custom_id}?"}]
    given = {"model": model, "messages": messages, "max_tokens": 8, **body}
    return {"custom_id": custom_id, "method": "POST", "url": CHAT, "body": given}


def jsonl(lines: Iterable[object]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in lines)


def begin(client: openai.OpenAI, content: bytes, endpoint: Any = CHAT, **more: Any) -> Batch:
    file = client.files.create(file=("nightly.jsonl", io.BytesIO(content)), purpose="batch")
    return client.batches.create(
        input_file_id=file.id, endpoint=endpoint, completion_window="24h", **more
    )


def ended(client: openai.OpenAI, batch: Batch, within: float = 60) -> Batch:
    found = batch

    def over() -> bool:
        nonlocal found
        found = client.batches.retrieve(batch.id)
        return found.status in OVER

    wait_for(over, within)
    return found


def read(client: openai.OpenAI, file_id: str | None) -> list[dict[str, Any]]:
    assert file_id is not None
    return [json.loads(each) for each in client.files.content(file_id).text.splitlines()]


def test_a_batch_is_run_to_its_files(client: openai.OpenAI, house: House) -> None:
    lines = [ask(f"line-{number}") for number in range(20)]
    lines.insert(7, ask("line-of-nobody", model="unheard-of"))
    lines.insert(9, ask("line-that-is-wrong", messages="not a list"))
    batch = begin(client, jsonl(lines), metadata={"night": "of the 26th"})
    assert batch.status == "validating"
    assert batch.metadata == {"night": "of the 26th"}
    done = ended(client, batch)
    assert done.status == "completed", done
    assert done.request_counts is not None
    counts = done.request_counts
    assert (counts.total, counts.completed, counts.failed) == (22, 20, 2)
    output, errors = read(client, done.output_file_id), read(client, done.error_file_id)
    assert [each["custom_id"] for each in output] == [f"line-{number}" for number in range(20)]
    for each in output:
        assert each["error"] is None
        assert each["response"]["status_code"] == 200
        assert each["response"]["body"]["choices"][0]["message"]["content"]
    told = {each["custom_id"]: each["response"] for each in errors}
    assert told["line-of-nobody"]["status_code"] == 404
    assert told["line-of-nobody"]["body"]["error"]["code"] == "model_not_found"
    assert told["line-that-is-wrong"]["status_code"] == 400
    used = [each["response"]["body"]["usage"] for each in output]
    assert done.usage is not None
    assert done.usage.input_tokens == sum(each["prompt_tokens"] for each in used)
    assert done.usage.output_tokens == sum(each["completion_tokens"] for each in used)
    _is_in_the_log(house, done, output)


def _is_in_the_log(house: House, batch: Batch, output: list[dict[str, Any]]) -> None:
    """Hold the batch's lines and cost against the operations that are marked with it."""
    wanted = {each["response"]["request_id"] for each in output}
    query = {"batch": batch.id, "limit": "100"}
    with desk(house) as client:

        def found() -> list[Any]:
            items = client.get("/api/ai/operations", params=query).json()["items"]
            return items if {each["id"] for each in items} == wanted else []

        items = wait_for(found)
        one = client.get(f"/api/ai/operations/{items[0]['id']}").json()
        shown = client.get(f"/api/batches/{batch.id}").json()
    assert one["batchId"] == batch.id
    assert shown["costUsd"] == pytest.approx(sum(each["costUsd"] for each in items))
    assert shown["mine"]


def test_files_are_listed_read_and_deleted(client: openai.OpenAI) -> None:
    content = jsonl(ask(f"kept-{number}") for number in range(3))
    made = [
        client.files.create(
            file=(f"{number}.jsonl", io.BytesIO(content)),
            purpose="batch",
            expires_after={"anchor": "created_at", "seconds": 3600},
        )
        for number in range(3)
    ]
    assert made[0].bytes == len(content)
    assert made[0].expires_at == made[0].created_at + 3600
    first = client.files.list(limit=2, purpose="batch")
    assert [each.id for each in first.data] == [made[2].id, made[1].id]
    assert first.has_more
    assert made[0].id in [each.id for each in first.get_next_page().data]
    upwards = client.files.list(order="asc", after=made[0].id, limit=2)
    assert [each.id for each in upwards.data] == [made[1].id, made[2].id]
    assert client.files.retrieve(made[0].id).filename == "0.jsonl"
    assert client.files.content(made[0].id).content == content
    assert client.files.delete(made[0].id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.content(made[0].id)


def test_a_file_of_many_parts_comes_back_as_it_was(client: openai.OpenAI) -> None:
    content = bytes(range(256)) * (40 << 10)
    made = client.files.create(file=("pictures.bin", io.BytesIO(content)), purpose="vision")
    assert (made.bytes, made.purpose) == (len(content), "vision")
    assert client.files.content(made.id).content == content


@pytest.mark.parametrize(
    ("line", "code", "param", "words"),
    [
        (b"{not json\n", "invalid_json_line", None, "not valid JSON"),
        (b'"text"\n', "invalid_json_line", None, "not a request"),
        (jsonl([ask("a") | {"custom_id": 7}]), "invalid_json_line", "custom_id", "str"),
        (jsonl([{"custom_id": "b"}]), "missing_required_parameter", "method", "missing"),
        (jsonl([ask("c") | {"method": "GET"}]), "invalid_method", "method", "POST"),
        (jsonl([ask("d") | {"url": "/v1/embeddings"}]), "mismatched_endpoint", "url", CHAT),
        (jsonl([ask("e") | {"body": [1]}]), "invalid_body", "body", "object"),
        (jsonl([ask("f", stream=True)]), "invalid_body", "body.stream", "not streamed"),
        (jsonl([ask("good")]), "duplicate_custom_id", "custom_id", "line 1"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_before_anything_is_asked(
    client: openai.OpenAI, line: bytes, code: str, param: str | None, words: str
) -> None:
    batch = ended(client, begin(client, jsonl([ask("good")]) + b"\n" + line))
    assert batch.status == "failed"
    assert batch.errors is not None
    (problem,) = batch.errors.data or []
    assert (problem.code, problem.param, problem.line) == (code, param, 3)
    assert words in str(problem.message)
    assert batch.output_file_id is None


def test_an_empty_file_fails(client: openai.OpenAI) -> None:
    batch = ended(client, begin(client, b"\n\n"))
    assert batch.errors is not None
    assert [each.code for each in batch.errors.data or []] == ["empty_file"]


def test_every_endpoint_that_takes_batches_is_asked(client: openai.OpenAI) -> None:
    bodies = {
        "/v1/embeddings": {"model": "venue", "input": "a barn"},
        "/v1/completions": {"model": "venue", "prompt": "A barn", "max_tokens": 4},
        "/v1/responses": {"model": "venue", "input": "A barn?", "max_output_tokens": 16},
    }
    begun = {
        url: begin(
            client,
            jsonl([{"custom_id": "one", "method": "POST", "url": url, "body": body}]),
            endpoint=url,
        )
        for url, body in bodies.items()
    }
    for url, batch in begun.items():
        done = ended(client, batch)
        (line,) = read(client, done.output_file_id)
        assert line["response"]["status_code"] == 200, url
        assert done.usage is not None
        assert done.usage.input_tokens > 0
        assert done.model == "venue"


def test_a_batch_is_cancelled_where_it_is(client: openai.OpenAI, house: House) -> None:
    slow = add_model(house, "ttft=300")
    lines = [ask(f"slow-{number}", model=slow) for number in range(400)]
    batch = begin(client, jsonl(lines))
    wait_for(lambda: _completed(client, batch) >= 5)
    stopping = client.batches.cancel(batch.id)
    assert stopping.status == "cancelling"
    with pytest.raises(openai.ConflictError):
        client.files.delete(batch.input_file_id)
    done = ended(client, batch)
    assert done.status == "cancelled"
    assert done.request_counts is not None
    output, errors = read(client, done.output_file_id), read(client, done.error_file_id)
    assert 5 <= len(output) == done.request_counts.completed < 400
    assert {each["error"]["code"] for each in errors} == {"batch_cancelled"}
    named = [each["custom_id"] for each in [*output, *errors]]
    assert sorted(named) == sorted(each["custom_id"] for each in lines)
    with pytest.raises(openai.ConflictError):
        client.batches.cancel(batch.id)


def _completed(client: openai.OpenAI, batch: Batch) -> int:
    counts = client.batches.retrieve(batch.id).request_counts
    return 0 if counts is None else counts.completed


def test_what_does_not_fit_into_the_window_expires(client: openai.OpenAI, house: House) -> None:
    slow = add_model(house, "ttft=300")
    batch = begin(client, jsonl(ask(f"late-{number}", model=slow) for number in range(400)))
    wait_for(lambda: _completed(client, batch) >= 1)
    _lapse(house, batch)
    done = ended(client, batch)
    assert done.status == "expired"
    assert read(client, done.output_file_id)
    (code,) = {each["error"]["code"] for each in read(client, done.error_file_id)}
    assert code == "batch_expired"


def _lapse(house: House, batch: Batch) -> None:
    """Let the window of a batch end now; the one that runs it reads that when its turn comes."""
    changed = "UPDATE batches SET expires_at = now() WHERE id = %s RETURNING id"
    assert house.rows(changed, ids.parse("batch", batch.id))


def test_a_failing_provider_is_asked_again_and_then_told_of(
    client: openai.OpenAI, house: House
) -> None:
    broken = add_model(house, "status=500")
    done = ended(client, begin(client, jsonl([ask("bad", model=broken)])))
    assert done.status == "completed"
    (line,) = read(client, done.error_file_id)
    assert line["response"]["status_code"] >= 500
    assert done.output_file_id is None


def test_a_line_pays_the_part_that_its_price_says(client: openai.OpenAI, house: House) -> None:
    price = {"input": "2.5", "output": "10", "batch": "0.5"}
    model = {"name": "overnight", "provider": "simulator", "upstream": "venue", "price": price}
    do(house, "POST", "/api/models", model)
    line = ask("half", model="overnight")
    done = ended(client, begin(client, jsonl([line])))
    with desk(house) as direct:
        answer = direct.post("/v1/chat/completions", json=line["body"]).raise_for_status()
    shown = do(house, "GET", f"/api/batches/{done.id}")
    assert shown["completed"] == 1
    assert shown["costUsd"] == pytest.approx(float(answer.headers["x-hone-cost-usd"]) / 2)
    assert shown["costUsd"] > 0


def test_a_line_that_meets_a_limit_waits(client: openai.OpenAI, house: House) -> None:
    narrow = add_model(house, "ttft=50")
    subject = {"kind": "model", "name": narrow}
    limit = {"subject": subject, "measure": "concurrency", "amount": 1}
    do(house, "POST", "/api/limits", limit)
    done = ended(client, begin(client, jsonl(ask(f"n-{n}", model=narrow) for n in range(5))))
    assert done.request_counts is not None
    assert (done.request_counts.completed, done.request_counts.failed) == (5, 0)


def test_who_may_call_no_more_asks_no_more(client: openai.OpenAI, house: House) -> None:
    made = do(house, "POST", "/api/identity/keys", {"name": "night", "permissions": ["ai:query"]})
    slow = add_model(house, "ttft=300")
    with desk(house, made["key"]) as other:
        wait_for(lambda: other.get("/v1/models").status_code == 200)
    with openai.OpenAI(base_url=f"{house.url}/v1", api_key=made["key"], max_retries=0) as night:
        lines = [ask(f"night-{number}", model=slow) for number in range(400)]
        batch = begin(night, jsonl(lines))
        wait_for(lambda: _completed(client, batch) >= 1)
    do(house, "DELETE", f"/api/identity/keys/{made['id']}")
    done = ended(client, batch)
    assert done.status == "cancelled"
    assert done.errors is not None
    assert [each.code for each in done.errors.data or []] == ["key_not_valid"]


def test_a_key_sees_its_own(client: openai.OpenAI, house: House) -> None:
    batch = begin(client, jsonl([ask("mine")]))
    made = do(house, "POST", "/api/identity/keys", {"name": "app", "permissions": ["ai:query"]})
    with openai.OpenAI(base_url=f"{house.url}/v1", api_key=made["key"], max_retries=0) as app:
        wait_for(lambda: _known(app))
        assert list(app.files.list()) == []
        assert list(app.batches.list()) == []
        with pytest.raises(openai.NotFoundError):
            app.files.content(batch.input_file_id)
        with pytest.raises(openai.NotFoundError):
            app.batches.cancel(batch.id)
        with pytest.raises(openai.NotFoundError):
            app.batches.create(
                input_file_id=batch.input_file_id, endpoint=CHAT, completion_window="24h"
            )
    ended(client, batch)


def _known(client: openai.OpenAI) -> bool:
    try:
        client.models.list()
    except openai.AuthenticationError:
        return False
    return True


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"endpoint": "/v1/audio/speech"}, "endpoint"),
        ({"completion_window": "169h"}, "completion_window"),
        ({"completion_window": "soon"}, "completion_window"),
        ({"metadata": {"key": 7}}, "metadata.key"),
    ],
)
def test_a_batch_that_cannot_be_is_refused_at_once(
    client: openai.OpenAI, changes: dict[str, Any], param: str
) -> None:
    file = client.files.create(file=("x.jsonl", jsonl([ask("a")])), purpose="batch")
    wanted: dict[str, Any] = {"endpoint": CHAT, "completion_window": "24h", **changes}
    with pytest.raises(openai.BadRequestError) as raised:
        client.batches.create(input_file_id=file.id, **wanted)
    assert raised.value.param == param


def test_batches_are_listed_newest_first(client: openai.OpenAI) -> None:
    begun = [begin(client, jsonl([ask("a")])) for _ in range(3)]
    page = client.batches.list(limit=2)
    assert [each.id for each in page.data] == [begun[2].id, begun[1].id]
    assert page.has_more
    assert page.get_next_page().data[0].id == begun[0].id
    for each in begun:
        ended(client, each)


@pytest.fixture(scope="module")
def elsewhere(house: House) -> str:
    """Make an organization whose files and batches are at a provider; return its key."""
    key = asyncio.run(_organization(house))
    with desk(house, key) as client:
        wait_for(lambda: client.get("/api/identity/me").status_code == 200)
    file = house.folder / "elsewhere.yaml"
    file.write_text(VENDOR.format(url=house.simulator.url), encoding="utf-8")
    folder = str(house.data_dir)
    done = run_hone("apply", str(file), "--organization", "Elsewhere", "--data-dir", folder)
    assert done.returncode == 0, done.stderr
    for _ in range(4 * house.workers):
        with desk(house, key) as client:
            wait_for(lambda: client.get("/v1/models/default").status_code == 200)
    return key


async def _organization(house: House) -> str:
    settings = Settings(data_dir=house.data_dir)
    database = Database.connect(house.postgres.app_url, pool_size=1)
    wanted = KeyCreate(name="all", permissions=list(Permission))
    try:
        async with database.transaction() as session:
            made = await identity.create_organization(session, "Elsewhere")
            await keyring.load(settings).ensure(session, made.id, keyring.SECRET)
            return (await identity.create_key(session, identity.system(made.id), wanted)).key
    finally:
        await database.aclose()


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/v1/files/file-abc123", {}, 404),
        ("GET", "/v1/files/file-abc123/content", {}, 404),
        ("DELETE", "/v1/files/file-abc123", {}, 404),
        ("GET", "/v1/files?after=file-abc123", {}, 405),
        ("GET", "/v1/batches/batch_67bc8d8b4bd48190a8b2b1d5a63e0ac7", {}, 404),
        ("POST", "/v1/batches/batch_abc123/cancel", {}, 404),
        ("GET", "/v1/batches?after=batch_abc123", {}, 404),
        (
            "POST",
            "/v1/batches",
            {
                "json": {
                    "input_file_id": "file-abc123",
                    "endpoint": CHAT,
                    "completion_window": "24h",
                }
            },
            404,
        ),
        ("POST", "/v1/files", {"data": {"purpose": "fine-tune"}, "files": {"file": b"{}"}}, 200),
    ],
)
def test_what_a_provider_keeps_is_asked_of_it(
    house: House, elsewhere: str, method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    with desk(house, elsewhere) as client:
        answer = client.request(method, path, **sent)
    assert answer.headers.get("x-hone-provider") == "vendor", answer.text
    assert answer.status_code == status, "what the simulator says of a file that it has not"


def test_what_is_for_a_batch_is_kept_here_all_the_same(house: House, elsewhere: str) -> None:
    with desk(house, elsewhere) as client:
        form = {"file": ("a.jsonl", jsonl([ask("a", model="large")]))}
        made = client.post("/v1/files", data={"purpose": "batch"}, files=form)
        assert made.status_code == 200, made.text
        assert "x-hone-provider" not in made.headers
        listed = client.get("/v1/files").json()["data"]
        assert [each["id"] for each in listed] == [made.json()["id"]]
        # The purpose stands behind the file: what came is passed on as it came.
        last = {"file": ("a.jsonl", b"{}"), "purpose": (None, "evals")}
        passed = client.post("/v1/files", files=last)
        assert passed.headers.get("x-hone-provider") == "vendor"
        assert len(client.get("/v1/files").json()["data"]) == 1


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"json": {}}, "form_unreadable"),
        ({"files": {"purpose": (None, "batch")}}, "form_unreadable"),
        ({"data": {"purpose": "batch"}, "files": {"document": b"x"}}, "form_unreadable"),
        ({"data": {"purpose": "games"}, "files": {"file": b"x"}}, "invalid_parameter"),
        ({"files": {"file": b"x"}}, "invalid_parameter"),
        (
            {
                "data": {"purpose": "batch", "expires_after[anchor]": "created_at"},
                "files": {"file": b"x"},
            },
            "invalid_parameter",
        ),
    ],
)
def test_a_form_that_cannot_be_read_leaves_nothing(
    house: House, sent: dict[str, Any], code: str
) -> None:
    with desk(house) as client:
        answer = client.post("/v1/files", **sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert house.rows("SELECT count(*) FROM files WHERE NOT complete") == [(0,)]
