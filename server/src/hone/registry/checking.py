"""What Amazon Bedrock's answer to a call without a model says of a credential. Pure."""

from typing import Final

from hone.llm.formats.converse.faults import short
from hone.llm.probe import Probed
from hone.llm.providers import Provider
from hone.llm.providers.base import Listing
from hone.registry.addresses import BaseUrl
from hone.registry.diagnosis import Diagnosis, diagnose

_EXPECTED: Final = frozenset({"ResourceNotFound", "Validation"})
"""Bedrock looks at the credential first; what it finds wrong after that is what we sent."""


def diagnose_checked(
    probed: Probed, url: BaseUrl, provider: Provider, listing: Listing, credential: str
) -> Diagnosis:
    """Say what a look at a provider found that lists no models."""
    kind = short((probed.header(b"x-amzn-errortype") or b"").decode("latin-1"))
    if probed.fault is None and probed.status in {400, 404} and kind in _EXPECTED:
        return Diagnosis()
    if probed.status == 403 and kind == "ExpiredToken":
        return Diagnosis(
            "credential",
            "credential_refused",
            "The session that its credential belongs to is over.",
            "Enter the keys and the token of a new session, or keys that last.",
        )
    if probed.status == 403 and kind == "AccessDenied" and ":" in credential:
        return Diagnosis(
            "models",
            "access_denied",
            "The keys are good, but they may not call every model.",
            "Allow them bedrock:InvokeModel and bedrock:InvokeModelWithResponseStream. If they are "
            "allowed certain models on purpose, those may still answer.",
        )
    if probed.fault is None and (probed.status == 200 or 400 <= probed.status < 500):
        return _other(probed, url, provider, listing, credential)
    return diagnose(probed, url, provider, listing, credential=bool(credential))


def _other(
    probed: Probed, url: BaseUrl, provider: Provider, listing: Listing, credential: str
) -> Diagnosis:
    if probed.status in {401, 403, 429}:
        return diagnose(probed, url, provider, listing, credential=bool(credential))
    return Diagnosis(
        "models",
        "not_bedrock",
        f"This address does not answer as Amazon Bedrock does (status {probed.status}).",
        "Check the base URL, such as https://bedrock-runtime.eu-central-1.amazonaws.com.",
    )
