"""How the predictor stands, for `hone doctor`: whether it answers, what it has loaded, and why not the rest."""

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from hone import versions
from hone.cli.database import with_database
from hone.core import keyring
from hone.core.db import Database
from hone.core.settings import Settings
from hone.llm.transport import Transport
from hone.registry import House
from hone.serving import (
    PREDICTOR_IDLE,
    PREDICTOR_MISSING,
    PREDICTOR_SILENT,
    ServedModel,
    address_file,
    house_of,
    served_models,
    summed_up,
)

_SHOWN: Final = 50


@dataclass(frozen=True)
class Standing:
    """One line of what is told."""

    name: str
    wrong: bool
    words: str


def look(settings: Settings) -> list[Standing]:
    """Ask the predictor of this installation about everything that is live."""
    house = _house(settings)
    if house is not None and not _listens(house.url):
        if settings.predictor.url is None:
            return [
                Standing("predictor", False, f"none listens at {house.url}: Hone does not run here")
            ]
        return [
            Standing("predictor", True, f"Nothing listens at {house.url} (HONE_PREDICTOR__URL).")
        ]
    return with_database(settings.app_url, lambda database: _ask(database, house))


async def _ask(database: Database, house: House | None) -> list[Standing]:
    async with database.transaction() as session:
        rows = [row for row in await versions.served(session) if row.environment != versions.CANARY]
    if not rows:
        return [Standing("predictor", False, PREDICTOR_IDLE)]
    if house is None:
        return [Standing("predictor", True, PREDICTOR_MISSING)]
    transport = Transport()
    found: list[ServedModel] = []
    answered = True
    try:
        predictor = versions.Predictor(house, transport)
        for organization_id in {row.organization_id: None for row in rows}:
            states = await predictor.states(organization_id)
            answered = answered and states is not None
            own = [row for row in rows if row.organization_id == organization_id]
            found += served_models(own, states)
    finally:
        await transport.close()
    return list(_told(found, answered=answered))


def _told(found: list[ServedModel], *, answered: bool) -> Iterator[Standing]:
    failed = [each for each in found if each.state == "failed"]
    if not answered:
        yield Standing("predictor", True, PREDICTOR_SILENT)
        return
    yield Standing("predictor", bool(failed), summed_up(len(found), len(failed)))
    others = [each for each in found if each.state != "failed"]
    for each in [*failed, *others][:_SHOWN]:
        yield Standing(f"model {each.called_as}", each.state == "failed", _words(each))
    if len(found) > _SHOWN:
        yield Standing("models", False, f"{len(found) - _SHOWN} more are served")


def _words(model: ServedModel) -> str:
    if model.state == "loaded":
        return f"{model.version} is loaded"
    if model.state == "waiting":
        return f"{model.version} is loaded when somebody calls it"
    answers = f"{model.loaded} still answers" if model.loaded else "nothing answers"
    return f"{model.version} cannot be loaded, and {answers}: {model.why}"


def _house(settings: Settings) -> House | None:
    """Find the predictor: where the settings say, else where one of this machine has written that it is."""
    if settings.predictor.url is None:
        written = address_file(settings.data_dir)
        if not written.is_file():
            return None
        url = written.read_text("utf-8").strip()
        predictor = settings.predictor.model_copy(update={"url": url})
        settings = settings.model_copy(update={"predictor": predictor})
    return house_of(settings, keyring.load(settings))


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with closing(socket.create_connection((parts.hostname or "", port), 2)):
            return True
    except OSError:
        return False
