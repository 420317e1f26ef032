"""What the feedback API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from hone.core.paging import Page
from hone.core.schemas import Schema
from hone.llm.unicode import clean

LONGEST_COMMENT = 4_000
LONGEST_ANSWER = 32_000
LONGEST_LABEL = 200
MOST_REVIEWED = 1_000

Kind = Literal["classification", "suggestion", "sentiment", "response"]
State = Literal["received", "accepted", "held", "rejected"]
Period = Literal["hour", "day", "week", "month", "all"]
Verdict = Literal["positive", "negative", "neutral"]


def _cleaned(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


_Cleaned = BeforeValidator(_cleaned)
Name = Annotated[str, _Cleaned, Field(min_length=1, max_length=512)]
Comment = Annotated[str, _Cleaned, Field(min_length=1, max_length=LONGEST_COMMENT)]
Answer = Annotated[str, _Cleaned, Field(min_length=1, max_length=LONGEST_ANSWER)]
Label = Annotated[str, _Cleaned, Field(min_length=1, max_length=LONGEST_LABEL)]
Named = Annotated[
    StrictInt
    | Annotated[StrictStr, BeforeValidator(_cleaned), Field(min_length=1, max_length=256)],
    Field(description="Our id, such as `op_019ab…`, or your own `externalId`."),
]


class FeedbackCreate(Schema):
    """What somebody says of one answer."""

    operation_type: Kind
    operation_id: Named
    feedback: Verdict | None = Field(
        default=None, description="May be left out where a correction says that it was wrong."
    )
    corrected_category: Label | None = Field(
        default=None, description="The category that would have been right."
    )
    corrected_sentiment: Label | None = Field(
        default=None, description="The sentiment that would have been right."
    )
    correction: Answer | None = Field(
        default=None, description="The answer that would have been right, in words; kept sealed."
    )
    was_used: StrictBool | None = None
    was_helpful: StrictBool | None = None
    comment: Comment | None = Field(default=None, description="Kept sealed.")
    user_id: Name | None = Field(
        default=None,
        description="Your user, in whose name this is said; else it is the key's word.",
    )


class FeedbackSubmit(Schema):
    """A rating of one answer, in one respect."""

    operation_id: Named
    feedback_type: Literal["helpful", "accurate", "relevant", "fast"]
    rating: Annotated[StrictInt, Field(ge=1, le=5)]
    comment: Comment | None = Field(default=None, description="Kept sealed.")
    user_id: Name | None = None


class FeedbackGive(BaseModel):
    """Feedback in the style of `/v1`: any measure of any call or conversation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    operation_id: Named | None = None
    conversation_id: Name | None = Field(
        default=None, description="Of the whole conversation; it counts for who answered last."
    )
    metric: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")] = Field(
        default="thumbs",
        description="What is measured. `comment` and `demonstration` take the text as `value`;"
        " rephrase, abandon, handover, copy and retry are signs that nobody said.",
    )
    value: (
        StrictBool | Annotated[float, Field(allow_inf_nan=False, ge=-1e9, le=1e9)] | Answer | None
    ) = Field(default=None, description="True or false, a number (0 to 1 is a score), or a text.")
    comment: Comment | None = None
    correction: Answer | None = Field(
        default=None, description="The answer that would have been right: a demonstration."
    )
    input: Answer | None = Field(
        default=None, description="What was asked, where Hone does not keep contents."
    )
    user: Name | None = None


class FeedbackGiven(BaseModel):
    """What became of it, in the style of `/v1`."""

    id: str
    object: Literal["feedback", "signal"] = "feedback"
    created: int
    operation_id: str | None
    conversation_id: str | None
    metric: str
    state: str


class FeedbackReceipt(Schema):
    """What became of it."""

    id: str
    state: State = Field(
        description="received: it counts within a second, unless it is held for review."
    )
    operation_id: str | None
    conversation_id: str | None
    metric: str


class FeedbackPerson(Schema):
    """Who said it."""

    id: str
    kind: Literal["user", "person", "key", "system"]
    name: str | None = Field(
        description="Of a person or key; null where it is not known any longer."
    )


class FeedbackRead(Schema):
    """One piece of feedback."""

    id: str
    state: State = Field(
        description="received until it is settled, within a second; then accepted, held or rejected."
    )
    reason: str | None = Field(
        description="Why it is held or rejected: out_of_line, contradiction, barred, review or"
        " no_operation."
    )
    operation_type: Kind
    metric: str
    operation_id: str | None
    conversation_id: str | None
    model: str | None
    route: str | None
    person: FeedbackPerson
    feedback: Verdict
    score: float | None = Field(description="0 to 1, whatever the measure.")
    value: float | None
    rating: int | None
    was_used: bool | None
    was_helpful: bool | None
    given: str | None = Field(description="The label that was answered.")
    expected: str | None = Field(description="The label that is right.")
    corrected: bool
    correction: str | None = Field(description="The right answer; needs `contents:read`.")
    commented: bool
    comment: str | None = Field(description="Needs `contents:read`.")
    withheld: str | None = Field(description="Why a comment or correction is not shown.")
    sentiment: float | None = Field(description="Of the comment, -1 to 1.")
    quality: float | None = Field(description="How much the comment tells, 0 to 1.")
    created_at: datetime
    updated_at: datetime
    reviewed_by: str | None


