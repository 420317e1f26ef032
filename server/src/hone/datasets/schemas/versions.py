"""Versions, variants and training data, as the API takes and gives them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, field_validator

from hone.core.schemas import Schema
from hone.datasets.schemas.examples import ExampleCreate, Format, Kind, Named, Source, Status, Words


class Splits(Schema):
    """What share of the groups goes where."""

    train: float = Field(default=0.8, ge=0, le=1)
    validation: float = Field(default=0.1, ge=0, le=1)
    test: float = Field(default=0.1, ge=0, le=1)

    @field_validator("test")
    @classmethod
    def _whole(cls, test: float, info: Any) -> float:  # noqa: ANN401
        shares = [info.data.get("train"), info.data.get("validation"), test]
        known = [each for each in shares if each is not None]
        if len(known) == len(shares) and abs(sum(known) - 1) > 1e-6:
            raise ValueError("the shares of the splits must add up to 1")
        return test


class Freeze(Schema):
    """A version to make."""

    note: Words = ""
    min_quality: float = Field(default=0.0, ge=0, le=1)
    statuses: Sequence[Status] = Field(
        default=("validated",), min_length=1, max_length=2, description="Never `rejected` alone."
    )
    said_from: datetime | None = Field(
        default=None,
        description="Nothing that was said before; without a time, that was kept before.",
    )
    said_to: datetime | None = Field(default=None, description="Nothing that was said later.")
    splits: Splits = Splits()
    seed: int = Field(default=7, ge=0, le=2**31 - 1)
    group_by: Literal["conversation", "input"] = Field(
        default="conversation",
        description="What may not be torn apart: conversations and near-duplicates, or these only.",
    )


class DatasetVersionRead(Schema):
    """A version: what was in the dataset then, for ever."""

    id: str
    dataset: str
    dataset_name: str
    kind: Kind
    number: int
    note: str
    digest: str = Field(description="SHA-256 of the content: the same content has the same.")
    examples: int
    bytes: int
    manifest: Mapping[str, Any] = Field(
        description="Counts by split, label and source, quality, what was asked for, lineage."
    )
    erasures: Sequence[Mapping[str, Any]] = Field(
        description="When examples were taken out for a person's sake, and how many."
    )
    available: bool = Field(description="Whether the content is still kept.")
    created_by: str
    created_at: datetime


class ComparedExample(Schema):
    """An example that two versions do not share."""

    input: Any
    before: Any = None
    after: Any = None


class Compared(Schema):
    """What changed between two versions."""

    a: int
    b: int
    same: int
    added: int
    removed: int
    relabelled: int
    moved: int = Field(description="In another split.")
    labels: Mapping[str, Sequence[int]] = Field(
        description="Labels whose number changed: before and after."
    )
    examples: Mapping[Literal["added", "removed", "relabelled"], Sequence[ComparedExample]] = Field(
        description="Up to 20 of each."
    )


class Augment(Schema):
    """New examples to make from those that are there."""

    methods: Sequence[Literal["typos", "casing", "contractions", "dropout"]] = Field(
        default=("typos", "casing", "contractions", "dropout"), min_length=1, max_length=4
    )
    copies: int = Field(default=1, ge=1, le=5, description="Of each example, at most.")
    label: Named | None = Field(default=None, description="Only of this label.")
    most: int = Field(default=1000, ge=1, le=20000)
    seed: int = Field(default=7, ge=0, le=2**31 - 1)


class Augmented(Schema):
    """What was made."""

    added: int
    duplicates: int


class TrainingExample(Schema):
    """An example of any dataset."""

    id: str
    dataset: str
    dataset_id: str
    input: Any
    expected_output: Any
    label: str | None
    source: Source
    quality_score: float
    weight: float
    validation_status: Status
    reviewed_by: str | None
    operation_id: str | None
    feedback_id: str | None
    conversation_id: str | None
    versions: Sequence[int] = Field(
        description="Versions of its dataset that hold it, newest first; at most 100 of them."
    )
    created_at: datetime


class TrainingDataQuery(Schema):
    """Which examples of all datasets to list."""

    dataset: str | None = Field(default=None, max_length=128)
    min_quality: float | None = Field(default=None, ge=0, le=1)
    status: Status | None = None
    source: Source | None = None
    label: Named | None = None
    operation: str | None = Field(
        default=None, max_length=80, description="Made of this operation; rejected ones, too."
    )
    feedback: str | None = Field(
        default=None, max_length=80, description="Made of this feedback; rejected ones, too."
    )
    conversation: Named | None = Field(
        default=None, description="Made of this conversation; rejected ones, too."
    )
    limit: int = Field(default=50, ge=1, le=500, description="Rows on a page.")
    cursor: str | None = Field(
        default=None, max_length=512, description="`next` of the page before."
    )


class TrainingDataExport(Schema):
    """Which examples of all datasets to write, and how."""

    format: Format = "jsonl"
    dataset: str | None = Field(default=None, max_length=128)
    min_quality: float | None = Field(default=None, ge=0, le=1)
    status: Status | None = None
    source: Source | None = None
    label: Named | None = None


class TrainingDataCreate(ExampleCreate):
    """An example to add to a dataset by its name."""

    dataset: str = Field(max_length=128)
