"""`hone import litellm`: what their file says, as ours; nothing is dropped in silence."""

import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.console import Installation, Said, hone
from tests.cli.litellm_files import COMPANY, SMALL, kept, one


def _imported(folder: Path, text: str, *options: object, **env: str) -> Said:
    return hone("import", "litellm", kept(folder, text), *options, env=env)


def _document(folder: Path, text: str, **env: str) -> Any:
    said = _imported(folder, text, **env)
    assert said.code == 0, said.error
    return yaml.safe_load(said.out)


def _notes(said: Said) -> dict[str, tuple[int, str]]:
    """Return the kind and line of each note by its path."""
    found: dict[str, tuple[int, str]] = {}
    for line in said.error.splitlines():
        _, _, rest = line.partition("config.yaml:")
        number, kind, path = (each.strip() for each in (*rest.split(":", 3), "", "")[:3])
        if number.isdigit():
            found[path] = int(number), kind
    return found


def test_one_model_is_a_provider_and_a_model_of_its_name(tmp_path: Path) -> None:
    said = _imported(tmp_path, SMALL)
    assert said.error == ""
    assert yaml.safe_load(said.out) == {
        "providers": [{"name": "openai", "kind": "openai", "api_key": "env:OPENAI_API_KEY"}],
        "models": [{"name": "gpt-4o", "provider": "openai", "upstream": "gpt-4o"}],
    }


def test_the_file_of_a_company_is_imported_whole(tmp_path: Path) -> None:
    document = _document(tmp_path, COMPANY)
    assert {each["name"]: (each["kind"], each["api_key"]) for each in document["providers"]} == {
        "azure": ("azure", "env:AZURE_EU_KEY"),
        "openai": ("openai", "env:OPENAI_API_KEY"),
        "anthropic": ("anthropic", "env:ANTHROPIC_API_KEY"),
        "ollama": ("ollama", "none"),
    }
    assert document["providers"][0]["base_url"] == "https://192.0.2.10/openai/v1"
    models = {each.pop("name"): each for each in document["models"]}
    assert models == {
        "gpt-4o-in-europe": {
            "provider": "azure",
            "upstream": "gpt-4o-eu",
            "catalogue": "gpt-4o",
            "region": "eu",
        },
        "openai/gpt-4o": {"provider": "openai", "upstream": "gpt-4o"},
        "openai/gpt-4o-2": {"provider": "openai", "upstream": "gpt-4o"},
        "claude": {
            "provider": "anthropic",
            "upstream": "claude-sonnet-4-5",
            "price": {
                "input": 3,
                "output": 15,
                "cached_input": 0.3,
                "cache_write": 3.75,
                "cache_write_hour": 6,
            },
        },
        "local": {"provider": "ollama", "upstream": "llama3.1"},
    }
    routes = {each.pop("name"): each for each in document["routes"]}
    assert routes["gpt-4o"] == routes["gpt-4"]
    assert routes["gpt-4o"]["targets"] == [{"model": "openai/gpt-4o-2", "weight": 1}]
    assert routes["gpt-4o"]["fallbacks"] == ["gpt-4o-in-europe", "openai/gpt-4o", "claude"]
    assert routes["hidden-one"]["targets"] == [{"model": "claude", "weight": 1}]
    limits = {
        (each["subject"].get("name"), each["measure"], each.get("window")): each["amount"]
        for each in document["limits"]
    }
    assert limits == {
        ("gpt-4o-in-europe", "requests", "minute"): 600,
        ("gpt-4o-in-europe", "tokens", "minute"): 120000,
        ("openai/gpt-4o", "concurrency", None): 20,
        ("claude", "cost", "day"): 12.5,
        (None, "cost", "month"): 2000,
    }


