"""What can go wrong with organizations, people and keys."""

import math
from datetime import datetime

from hone.core.errors import (
    AppError,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    Unauthorized,
    Unavailable,
)


class EmailTaken(Conflict):
    """This organization already has a person with that e-mail address."""

    code = "email_taken"


class LastAdmin(Conflict):
    """This is the last active administrator; make another one first."""

    code = "last_admin"


class ExpiryPassed(Invalid):
    """A key must expire in the future, or never."""

    code = "expiry_passed"


class KeyTaken(Conflict):
    """Another organization has this key; a key belongs to one."""

    code = "key_taken"


class KeyWouldOutlive(Forbidden):
    """A key cannot be made to outlive the key that makes it."""

    code = "key_would_outlive"


class RoutesNotYours(Forbidden):
    """A key that is held to some routes can only make keys that are held to those."""

    code = "routes_not_yours"


class DefaultRouteOutside(Invalid):
    """A key's default route must be one of the routes that it may call."""

    code = "default_route_outside"


class AdminKeyWeak(AppError):
    """HONE_BOOTSTRAP__ADMIN_KEY must be 32 to 512 printable ASCII characters without spaces."""

    code = "admin_key_weak"


class NoOrganization(AppError):
    """There is no such organization."""

    code = "no_organization"


class PasswordWeak(Invalid):
    """This password is too weak."""

    code = "password_weak"


class PasswordWrong(Forbidden):
    """That is not your present password."""

    code = "password_wrong"


class SignInFailed(Unauthorized):
    """The e-mail address or the password is wrong."""

    code = "sign_in_failed"


class SignInBusy(Unavailable):
    """Too many people are signing in at this moment; try again in a few seconds."""

    code = "sign_in_busy"
    retry_after = 3


class SignInLocked(TooMany):
    """Too many failed attempts; wait before you try again."""

    code = "sign_in_locked"

    def __init__(self, until: datetime, seconds: float) -> None:
        super().__init__(details={"until": until.isoformat()})
        self.wait = max(1, math.ceil(seconds))


class OrganizationNeeded(Conflict):
    """Your password fits people in several organizations; say which one."""

    code = "organization_needed"


class NotSignedIn(Forbidden):
    """Only a person who is signed in can do this; a key cannot."""

    code = "not_signed_in"


class PersonChanged(Conflict):
    """This person was changed by somebody else meanwhile; read them again."""

    code = "version_conflict"


class LinkExpired(NotFound):
    """This link has been used, has expired or is not complete; ask for a new one."""

    code = "link_expired"


class AlreadyJoined(Conflict):
    """There is no open invitation of this person."""

    code = "not_invited"


class PersonDeactivated(Conflict):
    """This person is deactivated; reactivate them first."""

    code = "person_deactivated"


class TeamNameTaken(Conflict):
    """This organization already has a team with that name."""

    code = "team_name_taken"


class TeamChanged(Conflict):
    """This team was changed by somebody else meanwhile; read it again."""

    code = "version_conflict"


class OidcNameTaken(Conflict):
    """This organization already has an identity provider of that name."""

    code = "oidc_name_taken"


class OidcChanged(Conflict):
    """This identity provider was changed by somebody else meanwhile; read it again."""

    code = "version_conflict"


class EmailUnverified(Forbidden):
    """Your identity provider has not verified your e-mail address."""

    code = "oidc_email_unverified"


class NotAMember(Forbidden):
    """Nobody here has your e-mail address; ask an administrator to invite you."""

    code = "oidc_unknown_person"


class DomainRefused(Forbidden):
    """Addresses of your domain may not sign in here; ask an administrator to invite you."""

    code = "oidc_domain"


class PersonShutOut(Forbidden):
    """You may not sign in here any more; ask an administrator."""

    code = "person_deactivated"
