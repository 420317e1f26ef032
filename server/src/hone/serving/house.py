"""Where trained models are served, and what a call of an organization shows there."""

from hone.core import badge, tokens
from hone.core.keyring import Keyring
from hone.core.settings import Settings
from hone.registry import House


def house_of(settings: Settings, keyring: Keyring) -> House | None:
    """Tell where the predictor is; None where none runs."""
    url = settings.predictor.url
    if url is None:
        return None
    return House(url.rstrip("/"), lambda made_for: badge.issue(secrets(keyring)[0], made_for))


def secrets(keyring: Keyring) -> list[bytes]:
    """Return the keys that badges are signed with, the present one first."""
    return [tokens.derived(master.secret, badge.USE) for master in keyring.masters]
