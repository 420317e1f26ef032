"""Channels: e-mail, Slack and webhooks, what they may reach, the digest, and who listens at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from aiosmtpd.controller import Controller

from hone import monitoring
from hone.core import clock
from hone.core.settings import Mail, Settings
from hone.health import Circuit
from hone.monitoring import delivering, digesting
from hone.monitoring.raising import Cause
from hone.monitoring.schemas.alerts import Severity
from hone.serving.live import Hub
from tests.fixtures.house import free_port
from tests.identity.test_mail import Postbox
from tests.monitoring.conftest import Receiver, Watch

CHANNELS = "/api/alert-channels"


@pytest_asyncio.fixture
async def postbox() -> AsyncIterator[tuple[Postbox, int]]:
    """Run a mail server."""
    box = Postbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    yield box, server.port
    server.stop()


def _cause(severity: Severity = "warning", key: str = "cause") -> Cause:
    return Cause(key, "release", severity, "It was <rolled> back", "Errors rose.", "Look at it.")


async def _open(watch: Watch, cause: Cause) -> None:
    mine = watch.api.organization_id
    async with watch.api.database.transaction(mine) as session:
        assert await monitoring.open_alert(session, mine, cause) is not None


async def _send_all(watch: Watch, place: monitoring.Place | None = None) -> None:
    """Do what the worker does."""
    while taken := await delivering.claim(watch.owner):
        for each in taken:
            await delivering.carry(watch.api.database, place or watch.place, *each)


async def test_an_alert_arrives_by_e_mail(watch: Watch, postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    mail = Mail(host="127.0.0.1", port=port, tls="off", sender="hone@venue.example")
    settings = watch.place.settings.model_copy(update={"mail": mail})
    place = monitoring.Place(settings, watch.place.keyring, watch.place.blobs)
    to = ["ana@venue.example", "jun@venue.example"]
    wanted = {"name": "desk", "kind": "email", "to": to}
    made = await watch.post(CHANNELS, wanted, 201)
    assert (made["target"], made["secret"]) == ("ana@venue.example, jun@venue.example", None)
    await watch.post(CHANNELS, wanted, 409)
    refused = await watch.post(f"{CHANNELS}/{made['id']}/test")
    assert "HONE_MAIL__HOST" in refused["words"]
    await _open(watch, _cause())
    await _send_all(watch, place)
    async with asyncio.timeout(60):
        await box.arrived.wait()
    (letter,) = box.letters
    assert (letter["to"], letter["subject"]) == (", ".join(to), "Alert: It was <rolled> back")
    assert "Errors rose." in letter["text"]
    assert "/alerts/alert_" in letter["text"]
    assert "Message-ID: <msg_" in letter["text"]


async def test_slack_gets_words_without_mark_up(watch: Watch, receiver: Receiver) -> None:
    made = await watch.post(CHANNELS, {"name": "s", "kind": "slack", "url": receiver.url}, 201)
    await _open(watch, _cause())
    await _send_all(watch)
    ((headers, body),) = receiver.got
    assert body["text"].startswith("*Alert: It was &lt;rolled&gt; back*\nErrors rose.")
    assert "webhook-signature" not in headers
    tested = await watch.post(f"{CHANNELS}/{made['id']}/test")
    assert tested["delivered"]
    receiver.status = 404
    tested = await watch.post(f"{CHANNELS}/{made['id']}/test")
    assert (tested["delivered"], tested["words"]) == (False, "It answered 404.")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/hook",
        "http://10.0.0.7/hook?token=t",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "ftp://example.com/",
    ],
)
async def test_private_addresses_are_refused(watch: Watch, url: str) -> None:
    settings = Settings(data_dir=watch.place.settings.data_dir)
    strict = monitoring.Place(settings, watch.place.keyring, watch.place.blobs)
    watch.api.app.state.monitoring = strict
    await watch.post(CHANNELS, {"name": "w", "kind": "webhook", "url": url}, 422)
    slack = {"name": "w", "kind": "slack", "url": "https://example.com/services/x"}
    told = await watch.post(CHANNELS, slack, 422)
    assert "hooks.slack.com" in told["error"]["message"]
    await watch.post(CHANNELS, {"name": "w", "kind": "email", "url": url}, 422)


async def test_what_rings_nobody_is_told_once_a_day(watch: Watch, receiver: Receiver) -> None:
    hook = {"name": "w", "kind": "webhook", "url": receiver.url}
    await watch.post(CHANNELS, hook, 201)
    await watch.post(CHANNELS, hook | {"name": "no digest", "digest": False}, 201)
    await _open(watch, _cause("info"))
    assert await delivering.claim(watch.owner) == []
    mine = watch.api.organization_id
    for written in (1, 0):
        async with watch.api.database.transaction(mine) as session:
            assert await digesting.write(session, mine, clock.now()) == written
    await _send_all(watch)
    ((_, body),) = receiver.got
    assert body["type"] == "alert.digest"
    assert body["data"]["subject"] == "Daily digest: 1 thing to know"
    assert body["data"]["words"] == "It was <rolled> back: Errors rose."
    await _open(watch, _cause("critical"))
    await _send_all(watch)
    assert [each["type"] for _, each in receiver.got][1:] == ["alert.worse", "alert.worse"]


async def test_a_channel_that_is_switched_off_gets_nothing_more(
    watch: Watch, receiver: Receiver
) -> None:
    made = await watch.post(CHANNELS, {"name": "w", "kind": "webhook", "url": receiver.url}, 201)
    await _open(watch, _cause())
    path = f"{CHANNELS}/{made['id']}"
    off = await watch.send("PATCH", path, {"enabled": False, "version": 1})
    assert (off["enabled"], off["waiting"]) == (False, 0)
    await watch.send("PATCH", path, {"enabled": True, "version": 1}, 409)
    await _open(watch, _cause(key="other"))
    await _send_all(watch)
    assert receiver.got == []
    (alert,) = await watch.alerts(
        "?limit=1&cursor=" + (await watch.get("/api/ai/alerts?limit=1"))["next"]
    )
    told = await watch.get(f"/api/ai/alerts/{alert['id']}")
    assert [each["state"] for each in told["deliveries"]] == ["cancelled"]
    await watch.send("DELETE", path, status=204)
    assert (await watch.get(CHANNELS))["items"] == []


async def test_whoever_listens_hears_of_alerts_at_once(watch: Watch) -> None:
    mine = watch.api.organization_id
    await _open(watch, _cause())

    async def no_circuits(_: UUID) -> dict[str, Circuit]:
        return {}

    async with asyncio.TaskGroup() as group:
        hub = Hub(watch.api.database, group, no_circuits)
        listener = hub.join(mine)
        await hub.subscribe(mine, listener, "alerts")
        first = await listener.messages.get()
        assert _titles(first) == ["It was <rolled> back"]
        await _open(watch, _cause(key="other"))
        hub.notify({mine})
        async with asyncio.timeout(60):
            second = await listener.messages.get()
        assert len(_titles(second)) == 1
        hub.close()


def _titles(message: dict[str, object]) -> list[str]:
    data: Any = message["data"]
    return [each["title"] for each in data["alerts"]]
