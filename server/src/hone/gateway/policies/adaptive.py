"""`adaptive`: tries, learns what is rewarded, and keeps trying a little.

Contextual Thompson sampling. The chance of each target to be the best one is computed from what is
believed of it, and the target is drawn by that chance: the same choice as sampling from every
belief, but the propensity is known, not estimated. A part of the calls (`exploration`) is spread
evenly. A conversation is drawn for once, by a hash of its id, and stays where it is.
"""

from collections.abc import Sequence
from hashlib import blake2b
from uuid import UUID

from hone.gateway.policies.candidates import Candidate, Choice


def lot(route_id: UUID, conversation: str) -> float:
    """Return a conversation's number between 0 and 1, the same in every process."""
    key = route_id.bytes
    digest = blake2b(conversation.encode(errors="replace"), digest_size=8, key=key).digest()
    return int.from_bytes(digest) / 2**64


def explored(chances: Sequence[float], exploration: float) -> list[float]:
    """Mix chances with an even spread."""
    total, count = sum(chances), len(chances)
    if not total:
        return [1 / count] * count
    even = exploration / count
    return [even + (1 - exploration) * each / total for each in chances]


def choose(
    candidates: Sequence[Candidate], chances: Sequence[float], exploration: float, drawn: float
) -> Choice:
    """Draw a candidate; `chances` are of all the route's targets, `drawn` lies between 0 and 1."""
    mixed = explored([chances[each.place] for each in candidates], exploration)
    first, left = len(mixed) - 1, drawn
    for index, chance in enumerate(mixed):
        left -= chance
        if left < 0:
            first = index
            break
    others = sorted((i for i in range(len(mixed)) if i != first), key=lambda i: -mixed[i])
    return Choice(first, (), [first, *others], mixed)
