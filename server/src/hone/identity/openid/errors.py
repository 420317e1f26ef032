"""What can go wrong between a browser, an OpenID provider and us."""

from hone.core.errors import BadRequest, Forbidden, Unavailable


class ProviderUnreachable(Unavailable):
    """The identity provider does not answer; try again shortly."""

    code = "openid_unreachable"


class ProviderMisconfigured(BadRequest):
    """What the identity provider says of itself cannot be used."""

    code = "openid_misconfigured"


class ProviderRefused(Forbidden):
    """The identity provider did not sign you in."""

    code = "openid_refused"


class FlowUnknown(BadRequest):
    """This sign-in was begun in another browser, or too long ago; begin anew."""

    code = "openid_flow_unknown"


class TokenRefused(Forbidden):
    """What the identity provider says of you cannot be believed."""

    code = "openid_token_refused"
