"""Alerts and their channels as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr

from hone.core.schemas import Schema
from hone.identity import Email

Severity = Literal["info", "warning", "critical"]
AlertState = Literal["open", "acknowledged", "resolved", "silenced"]
ChannelKind = Literal["email", "slack", "webhook"]
Note = Annotated[str, Field(max_length=2_000)]


class AlertsQuery(Schema):
    """Which alerts a list is of."""

    state: AlertState | None = Field(default=None, description="`open` has those to act on.")
    severity: Severity | None = None
    model: str | None = Field(default=None, max_length=256)
    monitor: str | None = Field(default=None, max_length=64)
    kind: str | None = Field(default=None, max_length=64)
    limit: int = Field(default=50, ge=1, le=500, description="Rows on a page.")
    cursor: str | None = Field(
        default=None, max_length=512, description="`next` of the page before."
    )


class AlertAction(Schema):
    """Something that can be done about an alert, as the call that does it."""

    kind: Literal["review", "retrain", "rollback"]
    label: str
    method: str
    path: str
    body: dict[str, Any]


class AlertDeliveryRead(Schema):
    """One message about an alert to one channel."""

    channel: str
    event: str
    state: Literal["waiting", "sending", "delivered", "failed", "cancelled"]
    attempts: int
    maybe_twice: bool
    error: str | None
    created_at: datetime
    next_at: datetime | None = Field(description="When it is tried next.")
    ended_at: datetime | None


class AlertRead(Schema):
    """Something that somebody should know, with what shows it and what can be done."""

    id: str
    monitor: str | None
    kind: str
    severity: Severity
    state: AlertState
    model: str | None
    route: str | None
    title: str
    words: str
    recommendation: str
    evidence: dict[str, Any] = Field(
        description="Numbers, and under `operations` ids of the calls that moved it."
    )
    seen: int = Field(description="How often it was measured while it was open.")
    reopened: int
    opened_at: datetime
    last_seen_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    silenced_until: datetime | None
    resolved_at: datetime | None
    resolved_by: str | None
    note: str | None
    actions: list[AlertAction]
    deliveries: list[AlertDeliveryRead] = Field(
        default_factory=list[AlertDeliveryRead], description="Of one alert; empty in lists."
    )


class AlertPage(Schema):
    """One page of alerts, newest first."""

    items: list[AlertRead]
    total: int | None
    next: str | None
    open: dict[Severity, int] = Field(description="How many are not resolved, by severity.")


class AlertResolve(Schema):
    """Why an alert is over."""

    note: Note | None = None


class AlertSilenceWrite(Schema):
    """Until when an alert rings nobody."""

    until: datetime
    reason: Annotated[str, Field(min_length=1, max_length=2_000)]


class AlertReview(Schema):
    """Where the calls of an alert are to be reviewed."""

    dataset: Annotated[str, Field(min_length=1, max_length=120)] | None = Field(
        default=None, description="Its name; absent: one of the model, made on first use."
    )


class AlertReviewed(Schema):
    """What came to be reviewed."""

    dataset: str
    name: str
    calls: int
    added: int = Field(description="Those that were not there yet.")


class ChannelWrite(Schema):
    """Where alerts are to go."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    kind: ChannelKind
    to: list[Email] = Field(
        default_factory=list[Email], max_length=20, description="Addresses of an `email`."
    )
    url: SecretStr | None = Field(
        default=None, description="Where a `slack` or `webhook` is sent; it is sealed."
    )
    severity: Severity = Field(default="warning", description="The least that is told at once.")
    digest: bool = Field(default=True, description="Also the daily digest of what rang nobody.")
    enabled: bool = True


class ChannelUpdate(Schema):
    """What is to be otherwise."""

    version: int = Field(description="The version that was read.")
    name: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    to: list[Email] | None = Field(default=None, max_length=20)
    url: SecretStr | None = None
    severity: Severity | None = None
    digest: bool | None = None
    enabled: bool | None = None


class ChannelRead(Schema):
    """Where alerts go, without what is secret of it."""

    id: str
    version: int
    name: str
    kind: ChannelKind
    target: str = Field(description="Whom, or which host.")
    to: list[str]
    severity: Severity
    digest: bool
    enabled: bool
    failing_since: datetime | None = Field(description="Set while messages do not arrive.")
    last_error: str | None
    waiting: int = Field(description="Messages that have yet to arrive.")
    created_by: str
    created_at: datetime


class ChannelMade(ChannelRead):
    """A new channel; the secret of a webhook is shown this once."""

    secret: str | None = Field(description="What messages of a webhook are signed with.")


class ChannelTested(Schema):
    """What came of a test message."""

    delivered: bool
    words: str