def test_all_that_is_not_kept_is_told_with_its_place(tmp_path: Path) -> None:
    notes = _notes(_imported(tmp_path, COMPANY))
    assert {path: kind for path, (_, kind) in notes.items()} == {
        "model_list.0.litellm_params.api_version": "left",
        "model_list.1.litellm_params.max_retries": "left",
        "model_list.3.litellm_params.max_tokens": "left",
        "router_settings.model_group_alias.hidden-one.hidden": "changed",
        "router_settings.num_retries": "left",
        "router_settings.allowed_fails": "left",
        "router_settings.cooldown_time": "left",
        "litellm_settings.fallbacks.0.gpt-4o": "changed",
        "litellm_settings.context_window_fallbacks": "left",
        "litellm_settings.drop_params": "left",
        "litellm_settings.max_budget": "changed",
        "litellm_settings.success_callback": "left",
        "general_settings.master_key": "left",
        "general_settings.database_url": "left",
        "a_new_section": "left",
    }
    lines = COMPANY.splitlines()
    for path, (number, _) in notes.items():
        assert path.rpartition(".")[2] in lines[number - 1]


@pytest.mark.parametrize(
    ("strategy", "policy", "told"),
    [
        ("simple-shuffle", "weighted", False),
        ("least-busy", "least_connections", False),
        ("latency-based-routing", "response_time", False),
        ("usage-based-routing", "weighted", True),
        ("usage-based-routing-v2", "weighted", True),
        ("cost-based-routing", "intelligent", True),
        ("something-new", "weighted", True),
    ],
)
def test_a_strategy_becomes_a_policy(
    tmp_path: Path, strategy: str, policy: str, told: bool
) -> None:
    text = f"""
model_list:
  - {{model_name: x, litellm_params: {{model: openai/a, rpm: 100}}}}
  - {{model_name: x, litellm_params: {{model: openai/b, rpm: 300}}}}
router_settings: {{routing_strategy: {strategy}}}
"""
    said = _imported(tmp_path, text)
    (route,) = yaml.safe_load(said.out)["routes"]
    assert route["policy"] == policy
    assert [each["weight"] for each in route["targets"]] == [1, 3]
    assert ("router_settings.routing_strategy" in said.error) is told


def test_deadlines_come_from_timeouts_the_nearest_first(tmp_path: Path) -> None:
    text = """
model_list:
  - {model_name: x, litellm_params: {model: openai/a, timeout: 20, stream_timeout: 2.5}}
  - {model_name: y, litellm_params: {model: openai/b}}
litellm_settings: {request_timeout: 90}
"""
    routes = _document(tmp_path, text)["routes"]
    assert [each["deadlines"] for each in routes] == [
        {"total": 20, "first_token": 2.5},
        {"total": 90},
    ]


