"""`GET /v1/models`: the routes that a key may call, in OpenAI's shape."""

import msgspec

from hone.gateway.errors import ModelNotFound
from hone.gateway.snapshot import Caller

_encode = msgspec.json.Encoder().encode


def every(caller: Caller) -> bytes:
    """List them by name."""
    allowed = caller.principal.routes
    names = sorted(
        name for name in caller.organization.routes if allowed is None or name in allowed
    )
    return _encode({"object": "list", "data": [_model(name) for name in names]})


def known(caller: Caller, name: str) -> bool:
    """Tell whether a key may call this; what it may not call it does not see."""
    allowed = caller.principal.routes
    return name in caller.organization.routes and (allowed is None or name in allowed)


def one(caller: Caller, name: str) -> bytes:
    """Describe one."""
    if not known(caller, name):
        raise ModelNotFound(param="model")
    return _encode(_model(name))


def _model(name: str) -> dict[str, object]:
    # A route has no date of birth; OpenAI's clients want a number.
    return {"id": name, "object": "model", "created": 0, "owned_by": "hone"}
