"""`/ws`: who may listen, what is pushed and how soon, and that nobody holds up another."""

import asyncio
import json
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from hone import identity
from hone.core.db import Database
from hone.identity import KeyCreate, Permission
from tests.core.facts import wait_for
from tests.fixtures.control import add_model, chat, desk, do, metrics
from tests.fixtures.house import ADMIN_KEY, House
from tests.serving.lines import lines

pytestmark = pytest.mark.xdist_group("live")
SUBSCRIBE = {"type": "subscribe", "channel": "model_metrics"}


@contextmanager
def _open(house: House, key: str | None = None, max_queue: int = 16) -> Generator[ClientConnection]:
    """Open a WebSocket, with a key in its head or without."""
    headers = {} if key is None else {"authorization": f"Bearer {key}"}
    url = f"ws://127.0.0.1:{house.port}/ws"
    made = connect(
        url, additional_headers=headers, open_timeout=60, close_timeout=0.5, max_queue=max_queue
    )
    with made:
        yield made


def _say(socket: ClientConnection, message: object) -> None:
    socket.send(json.dumps(message))


def _hear(socket: ClientConnection, within: float = 10.0) -> dict[str, Any]:
    return json.loads(socket.recv(within))


def _end(socket: ClientConnection, within: float = 10.0) -> tuple[int, list[dict[str, Any]]]:
    """Hear everything until the server closes; return the code of that, and what came before."""
    heard: list[dict[str, Any]] = []
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            heard.append(_hear(socket, within))
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, heard


@pytest.fixture(scope="module", autouse=True)
def silent(house: House) -> Iterator[ClientConnection]:
    """Open a WebSocket that says nothing while the other tests run."""
    with _open(house) as socket:
        yield socket


@pytest.fixture
def listener(house: House) -> Iterator[ClientConnection]:
    """Give a WebSocket that listens and has had its first figures."""
    with _open(house, ADMIN_KEY) as socket:
        assert _hear(socket) == {"type": "authenticated"}
        _say(socket, SUBSCRIBE)
        assert _hear(socket) == {"type": "subscribed", "channel": "model_metrics"}
        first = _hear(socket)
        assert first["type"] == "model_metrics"
        assert first["timestamp"]
        yield socket


def _operations(message: dict[str, Any]) -> list[str]:
    return [each["id"] for each in message.get("data", {"operations": []})["operations"]]


def _await_operation(socket: ClientConnection, wanted: str) -> dict[str, Any]:
    for _ in range(20):
        message = _hear(socket)
        if wanted in _operations(message):
            return message
    raise AssertionError("the operation was not pushed")


def test_a_first_message_authenticates_too(house: House) -> None:
    with _open(house) as socket:
        _say(socket, {"type": "authenticate", "key": ADMIN_KEY})
        assert _hear(socket) == {"type": "authenticated"}
        _say(socket, SUBSCRIBE)
        assert _hear(socket)["type"] == "subscribed"


@pytest.mark.parametrize("in_head", [True, False])
def test_a_wrong_key_is_told_and_closed(house: House, in_head: bool) -> None:
    with _open(house, "hone_wrong" if in_head else None) as socket:
        if not in_head:
            _say(socket, {"type": "authenticate", "key": "hone_wrong"})
        code, heard = _end(socket)
    assert code == 4401
    assert [(each["type"], each["error"]["code"]) for each in heard] == [("error", "unauthorized")]


@pytest.mark.parametrize(
    "message",
    [
        "not JSON",
        b"\x00\x01",
        "[]",
        "null",
        '{"type": "subscribe", "channel": "everything"}',
        '{"type": "shout"}',
        "[" * 100_000,
        '{"type": ' + "9" * 5000 + "}",
    ],
    ids=["text", "bytes", "list", "null", "channel", "type", "deep", "long number"],
)
def test_an_unknown_message_is_told_and_closed(house: House, message: str | bytes) -> None:
    before = len(house.log)
    with _open(house, ADMIN_KEY) as socket:
        assert _hear(socket)["type"] == "authenticated"
        socket.send(message)
        code, heard = _end(socket)
    assert code == 4400
    assert heard[0]["error"]["code"] == "unknown_message"
    assert "Traceback" not in house.log[before:]


def _await_key(house: House, key: str) -> None:
    """Wait until every server process knows a key."""
    with lines(house) as every:
        wait_for(lambda: all(line.models(key).status_code == 200 for line in every))


def test_figures_need_a_permission(house: House) -> None:
    made = do(house, "POST", "/api/identity/keys", {"name": "x", "permissions": ["ai:query"]})
    _await_key(house, made["key"])
    with _open(house, made["key"]) as socket:
        assert _hear(socket)["type"] == "authenticated"
        _say(socket, SUBSCRIBE)
        code, heard = _end(socket)
    assert code == 4400
    assert heard[0]["error"]["code"] == "forbidden"


