"""What testing a provider takes and gives."""

from typing import Literal

from pydantic import Field

from hone.core.schemas import Schema
from hone.registry.schemas.types import Credential, Network, Url

StepName = Literal["name", "connection", "encryption", "answer", "credential", "models"]


class ProviderProbe(Schema):
    """A provider that may not be saved yet."""

    kind: str = Field(max_length=64, description="Which vendor or protocol, such as `openai`.")
    base_url: Url | None = Field(
        default=None, description="Where it is; absent: the vendor's own address."
    )
    api_key: Credential | None = Field(
        default=None, description="The credential to try. It is not kept."
    )
    networks: list[Network] = Field(default=[], max_length=64)
    provider: str | None = Field(
        default=None,
        max_length=80,
        description="A saved provider whose credential is tried when `apiKey` is absent, at its "
        "own address only.",
    )


class TestStep(Schema):
    """One thing that has to work."""

    name: StepName
    state: Literal["passed", "failed", "skipped"]
    ms: float | None = Field(description="How long it took.")


class ProviderTest(Schema):
    """What a test of a provider found. No secret is in it."""

    ok: bool
    base_url: str
    steps: list[TestStep]
    code: str | None = Field(description="What is wrong, for programs.")
    problem: str | None = Field(description="What is wrong, in words.")
    advice: str | None = Field(description="What to do about it.")
    status: int | None = Field(description="The status of the provider's answer.")
    models: list[str] = Field(description="What the provider lists; at most 1,000.")
