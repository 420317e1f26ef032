"""An item of a `model_list`: where it is, what it costs, and how much of it may be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pydantic import ValidationError

from hone.cli.litellm import vendors
from hone.cli.litellm.amounts import Budget
from hone.cli.litellm.reading import Section
from hone.cli.litellm.source import Path
from hone.cli.litellm.vendors import COMPATIBLE, FOREIGN, VENDORS, Vendor
from hone.core.errors import AppError
from hone.llm.providers import CREDENTIALS, PROVIDERS
from hone.registry import ModelCreate, ProviderCreate, catalogued, parse_base_url

_MILLION: Final = 1_000_000
_TO_SIX: Final = Decimal("0.000001")
_BEDROCK: Final = "env:BEDROCK_CREDENTIAL"
_AWS_KEYS: Final = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")


@dataclass(frozen=True, slots=True)
class Place:
    """A provider: the same place with the same credential is one."""

    kind: str
    base_url: str | None
    api_key: str | None


@dataclass(frozen=True, slots=True)
class Model:
    """What of a model does not depend on its name."""

    upstream: str
    catalogue: str | None
    region: str | None
    price: Mapping[str, Decimal] | None


@dataclass(frozen=True, slots=True)
class Deployment:
    """One item of a `model_list`."""

    group: str
    path: Path
    own_name: str | None
    place: Place
    model: Model
    amounts: Mapping[str, Decimal | None]
    """By LiteLLM's names: `weight`, `order`, `rpm`, `tpm`, `max_parallel_requests`, `timeout`…"""
    budget: Budget | None


def read(item: Section, credentials: Mapping[str, Section]) -> Deployment | None:
    """Read an item; None where it is refused, which is told."""
    group = item.text("model_name")
    params = item.below("litellm_params")
    info = item.below("model_info")
    _borrow(params, credentials)
    vendor_name, rest = vendors.split(params.text("model") or "", _given(params))
    if group is None or not rest:
        item.tell("refused", "model_name" if group is None else "litellm_params", _NAMELESS)
        return None
    vendor = _vendor(params, vendor_name)
    place = vendor and _place(params, vendor, vendor_name or "")
    if vendor is None or place is None:
        return None
    model = _model(params, info, vendors.upstream(vendor, rest))
    if not _acceptable(params, group, place, model):
        return None
    budget = params.number("max_budget")
    duration = params.text("budget_duration")
    amounts = {name: params.number(name) for name in ("weight", "order", "stream_timeout")}
    amounts |= {"timeout": params.number("timeout")}
    for name in ("rpm", "tpm", "max_parallel_requests"):
        beside = item.whole(name)
        within = params.whole(name)
        amounts[name] = _decimal(beside if within is None else within)
    return Deployment(
        group=group,
        path=params.path,
        own_name=info.text("id"),
        place=place,
        model=model,
        amounts=amounts,
        budget=None if budget is None else (budget, duration),
    )


_NAMELESS: Final = "has no name of a model"


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _given(params: Section) -> str | None:
    return params.text("custom_llm_provider")


def _borrow(params: Section, credentials: Mapping[str, Section]) -> None:
    """Put in what a named credential says; what stands here goes first."""
    name = params.text("litellm_credential_name")
    if name is None:
        return
    found = credentials.get(name)
    if found is None:
        params.tell("refused", "litellm_credential_name", f"credential_list has no {name!r}")
        return
    found.asked |= found.values.keys()
    params.values = {**found.values, **params.values}


def _vendor(params: Section, name: str | None) -> Vendor | None:
    """Find a vendor, or take what has an address for compatible."""
    if name is None:
        params.tell("refused", "model", "names no vendor; write it as `vendor/model`")
        return None
    if name in VENDORS:
        return VENDORS[name]
    if name in FOREIGN:
        params.tell("refused", "model", f"{FOREIGN[name]}; Hone has no provider of that kind")
        return None
    if "api_base" in params or "base_url" in params:
        message = f"Hone does not know the vendor {name!r}; it is taken to speak OpenAI's protocol"
        params.tell("changed", "model", message)
        return COMPATIBLE
    params.tell(
        "refused", "model", f"Hone does not know the vendor {name!r}, and no api_base is given"
    )
    return None


def _place(params: Section, vendor: Vendor, name: str) -> Place | None:
    if vendor.kind == "bedrock":
        return _bedrock(params)
    before = len(params.reading.notes)
    base = params.text("api_base")
    base = base or params.text("base_url")
    if base is None and vendor.kind == "azure":
        base = params.reading.resolved((*params.path, "api_base"), "os.environ/AZURE_API_BASE")
    if len(params.reading.notes) > before:
        return None
    if base is None and not PROVIDERS[vendor.kind].base_url:
        params.tell("refused", "model", f"{name!r} needs an api_base")
        return None
    given = params.raw("api_key")
    if given is None and vendor.variable:
        given = f"os.environ/{vendor.variable}"
    url = vendor.base_url if base is None else vendor.address(base.rstrip("/"))
    return Place(vendor.kind, url, _credential(params, given))


