"""The control surface under `/simulator/`: behaviours, ledger, prices.

PUT    /simulator/behaviours/{model}   give a model (or `*`, every other model) a behaviour
DELETE /simulator/behaviours/{model}   take it away
GET    /simulator/behaviours           the ones in force
DELETE /simulator/behaviours           take all away
GET    /simulator/ledger               rows and totals; ?since=SEQUENCE &model= &requestId=
                                       &limit=N (the newest N rows; 0: totals only)
DELETE /simulator/ledger               forget every row
GET    /simulator/prices               what it bills
"""

import dataclasses
from collections import deque
from urllib.parse import parse_qsl

import msgspec

from hone.simulator import errors
from hone.simulator.behaviours import Behaviour
from hone.simulator.errors import Refused
from hone.simulator.exchange import Exchange
from hone.simulator.ledger import totals
from hone.simulator.prices import Price
from hone.simulator.provider import Provider

PREFIX = "/simulator/"


async def answer(provider: Provider, exchange: Exchange) -> object:
    """Do what a control request asks; return what to answer."""
    what, _, model = exchange.path.removeprefix(PREFIX).partition("/")
    match exchange.method, what, model:
        case "GET", "behaviours", "":
            return _behaviours(provider)
        case "DELETE", "behaviours", "":
            provider.scripts.clear()
            return {"deleted": True}
        case "PUT", "behaviours", model if model:
            return _put(provider, model, await exchange.body(provider.config.body_bytes))
        case "DELETE", "behaviours", model if model:
            return {"model": model, "deleted": provider.scripts.delete(model)}
        case "GET", "ledger", "":
            return _ledger(provider, dict(parse_qsl(exchange.query.decode("latin-1"))))
        case "DELETE", "ledger", "":
            provider.ledger.clear()
            return {"deleted": True}
        case "GET", "prices", "":
            return _prices(provider)
        case _:
            raise errors.unknown_address(exchange.method, exchange.path)


def _put(provider: Provider, model: str, body: bytes) -> object:
    if "#" in model:
        raise Refused("A model's name has no '#' here.", code="invalid_behaviour", param="model")
    try:
        behaviour = _BEHAVIOUR.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(
            f"This is not a behaviour: {error}", code="invalid_behaviour", param="behaviour"
        ) from None
    provider.scripts.put(model, behaviour)
    return {"model": model, "behaviour": behaviour}


def _behaviours(provider: Provider) -> object:
    return {
        "items": [
            {"model": model, "behaviour": script.behaviour, "taken": script.taken}
            for model, script in provider.scripts.items().items()
        ],
    }


def _ledger(provider: Provider, query: dict[str, str]) -> object:
    unknown = set(query) - {"since", "model", "requestId", "limit"}
    if unknown:
        raise Refused(f"Unknown filter: {', '.join(sorted(unknown))}.", param=min(unknown))
    since, limit = _whole(query, "since") or 0, _whole(query, "limit")
    rows = list(provider.ledger.rows(since, query.get("model"), query.get("requestId")))
    shown = rows if limit is None else list(deque(rows, maxlen=limit))
    return {"items": shown, "totals": totals(rows)}


def _whole(query: dict[str, str], name: str) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Refused(f"'{name}' is a whole number.", code="invalid_type", param=name)
    return int(text)


def _prices(provider: Provider) -> object:
    config = provider.config
    return {
        "currency": "USD",
        "unit": "million tokens",
        "default": _price(config.default_price),
        "models": {model: _price(price) for model, price in provider.prices.items()},
    }


def _price(price: Price) -> dict[str, str | None]:
    fields = dataclasses.asdict(price)
    return {
        "input": fields["input"],
        "output": fields["output"],
        "cachedInput": fields["cached_input"],
        "cacheWrite": fields["cache_write"],
        "cacheWriteHour": fields["cache_write_hour"],
    }


_BEHAVIOUR = msgspec.json.Decoder(Behaviour)
