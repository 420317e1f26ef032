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
    new_password,
)
from hone.identity.delivery import SEND_MAIL
from hone.identity.deps import (
    ActorDep,
    KeyringDep,
    SessionDep,
    authenticate,
    bearer,
    visitor_of_socket,
)
from hone.identity.desk import Desk, Visit, tokens
from hone.identity.errors import (
    AdminKeyWeak,
    EmailTaken,
    ExpiryPassed,
    KeyWouldOutlive,
    LastAdmin,
    NoOrganization,
    RoutesNotYours,
)
from hone.identity.mail import forget_expired, send_mail
from hone.identity.meters import sign_in_counter
from hone.identity.models import ApiKey, Member, Organization, Person, Team
from hone.identity.openid import Directory
from hone.identity.permissions import PERMISSIONS, Actor, Permission, Role, system
from hone.identity.repository.organizations import every as organization_ids
from hone.identity.schemas import (
    Email,
    Invitation,
    Invited,
    KeyCreate,
    KeyCreated,
    KeyRead,
    KeyRevoked,
    PeopleQuery,
    PersonCreate,
    PersonRead,
)
from hone.identity.service.keys import adopt_key, create_key, keys, note_uses, revoke_key
from hone.identity.service.links import invite, link_of
from hone.identity.service.me import me
from hone.identity.service.organizations import organization
from hone.identity.service.people import (
    change_role_of,
    create_person,
    deactivate_person,
    find_person,
    people,
    person_by_email,
    refuse_last_admin,
)
from hone.identity.service.people import person as get_person
from hone.identity.service.principals import ended_sessions, principals, visitors

__all__ = [
    "PERMISSIONS",
    "SEND_MAIL",
    "Actor",
    "ActorDep",
    "AdminKeyWeak",
    "ApiKey",
    "Bootstrapped",
    "Desk",
    "Directory",
    "Email",
    "EmailTaken",
    "ExpiryPassed",
    "Invitation",
    "Invited",
    "KeyCreate",
    "KeyCreated",
    "KeyRead",
    "KeyRevoked",
    "KeyWouldOutlive",
    "KeyringDep",
    "LastAdmin",
    "Member",
    "NoOrganization",
    "Organization",
    "PeopleQuery",
    "Permission",
    "Person",
    "PersonCreate",
    "PersonRead",
    "Role",
    "RoutesNotYours",
    "SessionDep",
    "Team",
    "Visit",
    "adopt_key",
    "authenticate",
    "bearer",
    "bootstrap",
    "change_role_of",
    "create_key",
    "create_organization",
    "create_person",
    "deactivate_person",
    "ended_sessions",
    "find_organization",
    "find_person",
    "forget_expired",
    "get_person",
    "invite",
    "keys",
    "link_of",
    "me",
    "new_password",
    "note_uses",
    "organization",
    "organization_ids",
    "people",
    "person_by_email",
    "principals",
    "refuse_last_admin",
    "revoke_key",
    "send_mail",
    "sign_in_counter",
    "system",
    "tokens",
    "visitor_of_socket",
    "visitors",
]
