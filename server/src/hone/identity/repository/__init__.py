"""Every query that the identity domain makes, one module for each noun."""

from hone.identity.repository import (
    credentials,
    keys,
    lists,
    oidc,
    organizations,
    people,
    sessions,
    teams,
    throttles,
)

__all__ = [
    "credentials",
    "keys",
    "lists",
    "oidc",
    "organizations",
    "people",
    "sessions",
    "teams",
    "throttles",
]
