"""Permissions, the roles that bundle them, and the actor who holds them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from hone.core.errors import Forbidden


class Permission(StrEnum):
    """One verb on one kind of thing."""

    AI_QUERY = "ai:query"
    AI_MANAGE = "ai:manage"
    SYSTEM_MONITOR = "system:monitor"
    OPERATIONS_READ = "operations:read"
    OPERATIONS_WRITE = "operations:write"
    CONTENTS_READ = "contents:read"
    PROVIDERS_READ = "providers:read"
    PROVIDERS_WRITE = "providers:write"
    MODELS_READ = "models:read"
    MODELS_WRITE = "models:write"
    ROUTES_READ = "routes:read"
    ROUTES_WRITE = "routes:write"
    KEYS_READ = "keys:read"
    KEYS_WRITE = "keys:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    ORGANIZATION_WRITE = "organization:write"
    LIMITS_READ = "limits:read"
    LIMITS_WRITE = "limits:write"
    FEEDBACK_READ = "feedback:read"
    FEEDBACK_WRITE = "feedback:write"
    DATASETS_READ = "datasets:read"
    DATASETS_WRITE = "datasets:write"
    TRAINING_READ = "training:read"
    TRAINING_WRITE = "training:write"
    EXPERIMENTS_READ = "experiments:read"
    EXPERIMENTS_WRITE = "experiments:write"
    RELEASES_READ = "releases:read"
    RELEASES_WRITE = "releases:write"
    MONITORS_READ = "monitors:read"
    MONITORS_WRITE = "monitors:write"
    AUDIT_READ = "audit:read"
    DATA_ERASE = "data:erase"


class Role(StrEnum):
    """What a person is in an organization."""

    ADMIN = "admin"
    OPERATOR = "operator"
    DEVELOPER = "developer"
    REVIEWER = "reviewer"
    ANALYST = "analyst"
    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    USER = "user"


_ASK = {Permission.AI_QUERY, Permission.FEEDBACK_WRITE}
"""Whoever calls models may say whether the answer was good."""
_READ = {
    Permission.OPERATIONS_READ,
    Permission.PROVIDERS_READ,
    Permission.MODELS_READ,
    Permission.ROUTES_READ,
    Permission.FEEDBACK_READ,
    Permission.DATASETS_READ,
    Permission.TRAINING_READ,
    Permission.EXPERIMENTS_READ,
    Permission.RELEASES_READ,
    Permission.MONITORS_READ,
}
_RUN = _READ | {
    *_ASK,
    Permission.DATASETS_WRITE,
    Permission.TRAINING_WRITE,
    Permission.EXPERIMENTS_WRITE,
    Permission.MONITORS_WRITE,
    Permission.OPERATIONS_WRITE,
    Permission.CONTENTS_READ,
    Permission.MODELS_WRITE,
    Permission.ROUTES_WRITE,
    Permission.KEYS_READ,
    Permission.LIMITS_READ,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.OPERATOR: frozenset(
        _RUN
        | {
            Permission.SYSTEM_MONITOR,
            Permission.PROVIDERS_WRITE,
            Permission.LIMITS_WRITE,
            Permission.RELEASES_WRITE,
            Permission.PEOPLE_READ,
            Permission.AUDIT_READ,
        }
    ),
    Role.DEVELOPER: frozenset(_RUN | {Permission.KEYS_WRITE}),
    Role.REVIEWER: frozenset(_READ | _ASK | {Permission.CONTENTS_READ, Permission.DATASETS_WRITE}),
    Role.ANALYST: frozenset(_READ | _ASK | {Permission.LIMITS_READ}),
    Role.LEARNER: frozenset({Permission.MODELS_READ, Permission.ROUTES_READ}),
    Role.INSTRUCTOR: frozenset(_READ | _ASK | {Permission.CONTENTS_READ}),
    Role.USER: frozenset(_ASK),
}


def allowed(role: str) -> frozenset[str]:
    """Look a role up; one of a newer version allows nothing here."""
    return frozenset(
        each.value for known, held in PERMISSIONS.items() if known == role for each in held
    )


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a key or the system itself, acting in one organization."""

    id: str
    """`key_…`, `person_…` or `system`; events name it."""
    organization_id: UUID
    permissions: frozenset[str]
    name: str = ""
    session_id: UUID | None = None
    """The session of a person who is signed in."""
    expires_at: float | None = None
    """When the access token of that session ends, in Unix seconds."""

    def require(self, permission: Permission) -> None:
        """Let the call go on only if the actor holds the permission."""
        if permission not in self.permissions:
            raise Forbidden(
                f"This needs the permission {permission.value!r}.",
                details={"permission": permission.value},
            )

    def require_all(self, permissions: Iterable[str]) -> None:
        """Refuse to hand on what the actor does not hold."""
        missing = sorted(set(permissions) - self.permissions)
        if missing:
            raise Forbidden(
                f"You cannot grant what you do not hold: {', '.join(missing)}.",
                details={"permissions": missing},
            )


def system(organization_id: UUID) -> Actor:
    """Return the actor for what Hone does by itself or from its command line."""
    return Actor("system", organization_id, frozenset(Permission), "Hone")
