"""Vendors by LiteLLM's names: the kind that each is here, and how its address is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final


def _same(url: str) -> str:
    return url


def _azure(url: str) -> str:
    """Turn a resource's address into that of its v1 API."""
    return f"{url.partition('/openai')[0].rstrip('/')}/openai/v1"


def _anthropic(url: str) -> str:
    return f"{url.rstrip('/').removesuffix('/messages').removesuffix('/v1')}/v1"


@dataclass(frozen=True, slots=True)
class Vendor:
    """What LiteLLM takes for granted of a vendor."""

    kind: str
    variable: str = ""
    """Where its key is looked for when the file names none; empty: it may have none."""
    base_url: str | None = None
    """LiteLLM's address where it is not the one that the kind has."""
    address: Callable[[str], str] = _same
    """Writes an `api_base` as a base URL."""
    between: frozenset[str] = frozenset()
    """What may stand between the vendor and the model: `azure/o_series/NAME`."""


COMPATIBLE: Final = Vendor("compatible")

VENDORS: Final[Mapping[str, Vendor]] = {
    "openai": Vendor("openai", "OPENAI_API_KEY", between=frozenset({"responses"})),
    "text-completion-openai": Vendor("openai", "OPENAI_API_KEY"),
    "azure": Vendor(
        "azure",
        "AZURE_API_KEY",
        address=_azure,
        between=frozenset({"responses", "o_series", "gpt5_series"}),
    ),
    "anthropic": Vendor("anthropic", "ANTHROPIC_API_KEY", address=_anthropic),
    "gemini": Vendor("google", "GEMINI_API_KEY"),
    "bedrock": Vendor("bedrock", between=frozenset({"converse", "invoke", "converse_like"})),
    "bedrock_converse": Vendor("bedrock"),
    "ollama": Vendor("ollama"),
    "ollama_chat": Vendor("ollama"),
    "cohere": Vendor("cohere", "COHERE_API_KEY"),
    "cohere_chat": Vendor("cohere", "COHERE_API_KEY"),
    "dashscope": Vendor("qwen", "DASHSCOPE_API_KEY"),
    "deepseek": Vendor("deepseek", "DEEPSEEK_API_KEY"),
    "fireworks_ai": Vendor("fireworks", "FIREWORKS_API_KEY"),
    "groq": Vendor("groq", "GROQ_API_KEY"),
    "hosted_vllm": Vendor("vllm"),
    "vllm": Vendor("vllm"),
    "huggingface": Vendor("huggingface", "HF_TOKEN"),
    "lm_studio": Vendor("lmstudio"),
    "meta_llama": Vendor("meta-llama", "LLAMA_API_KEY"),
    "minimax": Vendor("minimax", "MINIMAX_API_KEY"),
    "mistral": Vendor("mistral", "MISTRAL_API_KEY"),
    "moonshot": Vendor("moonshot", "MOONSHOT_API_KEY"),
    "openrouter": Vendor("openrouter", "OPENROUTER_API_KEY"),
    "perplexity": Vendor("perplexity", "PERPLEXITYAI_API_KEY"),
    "together_ai": Vendor("together", "TOGETHERAI_API_KEY"),
    "xai": Vendor("xai", "XAI_API_KEY"),
    "zai": Vendor("zhipu", "ZAI_API_KEY", "https://api.z.ai/api/paas/v4"),
    "openai_like": COMPATIBLE,
    "custom_openai": COMPATIBLE,
    "litellm_proxy": Vendor("compatible", "LITELLM_PROXY_API_KEY"),
}

FOREIGN: Final[Mapping[str, str]] = {
    "vertex_ai": "Vertex AI signs in with Google's accounts; use `gemini/…` with a key",
    "vertex_ai_beta": "Vertex AI signs in with Google's accounts; use `gemini/…` with a key",
    "sagemaker": "SageMaker does not speak OpenAI's protocol",
    "sagemaker_chat": "SageMaker does not speak OpenAI's protocol",
    "watsonx": "watsonx does not speak OpenAI's protocol",
    "replicate": "Replicate does not speak OpenAI's protocol",
    "snowflake": "Snowflake does not speak OpenAI's protocol",
    "oci": "OCI does not speak OpenAI's protocol",
}
"""Vendors that no address makes compatible."""

_BEGINNINGS: Final = (
    ("gpt-", "openai"),
    ("chatgpt-", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("text-embedding-", "openai"),
    ("omni-moderation-", "openai"),
    ("ft:gpt-", "openai"),
    ("claude-", "anthropic"),
    ("gemini-", "vertex_ai"),
    ("command-", "cohere"),
)
"""How the names of models begin that LiteLLM knows without a vendor."""


def split(model: str, given: str | None) -> tuple[str | None, str]:
    """Take `vendor/name` apart; None where no vendor can be told."""
    head, slash, rest = model.partition("/")
    if given:
        return given, rest if slash and head == given else model
    if slash and rest:
        return head, rest
    guessed = (vendor for start, vendor in _BEGINNINGS if model.startswith(start))
    return next(guessed, None), model


def upstream(vendor: Vendor, rest: str) -> str:
    """Return a model's name at its vendor."""
    head, slash, name = rest.partition("/")
    return name if slash and name and head in vendor.between else rest