@pytest.mark.parametrize(
    ("params", "env", "provider", "upstream"),
    [
        (
            "model: bedrock/converse/eu.anthropic.claude, aws_region_name: eu-central-1, "
            "aws_access_key_id: AKIAEXAMPLE, aws_secret_access_key: abcdefgh12345678",
            {},
            {
                "kind": "bedrock",
                "base_url": "https://bedrock-runtime.eu-central-1.amazonaws.com",
                "api_key": "AKIAEXAMPLE:abcdefgh12345678",
            },
            "eu.anthropic.claude",
        ),
        (
            "model: bedrock/x, aws_region_name: os.environ/REGION",
            {"REGION": "us-east-1"},
            {
                "kind": "bedrock",
                "base_url": "https://bedrock-runtime.us-east-1.amazonaws.com",
                "api_key": "env:BEDROCK_CREDENTIAL",
            },
            "x",
        ),
        (
            "model: azure/o_series/o3, api_base: os.environ/AZURE_BASE, api_key: k",
            {"AZURE_BASE": "https://192.0.2.1/openai/deployments/o3"},
            {"kind": "azure", "base_url": "https://192.0.2.1/openai/v1", "api_key": "k"},
            "o3",
        ),
        (
            "model: claude-sonnet-4-5, api_base: 'http://192.0.2.1', api_key: k",
            {},
            {"kind": "anthropic", "base_url": "http://192.0.2.1/v1", "api_key": "k"},
            "claude-sonnet-4-5",
        ),
        (
            "model: openrouter/openai/gpt-4o",
            {},
            {"kind": "openrouter", "api_key": "env:OPENROUTER_API_KEY"},
            "openai/gpt-4o",
        ),
        (
            "model: gemini/gemini-2.5-flash",
            {},
            {"kind": "google", "api_key": "env:GEMINI_API_KEY"},
            "gemini-2.5-flash",
        ),
        (
            "model: zai/glm-4.6",
            {},
            {
                "kind": "zhipu",
                "base_url": "https://api.z.ai/api/paas/v4",
                "api_key": "env:ZAI_API_KEY",
            },
            "glm-4.6",
        ),
        (
            "model: meta/llama, custom_llm_provider: hosted_vllm, api_base: 'http://192.0.2.1/v1'",
            {},
            {"kind": "vllm", "base_url": "http://192.0.2.1/v1", "api_key": "none"},
            "meta/llama",
        ),
        (
            "model: newcomer/llama, api_base: 'http://192.0.2.1/v1', api_key: k",
            {},
            {"kind": "compatible", "base_url": "http://192.0.2.1/v1", "api_key": "k"},
            "llama",
        ),
    ],
    ids=["bedrock", "region", "azure", "anthropic", "openrouter", "google", "zai", "vllm", "new"],
)
def test_a_vendor_becomes_a_provider(
    tmp_path: Path, params: str, env: dict[str, str], provider: dict[str, str], upstream: str
) -> None:
    document = _document(tmp_path, one(params), **env)
    (made,) = document["providers"]
    assert made.pop("name") == made["kind"]
    assert made == provider
    assert document["models"][0]["upstream"] == upstream


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (one("model: newcomer/llama"), "model_list.0.litellm_params.model"),
        (one("model: vertex_ai/gemini-pro"), "Vertex AI"),
        (one("model: mystery"), "names no vendor"),
        (one("model: openai/a, api_base: os.environ/NOWHERE_SET"), "NOWHERE_SET"),
        (one("model: openai/a, api_base: 'https://a:b@c/v1'"), "litellm_params.api_base"),
        (one("model: openai/a, api_key: 'has a space'"), "litellm_params.api_key"),
        (one("model: openai/a, rpm: -1"), "litellm_params.rpm"),
        (one("model: openai/a, rpm: [1]"), "litellm_params.rpm"),
        (one("model: openai/a, rpm: 1.5"), "litellm_params.rpm"),
        (one("model: openai/a, input_cost_per_token: .nan"), "input_cost_per_token"),
        (one("model: openai/a, input_cost_per_token: 99"), "input_cost_per_token"),
        (one("model: azure/a, api_key: k"), "AZURE_API_BASE"),
        (one("model: bedrock/a"), "aws_region_name"),
        (one("model: openai/a, litellm_credential_name: gone"), "litellm_credential_name"),
        ("model_list: [{model_name: x}]", "model_list.0.litellm_params"),
        ("model_list: [x]", "model_list.0"),
        ("model_list: x", "model_list"),
        ("litellm_settings: {}", "model_list"),
        (one("model: openai/a", "include: [other.yaml]"), "include"),
    ],
)
def test_what_cannot_be_imported_stops_it_by_name(tmp_path: Path, text: str, told: str) -> None:
    said = _imported(tmp_path, text)
    assert said.code == 1
    assert said.out == ""
    assert any("refused: " in line and told in line for line in said.error.splitlines())
    assert "Traceback" not in said.error


@pytest.mark.parametrize(
    "text",
    [
        "model_list: [",
        "- a",
        "",
        "a: 1\na: 2",
        "? [a]\n: b",
        "a: &a [*a]",
        "[" * 50,
        "".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9) if n else 1}]\n" for n in range(9)),
    ],
    ids=["broken", "list", "empty", "twice", "key", "circle", "deep", "bomb"],
)
def test_what_is_no_configuration_is_told_in_a_line(tmp_path: Path, text: str) -> None:
    said = _imported(tmp_path, text)
    assert said.code == 1
    assert said.out == ""
    assert said.error.startswith("hone: ")
    assert "Traceback" not in said.error


def test_the_rest_is_imported_where_that_is_wanted(tmp_path: Path) -> None:
    text = SMALL + "  - {model_name: y, litellm_params: {model: vertex_ai/gemini-pro}}\n"
    assert _imported(tmp_path, text).code == 1
    said = _imported(tmp_path, text, "--partial")
    assert said.code == 0
    assert [each["name"] for each in yaml.safe_load(said.out)["models"]] == ["gpt-4o"]
    assert "refused: model_list.1.litellm_params.model" in said.error


