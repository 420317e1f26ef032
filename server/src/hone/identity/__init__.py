"""Who is asking, and what they may do: organizations, people, API keys, roles, permissions.

An organization is the tenant. A key belongs to one organization, perhaps to one of its people, and
carries permissions; it is shown once and kept as a digest. `principals` is what the gateway is told
of the keys that work, and `bootstrap` is what a first start makes.
"""

from hone.identity.bootstrap import (
    Bootstrapped,
    bootstrap,
    create_organization,
    find_organization,
)
from hone.identity.deps import ActorDep, SessionDep, authenticate
from hone.identity.errors import (
    AdminKeyWeak,
    EmailTaken,
    ExpiryPassed,
    KeyWouldOutlive,
    LastAdmin,
    NoOrganization,
    RoutesNotYours,
)
from hone.identity.models import ApiKey, Organization, Person
from hone.identity.permissions import PERMISSIONS, Actor, Permission, Role, system
from hone.identity.schemas import KeyCreate, KeyCreated, KeyRead, KeyRevoked, PersonCreate
from hone.identity.service import (
    create_key,
    create_person,
    keys,
    organization,
    principals,
    revoke_key,
)

__all__ = [
    "PERMISSIONS",
    "Actor",
    "ActorDep",
    "AdminKeyWeak",
    "ApiKey",
    "Bootstrapped",
    "EmailTaken",
    "ExpiryPassed",
    "KeyCreate",
    "KeyCreated",
    "KeyRead",
    "KeyRevoked",
    "KeyWouldOutlive",
    "LastAdmin",
    "NoOrganization",
    "Organization",
    "Permission",
    "Person",
    "PersonCreate",
    "Role",
    "RoutesNotYours",
    "SessionDep",
    "authenticate",
    "bootstrap",
    "create_key",
    "create_organization",
    "create_person",
    "find_organization",
    "keys",
    "organization",
    "principals",
    "revoke_key",
    "system",
]
