"""Whatever is imported of LiteLLM's is what `hone apply` reads, and nothing is lost untold."""

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from hone import limits, registry
from hone.cli import litellm
from hone.cli.importing import write

ENVIRONMENT = {"KEY": "a-key", "BASE": "http://192.0.2.7/v1"}
MODELS = st.one_of(
    st.sampled_from(
        [
            *("openai/gpt-4o", "azure/mine", "anthropic/claude-sonnet-4-5", "gpt-4o", "openai/*"),
            *("bedrock/converse/x", "ollama/llama3.1", "newcomer/x", "vertex_ai/x", "mystery"),
        ]
    ),
    st.text(max_size=20).map(lambda name: f"openai/{name}"),
)
NAMES = st.one_of(
    st.sampled_from(["a", "b", "*", "openai/*", "openai/gpt-4o", "none", "1"]), st.text(max_size=8)
)
ODD = st.one_of(st.none(), st.booleans(), st.text(max_size=4), st.lists(st.integers(), max_size=2))
NUMBERS = st.one_of(
    st.integers(0, 10**9),
    st.floats(0, 10),
    st.sampled_from(["3e-7", "os.environ/KEY", 1e-30, -1]),
    ODD,
)
SECRETS = st.one_of(st.sampled_from(["os.environ/KEY", "os.environ/LATER", "none", "sk-1"]), ODD)
URLS = st.one_of(
    st.sampled_from(["http://192.0.2.1", "os.environ/BASE", "https://x.test/v1/"]), ODD
)


Strategy = st.SearchStrategy[dict[str, Any]]


def _with_model(model: str, more: dict[str, Any]) -> dict[str, Any]:
    return {"model": model, **more}


def _item(name: str, params: dict[str, Any], info: dict[str, Any]) -> dict[str, Any]:
    return {"model_name": name, "litellm_params": params, "model_info": info}


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


PARAMS: Strategy = st.builds(
    _with_model,
    MODELS,
    _some(
        api_key=SECRETS,
        api_base=URLS,
        rpm=NUMBERS,
        tpm=NUMBERS,
        weight=NUMBERS,
        order=NUMBERS,
        timeout=NUMBERS,
        stream_timeout=NUMBERS,
        max_parallel_requests=NUMBERS,
        input_cost_per_token=NUMBERS,
        output_cost_per_token=NUMBERS,
        cache_read_input_token_cost=NUMBERS,
        max_budget=NUMBERS,
        budget_duration=st.sampled_from(["1d", "7d", "30d"]),
        aws_region_name=st.sampled_from(["eu-central-1", "x y"]),
        temperature=st.floats(0, 2),
    ),
)
ITEMS: Strategy = st.builds(
    _item,
    NAMES,
    PARAMS,
    _some(id=NAMES, base_model=st.sampled_from(["azure/gpt-4o", "azure/unknown"]), mode=NAMES),
)
FALLBACKS = st.lists(st.dictionaries(NAMES, st.lists(NAMES, max_size=3), max_size=2), max_size=3)
FILES: Strategy = st.fixed_dictionaries(
    {"model_list": st.lists(ITEMS, max_size=6)},
    optional={
        "router_settings": _some(
            routing_strategy=st.sampled_from(
                ["simple-shuffle", "least-busy", "latency-based-routing", "cost-based-routing", "x"]
            ),
            model_group_alias=st.dictionaries(NAMES, NAMES, max_size=3),
            fallbacks=FALLBACKS,
            timeout=NUMBERS,
            default_max_parallel_requests=NUMBERS,
        ),
        "litellm_settings": _some(
            fallbacks=FALLBACKS,
            default_fallbacks=st.lists(NAMES, max_size=3),
            request_timeout=NUMBERS,
            max_budget=NUMBERS,
            budget_duration=st.sampled_from(["1d", "30d", "1h"]),
        ),
    },
)


def _translated(file: dict[str, Any]) -> litellm.Translation:
    return litellm.translate(litellm.read(yaml.safe_dump(file)), ENVIRONMENT)


@given(FILES)
def test_whatever_is_imported_is_accepted_by_apply(file: dict[str, Any]) -> None:
    found = _translated(file)
    environment = {**ENVIRONMENT, "LATER": "x"}
    keys = [str(each["api_key"]) for each in found.document["providers"]]
    environment |= {key.removeprefix("env:"): "x" for key in keys if key.startswith("env:")}
    document = registry.read_document(write(found), environment)
    limits.read(document.limits)
    models = {each.name for each in document.models}
    providers = {each.name for each in document.providers}
    assert {each.provider for each in document.models} == providers
    for route in document.routes:
        assert {*(each.model for each in route.targets), *route.fallbacks} <= models
        assert not {each.model for each in route.targets} & set(route.fallbacks)
    for limit in document.limits:
        named = yaml.safe_load(yaml.safe_dump(limit))["subject"].get("name")
        assert named is None or named in models


@given(FILES)
def test_every_item_is_imported_or_told(file: dict[str, Any]) -> None:
    found = _translated(file)
    told = {
        each.path[1] for each in found.notes if each.path[0] == "model_list" and len(each.path) > 1
    }
    items: list[Any] = file["model_list"]
    untold = len(items) - len(told)
    assert len(found.document["models"]) >= untold
    for number, item in enumerate(items):
        if "temperature" in item["litellm_params"]:
            assert number in told


@given(st.dictionaries(st.text(max_size=8), st.recursive(NUMBERS, st.lists), max_size=4))
def test_any_mapping_is_read_or_refused(file: dict[str, Any]) -> None:
    assert _translated(file).notes
