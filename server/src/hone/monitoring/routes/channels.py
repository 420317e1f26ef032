"""HTTP routes of channels."""

from fastapi import APIRouter

from hone.core.paging import Page
from hone.identity import ActorDep, SessionDep
from hone.monitoring.routes.deps import PlaceDep
from hone.monitoring.schemas.alerts import (
    ChannelMade,
    ChannelRead,
    ChannelTested,
    ChannelUpdate,
    ChannelWrite,
)
from hone.monitoring.service import channels

router = APIRouter(prefix="/api/alert-channels", tags=["monitoring"])


@router.get("")
async def list_alert_channels(session: SessionDep, actor: ActorDep) -> Page[ChannelRead]:
    """List where alerts go."""
    return await channels.page(session, actor)


@router.post("", status_code=201)
async def create_alert_channel(
    session: SessionDep, actor: ActorDep, place: PlaceDep, body: ChannelWrite
) -> ChannelMade:
    """Let alerts go somewhere; the secret of a webhook is shown this once."""
    return await channels.create(session, actor, place, body)


@router.patch("/{channel_id}")
async def update_alert_channel(
    session: SessionDep, actor: ActorDep, place: PlaceDep, channel_id: str, body: ChannelUpdate
) -> ChannelRead:
    """Change a channel, or switch it off."""
    return await channels.update(session, actor, place, channel_id, body)


@router.delete("/{channel_id}", status_code=204)
async def delete_alert_channel(session: SessionDep, actor: ActorDep, channel_id: str) -> None:
    """Send nothing there any more."""
    await channels.delete(session, actor, channel_id)


@router.post("/{channel_id}/test")
async def test_alert_channel(
    session: SessionDep, actor: ActorDep, place: PlaceDep, channel_id: str
) -> ChannelTested:
    """Send a message now, and tell what came of it."""
    return await channels.test(session, actor, place, channel_id)
