"""One shape for whatever way feedback comes in: pure."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final, Literal, get_args

import msgspec

from hone.core.keyring import Key
from hone.feedback.errors import NothingSaid, NothingToJudge
from hone.feedback.schemas import FeedbackCreate, FeedbackGive, FeedbackSubmit, Kind, Verdict

SignalKind = Literal["rephrase", "abandon", "handover", "copy", "retry"]
SIGNALS: Final[tuple[SignalKind, ...]] = get_args(SignalKind)
VERDICT: Final = "verdict"
"""The measure of document 4: was the answer right."""
THUMBS: Final = "thumbs"
COMMENT, DEMONSTRATION = "comment", "demonstration"
_WORTH: Final[dict[Verdict, tuple[bool | None, float]]] = {
    "positive": (True, 1.0),
    "negative": (False, 0.0),
    "neutral": (None, 0.5),
}


class Words(msgspec.Struct, frozen=True):
    """What is kept sealed: what somebody wrote."""

    comment: str | None = None
    correction: str | None = None
    input: str | None = None

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return any((self.comment, self.correction, self.input))


NO_WORDS: Final = Words()


@dataclass(frozen=True, slots=True)
class Told:
    """Feedback as it was told."""

    metric: str
    operation: str | None
    conversation: str | None = None
    kind: Kind | None = None
    """None: that of the operation."""
    user: str | None = None
    positive: bool | None = None
    score: float | None = None
    value: float | None = None
    rating: int | None = None
    was_used: bool | None = None
    was_helpful: bool | None = None
    expected: str | None = None
    """The right label; a right answer in words is among the words."""
    words: Words = NO_WORDS

    @property
    def corrected(self) -> bool:
        """Tell whether it says what would have been right."""
        return self.expected is not None or self.words.correction is not None

    def digest(self, actor: str, key: str | None, operation: bytes | None) -> bytes:
        """Name what can be said only once: by a key of the client's, or by who, of what, as what."""
        person = self.user or actor
        target = operation.hex() if operation else f"conversation {self.conversation}"
        parts = [actor, key] if key else [person, target, self.metric, self.kind or ""]
        return hashlib.sha256(msgspec.json.encode(parts)).digest()

    def said(self, key: Key | None) -> bytes:
        """Tell the same words again; nobody can try words against it without the key."""
        facts = msgspec.json.encode(
            [
                self.kind,
                self.positive,
                self.value,
                self.rating,
                self.was_used,
                self.was_helpful,
                self.expected,
                self.words if key else None,
            ]
        )
        secret = hashlib.sha256(b"feedback" + key.secret).digest() if key else b"feedback"
        return hmac.digest(secret, facts, "sha256")


def of_create(body: FeedbackCreate) -> Told:
    """Read feedback as document 4 sends it."""
    expected = body.corrected_category or body.corrected_sentiment
    corrected = expected is not None or body.correction is not None
    verdict: Verdict | None = body.feedback or ("negative" if corrected else None)
    if verdict is None:
        verdict = _of_use(body.was_used, body.was_helpful)
    if verdict is None and body.comment is None:
        raise NothingSaid
    positive, score = _WORTH[verdict] if verdict else (None, None)
    return Told(
        metric=VERDICT,
        operation=str(body.operation_id),
        kind=body.operation_type,
        user=body.user_id,
        positive=positive,
        score=score,
        was_used=body.was_used,
        was_helpful=body.was_helpful,
        expected=expected,
        words=Words(body.comment, body.correction),
    )


def _of_use(used: bool | None, helpful: bool | None) -> Verdict | None:
    """Read a verdict out of what was done with a suggestion."""
    told = helpful if helpful is not None else used
    return None if told is None else "positive" if told else "negative"


def of_submit(body: FeedbackSubmit) -> Told:
    """Read a rating as document 5 sends it: four and five are good, one and two bad."""
    return Told(
        metric=body.feedback_type,
        operation=str(body.operation_id),
        user=body.user_id,
        positive=None if body.rating == 3 else body.rating > 3,
        score=(body.rating - 1) / 4,
        value=float(body.rating),
        rating=body.rating,
        words=Words(body.comment),
    )


def of_give(body: FeedbackGive) -> Told:
    """Read feedback in the style of `/v1`."""
    if body.operation_id is None and body.conversation_id is None:
        raise NothingToJudge
    comment, correction = body.comment, body.correction
    positive, score, value = _of_value(body.value)
    if isinstance(body.value, str):
        if body.metric == COMMENT:
            comment = body.value
        elif body.metric == DEMONSTRATION:
            correction = body.value
        else:
            raise NothingSaid(
                "A text as `value` is for the metrics `comment` and `demonstration`.", param="value"
            )
    if correction is not None and positive is None:
        positive, score = False, 0.0
    silent = value is None and positive is None and comment is None
    if silent and body.metric not in SIGNALS:
        raise NothingSaid(param="value")
    return Told(
        metric=body.metric,
        operation=None if body.operation_id is None else str(body.operation_id),
        conversation=body.conversation_id,
        user=body.user,
        positive=positive,
        score=score,
        value=value,
        words=Words(comment, correction, body.input),
    )


def _of_value(value: bool | float | str | None) -> tuple[bool | None, float | None, float | None]:
    """Read a verdict, a score and the number itself; only 0 to 1 is a score."""
    if isinstance(value, bool):
        return value, float(value), float(value)
    if value is None or isinstance(value, str):
        return None, None, None
    number = float(value)
    if not 0 <= number <= 1:
        return None, None, number
    return None if number == 0.5 else number > 0.5, number, number
