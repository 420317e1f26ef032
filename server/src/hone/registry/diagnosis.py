"""What a look at a provider means: what is wrong, in words, and what to do. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from hone.llm.errors import Malformed
from hone.llm.probe import STEP_SECONDS, Fault, Probed
from hone.llm.providers import Provider
from hone.llm.providers.base import Listing
from hone.registry.addresses import BaseUrl

MOST_MODELS = 1000
_WRONG_KEY = b"API_KEY_INVALID"
"""Google refuses a wrong key with status 400."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong, and at which step; a healthy provider has neither."""

    step: str | None = None
    code: str | None = None
    problem: str | None = None
    advice: str | None = None
    models: Sequence[str] = ()


def diagnose(
    probed: Probed, url: BaseUrl, provider: Provider, listing: Listing, *, credential: bool
) -> Diagnosis:
    """Say what a look at a provider found."""
    if probed.fault is not None:
        problem, advice = _unreached(probed, url, listing)
        return Diagnosis(probed.failed, probed.fault.value, problem, advice)
    if probed.status == 200:
        return _listed(probed, url, provider, listing)
    return _refused(probed, url, listing, credential=credential)


def _unreached(probed: Probed, url: BaseUrl, listing: Listing) -> tuple[str, str]:
    fault, port = probed.fault, url.origin[2]
    match fault:
        case Fault.UNRESOLVABLE:
            return (
                f"There is no host {url.host!r}.",
                "Look for a typing error, or ask whoever runs your name server.",
            )
        case Fault.FORBIDDEN:
            return (
                f"{url.host!r} leads to an address that is not allowed.",
                "Allow its network for this provider, if you trust it.",
            )
        case Fault.REFUSED:
            return (
                f"Nothing listens on port {port} of {url.host}.",
                "See that the server runs, and that the port is right.",
            )
        case Fault.SLOW:
            return (
                f"No answer within {STEP_SECONDS:.0f} s.",
                "A firewall may drop what is sent, or the server is overloaded.",
            )
        case Fault.CERTIFICATE:
            return (
                f"The certificate of {url.host} is not accepted: {probed.detail}.",
                "Renew it, use the name that it is for, or install its authority on this machine.",
            )
        case Fault.NOT_TLS:
            return (
                f"{url.host} does not speak https on port {port}.",
                "If it is on your own network, its base URL may begin with http://.",
            )
        case Fault.TOO_LARGE:
            return ("The answer is too large to be a list of models.", _check(listing))
        case _:
            return (
                f"The connection to {url.host} broke before an answer came.",
                "Try again; if it stays so, look at the logs over there.",
            )


def _check(listing: Listing) -> str:
    return f"Check the base URL: `{listing.path}` is asked below it."


def _refused(probed: Probed, url: BaseUrl, listing: Listing, *, credential: bool) -> Diagnosis:
    status = probed.status
    if status in {401, 403} or (status == 400 and _WRONG_KEY in probed.body):
        if credential:
            return Diagnosis(
                "credential",
                "credential_refused",
                f"The credential is refused (status {status}).",
                "Make a new key at the vendor, and see that it may be used for this API.",
            )
        return Diagnosis(
            "credential",
            "credential_needed",
            f"It wants a credential (status {status}).",
            "Enter the API key that the vendor gave you.",
        )
    if status == 429:
        return Diagnosis(
            "models",
            "rate_limited",
            "It takes no more requests at present (status 429).",
            "The address works. Wait a minute, or raise the limit at the vendor.",
        )
    if 300 <= status < 400:
        return Diagnosis(
            "models",
            "moved",
            f"It sends us to another address (status {status}).",
            "Enter the address that it moved to; calls do not follow.",
        )
    if status >= 500:
        return Diagnosis(
            "models",
            "provider_failing",
            f"The provider has a failure of its own (status {status}).",
            "Try again later, or look at the vendor's status page.",
        )
    return Diagnosis(
        "models",
        "no_models",
        f"There is no `{listing.path}` at this address (status {status}).",
        _missing_path(url, listing),
    )


def _missing_path(url: BaseUrl, listing: Listing) -> str:
    if url.path.endswith(listing.version):
        return "Check the path of the base URL. A provider that lists no models may still answer."
    return f"The base URL probably lacks `{listing.version}` at its end."


def _listed(probed: Probed, url: BaseUrl, provider: Provider, listing: Listing) -> Diagnosis:
    try:
        names = provider.models(probed.body)
    except Malformed:
        page = b"<html" in probed.body[:2000].lower()
        return Diagnosis(
            "models",
            "not_json",
            "The answer is not a list of models as this kind of provider gives it.",
            _missing_path(url, listing) if page else _check(listing),
        )
    usable = sorted({each for each in names if 0 < len(each) <= 256 and each.isprintable()})
    return Diagnosis(models=usable[:MOST_MODELS])
