"""The keys of LiteLLM's database, as `/key/list` and `/key/info` tell of them.

LiteLLM keeps a key as the SHA-256 of its text, in hexadecimal, and so do we, as bytes: what it calls
`token` is our digest, and clients keep their keys.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, cast

from hone.cli.litellm import amounts
from hone.cli.litellm.reading import Note, Reading, Section
from hone.cli.litellm.source import Source, SourceUnreadable
from hone.core import crypto

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_EVERY: Final = frozenset({"all-proxy-models", "all-team-models", "*"})
_DASHBOARD: Final = "litellm-dashboard"
_NONE: Final = "no-default-models"
_LONGEST: Final = 120
_RATES: Final = (
    ("rpm", "rpm_limit"),
    ("tpm", "tpm_limit"),
    ("max_parallel_requests", "max_parallel_requests"),
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key to take over."""

    name: str
    digest: bytes
    hint: str
    routes: tuple[str, ...] | None
    expires_at: datetime | None
    limits: tuple[Mapping[str, object], ...]
    """On the key, which has no id yet."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys to take over, and what is not kept of them."""

    keys: tuple[Key, ...]
    notes: tuple[Note, ...]


def translate(text: str, now: datetime) -> Keys:
    """Read an export: `/key/list?return_full_object=true`, `/key/info`, or a list of either."""
    reading = Reading(Source(_loaded(text)), {})
    root = reading.root()
    for name in ("total_count", "current_page", "total_pages"):
        root.take(name)
    found: dict[bytes, Key] = {}
    for outer in root.each("keys", "keys"):
        if "info" in outer:
            named, section = outer.raw("key"), outer.below("info", "keys")
        else:
            named, section = None, outer
        key = _key(section, named, now)
        if key is not None:
            found.setdefault(key.digest, key)
    return Keys(tuple(found.values()), reading.finish())


def _loaded(text: str) -> dict[str, object]:
    try:
        loaded: object = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(f"This is not JSON that can be read: {error}") from error
    if isinstance(loaded, list):
        return {"keys": cast("list[object]", loaded)}
    if not isinstance(loaded, dict):
        raise SourceUnreadable("An export of LiteLLM's keys is an object with `keys`.")
    made = cast("dict[str, object]", loaded)
    return {"keys": [made]} if "keys" not in made else made


def _key(section: Section, named: str | None, now: datetime) -> Key | None:
    token = section.raw("token") or named or ""
    alias, hint = section.raw("key_alias"), section.raw("key_name")
    expires, late = _expires(section)
    if section.take("blocked") is True or (expires is not None and expires <= now) or late:
        section.tell("left", "blocked" if section.values.get("blocked") else "expires", _OVER)
        return None
    if section.raw("team_id") == _DASHBOARD:
        section.tell("left", "team_id", "this is a session of LiteLLM's dashboard, and no key")
        return None
    section.asked.discard("team_id")
    digest = crypto.digest(token) if token.startswith("sk-") else _of_hexadecimal(token)
    if digest is None:
        section.tell("refused", "token", "is no SHA-256; ask for `return_full_object=true`")
        return None
    routes = _routes(section)
    if routes == ():
        section.tell("left", "models", "may call no model, so that it is of no use here")
        return None
    _quiet(section)
    shown = "".join(each for each in alias or hint or token[:8] if each.isprintable())
    return Key(
        name=shown.strip()[:_LONGEST].strip() or "LiteLLM",
        digest=digest,
        hint=(hint or "sk-…")[:_LONGEST],
        routes=routes,
        expires_at=expires,
        limits=tuple(_limits(section)),
    )


_OVER: Final = "the key does not work any more"


def _of_hexadecimal(token: str) -> bytes | None:
    return bytes.fromhex(token) if _DIGEST.fullmatch(token) else None


def _expires(section: Section) -> tuple[datetime | None, bool]:
    """Read when a key ends; a time that cannot be read counts as one that has passed."""
    text = section.raw("expires")
    if text is None:
        return None, False
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, True
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), False


def _routes(section: Section) -> tuple[str, ...] | None:
    """Read which models a key may call; None: all of them."""
    models = [str(each) for _, each in section.items("models") if each]
    if not models or _EVERY & set(models):
        return None
    if any("*" in each for each in models):
        section.tell("changed", "models", "a wildcard is the model named `*`")
    named = ["*" if "*" in each else each for each in models if each != _NONE]
    return tuple(dict.fromkeys(named))


def _limits(section: Section) -> Sequence[Mapping[str, object]]:
    given: dict[str, Decimal | None] = {}
    for ours, theirs in _RATES:
        number = section.whole(theirs)
        given[ours] = None if number is None else Decimal(number)
    subject = {"kind": "key"}
    made = amounts.limits(subject, given, None)
    usd, duration = section.number("max_budget"), section.text("budget_duration")
    if usd is not None:
        path = (*section.path, "max_budget")
        cost = amounts.budget(section.reading, path, subject, (usd, duration))
        made += [] if cost is None else [cost]
    return made


def _quiet(section: Section) -> None:
    """Pass over what is a record of the past, and what is empty."""
    for name in ("spend", "created_at", "updated_at", "created_by", "updated_by", "last_active"):
        section.take(name)
    for name in ("budget_reset_at", "key_rotation_at", "rotation_count", "last_rotation_at"):
        section.take(name)
    section.asked |= {
        name for name, value in section.values.items() if value in (False, {}, [], "")
    }
