"""Configurations of LiteLLM's as their users write them."""

from pathlib import Path

SMALL = """
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_key: os.environ/OPENAI_API_KEY
"""

COMPANY = """\
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: azure/gpt-4o-eu
      api_base: https://192.0.2.10/
      api_key: os.environ/AZURE_EU_KEY
      api_version: "2024-10-21"
      rpm: 600
      tpm: 120000
      weight: 3
      region_name: eu
      timeout: 60
      stream_timeout: 10
    model_info:
      id: gpt-4o-in-europe
      base_model: azure/gpt-4o
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_key: os.environ/OPENAI_API_KEY
      max_parallel_requests: 20
      weight: 1
      max_retries: 3
  - model_name: gpt-4o
    litellm_params: {model: gpt-4o, order: 1}
  - model_name: claude
    litellm_params:
      model: anthropic/claude-sonnet-4-5
      input_cost_per_token: 3e-06
      output_cost_per_token: 0.000015
      cache_read_input_token_cost: 3e-7
      cache_creation_input_token_cost: 3.75e-6
      cache_creation_input_token_cost_above_1hr: 6e-6
      max_tokens: 4096
      max_budget: 12.5
      budget_duration: 1d
  - model_name: local
    litellm_params:
      model: ollama_chat/llama3.1
      api_base: http://127.0.0.1:11434
router_settings:
  routing_strategy: least-busy
  model_group_alias:
    gpt-4: gpt-4o
    hidden-one: {model: claude, hidden: true}
  num_retries: 2
  allowed_fails: 3
  cooldown_time: 30
litellm_settings:
  fallbacks: [{gpt-4o: [claude, nowhere]}]
  context_window_fallbacks: [{gpt-4o: [claude]}]
  drop_params: true
  max_budget: 2000
  budget_duration: 30d
  success_callback: [langfuse]
general_settings:
  master_key: sk-1234
  database_url: os.environ/DATABASE_URL
a_new_section: {some: thing}
"""


def kept(folder: Path, text: str) -> Path:
    """Write a file."""
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def one(params: str, more: str = "") -> str:
    """Write a file of one model by its parameters."""
    return f"model_list:\n  - model_name: x\n    litellm_params: {{{params}}}\n{more}"
