"""Which arm of a split a call meets: the same for the same unit, always, and nothing is remembered.

A unit (a user or a conversation) is hashed with BLAKE2b (RFC 7693) under the split's salt. The first
64 bits of the digest are its place on the line from 0 to 1, which the arms share; the other 64 bits
say whether it takes part at all. So two splits say nothing of each other, and neither does whether a
unit takes part say anything of its arm. The first arm is the one that gives: the others are laid out
from both ends of the line, so that with up to three arms a share that grows takes units from the
first arm only, and nobody who had an arm loses it.
"""

from hashlib import blake2b
from typing import Any, Final

import msgspec

from hone.gateway.exchange import Exchange, Way
from hone.gateway.parsing import Ask
from hone.gateway.record import Exposure
from hone.gateway.snapshot import Arm, Organization, Principal, Split, Unit
from hone.llm.types import Endpoint

_SPAN: Final = 1 << 64
_SIGNED: Final = 1 << 63

Raw = msgspec.Raw
_encode = msgspec.json.Encoder().encode
_metadata = msgspec.json.Decoder(dict[str, Any]).decode
_list = msgspec.json.Decoder(list[Raw]).decode


class _Role(msgspec.Struct, gc=False):
    role: str


_role = msgspec.json.Decoder(_Role).decode
_SYSTEM: Final = frozenset({"system", "developer"})
_BESIDE: Final = {Endpoint.MESSAGES: "system", Endpoint.RESPONSES: "instructions"}
"""Where a system prompt stands beside what was said."""


def lead(
    organization: Organization,
    principal: Principal,
    name: str,
    ask: Ask,
    way: Way,
    exchange: Exchange,
) -> tuple[Ask, Way]:
    """Turn a call to the arm that is its unit's, or a copy to what it is made for.

    A call whose name is not split, or that takes no part, goes on as it came.
    """
    if exchange.copy is not None:
        return _copied(ask, exchange.copy.of), exchange.copy.way
    split = organization.splits.get(name)
    if split is None:
        return ask, way
    unit = unit_of(split.unit, ask.user, ask.conversation, principal.user)
    place, taking = _places(split, (exchange.public_id if unit is None else unit).encode())
    if taking >= split.taking:
        return ask, way
    arm = split.arms[_at(split, place)]
    if not split.told:
        return _turned(ask, arm), Way(way.asked, arm.route)
    told = None if unit is None else place - _SIGNED
    exposure = Exposure(split.id_bytes, arm.name, arm.share, told)
    taken = Way(way.asked, arm.route, exposure, split.shadow)
    if not arm.route.targets:
        # It was deleted while it was an arm.
        return ask, taken.rescued()
    return _turned(ask, arm), taken


def _turned(ask: Ask, arm: Arm) -> Ask:
    return ask if arm.prompt is None else prompted(ask, arm.prompt)


def _copied(ask: Ask, of: str) -> Ask:
    """Say in a copy's metadata what it is a copy of."""
    metadata = {} if ask.metadata is None else _metadata(ask.metadata)
    return msgspec.structs.replace(ask, metadata=_encode({**metadata, "shadowOf": of}))


def unit_of(
    unit: Unit, user: str | None, conversation: str | None, other: str | None
) -> str | None:
    """Choose what is to stay in one arm; None where a call names nothing that could.

    A kind goes before each name, so that a user and a conversation of one name are two units. `other` is
    the user that the key stands for.
    """
    if unit is Unit.CONVERSATION and conversation:
        return f"c:{conversation}"
    if user:
        return f"u:{user}"
    if conversation:
        return f"c:{conversation}"
    return f"u:{other}" if other else None


def assign(split: Split, unit: str) -> int:
    """Return the place of the arm that a unit has, whether it takes part or not."""
    return _at(split, _places(split, unit.encode())[0])


def takes_part(split: Split, unit: str) -> bool:
    """Tell whether a unit is among those that take part."""
    return _places(split, unit.encode())[1] < split.taking


def digest(split: Split, unit: str) -> int:
    """Return what the log knows a unit by: 64 bits that say nothing of it in another split."""
    return _places(split, unit.encode())[0] - _SIGNED


def prompted(ask: Ask, prompt: str) -> Ask:
    """Let a system prompt stand in the place of the client's, or before what it said.

    Where no prompt of this kind can be (embeddings, labels), the call stays as it came.
    """
    body, written = dict(ask.body), Raw(_encode(prompt))
    if ask.endpoint in _BESIDE:
        body[_BESIDE[ask.endpoint]] = written
    elif ask.endpoint is Endpoint.CHAT:
        said = _list(bytes(ask.body["messages"]))
        if _role(bytes(said[0])).role in _SYSTEM:
            said = said[1:]
        first = Raw(_encode({"role": "system", "content": prompt}))
        body["messages"] = Raw(_encode([first, *said]))
    else:
        return ask
    grown = ask.prompt_bytes + len(prompt)
    return msgspec.structs.replace(ask, body=body, prompt_bytes=grown)


def _places(split: Split, unit: bytes) -> tuple[int, int]:
    """Return where a unit is on the line of the arms, and on that of taking part."""
    both = int.from_bytes(blake2b(unit, digest_size=16, key=split.salt_bytes).digest(), "big")
    return both >> 64, both & (_SPAN - 1)


def _at(split: Split, place: int) -> int:
    for bound, arm in split.bounds:
        if place < bound:
            return arm
    return 0