def _credential(params: Section, given: str | None) -> str | None:
    if given is None:
        return None
    if given.startswith("env:"):
        params.tell("refused", "api_key", "begins with `env:`, which Hone reads as a name")
        return None
    return params.reading.secret(given)


def _bedrock(params: Section) -> Place | None:
    """Write a region as an address, and the parts of a credential as one."""
    region = params.text("aws_region_name")
    url = params.text("aws_bedrock_runtime_endpoint") or params.text("api_base")
    if url is None and region is None:
        params.tell("refused", "model", "Bedrock needs an aws_region_name")
        return None
    url = url or f"https://bedrock-runtime.{region}.amazonaws.com"
    key = params.raw("api_key")
    parts = [part for part in map(params.raw, _AWS_KEYS) if part is not None]
    if key is not None:
        return Place("bedrock", url, _credential(params, key))
    secrets = [params.reading.secret(each) for each in parts]
    if len(secrets) >= len(_AWS_KEYS) - 1 and not any(each.startswith("env:") for each in secrets):
        return Place("bedrock", url, ":".join(secrets))
    params.tell(
        "changed",
        "aws_access_key_id" if parts else "model",
        "Hone takes one credential: set BEDROCK_CREDENTIAL to ACCESS_KEY_ID:SECRET_ACCESS_KEY, "
        "or to an API key of Bedrock's",
    )
    return Place("bedrock", url, _BEDROCK)


def _model(params: Section, info: Section, upstream: str) -> Model:
    base = info.text("base_model")
    base = base or params.text("base_model")
    entry = base and catalogued(base.rpartition("/")[2])
    if base and not entry:
        info.tell("left", "base_model", f"the catalogue has no {base!r}")
    region = params.text("region_name")
    return Model(upstream, entry.id if entry else None, region, _price(params, info))


def _price(params: Section, info: Section) -> Mapping[str, Decimal] | None:
    """Turn prices per token into prices per million."""
    names = {
        "input": "input_cost_per_token",
        "output": "output_cost_per_token",
        "cached_input": "cache_read_input_token_cost",
        "cache_write": "cache_creation_input_token_cost",
        "cache_write_hour": "cache_creation_input_token_cost_above_1hr",
    }
    found: dict[str, Decimal] = {}
    for ours, theirs in names.items():
        within, beside = params.number(theirs), info.number(theirs)
        usd = beside if within is None else within
        if usd is None:
            continue
        million = usd * _MILLION
        found[ours] = million.quantize(_TO_SIX) if million < _MILLION else million
        if found[ours] != million:
            params.tell("changed", theirs, "is rounded to six decimals of USD per million tokens")
    if not found:
        return None
    if not {"input", "output"} <= found.keys():
        params.tell("changed", "model", "has a price for one side only; the other is 0")
    return {"input": Decimal(0), "output": Decimal(0), **found}


def _acceptable(params: Section, group: str, place: Place, model: Model) -> bool:
    """Hold what was read to what Hone accepts; tell what it does not, without repeating it."""
    before = len(params.reading.notes)
    key = None if place.api_key is None or place.api_key.startswith("env:") else place.api_key
    try:
        given = {"name": "x", "kind": place.kind, "base_url": place.base_url}
        ProviderCreate.model_validate({**given, "api_key": None if key == "none" else key})
        if place.base_url is not None:
            parse_base_url(place.base_url)
        flaw = CREDENTIALS.get(place.kind)
        flawed = flaw(place.base_url or "", key) if flaw and key else None
        if flawed:
            params.tell("refused", "api_key", flawed)
        ModelCreate.model_validate(document_of(group, "x", model))
    except ValidationError as error:
        for each in error.errors(include_input=False):
            field = str(each["loc"][0])
            params.tell("refused", _THEIRS.get(field, "model"), each["msg"])
    except AppError as error:
        params.tell("refused", "api_base", error.message)
    return len(params.reading.notes) == before


_THEIRS: Final = {
    "api_key": "api_key",
    "base_url": "api_base",
    "region": "region_name",
    "name": "model",
    "price": "input_cost_per_token",
}


def document_of(name: str, provider: str, model: Model) -> dict[str, object]:
    """Write a model as a declared file has it."""
    made: dict[str, object] = {"name": name, "provider": provider, "upstream": model.upstream}
    if model.price is not None:
        made["price"] = dict(model.price)
    if model.catalogue is not None:
        made["catalogue"] = model.catalogue
    if model.region is not None:
        made["region"] = model.region
    return made