def test_aliases_and_merge_keys_of_yaml_are_followed(tmp_path: Path) -> None:
    text = """
shared: &shared {model: openai/a, api_key: os.environ/K, rpm: 5}
model_list:
  - {model_name: x, litellm_params: *shared}
  - {model_name: y, litellm_params: {<<: *shared, model: openai/b, seed: 1}}
"""
    said = _imported(tmp_path, text)
    document = yaml.safe_load(said.out)
    assert [each["upstream"] for each in document["models"]] == ["a", "b"]
    assert [each["amount"] for each in document["limits"]] == [5, 5]
    assert _notes(said) == {
        "shared": (2, "left"),
        "model_list.1.litellm_params.seed": (5, "left"),
    }


def test_named_credentials_and_variables_of_the_file_are_put_in(tmp_path: Path) -> None:
    text = """
environment_variables: {VENDOR_KEY: from-the-file, OTHER: unused}
credential_list:
  - credential_name: shared
    credential_values: {api_key: os.environ/VENDOR_KEY, api_base: "http://192.0.2.1/v1"}
model_list:
  - {model_name: x, litellm_params: {model: openai/a, litellm_credential_name: shared}}
"""
    said = _imported(tmp_path, text)
    (provider,) = yaml.safe_load(said.out)["providers"]
    assert provider["api_key"] == "from-the-file"
    assert provider["base_url"] == "http://192.0.2.1/v1"
    assert list(_notes(said)) == ["environment_variables.OTHER"]
    assert "Credentials stand in" in said.error
    assert "from-the-file" not in said.error


@pytest.mark.parametrize(
    ("names", "left"),
    [(["openai/*"], 0), (["*"], 0), (["openai/*", "*"], 1), (["openai/*", "groq/*"], 1)],
    ids=["vendor", "all", "both", "two"],
)
def test_a_wildcard_is_the_model_that_answers_for_every_other_name(
    tmp_path: Path, names: list[str], left: int
) -> None:
    items = [
        f"  - {{model_name: '{name}', litellm_params: {{model: 'openai/*'}}}}" for name in names
    ]
    said = _imported(tmp_path, "\n".join(["model_list:", *items]))
    (model,) = yaml.safe_load(said.out)["models"]
    assert (model["name"], model["upstream"]) == ("*", "*")
    assert said.error.count(": left: ") == left


@pytest.mark.parametrize(
    ("duration", "window"),
    [("24h", "day"), ("1mo", "month"), ("30d", "month"), ("60s", "minute"), ("7d", None)],
)
def test_a_budget_is_a_limit_where_a_window_is_its_like(
    tmp_path: Path, duration: str, window: str | None
) -> None:
    more = f"litellm_settings: {{max_budget: 10.5, budget_duration: {duration}}}"
    said = _imported(tmp_path, one("model: openai/a", more))
    limits = yaml.safe_load(said.out).get("limits", [])
    assert [(each["window"], each["amount"]) for each in limits] == (
        [(window, 10.5)] if window else []
    )
    assert ("left: litellm_settings.max_budget" in said.error) is (window is None)


def test_prices_are_kept_to_six_decimals_of_a_million(tmp_path: Path) -> None:
    params = "model: openai/a, input_cost_per_token: 0.000000123456789"
    said = _imported(tmp_path, one(params))
    (model,) = yaml.safe_load(said.out)["models"]
    assert model["price"] == {"input": 0.123457, "output": 0}
    assert "changed: model_list.0.litellm_params.input_cost_per_token" in said.error
    assert "the other is 0" in said.error


GROUPS = """
model_list:
  - {model_name: a, litellm_params: {model: openai/a}}
  - {model_name: b, litellm_params: {model: openai/b}}
  - {model_name: c, litellm_params: {model: openai/c}}
  - {model_name: c, litellm_params: {model: openai/d, weight: 0}}
"""


