"""Who hears of a run: people by mail, channels by what monitoring carries, and the audit trail."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from aiosmtpd.controller import Controller
from sqlalchemy import text

from hone import monitoring, training
from hone.core import events, http
from hone.core.settings import Mail, Security
from hone.identity import Permission
from hone.monitoring import delivering, following
from hone.monitoring.routes import router as monitoring_router
from hone.privacy import traces, typed
from hone.privacy.target import Target
from hone.training.sending import Sender
from tests.fixtures.house import free_port
from tests.identity.browser import add_person
from tests.identity.test_mail import Postbox
from tests.monitoring.conftest import Receiver
from tests.monitoring.conftest import receiver as receiver
from tests.training.conftest import RUNS, Desk

ANA = "ana@venue.example"
CHANNELS = "/api/alert-channels"


class Box(Postbox):
    """A postbox that one can wait at."""

    @property
    def subjects(self) -> list[str]:
        return [each["subject"] for each in self.letters]

    async def heard(self, *subjects: str) -> None:
        async with asyncio.timeout(30):
            while not set(subjects) <= set(self.subjects):
                self.arrived.clear()
                await self.arrived.wait()


EVERY = ["started", "milestone", "best", "finished", "failed"]


@pytest_asyncio.fixture
async def box(desk: Desk, tmp_path: Path) -> AsyncIterator[Box]:
    """Run a mail server that Hone sends through, and the channels beside training."""
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    mail = Mail(host="127.0.0.1", port=server.port, tls="off", sender="hone@venue.example")
    settings = desk.place.settings.model_copy(update={"mail": mail})
    old = desk.place
    desk.place = training.Place(settings, old.keyring, old.blobs, old.catalogue)
    desk.api.app.state.training = desk.place
    http.add_routers(desk.api.app, monitoring_router)
    desk.api.app.state.monitoring = watching(desk)
    yield box
    server.stop()


def watching(desk: Desk) -> monitoring.Place:
    security = Security(private_upstreams=True)
    settings = desk.place.settings.model_copy(update={"security": security})
    return monitoring.Place(settings, desk.place.keyring, desk.place.blobs)


async def _carry(desk: Desk) -> None:
    """Do what a worker does with what is to be told."""
    sender = Sender(desk.owner, desk.place.settings)
    while await sender.one():
        pass
    while await events.seal(desk.owner):
        pass
    while await following.follow(desk.owner):
        pass
    while taken := await delivering.claim(desk.owner):
        for each in taken:
            await delivering.carry(desk.api.database, watching(desk), *each)


_NOTICE = text("""
INSERT INTO training_notices (run_id, event, target, organization_id, words)
SELECT id, 'best', target, organization_id, words FROM training_runs,
    (VALUES (CAST(:ana AS text), 'Accuracy 93.1 %.'), ('channel:desk', 'It ended: ana@venue.example is no label.'),
        ('channel:other', 'Accuracy 93.1 %.')) AS told (target, words)
""")


async def test_what_was_told_to_somebody_or_of_them_is_erased_with_them(
    desk: Desk, box: Box
) -> None:
    ana = await add_person(desk.api, ANA)
    await desk.dataset()
    version = await desk.api.post("/api/datasets/tickets/versions", {"note": f"as {ANA} wanted"})
    assert version.status_code in {200, 201}, version.text
    await desk.begin(notify={"email": [ANA], "channels": ["desk", "other"], "on": EVERY})
    async with desk.owner.transaction() as session:
        await session.execute(_NOTICE, {"ana": ana})
        found = await traces.names(session, desk.api.organization_id, Target("person", ana))
        for trace in typed.traces():
            while await trace.erase(session, found):
                pass
        left = await session.scalars(text("SELECT target FROM training_notices"))
        assert list(left) == ["channel:other"]
        notes = await session.scalars(text("SELECT DISTINCT note FROM dataset_versions"))
        assert "erased" in list(notes)


async def test_people_and_channels_hear_of_a_run(desk: Desk, box: Box, receiver: Receiver) -> None:
    ana = await add_person(desk.api, ANA)
    await desk.dataset()
    hook = {"name": "desk", "kind": "webhook", "url": receiver.url}
    await desk.post(CHANNELS, hook, 201)
    wanted = {"email": [ANA.upper()], "channels": ["desk", "nobody"], "on": EVERY}
    begun = await desk.begin(notify=wanted)
    assert begun["spec"]["notify"]["people"] == [ana]
    assert ANA not in str(begun).lower()
    async with desk.working():
        ended = await desk.ended(begun["id"], 240)
        assert ended["state"] == "succeeded", ended["error"]
        await box.heard("Trained: ticket-classifier", "Training came further: ticket-classifier")
    assert box.subjects.count("Training began: ticket-classifier") == 1
    letter = next(each for each in box.letters if each["subject"].startswith("Trained"))
    assert letter["to"] == ANA
    assert f"/training/{begun['id']}" in letter["text"]
    assert "on the test." in letter["text"]
    await _carry(desk)
    kinds = [body["type"] for _, body in receiver.got]
    assert {"training.started", "training.milestone", "training.finished"} <= set(kinds)
    assert len(kinds) == len(set(kinds))
    assert receiver.got[-1][1]["url"].endswith(f"/training/{begun['id']}")
    await _carry(desk)
    assert len(receiver.got) == len(kinds), "nothing is told twice"
    await desk.told(begun["id"], "The channel 'nobody' did not hear of it.")


async def test_a_letter_that_cannot_leave_is_told_in_the_run(desk: Desk, box: Box) -> None:
    await add_person(desk.api, ANA)
    await desk.dataset()
    settings = desk.place.settings
    lost = settings.mail.model_copy(update={"port": free_port()})
    short = {"wallSeconds": 0.3}
    begun = await desk.begin(
        notify={"email": [ANA]},
        limits=short,
        params={"epochs": 400, "batchSize": 1, "optimizer": "adam"},
    )
    async with desk.working(mail=lost):
        ended = await desk.ended(begun["id"])
        assert ended["error"]["code"] == "TOOK_TOO_LONG"
        await desk.told(begun["id"], "Mail about it did not leave yet")
    assert box.letters == []


async def test_mail_goes_only_to_people_of_the_organization(desk: Desk, box: Box) -> None:
    await desk.dataset()
    job: dict[str, Any] = {"name": "a", "data": {"dataset": "tickets"}}
    for notify, words in (
        ({"email": ["somebody@elsewhere.example"]}, "'somebody@elsewhere.example'"),
        ({"people": ["person_0"]}, "'person_0'"),
        ({"me": True}, "signed in"),
        ({"on": ["always"]}, "on"),
    ):
        refused = await desk.post(RUNS, job | {"notify": notify}, 422)
        assert words in str(refused["error"]), refused
    told = await desk.post("/api/training/estimate", job | {"notify": {"me": True}})
    assert "signed in" in told["problems"][0]
    key = await desk.api.add_key(Permission.TRAINING_WRITE)
    body = job | {"notify": {"email": [ANA]}}
    answer = await desk.api.call("POST", RUNS, body, key=key)
    assert answer.status_code == 403, answer.text
    schedule = {"name": "n", "cron": "0 3 * * *", "job": job | {"notify": {"email": [ANA]}}}
    refused = await desk.post("/api/training/schedules", schedule, 422)
    assert ANA in refused["error"]["message"]
    ana = await add_person(desk.api, ANA)
    made = await desk.post("/api/training/schedules", schedule, 201)
    assert made["job"]["notify"]["people"] == [ana]
