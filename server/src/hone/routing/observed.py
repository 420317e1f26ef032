"""What a call itself tells of its answer, without anybody's word: pure, and told only where honest.

A good answer cannot be seen in a record, a bad one sometimes can. So what is observed is whether an
answer failed in a way that its model is to blame for; a model learned from this predicts failures and
not quality, and the two are never mixed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hone.operations import Asked

AGAIN_WITHIN: Final = timedelta(minutes=10)
"""So soon the same question in the same conversation says that the answer was no good."""
_CUT: Final = frozenset({"length", "max_tokens", "max_output_tokens", "MAX_TOKENS"})
_FILTERED: Final = frozenset(
    {"content_filter", "content_filtered", "refusal", "guardrail_intervened", "SAFETY"}
)
_WHOLE: Final = frozenset(
    {"stop", "tool_calls", "function_call", "end_turn", "tool_use", "stop_sequence", "completed", "STOP"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Observed:
    """One prompt, and whether a model's answer to it failed (0) or not (1)."""

    prompt: str
    model_id: UUID
    score: float


def observe(calls: Iterable[Asked]) -> list[Observed]:
    """Judge calls, newest first, as far as they tell anything."""
    later: dict[tuple[str, str], datetime] = {}
    found: list[Observed] = []
    for call in calls:
        again = False
        if call.conversation is not None:
            talk = (call.conversation, call.prompt)
            asked = later.get(talk)
            again = asked is not None and asked - call.created_at <= AGAIN_WITHIN
            later[talk] = call.created_at
        score = judge(call, again=again)
        if score is not None:
            found.append(Observed(call.prompt, call.model_id, score))
    return found


def judge(call: Asked, *, again: bool) -> float | None:
    """Tell whether a call's answer failed; None where its record does not say.

    Outages, time-outs and refusals of a provider are nothing that a prompt is to blame for: breakers
    see to these. An answer that is cut where the client set the limit is what the client asked for.
    """
    if call.error_code == "content_filter" or call.finish_reason in _FILTERED:
        return 0.0
    if call.status != "success":
        return None
    if call.finish_reason in _CUT:
        return None if call.limited else 0.0
    if call.finish_reason not in _WHOLE:
        return None
    return 0.0 if again else 1.0
