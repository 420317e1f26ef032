"""Speaking to an OpenID provider, without a database: what is asked of it and what is believed.

`begin` makes the address that a browser is sent to and what the browser keeps meanwhile; `finish`
turns what it comes back with into a `Subject`. Whose the subject is here is not decided here.
"""

from hone.identity.openid.directory import Directory
from hone.identity.openid.errors import (
    FlowUnknown,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderUnreachable,
    TokenRefused,
)
from hone.identity.openid.flow import Flow, begin, finish, own_path
from hone.identity.openid.outward import Outward
from hone.identity.openid.provider import Client, Provider
from hone.identity.openid.tokens import Subject

__all__ = [
    "Client",
    "Directory",
    "Flow",
    "FlowUnknown",
    "Outward",
    "Provider",
    "ProviderMisconfigured",
    "ProviderRefused",
    "ProviderUnreachable",
    "Subject",
    "TokenRefused",
    "begin",
    "finish",
    "own_path",
]
