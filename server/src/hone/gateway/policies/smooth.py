"""Smooth weighted round robin, as nginx does it.

Its commit 52327e0627f4 ("Upstream: smooth weighted round-robin balancing") says why: each process
gives every candidate its exact share, spread evenly.
"""

from collections.abc import Sequence

from hone.gateway.policies.candidates import Candidate


def first(candidates: Sequence[Candidate]) -> int:
    """Return whose turn it is."""
    best, highest = 0, candidates[0].balance + candidates[0].weight
    for index, each in enumerate(candidates):
        if each.balance + each.weight > highest:
            best, highest = index, each.balance + each.weight
    return best


def charge(candidates: Sequence[Candidate], taken: Candidate) -> None:
    """Let everybody's balance grow by their weight, and let the one pay who had the turn."""
    total = 0
    for each in candidates:
        weight = each.weight
        each.balance += weight
        total += weight
    taken.balance -= total


def shares(candidates: Sequence[Candidate]) -> list[float]:
    """Return each candidate's share by weight; equal shares where nobody has a weight."""
    total = sum(each.weight for each in candidates)
    if not total:
        return [1 / len(candidates)] * len(candidates)
    return [each.weight / total for each in candidates]


def tie(
    candidates: Sequence[Candidate], equal: Sequence[int]
) -> tuple[int, Sequence[Candidate], list[float]]:
    """Break a tie by turns: who is first, among whom it was, and every candidate's chance."""
    chances = [0.0] * len(candidates)
    if len(equal) == 1:
        chances[equal[0]] = 1.0
        return equal[0], (), chances
    among = [candidates[index] for index in equal]
    for index, share in zip(equal, shares(among), strict=True):
        chances[index] = share
    return equal[first(among)], among, chances
