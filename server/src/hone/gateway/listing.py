"""`GET /v1/models`: the routes that a key may call, in OpenAI's shape."""

import msgspec

from hone.gateway.admission import Caller
from hone.gateway.errors import ModelNotFound

_encode = msgspec.json.Encoder().encode


def every(caller: Caller) -> bytes:
    """List them by name."""
    allowed = caller.principal.routes
    names = sorted(
        name for name in caller.organization.routes if allowed is None or name in allowed
    )
    return _encode({"object": "list", "data": [_model(name) for name in names]})


def one(caller: Caller, name: str) -> bytes:
    """Describe one; what a key may not call it does not see."""
    allowed = caller.principal.routes
    if name not in caller.organization.routes or (allowed is not None and name not in allowed):
        raise ModelNotFound(param="model")
    return _encode(_model(name))


def _model(name: str) -> dict[str, object]:
    # A route has no date of birth; OpenAI's clients want a number.
    return {"id": name, "object": "model", "created": 0, "owned_by": "hone"}
