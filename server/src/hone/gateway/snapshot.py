"""Everything a request needs to know, compiled once and never changed in place.

A Snapshot is made of parts, one for each organization. A change replaces one part and makes a new
Snapshot around it; a request takes the reference once and sees one state from start to end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

import msgspec

from hone.core.tokens import Tokens
from hone.gateway.limits import LimitBook
from hone.gateway.quality import Predictor
from hone.llm.types import Deadlines, Target

EXPLORATION: Final = 0.05
QUERY: Final = "ai:query"
"""The permission to call models."""


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
    default_route: str | None = None
    """Asked where a call names no model, and for what a provider keeps."""
    expires_at: float | None = None
    """Unix seconds."""
    person_id: UUID | None = None
    user: str | None = None
    """Recorded as the user of a call that names none."""
    teams: tuple[UUID, ...] = ()
    """The key's team, and those of the person behind it."""
    organization_bytes: bytes = field(init=False, repr=False, compare=False)
    """Ids as every frame of the log has them."""
    key_bytes: bytes | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write the ids once for all calls."""
        object.__setattr__(self, "organization_bytes", self.organization_id.bytes)
        object.__setattr__(self, "key_bytes", self.key_id.bytes if self.key_id else None)

    def may_query(self, now: float) -> bool:
        """Tell whether calls may be made in this name."""
        return QUERY in self.permissions and (self.expires_at is None or self.expires_at > now)


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
    id_bytes: bytes | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write the id once for all calls."""
        object.__setattr__(self, "id_bytes", self.id.bytes if self.id else None)


class Unit(StrEnum):
    """What stays in one arm; never a single message, which would tear conversations apart."""

    USER = "user"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to answer what a split's name is asked."""

    name: str
    route: Route
    share: float
    """Its part of the units that take part; all of them sum to 1."""
    prompt: str | None = None
    """A system prompt that stands in the place of the client's, or before what it said."""


_SPAN: Final = 1 << 64


@dataclass(frozen=True, slots=True)
class Split:
    """Arms that share the calls of one name; `hone.gateway.splitting` says who has which."""

    id: UUID
    kind: str
    """experiment or release."""
    salt: str
    unit: Unit
    arms: tuple[Arm, ...]
    """The first one gives when the share of another grows."""
    coverage: float = 1.0
    """The part of the units that take part; the rest is answered as if there were no split."""
    shadow: Route | None = None
    """Gets a copy of each call, unseen by the client."""
    told: bool = True
    """The log says which arm a call met; False where all of them meet the one that won."""
    id_bytes: bytes = field(init=False, repr=False, compare=False)
    salt_bytes: bytes = field(init=False, repr=False, compare=False)
    taking: int = field(init=False, repr=False, compare=False)
    """Of 2^64: below it a unit takes part."""
    bounds: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    """Where each arm ends on the line of 2^64, and which it is, from the left."""

    def __post_init__(self) -> None:
        """Reckon once what every call needs."""
        object.__setattr__(self, "id_bytes", self.id.bytes)
        # BLAKE2b takes keys of up to 64 bytes.
        object.__setattr__(self, "salt_bytes", self.salt.encode()[:64])
        object.__setattr__(self, "taking", round(self.coverage * _SPAN))
        object.__setattr__(self, "bounds", _bounds([each.share for each in self.arms]))


def _bounds(shares: Sequence[float]) -> tuple[tuple[int, int], ...]:
    """Lay arms on a line: the first in the middle, the others from the right and left ends by turns.

    So each of the first two others grows and shrinks only against the first.
    """
    others = range(1, len(shares))
    order = [*[each for each in others if each % 2 == 0], 0]
    order += reversed([each for each in others if each % 2 == 1])
    bounds: list[tuple[int, int]] = []
    right = sum(shares[each] for each in others if each % 2 == 1)
    left = 0.0
    for each in order:
        if each == 0:
            left = 1.0 - right
        else:
            left += shares[each]
        bounds.append((round(left * _SPAN), each))
    last = max(place for place, each in enumerate(bounds) if shares[each[1]] > 0)
    bounds[last:] = [(_SPAN, bounds[last][1])]
    return tuple(bounds)


@dataclass(frozen=True, slots=True)
class Learned:
    """The routing model that an organization has in force; it knows models by the hex of their ids."""

    id: UUID
    predictor: Predictor


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
    learned: Learned | None = None
    """None: of quality nothing is known but what the operator says."""
    unreleased: Mapping[str, str] = field(default_factory=dict[str, str])
    """What callers of a model are told of which no version is live yet, by its name."""
    splits: Mapping[str, Split] = field(default_factory=dict[str, Split])
    """By the name that clients send as `model`."""


class Caller(msgspec.Struct, frozen=True, gc=False):
    """Who calls, by key or signed in, and the organization that they belong to."""

    principal: Principal
    organization: Organization


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The control plane as of one moment."""

    organizations: Mapping[UUID, Organization] = field(default_factory=dict[UUID, Organization])
    callers: Mapping[bytes, Caller] = field(default_factory=dict[bytes, Caller])
    """By SHA-256 of the key."""

    def with_part(self, part: Organization) -> "Snapshot":
        """Return a snapshot in which one organization's part is replaced."""
        before = self.organizations.get(part.id)
        callers = dict(self.callers)
        for digest in before.principals if before else ():
            callers.pop(digest, None)
        callers |= {digest: Caller(each, part) for digest, each in part.principals.items()}
        organizations = {**self.organizations, part.id: part}
        return Snapshot(MappingProxyType(organizations), MappingProxyType(callers))

    def without(self, organization_id: UUID) -> "Snapshot":
        """Return a snapshot in which one organization is gone."""
        kept = {key: part for key, part in self.organizations.items() if key != organization_id}
        callers = {
            digest: caller
            for digest, caller in self.callers.items()
            if caller.organization.id != organization_id
        }
        return Snapshot(MappingProxyType(kept), MappingProxyType(callers))


@dataclass(slots=True)
class Current:
    """The one place that points at the present snapshot; a process has one."""

    snapshot: Snapshot = field(default_factory=Snapshot)
    tokens: Tokens | None = None
    """Reads the cookies of browsers; None: only keys are known."""
    ready: bool = False
    """True once a first snapshot was compiled."""
    used: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    """The keys that were used since it was last written down, with their organizations."""

    def note_use(self, principal: Principal) -> None:
        """Remember that a key was used; people who are signed in have none."""
        if principal.key_bytes is not None:
            self.used[principal.key_bytes] = principal.organization_bytes
