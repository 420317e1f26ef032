"""The rules of testing a provider: it goes where a call would, and nothing of it is kept."""

from dataclasses import dataclass, replace

from hone.core.crypto import Unreadable
from hone.core.db import Database
from hone.core.errors import TooMany
from hone.core.keyring import MasterKeyMissing
from hone.identity import Actor, Permission
from hone.llm.probe import Probed, Step, probe
from hone.llm.providers import PROVIDERS
from hone.registry.addresses import BaseUrl, guard, parse
from hone.registry.checking import diagnose_checked
from hone.registry.diagnosis import Diagnosis, diagnose
from hone.registry.errors import AddressRefused, CredentialNeeded, HostUnknown, UnknownKind
from hone.registry.models import Provider
from hone.registry.schemas import ProviderProbe, ProviderTest, StepName, TestStep
from hone.registry.service.providers import (
    Custody,
    access,
    base_url_of,
    moved,
    unseal,
    well_formed,
)

_AT_ONCE = 4
_STEPS: tuple[StepName, ...] = (
    "name",
    "connection",
    "encryption",
    "answer",
    "credential",
    "models",
)
_running: set[object] = set()


class TestsRunning(TooMany):
    """Several providers are being tested already; try again in a few seconds."""

    code = "tests_running"
    retry_after = 5


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is tested."""

    kind: str
    url: BaseUrl
    networks: tuple[str, ...]
    credential: str | None


async def saved(
    database: Database, actor: Actor, custody: Custody, provider_id: str
) -> ProviderTest:
    """Test a provider as it is saved."""
    async with database.transaction(actor.organization_id) as session:
        row = await access(session, actor, provider_id, Permission.PROVIDERS_WRITE)
        subject = _Subject(row.kind, parse(row.base_url), tuple(row.networks), None)
        try:
            subject = replace(subject, credential=await unseal(session, custody.keyring, row))
        except (Unreadable, MasterKeyMissing):
            diagnosis = Diagnosis(
                "credential",
                "credential_unreadable",
                "Its credential cannot be opened: it was sealed with another master key.",
                "Enter the credential again.",
            )
            return _told(subject, Probed(), diagnosis)
    return await _test(subject)


async def unsaved(
    database: Database, actor: Actor, custody: Custody, data: ProviderProbe
) -> ProviderTest:
    """Test what is entered, before it is saved; a saved credential goes to its own address only."""
    actor.require(Permission.PROVIDERS_WRITE)
    if data.kind not in PROVIDERS:
        raise UnknownKind(f"There is no kind of provider {data.kind!r}.", param="kind")
    url = base_url_of(data.kind, data.base_url)
    credential = None if data.api_key is None else data.api_key.get_secret_value()
    well_formed(data.kind, url, credential)
    networks: tuple[str, ...] | None = None
    if data.provider is not None:
        async with database.transaction(actor.organization_id) as session:
            row = await access(session, actor, data.provider, Permission.PROVIDERS_WRITE)
            if credential is None and row.credential is not None:
                if moved(row, data.kind, url):
                    raise CredentialNeeded(param="apiKey")
                credential = await unseal(session, custody.keyring, row)
            networks = _judged(row, url, data)
    if networks is None:
        try:
            networks = await guard(url, data.networks, custody.reach)
        except (HostUnknown, AddressRefused) as error:
            diagnosis = Diagnosis("name", error.code, error.message, "Check the base URL.")
            return _told(
                _Subject(data.kind, url, (), credential), Probed(failed=Step.NAME), diagnosis
            )
    return await _test(_Subject(data.kind, url, networks, credential))


def _judged(row: Provider, url: BaseUrl, data: ProviderProbe) -> tuple[str, ...] | None:
    """Return what was allowed when this address was saved."""
    if row.base_url == str(url) and (not data.networks or data.networks == row.networks):
        return tuple(row.networks)
    return None


async def _test(subject: _Subject) -> ProviderTest:
    if len(_running) >= _AT_ONCE:
        raise TestsRunning
    token = object()
    _running.add(token)
    try:
        probed, found = await _look(subject)
    finally:
        _running.discard(token)
    return _told(subject, probed, found)


async def _look(subject: _Subject) -> tuple[Probed, Diagnosis]:
    given, url, provider = subject.credential or "", subject.url, PROVIDERS[subject.kind]
    listing = provider.listing(str(url), given)
    probed = await probe(listing.url, listing.headers, subject.networks, body=listing.body or None)
    if listing.body:
        return probed, diagnose_checked(probed, url, provider, listing, given)
    return probed, diagnose(probed, url, provider, listing, credential=bool(given))


def _told(subject: _Subject, probed: Probed, found: Diagnosis) -> ProviderTest:
    passed = _STEPS.index(found.step) if found.step in _STEPS else len(_STEPS)
    secure = subject.url.scheme == "https"
    steps: list[TestStep] = []
    for place, name in enumerate(_STEPS):
        ms = next((took for step, took in probed.took_ms.items() if step.value == name), None)
        if place > passed or (name == "encryption" and not secure):
            steps.append(TestStep(name=name, state="skipped", ms=None))
        else:
            steps.append(
                TestStep(name=name, state="failed" if place == passed else "passed", ms=ms)
            )
    return ProviderTest(
        ok=found.step is None,
        base_url=str(subject.url),
        steps=steps,
        code=found.code,
        problem=found.problem,
        advice=found.advice,
        status=probed.status or None,
        models=list(found.models),
    )
