"""A file of LiteLLM's is imported and applied, and calls under its names are answered."""

from pathlib import Path

import httpx

from tests.cli.litellm_files import kept
from tests.core.facts import wait_for
from tests.fixtures.house import House, run_hone

FILE = """
model_list:
  - model_name: chat
    litellm_params: {{model: openai/one, api_base: {url}/v1, api_key: sim-key, weight: 1}}
  - model_name: chat
    litellm_params: {{model: openai/two, api_base: {url}/v1, api_key: sim-key, weight: 1}}
  - model_name: "openai/*"
    litellm_params: {{model: "openai/*", api_base: {url}/v1, api_key: sim-key}}
router_settings:
  model_group_alias: {{gpt-4: chat}}
"""


def _ask(house: House, model: str) -> httpx.Response:
    return httpx.post(
        f"{house.url}/v1/chat/completions",
        headers=house.headers,
        json={"model": model, "messages": [{"role": "user", "content": "hello"}]},
        timeout=200,
    )


def test_calls_under_the_old_names_are_answered(house: House, tmp_path: Path) -> None:
    path = kept(tmp_path, FILE.format(url=house.simulator.url))
    env = {"HONE_DATA_DIR": str(house.data_dir)}
    done = run_hone("import", "litellm", str(path), "--apply", env=env)
    assert done.returncode == 0, done.stderr
    wait_for(lambda: _ask(house, "gpt-4").status_code == 200)
    wait_for(lambda: {"one", "two"} <= _asked(house, "chat"))
    assert "anything-else" in _asked(house, "anything-else")


def _asked(house: House, model: str) -> set[str]:
    """Call once, and return which models the provider has answered for so far."""
    assert _ask(house, model).status_code == 200
    return {str(each["model"]) for each in house.simulator.ledger()}
