"""Why something of LiteLLM's is not imported, and what does its work here."""

from collections.abc import Mapping
from typing import Final

_UNKNOWN: Final = "Hone has nothing that this sets"
_RETRIES: Final = "each target of a route is tried once, then the next, then the fallbacks"
_BREAKER: Final = (
    "a breaker leaves failing targets out by itself, and tries them again with one call"
)
_CALLS: Final = "Hone sets no parameters of calls; let the client send it"
_CATALOGUE: Final = "what a model can do is told by the catalogue, or under `capabilities`"
_PRICES: Final = "prices are per token of input, output and what a cache has of it"
_LOGGED: Final = "every call is logged, counted and priced already; /metrics is for Prometheus"
_CACHE: Final = "answers are not cached"
_DATABASE: Final = "Hone has its own database; HONE_DATABASE__URL names another"
_PEOPLE: Final = "people sign in by password or OpenID Connect, with roles; see the dashboard"
_DROPPED: Final = "what a vendor does not take is dropped always, and named in `x-hone-dropped`"
_PERSONS: Final = "set limits on people and teams once they are there, with `hone apply`"
_REDIS: Final = "processes and replicas share limits through PostgreSQL; there is no Redis"
_CHECKS: Final = "the policy `intelligent` looks at what fits before it chooses"
_GUARDS: Final = "Hone has no guardrails"

