"""What can go wrong between a browser, an OpenID provider and us."""

from hone.core.errors import BadRequest, Forbidden, Unavailable


class ProviderUnreachable(Unavailable):
    """The identity provider does not answer; try again shortly."""

    code = "oidc_unreachable"


class ProviderMisconfigured(BadRequest):
    """What the identity provider says of itself cannot be used."""

    code = "oidc_misconfigured"


class ProviderRefused(Forbidden):
    """The identity provider did not sign you in."""

    code = "oidc_denied"


class FlowUnknown(BadRequest):
    """This sign-in was begun in another browser, or too long ago; begin anew."""

    code = "oidc_expired"


class TokenRefused(Forbidden):
    """What the identity provider says of you cannot be believed."""

    code = "oidc_token_refused"
