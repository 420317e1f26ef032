"""Datasets, examples and findings, as the API takes and gives them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from hone.core.schemas import Schema

Kind = Literal["intent", "entity", "response", "chat", "preference"]
Status = Literal["pending", "validated", "rejected"]
Source = Literal["user", "expert", "automated", "knowledge"]
KNOWLEDGE: Source = "knowledge"
"""Pages, FAQs and documents: searched for answers, never asked."""
Split = Literal["train", "validation", "test"]
Format = Literal["json", "jsonl", "csv", "parquet", "openai", "hf"]
FindingKind = Literal["duplicates", "contradictions", "labels", "leakage", "pii", "outliers"]
FindingState = Literal["open", "applied", "dismissed"]
Suggestion = Literal["merge", "relabel", "drop", "redact", "review"]

Name = Annotated[
    str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x20\x7f/?#][^\x00-\x1f\x7f/?#]*$")
]  # fmt: skip
Named = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00]*$")]
Words = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
ExampleId = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class DatasetCreate(Schema):
    """A dataset to begin."""

    name: Name
    kind: Kind = Field(
        description="intent: text to label. entity: text to marked spans. response: question to"
        " answer. chat: messages to answer. preference: messages to a better and a worse answer."
    )
    description: Words = ""
    collects: Sequence[Named] = Field(
        default=(),
        max_length=50,
        description="Models and routes whose corrected answers become examples here.",
    )
    trusted: Sequence[Named] = Field(
        default=(),
        max_length=200,
        description="Whose corrections are validated at once: ids of people or keys, names of end"
        " users, or `*` for everybody.",
    )
    retention_days: int | None = Field(
        default=None, ge=1, le=36500, description="How long an example is kept; null: for good."
    )


class DatasetUpdate(Schema):
    """What to change of a dataset; what is absent stays."""

    name: Name | None = None
    description: Words | None = None
    collects: Sequence[Named] | None = Field(default=None, max_length=50)
    trusted: Sequence[Named] | None = Field(default=None, max_length=200)
    retention_days: int | None = Field(default=None, ge=1, le=36500)


class DatasetRead(Schema):
    """A dataset."""

    id: str
    name: str
    kind: Kind
    description: str
    collects: Sequence[str]
    trusted: Sequence[str]
    retention_days: int | None
    examples: int
    pending: int
    validated: int
    rejected: int
    labels: int = Field(description="How many different labels there are.")
    average_quality: float | None
    findings: int = Field(description="Open findings.")
    version: int | None = Field(description="The number of the newest version.")
    created_by: str
    created_at: datetime
    updated_at: datetime


class ExampleCreate(Schema):
    """An example to add."""

    input: str | Sequence[Mapping[str, Any]] = Field(
        description="What is said: text, or messages with role and content."
    )
    output: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] = Field(
        description="What is expected: a label, an answer, a list of entities, or chosen and"
        " rejected."
    )
    source: Source = "expert"
    status: Status = "pending"
    split: Split | None = None
    weight: float | None = Field(default=None, ge=0, le=100)
    conversation: Named | None = None
    operation: str | None = Field(default=None, max_length=80)
    user: Named | None = Field(default=None, description="The end user it came from.")
    said_at: AwareDatetime | None = Field(default=None, description="When it was said, if known.")


class ExampleUpdate(Schema):
    """What to change of an example; what is absent stays."""

    status: Status | None = None
    output: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    split: Split | None = None
    weight: float | None = Field(default=None, ge=0, le=100)
    reason: Words | None = None


class QualityReason(Schema):
    """Why an example's quality is lower than it could be."""

    name: str
    factor: float = Field(description="What the quality was multiplied by.")
    words: str


class ExampleLineage(Schema):
    """Where an example came from."""

    operation: str | None
    conversation: str | None
    feedback: str | None
    parent: str | None = Field(description="The example that it was made from.")
    knowledge: str | None = Field(description="The knowledge source that it is a page of.")
    file: str | None
    line: int | None
    user: str | None
    said_at: datetime | None = Field(
        default=None, description="When it was said, where that is known."
    )


class Change(Schema):
    """What was decided about an example before."""

    at: datetime
    by: str
    status: Status = Field(description="What it was before.")
    output: Any = Field(default=None, description="What it was before, where that was changed.")
    reason: str | None = None


