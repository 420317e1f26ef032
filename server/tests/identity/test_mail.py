"""Links that are sent by e-mail, by the worker, to a mail server that runs."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest_asyncio
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from pydantic import SecretStr

from hone.core.jobs import Jobs
from hone.core.keyring import Keyring
from hone.core.settings import Database as DatabaseSettings
from hone.core.settings import Mail, Security, Settings
from hone.worker import Worker
from tests.fixtures.database import Urls
from tests.fixtures.house import free_port
from tests.identity.api import Api
from tests.identity.browser import Browser, add_person

ANA = "ana@venue.example"


class Postbox(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[dict[str, str]] = []
        self.arrived = asyncio.Event()
        self.loop = asyncio.get_running_loop()

    def handle_message(self, message: object) -> None:
        """Take one letter."""
        text = str(message)
        subject = re.search(r"^Subject: (.*)$", text, re.MULTILINE)
        recipient = re.search(r"^To: (.*)$", text, re.MULTILINE)
        assert subject is not None
        assert recipient is not None
        self.letters.append({"to": recipient[1], "subject": subject[1], "text": text})
        self.loop.call_soon_threadsafe(self.arrived.set)


@pytest_asyncio.fixture
async def postbox() -> AsyncIterator[tuple[Postbox, int]]:
    """Run a mail server."""
    box = Postbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    yield box, server.port
    server.stop()


def settings(urls: Urls, ring: Keyring, port: int) -> Settings:
    return Settings(
        database=DatabaseSettings(url=SecretStr(urls.app), owner_url=SecretStr(urls.owner)),
        security=Security(master_key=SecretStr(ring.active.write())),
        mail=Mail(host="127.0.0.1", port=port, tls="off", sender="hone@venue.example"),
    )


async def test_a_link_to_a_new_password_arrives_by_e_mail(
    api: Api, urls: Urls, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    await add_person(api)
    desk = replace(api.app.state.desk, way="email", jobs=Jobs.create(api.database))
    api.app.state.desk = replace(desk, public_url="https://hone.venue.example")
    asked = {"email": ANA}
    assert (
        await Browser(api).send("POST", "/api/identity/password/forgot", asked)
    ).status_code == 202
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(Worker(settings(urls, api.keyring, port)).run(stop))
        async with asyncio.timeout(60):
            await box.arrived.wait()
        stop.set()
    (letter,) = box.letters
    assert (letter["to"], letter["subject"]) == (ANA, "Set a new password for Venue")
    plain = letter["text"].replace("=\n", "").replace("=3D", "=")
    link = re.search(r"https://hone\.venue\.example/set-password\?token=(\S+)", plain)
    assert link is not None
    body = {"token": link[1], "password": "copper-meadow-41"}
    answer = await Browser(api).send("POST", "/api/identity/password/token", body)
    assert answer.status_code == 201
