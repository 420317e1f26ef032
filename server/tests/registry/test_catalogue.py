"""The catalogue that ships with the product, and the tool that makes it."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from hone.identity import Permission
from hone.llm.providers import PROVIDERS
from hone.registry import catalogue
from hone.registry.money import to_pico
from tests.identity.api import Api
from tests.identity.test_keys import code
from tools import build_catalogue

CANDIDATE = {
    "id": "vendor/model-1",
    "family": "vendor",
    "provider": "vendor",
    "mode": "chat",
    "context": 8192,
    "max_output": 4096,
    "in_usd_mtok": 0.1,
    "out_usd_mtok": 2.0,
    "cache_read_usd_mtok": None,
    "cache_write_usd_mtok": None,
    "deprecation": None,
    "source": "https://vendor.example/pricing",
    "tools": True,
    "vision": None,
    "reasoning": None,
    "genai_prices": {"id": "model-1", "inp": 0.2, "out": 2.0, "ctx": 8000},
    "agree": False,
}


def test_every_price_is_exact_and_every_disagreement_keeps_both_figures() -> None:
    held = catalogue.load()
    assert len(held.models) > 200
    assert len({each.id for each in held.models}) == len(held.models)
    assert {each.licence for each in held.sources} == {"MIT"}
    for each in held.models:
        stated = [each.input, each.output, each.cached_input, each.cache_write]
        for figure in stated:
            assert figure is None or to_pico(Decimal(figure)) >= 0
        assert (each.confidence == "unpriced") == (each.input is None and each.output is None)
        if each.confidence == "disputed":
            assert each.compared is not None
            assert (each.compared.input, each.compared.output) != (each.input, each.output)
        if each.confidence == "agreed":
            assert each.compared is not None
            # An embedding has no output; one source says nothing of it, the other says zero.
            assert each.compared.input == each.input
            assert (each.compared.output or "0") == (each.output or "0")


def test_a_model_is_found_where_it_is_served_and_under_its_dated_name() -> None:
    found = catalogue.find("openai", "gpt-4o")
    assert found is not None
    assert (found.input, found.output, found.context) == ("2.5", "10", 128000)
    assert catalogue.find("compatible", "gpt-4o") is None
    assert catalogue.find("openai", "no-such-model") is None
    dated = catalogue.by_id("gpt-5.1-2025-11-13")
    assert dated is not None
    assert dated.id == "gpt-5.1"
    assert set(catalogue.load().aliases.values()) <= {each.id for each in catalogue.load().models}


def test_vendors_of_ours_that_sell_models_are_in_it() -> None:
    known = {each.provider for each in catalogue.load().models}
    ours = {"openai", "anthropic", "google", "deepseek", "mistral", "together", "xai"}
    assert ours <= known & set(PROVIDERS)


def test_the_tool_marks_what_two_sources_dispute(tmp_path: Path) -> None:
    source, target = tmp_path / "candidates.json", tmp_path / "catalogue.json"
    single = {**CANDIDATE, "id": "single", "genai_prices": None, "agree": None}
    unpriced = {**CANDIDATE, "id": "unpriced", "in_usd_mtok": None, "out_usd_mtok": None}
    agreed = {**CANDIDATE, "id": "agreed", "provider": "together_ai", "agree": True}
    source.write_text(json.dumps({"models": [CANDIDATE, single, unpriced, agreed]}), "utf-8")
    build_catalogue.main([str(source), "2026-11-21", str(target)])
    made = json.loads(target.read_text("utf-8"))
    rows = {each["id"]: each for each in made["models"]}
    assert {name: each["confidence"] for name, each in rows.items()} == {
        "agreed": "agreed",
        "model-1": "disputed",
        "single": "single",
        "unpriced": "unpriced",
    }
    assert rows["model-1"]["compared"] == {
        "id": "model-1",
        "context": 8000,
        "input": "0.2",
        "output": "2",
    }
    assert rows["agreed"]["provider"] == "together"
    assert (made["asOf"], made["aliases"]) == ("2026-11-21", {})


def test_the_tool_refuses_a_price_that_six_decimals_cannot_hold() -> None:
    assert build_catalogue.price(0.30000000000000004) == "0.3"
    with pytest.raises(SystemExit):
        build_catalogue.price(0.0000005)
    with pytest.raises(SystemExit):
        build_catalogue.build([CANDIDATE, CANDIDATE], "2026-11-21")


async def test_the_catalogue_is_shown_with_date_and_sources(api: Api) -> None:
    found = (await api.get("/api/models/catalogue")).json()
    assert found["asOf"] == "2026-11-21"
    assert [each["name"] for each in found["sources"]] == ["LiteLLM price table", "genai-prices"]
    row = next(each for each in found["items"] if each["id"] == "gpt-4o")
    assert (row["input"], row["cachedInput"], row["confidence"]) == ("2.5", "1.25", "agreed")
    key = await api.add_key(Permission.AI_QUERY)
    assert code(await api.get("/api/models/catalogue", key)) == (403, "forbidden")