class ExampleRead(Schema):
    """An example."""

    id: str
    input: Any = Field(description="Null without the permission to read contents.")
    output: Any
    label: str | None
    source: Source
    quality: float
    reasons: Sequence[QualityReason]
    weight: float
    status: Status
    split: Split | None
    reviewer: str | None
    reviewed_at: datetime | None
    reason: str | None
    findings: Sequence[FindingKind]
    lineage: ExampleLineage
    versions: Sequence[int] = Field(
        description="Versions of its dataset that hold it, newest first; at most 100 of them."
    )
    history: Sequence[Change]
    created_at: datetime
    updated_at: datetime


class ExamplesQuery(Schema):
    """Which examples to list."""

    status: Status | None = None
    source: Source | None = None
    label: Named | None = None
    split: Split | None = None
    q: str | None = Field(
        default=None, max_length=200, description="Words that stand in input or output."
    )
    min_quality: float | None = Field(default=None, ge=0, le=1)
    max_quality: float | None = Field(default=None, ge=0, le=1)
    finding: FindingKind | None = Field(default=None, description="Those with an open finding.")
    feedback: str | None = Field(default=None, max_length=80)
    operation: str | None = Field(default=None, max_length=80)
    limit: int = Field(default=50, ge=1, le=500, description="Rows on a page.")
    cursor: str | None = Field(
        default=None, max_length=512, description="`next` of the page before."
    )


class ExportQuery(Schema):
    """Which examples to write, and how."""

    format: Format = "jsonl"
    version: str | None = Field(
        default=None, max_length=80, description="A version's number or id, or `latest`."
    )
    status: Status | None = Field(default=None, description="Absent: all that is not rejected.")
    source: Source | None = None
    label: Named | None = None
    split: Split | None = None
    min_quality: float | None = Field(default=None, ge=0, le=1)
    skip: int = Field(
        default=0,
        ge=0,
        le=10**9,
        description="Examples to leave out at the beginning: those that a file which broke off has."
        " Of a version this is exact; formats of lines only.",
    )


class Review(Schema):
    """One decision about several examples."""

    ids: Sequence[ExampleId] = Field(min_length=1, max_length=500)
    action: Literal["approve", "reject", "correct", "undo"]
    output: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = Field(
        default=None, description="For `correct`: the output of all of them."
    )
    reason: Words | None = None


class Reviewed(Schema):
    """What a review changed."""

    changed: int
    missing: Sequence[str] = Field(description="Ids that this dataset does not have.")


class RefusedLine(Schema):
    """A line of a file that is no example."""

    line: int
    reason: str


class Imported(Schema):
    """What came of an import."""

    dataset: str
    file: str
    lines: int
    added: int
    duplicates: int = Field(description="Examples that were there already; not kept twice.")
    contradictions: int = Field(
        description="Inputs that have another output in this dataset; all of them go to review."
    )
    refused: int
    problems: Sequence[RefusedLine] = Field(description="The first 100 refused lines.")


class DatasetStatistics(Schema):
    """How good the data is."""

    total: int
    by_status: Mapping[Status, int]
    by_source: Mapping[Source, int]
    by_label: Mapping[str, int] = Field(description="Without what was rejected.")
    average_quality: float | None
    quality_histogram: Sequence[int] = Field(description="Ten tenths, from 0.0 to 1.0.")
    duplicates: int = Field(description="Open findings of duplicates.")
    merged: int = Field(description="Exact duplicates that were not kept twice.")
    needs_review: int
    findings: Mapping[FindingKind, int] = Field(description="Open ones.")


class CheckBegin(Schema):
    """What to look for."""

    kinds: Sequence[Literal["duplicates", "labels", "leakage", "pii", "outliers"]] = Field(
        default=("duplicates", "labels", "leakage", "pii", "outliers"), min_length=1, max_length=5
    )
    minutes: int = Field(
        default=60, ge=1, le=1440, description="Then it ends, and what it found by then is kept."
    )


class CheckRead(Schema):
    """A check, and how far it is."""

    id: str
    kinds: Sequence[str]
    state: Literal["running", "done", "failed", "cancelled"]
    stage: str
    progress: float
    ends_by: datetime = Field(description="Later than this it does not run.")
    summary: Mapping[str, int] = Field(description="Findings of each kind that are new.")
    error: Mapping[str, Any] | None
    started_by: str
    started_at: datetime
    finished_at: datetime | None


class FindingRead(Schema):
    """Something to decide, with the examples that it is about."""

    id: str
    kind: FindingKind
    score: float
    suggestion: Suggestion
    label: str | None
    reason: str
    details: Mapping[str, Any] | None
    state: FindingState
    examples: Sequence[ExampleRead]
    decided_by: str | None
    decided_at: datetime | None
    created_at: datetime


class Decision(Schema):
    """What becomes of a finding."""

    action: Literal["apply", "dismiss"]