@pytest.mark.parametrize(
    ("settings", "fallbacks"),
    [
        ("router_settings: {fallbacks: [{a: [b]}]}", {"a": ["b"]}),
        (
            "litellm_settings: {fallbacks: [{a: [b]}, {'*': [c]}]}",
            {"a": ["openai/b"], "b": ["openai/c"]},
        ),
        ("litellm_settings: {default_fallbacks: [b]}", {"a": ["b"], "c": ["b"]}),
        ("router_settings: {fallbacks: [{x: [b]}], model_group_alias: {x: a}}", {"x": ["b"]}),
        ("router_settings: {fallbacks: [{a: [x]}], model_group_alias: {x: b}}", {"a": ["b"]}),
        ("litellm_settings: {fallbacks: [{a: [{model: b, n: 1}]}]}", {"a": ["b"]}),
    ],
    ids=["router", "everyone", "default", "of an alias", "to an alias", "with parameters"],
)
def test_fallbacks_of_a_group_are_those_of_its_route(
    tmp_path: Path, settings: str, fallbacks: dict[str, list[str]]
) -> None:
    routes = {each["name"]: each for each in _document(tmp_path, GROUPS + settings)["routes"]}
    found = {name: each["fallbacks"][:1] for name, each in routes.items() if "fallbacks" in each}
    assert {name: found.get(name) for name in fallbacks} == fallbacks


@pytest.mark.parametrize(
    ("amounts", "weights"),
    [
        (({"seed": 1}, {"seed": 2}), [1, 1]),
        (({"weight": 0.7}, {"weight": 0.3}), [7, 3]),
        (({"weight": 2, "rpm": 9}, {"weight": 1, "rpm": 9}), [2, 1]),
        (({"tpm": 10**9}, {"tpm": 1}), [1_000_000, 1]),
        (({"weight": 2}, {"seed": 1}), [1]),
        (({"weight": 0}, {"weight": 0}), [1, 1]),
        (({"order": 1}, {"order": 2}), [1]),
    ],
    ids=["none", "decimals", "first", "far apart", "one without", "all zero", "order"],
)
def test_weights_are_what_lite_llm_weighs_by(
    tmp_path: Path, amounts: tuple[dict[str, float], ...], weights: list[int]
) -> None:
    items = [
        {"model_name": "x", "litellm_params": {"model": f"openai/{number}", **each}}
        for number, each in enumerate(amounts)
    ]
    (route,) = _document(tmp_path, yaml.safe_dump({"model_list": items}))["routes"]
    assert [each["weight"] for each in route["targets"]] == weights


def test_calls_at_a_time_hold_for_every_model_that_says_nothing_else(tmp_path: Path) -> None:
    text = """
model_list:
  - {model_name: a, litellm_params: {model: openai/a}}
  - {model_name: b, litellm_params: {model: openai/b, max_parallel_requests: 3}}
router_settings: {default_max_parallel_requests: 9}
"""
    limits = _document(tmp_path, text)["limits"]
    assert [(each["subject"]["name"], each["amount"]) for each in limits] == [("a", 9), ("b", 3)]


def test_a_written_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "hone.yaml"
    path.touch(0o644)
    said = _imported(tmp_path, one("model: openai/a, api_key: sk-secret"), "--output", path)
    assert (said.code, said.out) == (0, "")
    assert "sk-secret" in path.read_text("utf-8")
    assert "sk-secret" not in said.error
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_notes_and_document_are_one_json(tmp_path: Path) -> None:
    document = _imported(tmp_path, COMPANY, "--json").document
    assert {"kind", "path", "line", "message"} == set(document["notes"][0])
    assert document["document"]["providers"][0]["name"] == "azure"


def test_it_is_applied_with_the_difference_shown_first(
    installed: Installation, tmp_path: Path
) -> None:
    keys = dict.fromkeys(("AZURE_EU_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY"), "k")
    path = kept(tmp_path, COMPANY.replace("192.0.2.10", "8.8.8.8"))
    command = ("import", "litellm", path)
    dry = installed.hone(*command, "--dry-run", **keys)
    assert dry.code == 0, dry.error
    assert "+ route gpt-4o" in dry.out
    assert installed.rows("SELECT count(*) FROM models") == [(0,)]
    first = installed.hone(*command, "--apply", "--json", **keys).document
    assert {each["action"] for each in first["changes"]} == {"create"}
    assert first["notes"]
    assert installed.rows("SELECT count(*) FROM models") == [(5,)]
    again = installed.hone(*command, "--apply", "--json", **keys).document
    assert not again["changed"]
    missing = installed.hone(*command, "--apply")
    assert missing.code == 1
    assert "OPENAI_API_KEY" in missing.error
