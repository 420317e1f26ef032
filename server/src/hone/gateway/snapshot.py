"""Everything a request needs to know, compiled once and never changed in place.

A Snapshot is made of parts, one for each organization. A change replaces one part and makes a new
Snapshot around it; a request takes the reference once and sees one state from start to end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from hone.core.tokens import Tokens
from hone.gateway.limits import LimitBook
from hone.llm.types import Deadlines, Target

EXPLORATION: Final = 0.05


class Policy(StrEnum):
    """How a route chooses among its targets."""

    ROUND_ROBIN = "round_robin"
    WEIGHTED = "weighted"
    LEAST_CONNECTIONS = "least_connections"
    RESPONSE_TIME = "response_time"
    INTELLIGENT = "intelligent"
    ADAPTIVE = "adaptive"


class ContentMode(StrEnum):
    """What of a prompt and its answer is kept."""

    FULL = "full"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a request came from, by key or signed in: whose it is and what it may do."""

    key_id: UUID | None
    """None for a person who is signed in."""
    organization_id: UUID
    name: str
    permissions: frozenset[str]
    routes: frozenset[str] | None = None
    """Routes that the key may call; None means every route."""
    expires_at: float | None = None
    """Unix seconds."""
    person_id: UUID | None = None
    user: str | None = None
    """Recorded as the user of a call that names none."""
    teams: tuple[UUID, ...] = ()
    """The key's team, and those of the person behind it."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A target and its share of the traffic (any positive scale)."""

    target: Target
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Factors:
    """How much an operator cares for each side of a choice (any positive scale)."""

    cost: float = 1.0
    performance: float = 1.0
    quality: float = 1.0


@dataclass(frozen=True, slots=True)
class Route:
    """The name that a client sends as `model`, and what may answer it."""

    id: UUID | None
    """None for a model's own name, which is a route too."""
    name: str
    policy: Policy
    targets: tuple[Weighted, ...]
    fallbacks: tuple[Target, ...] = ()
    deadlines: Deadlines = field(default_factory=Deadlines)
    factors: Factors = field(default_factory=Factors)
    """Of the policies `intelligent` and `adaptive`."""
    exploration: float = EXPLORATION
    """The part of the calls that `adaptive` spreads evenly, whatever it has learnt."""
    regions: frozenset[str] = frozenset()
    """Where calls may be answered, for `intelligent` and `adaptive`; empty: anywhere."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key that seals an organization's contents of one month."""

    id: UUID
    month: str
    """`YYYY-MM`, in UTC."""
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Organization:
    """One organization's part of the snapshot."""

    id: UUID
    version: int
    principals: Mapping[bytes, Principal] = field(default_factory=dict[bytes, Principal])
    """By SHA-256 of the key."""
    routes: Mapping[str, Route] = field(default_factory=dict[str, Route])
    data_keys: Mapping[str, DataKey] = field(default_factory=dict[str, DataKey])
    """By month, the present and the next."""
    content: ContentMode = ContentMode.FULL
    people: Mapping[UUID, Principal] = field(default_factory=dict[UUID, Principal])
    """Who may be signed in."""
    ended: frozenset[UUID] = frozenset()
    """Sessions that ended while an access token of theirs may still be around."""
    automatic: Route | None = None
    """Every model, for calls that leave the choice to Hone; None where there is no model."""
    limits: LimitBook | None = None
    """None: nothing is limited."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The control plane as of one moment."""

    organizations: Mapping[UUID, Organization] = field(default_factory=dict[UUID, Organization])
    principals: Mapping[bytes, Principal] = field(default_factory=dict[bytes, Principal])

    def with_part(self, part: Organization) -> "Snapshot":
        """Return a snapshot in which one organization's part is replaced."""
        before = self.organizations.get(part.id)
        principals = dict(self.principals)
        for digest in before.principals if before else ():
            principals.pop(digest, None)
        principals.update(part.principals)
        organizations = {**self.organizations, part.id: part}
        return Snapshot(MappingProxyType(organizations), MappingProxyType(principals))

    def without(self, organization_id: UUID) -> "Snapshot":
        """Return a snapshot in which one organization is gone."""
        kept = {key: part for key, part in self.organizations.items() if key != organization_id}
        principals = {
            digest: principal
            for digest, principal in self.principals.items()
            if principal.organization_id != organization_id
        }
        return Snapshot(MappingProxyType(kept), MappingProxyType(principals))


@dataclass(slots=True)
class Current:
    """The one place that points at the present snapshot; a process has one."""

    snapshot: Snapshot = field(default_factory=Snapshot)
    tokens: Tokens | None = None
    """Reads the cookies of browsers; None: only keys are known."""
    ready: bool = False
    """True once a first snapshot was compiled."""
    used: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """The keys that were used since it was last written down, with their organizations."""

    def note_use(self, principal: Principal) -> None:
        """Remember that a key was used; people who are signed in have none."""
        if principal.key_id is not None:
            self.used[principal.key_id] = principal.organization_id
