"""Which targets can take a call at all.

What is unknown of a model is taken to be in order, except where it computes: a rule on that is
kept by what is known. The size of a prompt is an estimate, so it never turns a call away: where no
window is large enough, the largest are left.
"""

from collections.abc import Iterable, Sequence

from hone.gateway.demand import Demand, read
from hone.gateway.parsing import Ask
from hone.gateway.policies.candidates import Candidate
from hone.llm.types import Profile, Target


def allowed(profile: Profile, demand: Demand, regions: frozenset[str]) -> bool:
    """Tell whether a model may be asked, and can do what is asked."""
    if regions and profile.region not in regions:
        return False
    return demand.needs.isdisjoint(profile.lacks)


def can_take(targets: Iterable[Target], ask: Ask) -> bool:
    """Tell whether any model is able to do what is asked, wherever it computes."""
    demand = read(ask)
    return any(allowed(each.profile, demand, frozenset()) for each in targets)


def roomy(profile: Profile, demand: Demand) -> bool:
    """Tell whether question and answer fit into a model's windows."""
    most = demand.output_tokens or 0
    window, longest = profile.context_tokens, profile.output_tokens
    if longest is not None and most > longest:
        return False
    return window is None or demand.input_tokens + most <= window


def eligible(
    candidates: Sequence[Candidate], demand: Demand, regions: frozenset[str]
) -> list[Candidate]:
    """Return the candidates that can take a call, in their order."""
    able = [each for each in candidates if allowed(each.target.profile, demand, regions)]
    fitting = [each for each in able if roomy(each.target.profile, demand)]
    if fitting or not able:
        return fitting
    largest = max(_window(each.target.profile) for each in able)
    return [each for each in able if _window(each.target.profile) == largest]


def lacking(
    candidates: Sequence[Candidate], demand: Demand, regions: frozenset[str]
) -> tuple[list[str], bool]:
    """Say why nobody can take a call: what some lack, and whether any is in a region."""
    here = [each for each in candidates if not regions or each.target.profile.region in regions]
    lacks = {each for held in here for each in demand.needs & held.target.profile.lacks}
    return sorted(lacks), bool(here)


def _window(profile: Profile) -> int:
    return profile.context_tokens or 0