def test_a_call_is_pushed_within_half_a_second(house: House, listener: ClientConnection) -> None:
    chat(house)
    delays: list[float] = []
    for _ in range(5):
        answer = chat(house)
        answered = time.monotonic()
        _await_operation(listener, answer.headers["x-request-id"])
        delays.append(time.monotonic() - answered)
    assert sorted(delays)[len(delays) // 2] < 0.5


def test_a_new_listener_subscribes_once_however_often_it_asks(
    house: House, listener: ClientConnection
) -> None:
    _say(listener, SUBSCRIBE)
    _say(listener, SUBSCRIBE)
    wanted = [chat(house).headers["x-request-id"] for _ in range(2)]
    heard: list[dict[str, Any]] = []
    while not heard or wanted[1] not in _operations(heard[-1]):
        heard.append(_hear(listener))
    assert sum(each["type"] == "subscribed" for each in heard) == 2
    assert sum(wanted[0] in _operations(each) for each in heard) == 1


def _await_status(socket: ClientConnection, model: str, *, available: bool) -> None:
    """Hear messages until one says so of a model; until then it may only be said to be tried."""
    while True:
        message = _hear(socket)
        if message["type"] == "modelStatusChange":
            told = {each["model"]: each for each in message["data"]["models"]}
            if model in told and told[model]["available"] is available:
                return
            assert model not in told or told[model]["state"] == "half_open"


def test_a_breaker_that_opens_and_closes_in_one_process_is_told_to_all(house: House) -> None:
    model = add_model(house, "status=429,retry=1,times=1")
    with _open(house, ADMIN_KEY) as socket, _open(house, ADMIN_KEY) as late:
        for each in (socket, late):
            assert _hear(each)["type"] == "authenticated"
        _say(socket, {"type": "subscribe", "channel": "model_status"})
        assert _hear(socket) == {"type": "subscribed", "channel": "model_status"}
        _await_status(socket, model, available=True)
        assert chat(house, model).status_code == 429
        _await_status(socket, model, available=False)
        _say(late, {"type": "subscribe", "channel": "model_status"})
        _await_status_of_late(late, model)
        wait_for(lambda: _well(house, model), 30)
        _await_status(socket, model, available=True)
        _await_status(late, model, available=True)


def _await_status_of_late(socket: ClientConnection, model: str) -> None:
    """Hear first how every model is."""
    assert _hear(socket)["type"] == "subscribed"
    first = _hear(socket)
    assert first["type"] == "modelStatusChange"
    (told,) = [each for each in first["data"]["models"] if each["model"] == model]
    assert told["available"] is False
    assert (told["state"] in {"open", "half_open"}, told["until"] is None) == (True, False)


def _well(house: House, model: str) -> bool:
    """Call a model on many connections at once, so in every process; tell whether it is well."""
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(partial(chat, house), [model] * 12))
    return metrics(house)[f'ai_multimodel_model_availability{{model="{model}"}}'] == 1


async def _second_organization(house: House) -> str:
    """Make another organization and return a key of it."""
    database = Database.connect(house.postgres.app_url, pool_size=1)
    async with database.transaction() as session:
        made = await identity.create_organization(session, "Another")
        wanted = KeyCreate(name="another", permissions=list(Permission))
        key = await identity.create_key(session, identity.system(made.id), wanted)
    await database.aclose()
    return key.key


def test_another_organizations_calls_are_never_pushed(
    house: House, listener: ClientConnection
) -> None:
    key = asyncio.run(_second_organization(house))
    _await_key(house, key)
    with _open(house, key) as foreign, _open(house, key) as quiet:
        _say(quiet, {"type": "subscribe", "channel": "model_status"})
        assert _hear(foreign)["type"] == "authenticated"
        _say(foreign, SUBSCRIBE)
        assert _hear(foreign)["type"] == "subscribed"
        assert _operations(_hear(foreign)) == []
        with desk(house, key) as client:
            body = {"modelId": "elsewhere", "operationType": "chat", "input": "?", "output": "!"}
            logged = client.post("/api/ai/operations/log", json=body)
            assert logged.is_success, logged.text
        mine = chat(house).headers["x-request-id"]
        message = _await_operation(listener, mine)
        assert {each["modelName"] for each in message["data"]["operations"]} <= {"venue", "backup"}
        theirs = _hear(foreign, 15)["data"]["operations"]
        assert [each["modelName"] for each in theirs] == ["elsewhere"]
        # Whoever listens to models alone hears at least that the line is alive.
        while _hear(quiet)["type"] != "heartbeat":
            pass


def test_a_revoked_key_hears_nothing_more(house: House) -> None:
    permissions = ["operations:read"]
    body = {"name": "short", "permissions": permissions}
    made = do(house, "POST", "/api/identity/keys", body)
    with desk(house, made["key"]) as client:
        wait_for(lambda: all(client.get("/api/ai/operations").is_success for _ in range(8)))
    with _open(house, made["key"]) as socket:
        _say(socket, SUBSCRIBE)
        assert [_hear(socket)["type"] for _ in range(3)][-1] == "model_metrics"
        do(house, "DELETE", f"/api/identity/keys/{made['id']}")
        chat(house)
        code, heard = _end(socket)
    assert code == 4401
    assert heard[-1]["error"]["code"] == "unauthorized"


def test_one_that_does_not_read_holds_up_nobody(house: House, listener: ClientConnection) -> None:
    with _open(house, ADMIN_KEY, max_queue=1) as lazy:
        _say(lazy, SUBSCRIBE)
        for _ in range(3):
            wanted = chat(house).headers["x-request-id"]
            _await_operation(listener, wanted)
        assert _hear(lazy)["type"] == "authenticated"


def test_nobody_is_left_behind(house: House) -> None:
    """Listeners who come and go, politely or not, leave the server as it was."""
    before = len(house.log)
    for polite in (True, False) * 5:
        with _open(house, ADMIN_KEY) as socket:
            _say(socket, SUBSCRIBE)
            _hear(socket)
            if not polite:
                socket.socket.close()
    assert chat(house).status_code == 200
    assert "Traceback" not in house.log[before:]
    assert "ERROR" not in house.log[before:]


def test_one_that_says_nothing_is_sent_away(silent: ClientConnection) -> None:
    code, heard = _end(silent, 20)
    assert code == 4401
    assert "nothing came in time" in heard[0]["error"]["message"]
