"""Files and batches as OpenAI's clients read them, and batches as the dashboard does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hone.core.schemas import Schema

PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
Label = Annotated[str, Field(max_length=64)]
Text = Annotated[str, Field(max_length=512)]
Status = Literal[
    "validating",
    "failed",
    "in_progress",
    "finalizing",
    "completed",
    "expired",
    "cancelling",
    "cancelled",
]


class _Wire(BaseModel):
    """Parent of what is written as OpenAI writes it."""

    model_config = ConfigDict(frozen=True)


class FileObject(_Wire):
    """A file."""

    id: str
    object: Literal["file"] = "file"
    bytes: int
    created_at: int
    expires_at: int | None
    filename: str
    purpose: str
    status: Literal["uploaded", "processed", "error"] = "processed"


class FileList(_Wire):
    """One page of files."""

    object: Literal["list"] = "list"
    data: Sequence[FileObject]
    first_id: str | None
    last_id: str | None
    has_more: bool


class FileDeleted(_Wire):
    """A file that is gone."""

    id: str
    object: Literal["file"] = "file"
    deleted: bool = True


class BatchProblem(_Wire):
    """What is wrong with an input, and where."""

    code: str
    message: str
    param: str | None = None
    line: int | None = None


class BatchProblems(_Wire):
    """All that is wrong with an input."""

    object: Literal["list"] = "list"
    data: Sequence[BatchProblem]


class RequestCounts(_Wire):
    """How many of the lines are done."""

    total: int
    completed: int
    failed: int


class InputDetails(_Wire):
    """What of the input was cached."""

    cached_tokens: int


class OutputDetails(_Wire):
    """What of the output was reasoning."""

    reasoning_tokens: int


class BatchUsage(_Wire):
    """Tokens of all lines."""

    input_tokens: int
    input_tokens_details: InputDetails
    output_tokens: int
    output_tokens_details: OutputDetails
    total_tokens: int


class BatchObject(_Wire):
    """A batch."""

    id: str
    object: Literal["batch"] = "batch"
    endpoint: str
    model: str | None
    errors: BatchProblems | None
    input_file_id: str
    completion_window: str
    status: Status
    output_file_id: str | None
    error_file_id: str | None
    created_at: int
    in_progress_at: int | None
    expires_at: int | None
    finalizing_at: int | None
    completed_at: int | None
    failed_at: int | None
    expired_at: int | None
    cancelling_at: int | None
    cancelled_at: int | None
    request_counts: RequestCounts
    usage: BatchUsage
    metadata: dict[str, Any] | None


class BatchList(_Wire):
    """One page of batches, newest first."""

    object: Literal["list"] = "list"
    data: Sequence[BatchObject]
    first_id: str | None
    last_id: str | None
    has_more: bool


class OutputExpiry(BaseModel):
    """How long the files of a batch are kept."""

    anchor: Literal["created_at"] = "created_at"
    seconds: int = Field(ge=3600, le=2_592_000)


class BatchCreate(BaseModel):
    """A batch to run."""

    input_file_id: str = Field(description="A file of purpose `batch`.")
    endpoint: str = Field(description="Such as `/v1/chat/completions`; all lines go there.")
    completion_window: str = Field(
        pattern=r"^[1-9]\d{0,2}h$", description="`24h`; Hone also takes 1h to 168h."
    )
    metadata: dict[Label, Text] | None = Field(default=None, max_length=16)
    output_expires_after: OutputExpiry | None = None


class BatchProblemRead(Schema):
    """What is wrong with an input, and where."""

    code: str
    message: str
    param: str | None = None
    line: int | None = None


class BatchRead(Schema):
    """A batch as operators see it."""

    id: str
    status: Status
    endpoint: str
    model: str | None = Field(description="What its lines ask for; null where they differ.")
    total: int = Field(description="Lines; 0 while the file is being read.")
    completed: int
    failed: int
    cost_usd: float
    input_tokens: int
    output_tokens: int
    key_id: str | None = Field(description="The key that it was made with; null for a person.")
    key_name: str | None
    mine: bool = Field(description="Whether you made it.")
    input_file_id: str
    output_file_id: str | None
    error_file_id: str | None
    errors: Sequence[BatchProblemRead]
    metadata: dict[str, Any] | None
    completion_window: str
    created_at: datetime
    in_progress_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None
