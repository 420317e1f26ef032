"""What to do about what was measured, in words: pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from hone.core import ids
from hone.monitoring.repository.figures import Moved

_SPARE: Final = "add a fallback to the route, or see the provider's health under Providers."
_BY_CODE: Final = {
    "upstream_refused": "The provider refuses the call: check its credential, and what it may be used for.",
    "upstream_quota_spent": "The quota at the provider is spent: raise it there, or add a fallback.",
    "upstream_model_not_found": "The provider does not know the model: correct its name under Models.",
    "rate_limited": "The provider limits you: spread calls over more targets, or ask it for more.",
    "upstream_unreachable": f"The provider cannot be reached: {_SPARE}",
    "upstream_timeout": f"The provider is too slow: {_SPARE}",
    "upstream_stalled": f"The provider stops in the middle of answers: {_SPARE}",
    "upstream_cut": f"The provider cuts connections: {_SPARE}",
    "upstream_stream_cut": f"The provider cuts connections: {_SPARE}",
    "upstream_rejected": "The provider rejects what is asked: look at the requests below.",
    "context_length_exceeded": "Prompts are too long for the model: shorten them, or use one that takes more.",
    "no_target_available": "No target of the route answers: see the health of its providers.",
}
_SLOW: Final = "See which model is slow under Analytics, and let the route choose by response time."
_COST: Final = "See Costs by model and key; a cheaper model or a limit keeps a request affordable."
_FAILING: Final = "Open the calls below to see what they say; roll back what was released last."


def of_failures(calls: Sequence[Moved]) -> str:
    """Say what to do about calls that failed, by the error that most of them have."""
    codes = Counter(each.error_code for each in calls if each.error_code)
    for code, _ in codes.most_common():
        if code in _BY_CODE:
            return _BY_CODE[code]
    return _FAILING


def of_metric(metric: str, calls: Sequence[Moved]) -> str:
    """Say what to do about a metric that is not as it should be."""
    if metric.startswith("latency"):
        return _SLOW
    if metric.startswith("cost"):
        return _COST
    return of_failures(calls)


def named(calls: Sequence[Moved]) -> dict[str, Any]:
    """Tell which calls moved an alert, and what most of them have in common."""
    models = Counter(each.model for each in calls)
    codes = Counter(each.error_code for each in calls if each.error_code)
    return {
        "operations": [ids.public("op", each.id) for each in calls],
        "models": dict(models.most_common(5)),
        "errors": dict(codes.most_common(5)),
    }


def mostly(calls: Sequence[Moved]) -> str:
    """Say in a sentence what most of some calls have in common; nothing where nothing is."""
    if not calls:
        return ""
    model, of_model = Counter(each.model for each in calls).most_common(1)[0]
    codes = Counter(each.error_code for each in calls if each.error_code).most_common(1)
    said: list[str] = []
    if of_model * 2 > len(calls):
        said.append(f"of model {model}")
    if codes and codes[0][1] * 2 > len(calls):
        said.append(f"with {codes[0][0]}")
    return f" Most of the newest are {' '.join(said)}." if said else ""
