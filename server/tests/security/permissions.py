"""What each call of the API needs. A new call is listed here, or the tests fail."""

from typing import Final

from hone.identity import Permission

PUBLIC: Final = None
"""Answered whoever asks."""
ANYONE: Final = ""
"""For whoever is known, with any permission or none."""

NEEDS: Final[dict[str, str | None]] = {
    "alive": PUBLIC,
    "ready": PUBLIC,
    "metrics": Permission.SYSTEM_MONITOR,
    "get_me": ANYONE,
    "get_organization": ANYONE,
    "update_organization": Permission.ORGANIZATION_WRITE,
    "list_keys": Permission.KEYS_READ,
    "create_key": Permission.KEYS_WRITE,
    "get_key": Permission.KEYS_READ,
    "revoke_key": Permission.KEYS_WRITE,
    "list_people": Permission.PEOPLE_READ,
    "create_person": Permission.PEOPLE_WRITE,
    "get_person": Permission.PEOPLE_READ,
    "deactivate_person": Permission.PEOPLE_WRITE,
    "list_providers": Permission.PROVIDERS_READ,
    "create_provider": Permission.PROVIDERS_WRITE,
    "get_provider": Permission.PROVIDERS_READ,
    "replace_provider": Permission.PROVIDERS_WRITE,
    "delete_provider": Permission.PROVIDERS_WRITE,
    "list_models": Permission.MODELS_READ,
    "create_model": Permission.MODELS_WRITE,
    "get_catalogue": Permission.MODELS_READ,
    "get_model": Permission.MODELS_READ,
    "replace_model": Permission.MODELS_WRITE,
    "delete_model": Permission.MODELS_WRITE,
    "list_prices": Permission.MODELS_READ,
    "list_routes": Permission.ROUTES_READ,
    "create_route": Permission.ROUTES_WRITE,
    "get_route": Permission.ROUTES_READ,
    "replace_route": Permission.ROUTES_WRITE,
    "delete_route": Permission.ROUTES_WRITE,
    "list_provider_versions": Permission.PROVIDERS_READ,
    "list_model_versions": Permission.MODELS_READ,
    "preview_route": Permission.ROUTES_WRITE,
    "list_route_versions": Permission.ROUTES_READ,
    "undo_route": Permission.ROUTES_WRITE,
    "restore_route": Permission.ROUTES_WRITE,
    "list_operations": Permission.OPERATIONS_READ,
    "log_operation": Permission.OPERATIONS_WRITE,
    "get_operation": Permission.OPERATIONS_READ,
    "list_facets": Permission.OPERATIONS_READ,
    "export_operations": Permission.OPERATIONS_READ,
    "list_views": Permission.OPERATIONS_READ,
    "create_view": Permission.OPERATIONS_READ,
    "get_view": Permission.OPERATIONS_READ,
    "replace_view": Permission.OPERATIONS_READ,
    "delete_view": Permission.OPERATIONS_READ,
    "get_overview": Permission.OPERATIONS_READ,
    "create_chat_completion": Permission.AI_QUERY,
    "create_embeddings": Permission.AI_QUERY,
    "list_gateway_models": Permission.AI_QUERY,
    "get_gateway_model": Permission.AI_QUERY,
}
