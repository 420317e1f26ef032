"""What can go wrong with organizations, people and keys."""

from hone.core.errors import AppError, Conflict, Forbidden, Invalid


class EmailTaken(Conflict):
    """This organization already has a person with that e-mail address."""

    code = "email_taken"


class LastAdmin(Conflict):
    """This is the last active administrator; make another one first."""

    code = "last_admin"


class ExpiryPassed(Invalid):
    """A key must expire in the future, or never."""

    code = "expiry_passed"


class KeyWouldOutlive(Forbidden):
    """A key cannot be made to outlive the key that makes it."""

    code = "key_would_outlive"


class RoutesNotYours(Forbidden):
    """A key that is held to some routes can only make keys that are held to those."""

    code = "routes_not_yours"


class AdminKeyWeak(AppError):
    """HONE_BOOTSTRAP__ADMIN_KEY must be 32 to 512 printable ASCII characters without spaces."""

    code = "admin_key_weak"


class NoOrganization(AppError):
    """There is no such organization."""

    code = "no_organization"