class FeedbackShare(Schema):
    """A share with its interval."""

    value: float
    low: float = Field(description="Of the 95 % interval after Wilson.")
    high: float


class FeedbackFigures(Schema):
    """What some feedback adds up to."""

    told: int
    positive: int
    negative: int
    neutral: int
    share_positive: FeedbackShare | None = Field(
        description="Of those that say good or bad; null: none."
    )
    average_rating: float | None
    average_score: float | None
    corrected: int
    commented: int


class FeedbackFiguresOf(FeedbackFigures):
    """The same, of one model, type or measure."""

    name: str


class FeedbackStatistics(FeedbackFigures):
    """FeedbackFigures of a period, whole and broken down."""

    by_model: list[FeedbackFiguresOf]
    by_type: list[FeedbackFiguresOf]
    by_metric: list[FeedbackFiguresOf]


class FeedbackPage(Page[FeedbackRead]):
    """A page of feedback, with figures of the period; filters besides model and type leave these."""

    statistics: FeedbackStatistics
    period: Period


class FeedbackQuery(Schema):
    """Which feedback a list shows."""

    period: Period = "month"
    model: Name | None = None
    type: Kind | None = Field(default=None, description="Type of the operation.")
    metric: Name | None = None
    state: State | None = None
    feedback: Verdict | None = None
    corrected: bool | None = None
    commented: bool | None = None
    operation: Name | None = Field(default=None, description="Id of an operation; of any time.")
    conversation: Name | None = None
    person: Name | None = Field(default=None, description="User, key or person who said it.")
    limit: int = Field(default=50, ge=1, le=500)
    cursor: str | None = Field(default=None, max_length=512)


class FigureQuery(Schema):
    """Which feedback is summed up."""

    period: Period = "week"
    model: Name | None = None
    type: Kind | None = None


class FeedbackMoods(Schema):
    """What comments sound like."""

    positive: int
    neutral: int
    negative: int
    average: float | None
    quality: float | None = Field(description="How much comments tell on average, 0 to 1.")


class FeedbackSuggestions(Schema):
    """What became of suggestions."""

    usage_rate: FeedbackShare | None
    helpful_rate: FeedbackShare | None


class FeedbackLabel(Schema):
    """How well one label is answered, as far as somebody told."""

    label: str
    precision: float | None
    recall: float | None
    f1_score: float | None
    told: int = Field(description="Answers of which this was the right label.")


class FeedbackClassification(Schema):
    """How well labels are answered, as far as somebody told."""

    told: int
    accuracy: FeedbackShare | None = Field(
        description="Of answers that were called right or wrong."
    )
    labelled: int = Field(description="Answers whose right label is known; the rest reads these.")
    precision: float | None = Field(description="Mean of the classes.")
    recall: float | None
    f1_score: float | None
    classes: list[FeedbackLabel]


class FeedbackBefore(Schema):
    """The period before, as long."""

    told: int
    share_positive: FeedbackShare | None


class FeedbackSignals(Schema):
    """Signs that nobody said, apart from what was said."""

    rephrase: int
    abandon: int
    handover: int
    copied: int = Field(alias="copy")
    retry: int


class FeedbackConversations(Schema):
    """How conversations went, as far as it shows without anybody's word."""

    ended: int = Field(description="Over for half an hour, and counted by the hour of their end.")
    conversation_length: float | None = Field(description="Calls of one on average.")
    task_completion: FeedbackShare | None = Field(
        description="Ended without a question asked again at the end, a failure or a wish for a person:"
        " a guess, not a judgement."
    )
    user_retention: FeedbackShare | None = Field(
        description="Of those whose user is known: that user had called within 30 days before."
    )
    escalation_rate: FeedbackShare | None = Field(description="A person was asked for.")


class FeedbackSummary(FeedbackFigures):
    """Everything of a period at a glance."""

    as_of: datetime
    period: Period
    since: datetime | None
    previous: FeedbackBefore | None
    ratings: list[int] = Field(description="How many gave one star, two, and so on.")
    held: int = Field(description="Waiting for review now, whatever the period.")
    sentiment: FeedbackMoods
    suggestions: FeedbackSuggestions
    classification: FeedbackClassification
    by_model: list[FeedbackFiguresOf]
    by_type: list[FeedbackFiguresOf]
    by_metric: list[FeedbackFiguresOf]
    signals: FeedbackSignals
    conversations: FeedbackConversations


class FeedbackTrendPoint(FeedbackFigures):
    """One step of time."""

    at: datetime
    sentiment: float | None


class FeedbackTrends(Schema):
    """How feedback went over time."""

    as_of: datetime
    period: Period
    step: Literal["hour", "day"]
    items: list[FeedbackTrendPoint]


class FeedbackReview(Schema):
    """What is decided of feedback that is held."""

    ids: Annotated[list[Name], Field(max_length=MOST_REVIEWED)] = Field(
        default_factory=list[str], description="Feedback by its ids."
    )
    person: Name | None = Field(
        default=None,
        description="All that is held of one person, who is then trusted or barred.",
    )
    action: Literal["accept", "reject"]
    note: Comment | None = None


class FeedbackReviewed(Schema):
    """What a review changed."""

    changed: int
    remaining: int = Field(description="Still held.")
