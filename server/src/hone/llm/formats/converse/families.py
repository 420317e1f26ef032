"""What Bedrock's models take beside what they have in common, by the vendor in their names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hone.llm.neutral import Request

Object = dict[str, object]

_BUDGETS: Final = {"minimal": 1024, "low": 2048, "medium": 8192, "high": 16384, "xhigh": 32768}
"""Tokens of thinking for OpenAI's words; 1024 is the least that Claude takes."""
_EFFORTS: Final = {"minimal": "low", "low": "low", "medium": "medium", "high": "high"}
_COMMON: Final = frozenset({"temperature", "top_p"})


def budget(request: Request) -> int:
    """Return how many tokens may be thought; 0: none."""
    if request.budget is not None:
        return request.budget
    return _BUDGETS.get(request.effort or "none", 0)


def _nothing(request: Request) -> Object:
    del request
    return {}


def _claude(request: Request) -> Object:
    """Anthropic's own names; what thinks is not sampled from the top k."""
    thought = budget(request)
    if thought:
        return {"thinking": {"type": "enabled", "budget_tokens": thought}}
    top_k = request.sampling.top_k
    return {} if top_k is None else {"top_k": top_k}


def _nova(request: Request) -> Object:
    top_k = request.sampling.top_k
    return {} if top_k is None else {"inferenceConfig": {"topK": top_k}}


def _gpt(request: Request) -> Object:
    if request.effort is None or request.effort == "none":
        return {}
    return {"reasoning_effort": _EFFORTS.get(request.effort, "high")}


@dataclass(frozen=True, slots=True)
class Family:
    """Models of one vendor."""

    draws: frozenset[str] = _COMMON
    """The fields of `Sampling` that they have."""
    caches: bool = False
    """They take cache points; all others refuse a request that has one."""
    budgets: bool = False
    """They think for as many tokens as they are told to."""
    efforts: bool = False
    """They think as hard as they are told to."""
    sequences: bool = False
    """They tell which stop sequence was met, if they are asked."""
    more: Callable[[Request], Object] = _nothing
    """Writes `additionalModelRequestFields`."""


PLAIN: Final = Family()
CLAUDE: Final = Family(_COMMON | {"top_k"}, caches=True, budgets=True, sequences=True, more=_claude)
NOVA: Final = Family(_COMMON | {"top_k"}, caches=True, more=_nova)
GPT: Final = Family(efforts=True, more=_gpt)

_FAMILIES: Final = (("anthropic.", CLAUDE), ("amazon.nova", NOVA), ("openai.", GPT))


def family(model: str) -> Family:
    """Find the family in a model's name, its inference profile's or its ARN."""
    return next((found for part, found in _FAMILIES if part in model), PLAIN)