_BY_SECTION: Final[Mapping[str, Mapping[str, str]]] = {
    "": {
        "guardrails": _GUARDS,
        "prompts": "Hone keeps no prompts",
        "mcp_servers": "Hone speaks to no MCP servers",
        "vector_store_registry": "Hone keeps no vector stores",
        "search_tools": "Hone has no search tools",
        "callback_settings": _LOGGED,
    },
    "litellm_params": {
        **dict.fromkeys(
            (
                *("temperature", "max_tokens", "max_completion_tokens", "top_p", "top_k", "stop"),
                *("seed", "n", "presence_penalty", "frequency_penalty", "response_format", "user"),
                *("tools", "tool_choice", "reasoning_effort", "thinking", "extra_body", "metadata"),
                *("logit_bias", "stream", "modalities", "dimensions", "input_type", "num_ctx"),
            ),
            _CALLS,
        ),
        "extra_headers": "Hone adds no headers of its own to calls",
        "headers": "Hone adds no headers of its own to calls",
        "api_version": "the address that Hone uses takes no version",
        "max_retries": _RETRIES,
        "num_retries": _RETRIES,
        "cooldown_time": _BREAKER,
        "drop_params": _DROPPED,
        "additional_drop_params": _DROPPED,
        "organization": "it belongs to the key at the vendor",
        "tags": "routes choose by policy, not by tags",
        "mock_response": "`hone simulate` is a provider to try with",
        "input_cost_per_second": _PRICES,
        "output_cost_per_second": _PRICES,
        "input_cost_per_image": _PRICES,
        "aws_role_name": "Hone takes on no roles; give keys of Bedrock's",
        "aws_session_name": "Hone takes on no roles; give keys of Bedrock's",
        "aws_profile_name": "Hone reads no profiles; give keys of Bedrock's",
        "aws_web_identity_token": "Hone takes on no roles; give keys of Bedrock's",
        "azure_ad_token": "give a key of the resource",
        "tenant_id": "give a key of the resource",
        "client_id": "give a key of the resource",
        "client_secret": "give a key of the resource",
        "use_in_pass_through": "a call that needs no translation passes through untouched",
        "merge_reasoning_content_in_choices": "reasoning stays apart from content",
    },
    "model_info": {
        **dict.fromkeys(
            (
                *("max_tokens", "max_input_tokens", "max_output_tokens", "mode"),
                *("supports_vision", "supports_function_calling", "supports_reasoning"),
                *("supports_response_schema", "supports_prompt_caching", "supports_audio_input"),
                "litellm_provider",
            ),
            _CATALOGUE,
        ),
        "access_groups": "a key names the routes that it may call: `hone keys create --route`",
        "team_id": "a key names the routes that it may call",
        "health_check_model": "a provider is tested in the dashboard",
        "description": "models have no description",
    },
    "router_settings": {
        "num_retries": _RETRIES,
        "max_fallbacks": _RETRIES,
        "retry_after": _RETRIES,
        "retry_policy": _RETRIES,
        "model_group_retry_policy": _RETRIES,
        "allowed_fails": _BREAKER,
        "allowed_fails_policy": _BREAKER,
        "cooldown_time": _BREAKER,
        "disable_cooldowns": _BREAKER,
        "routing_strategy_args": "policies measure by themselves",
        "enable_pre_call_checks": _CHECKS,
        "optional_pre_call_checks": _CHECKS,
        "enable_tag_filtering": "routes choose by policy, not by tags",
        "provider_budget_config": "set limits on cost on the provider's models",
        **dict.fromkeys(("redis_host", "redis_port", "redis_password", "redis_url"), _REDIS),
        **dict.fromkeys(("cache_responses", "caching_groups", "cache_kwargs"), _CACHE),
    },
    "litellm_settings": {
        "drop_params": _DROPPED,
        "additional_drop_params": _DROPPED,
        "num_retries": _RETRIES,
        "allowed_fails": _BREAKER,
        "cooldown_time": _BREAKER,
        **dict.fromkeys(
            ("cache", "cache_params", "enable_caching_on_provider_specific_optional_params"), _CACHE
        ),
        **dict.fromkeys(
            (
                *("callbacks", "success_callback", "failure_callback", "service_callback"),
                *("turn_off_message_logging", "redact_user_api_key_info", "langfuse_default_tags"),
            ),
            _LOGGED,
        ),
        "set_verbose": "HONE_TELEMETRY__LOG_LEVEL says how much is logged",
        "json_logs": "HONE_TELEMETRY__LOG_FORMAT writes logs as JSON",
        "telemetry": "Hone sends nothing home",
        "modify_params": "a call is sent as it came, or translated, or refused",
        **dict.fromkeys(
            (
                *("max_internal_user_budget", "internal_user_budget_duration"),
                *("max_end_user_budget", "max_end_user_budget_id", "default_team_settings"),
                *("default_internal_user_params", "default_team_params"),
                *("default_key_generate_params", "upperbound_key_generate_params"),
            ),
            _PERSONS,
        ),
        "ssl_verify": "certificates are always verified",
        "forward_traceparent_to_llm_provider": "headers of a client stay here",
        "guardrails": _GUARDS,
        "tag_budget_config": "limits are on keys, people, teams, routes, models and all of it",
    },
    "general_settings": {
        "master_key": "`hone up` makes a key of its own; make others with `hone keys create`",
        **dict.fromkeys(
            (
                *("database_url", "database_type", "database_connection_pool_limit"),
                *("database_connection_timeout", "allow_requests_on_db_unavailable"),
                *("store_model_in_db", "proxy_batch_write_at", "disable_spend_logs"),
                *("use_redis_transaction_buffer", "disable_error_logs"),
            ),
            _DATABASE,
        ),
        "maximum_spend_logs_retention_period": "retention is set under /api/retention",
        "store_prompts_in_spend_logs": "what is kept of contents is set for the organization",
        "max_parallel_requests": "set a limit on concurrency on each key",
        "global_max_parallel_requests": "set a limit on concurrency",
        "max_request_size_mb": "the size of requests is bounded already",
        **dict.fromkeys(
            (
                *("enable_jwt_auth", "litellm_jwtauth", "ui_access_mode", "proxy_admin_email"),
                *("custom_auth", "custom_sso", "custom_key_generate", "allowed_routes"),
                "enforce_user_param",
            ),
            _PEOPLE,
        ),
        **dict.fromkeys(
            (
                "alerting",
                "alerting_threshold",
                "alerting_args",
                "alert_types",
                "spend_report_frequency",
            ),
            "events such as `limit.reached` tell of budgets; alert on /metrics",
        ),
        **dict.fromkeys(
            ("background_health_checks", "health_check_interval"),
            "a breaker watches the calls themselves; `/readyz` tells of the server",
        ),
        "allowed_ips": "keep others out before Hone: at the proxy or the firewall",
        "key_management_system": "a credential is `env:NAME`, filled by whatever starts Hone",
        "key_management_settings": "a credential is `env:NAME`, filled by whatever starts Hone",
        "pass_through_endpoints": "only endpoints under /v1 are served",
    },
    "environment_variables": {},
    "keys": {
        **dict.fromkeys(
            ("team_id", "user_id", "organization_id", "project_id", "agent_id"),
            "people and teams are not imported; the key is nobody's",
        ),
        **dict.fromkeys(
            ("model_max_budget", "model_rpm_limit", "model_tpm_limit", "soft_budget", "budget_id"),
            "limits of a key hold for all its calls",
        ),
        "aliases": "a name means the same for every key; make a route",
        "metadata": "a key has a name and no more",
    },
}


def of(section: str, name: str) -> str:
    """Say why a key of a section is left out."""
    if section == "environment_variables":
        return "set it where Hone runs, if something still needs it"
    return _BY_SECTION.get(section, {}).get(name) or _UNKNOWN
