"""Access tokens are read once and remembered; their end and the master keys count all the same."""

import time
from uuid import uuid4

from hone.core.tokens import Access, Tokens
from tests.core.facts import wait_for


def _access(seconds: float) -> Access:
    return Access(uuid4(), uuid4(), uuid4(), int(time.time() + seconds))


def test_a_remembered_token_ends_at_its_time() -> None:
    tokens = Tokens(lambda: [b"a" * 32])
    token = tokens.access(said := _access(2))
    assert tokens.read_access(token) == said
    wait_for(lambda: tokens.read_access(token) is None)
    assert time.time() >= said.expires_at


def test_a_key_that_is_taken_away_takes_its_tokens_along() -> None:
    secrets = [b"a" * 32]
    tokens = Tokens(lambda: secrets)
    token = tokens.access(said := _access(60))
    assert tokens.read_access(token) == said
    secrets.insert(0, b"b" * 32)
    assert tokens.read_access(token) == said, "an older master key still counts"
    secrets.remove(b"a" * 32)
    assert tokens.read_access(token) is None


def test_what_is_not_ours_is_nobody() -> None:
    tokens = Tokens(lambda: [b"a" * 32])
    token = tokens.access(_access(60))
    for wrong in ("", "x.y.z", token[:-2], token + "A", "é" * 20, "a" * 5000):
        assert tokens.read_access(wrong) is None
