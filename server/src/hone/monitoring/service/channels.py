"""The rules of channels: where alerts go."""

from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy.exc import IntegrityError

from hone import registry
from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.paging import Page
from hone.identity import Actor, Permission
from hone.monitoring import rendering, sending, telling
from hone.monitoring.errors import ChannelChanged, ChannelTaken, ChannelWrong
from hone.monitoring.models import AlertChannel
from hone.monitoring.place import Place
from hone.monitoring.repository import alerts
from hone.monitoring.schemas.alerts import (
    ChannelMade,
    ChannelRead,
    ChannelTested,
    ChannelUpdate,
    ChannelWrite,
)
from hone.monitoring.sending import Envelope, Secrets, Undelivered

_READ, _WRITE = Permission.MONITORS_READ, Permission.MONITORS_WRITE
_SLACK: Final = "hooks.slack.com"


async def access(
    session: Session,
    actor: Actor,
    channel_id: str,
    permission: Permission = _READ,
    *,
    lock: bool = False,
) -> AlertChannel:
    """Open the one door to a channel."""
    actor.require(permission)
    parsed = ids.parse(rendering.CHANNEL, channel_id)
    found = parsed and await alerts.channel(session, actor.organization_id, parsed, lock=lock)
    if not found:
        raise NotFound("There is no such channel in this organization.")
    return found


async def page(session: Session, actor: Actor) -> Page[ChannelRead]:
    """List channels by name; there are few."""
    actor.require(_READ)
    rows = await alerts.channels(session, actor.organization_id)
    waiting = await alerts.waiting(session, actor.organization_id)
    items = [rendering.channel(each, waiting.get(each.id, 0)) for each in rows]
    return Page[ChannelRead](items=items, total=len(items), next=None)


async def create(session: Session, actor: Actor, place: Place, data: ChannelWrite) -> ChannelMade:
    """Let alerts go somewhere; the secret of a webhook is shown this once."""
    actor.require(_WRITE)
    now = clock.now()
    row = AlertChannel(
        id=ids.new(),
        organization_id=actor.organization_id,
        name=data.name,
        kind=data.kind,
        recipients=[],
        networks=[],
        severity=data.severity,
        digest=data.digest,
        enabled=data.enabled,
        version=1,
        created_by=actor.id,
        created_at=now,
        updated_at=now,
    )
    secret = sending.new_secret() if data.kind == "webhook" else None
    url = None if data.url is None else data.url.get_secret_value()
    await _aim(session, place, row, list(data.to), url, secret)
    session.add(row)
    await _flush(session, row)
    _note(session, actor, row, "alert_channel.created", after=_facts(row))
    return ChannelMade(**rendering.channel_facts(row, 0), secret=secret)


async def update(
    session: Session, actor: Actor, place: Place, channel_id: str, data: ChannelUpdate
) -> ChannelRead:
    """Change a channel; what has yet to arrive goes where it leads then."""
    row = await access(session, actor, channel_id, _WRITE, lock=True)
    if row.version != data.version:
        raise ChannelChanged(details={"version": row.version})
    before = _facts(row)
    for name in ("name", "severity", "digest", "enabled"):
        value = getattr(data, name)
        if value is not None:
            setattr(row, name, value)
    if data.to is not None or data.url is not None:
        held = await sending.opened(session, place.keyring, row)
        url = None if data.url is None else data.url.get_secret_value()
        to = row.recipients if data.to is None else list(data.to)
        await _aim(session, place, row, to, url or (held and held.url), held and held.secret)
    if not row.enabled:
        await alerts.cancel_waiting(session, row.organization_id, row.id)
        row.failing_since = row.last_error = None
    row.version, row.updated_at = row.version + 1, clock.now()
    await _flush(session, row)
    _note(session, actor, row, "alert_channel.updated", before, _facts(row))
    waiting = await alerts.waiting(session, row.organization_id)
    return rendering.channel(row, waiting.get(row.id, 0))


async def delete(session: Session, actor: Actor, channel_id: str) -> None:
    """Send nothing there any more."""
    row = await access(session, actor, channel_id, _WRITE, lock=True)
    _note(session, actor, row, "alert_channel.deleted", _facts(row))
    await session.delete(row)
    await session.flush()


async def test(session: Session, actor: Actor, place: Place, channel_id: str) -> ChannelTested:
    """Send a message now, and tell what came of it."""
    row = await access(session, actor, channel_id, _WRITE)
    secrets = await sending.opened(session, place.keyring, row)
    envelope = Envelope(ids.public("msg", ids.new()), clock.now(), telling.trial(row))
    try:
        await sending.deliver(place.settings, row, secrets, envelope)
    except Undelivered as error:
        return ChannelTested(delivered=False, words=str(error))
    return ChannelTested(delivered=True, words=f"A message arrived at {row.target}.")


async def _aim(
    session: Session,
    place: Place,
    row: AlertChannel,
    to: list[str],
    url: str | None,
    secret: str | None,
) -> None:
    """Say where a channel leads; refuse what it must not reach."""
    if row.kind == "email":
        if url is not None or not to:
            raise ChannelWrong("An e-mail channel has addresses in `to` and no `url`.", param="to")
        row.recipients, row.target, row.sealed = to, ", ".join(to), None
        return
    if to or url is None:
        raise ChannelWrong(f"A {row.kind} channel has a `url` and nobody in `to`.", param="url")
    parsed = registry.parse_base_url(url.partition("?")[0])
    private = place.settings.security.private_upstreams
    slacks = (parsed.scheme, parsed.host) == ("https", _SLACK)
    if row.kind == "slack" and not (private or slacks):
        raise ChannelWrong(f"Slack's webhooks begin with https://{_SLACK}/.", param="url")
    reach = registry.Reach.PRIVATE if private else registry.Reach.PUBLIC
    row.networks = list(await registry.guard_address(parsed, None, reach))
    row.target = urlsplit(url).netloc
    row.sealed = await sending.seal(session, place.keyring, row, Secrets(url, secret))


async def _flush(session: Session, row: AlertChannel) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        message = f"There is a channel {row.name!r} already."
        raise ChannelTaken(message, param="name") from error


def _note(
    session: Session,
    actor: Actor,
    row: AlertChannel,
    name: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = ids.public(rendering.CHANNEL, row.id)
    facts = {"before": before, "after": after}
    publish(session, row.organization_id, actor.id, name, subject, facts)


def _facts(row: AlertChannel) -> dict[str, Any]:
    """Tell of a channel what the trail may keep: no address of a person."""
    return {
        "name": row.name,
        "kind": row.kind,
        "host": None if row.kind == "email" else row.target,
        "recipients": len(row.recipients),
        "severity": row.severity,
        "digest": row.digest,
        "enabled": row.enabled,
    }
