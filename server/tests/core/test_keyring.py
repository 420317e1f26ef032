"""Data keys under a master key: made once, wrapped, bound to their place, rotated."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import crypto, ids, keyring
from hone.core.db import Database
from hone.core.keyring import CONTENT, Keyring, MasterKey, MasterKeyInvalid, MasterKeyMissing
from hone.core.settings import Security, Settings
from tests.fixtures.database import make_organization


@given(plain=st.binary(max_size=4096), context=st.binary(max_size=64))
def test_what_is_sealed_opens_with_the_same_context_only(plain: bytes, context: bytes) -> None:
    key_id, secret = ids.new(), crypto.new_secret()
    sealed = crypto.seal(key_id, secret, plain, context)
    assert crypto.unseal(secret, sealed, context) == plain
    assert crypto.key_of(sealed) == key_id
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(secret, sealed, context + b"x")
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(crypto.new_secret(), sealed, context)


@given(position=st.integers(0, 60), bit=st.integers(0, 7))
def test_one_changed_bit_is_noticed(position: int, bit: int) -> None:
    secret = crypto.new_secret()
    sealed = bytearray(crypto.seal(ids.new(), secret, b"a wedding in June"))
    sealed[position % len(sealed)] ^= 1 << bit
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(secret, bytes(sealed))


async def test_a_key_is_made_once_and_found_again(database: Database) -> None:
    ring = Keyring(MasterKey.generate())
    organization = await make_organization(database)
    async with database.transaction(organization) as session:
        made = await ring.ensure(session, organization, CONTENT, "2026-11")
        again = await ring.ensure(session, organization, CONTENT, "2026-11")
        other = await ring.ensure(session, organization, CONTENT, "2026-12")
        assert await ring.by_id(session, organization, made.id) == made
    assert made == again
    assert other.secret != made.secret


async def test_a_previous_master_key_still_unwraps(database: Database) -> None:
    old, new = MasterKey.generate(), MasterKey.generate()
    organization = await make_organization(database)
    async with database.transaction(organization) as session:
        made = await Keyring(old).ensure(session, organization, CONTENT, "2026-11")
        both = Keyring(new, (old,))
        assert await both.by_id(session, organization, made.id) == made
        with pytest.raises(MasterKeyMissing):
            await Keyring(new).by_id(session, organization, made.id)


def test_the_master_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    first, second = keyring.load(settings), keyring.load(settings)
    assert first == second
    assert stat.S_IMODE(os.stat(keyring.key_file(tmp_path)).st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "short", "!" * 44, "QUJD"])
def test_a_wrong_master_key_is_refused(text: str) -> None:
    with pytest.raises(MasterKeyInvalid):
        MasterKey.read(text)


def test_a_master_key_of_the_environment_wins(tmp_path: Path) -> None:
    master = MasterKey.generate()
    security = Security.model_validate({"master_key": master.write()})
    assert keyring.load(Settings(data_dir=tmp_path, security=security)).active == master
    assert not keyring.key_file(tmp_path).exists()


def test_a_keyring_follows_its_file(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    ring = keyring.load(settings)
    before, after = ring.active, MasterKey.generate()
    keyring.save(keyring.key_file(tmp_path), (after, before))
    assert ring.masters == (after, before)
    assert ring.wrap(b"secret", ids.new())[0] == after.id
    keyring.key_file(tmp_path).unlink()
    assert ring.masters == (after, before)
    keyring.save(keyring.key_file(tmp_path), (after,))
    assert ring.masters == (after,)


def test_many_that_start_at_once_have_one_master_key(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        found = {ring.active.id for ring in pool.map(keyring.load, [settings] * 32)}
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]


def test_an_empty_key_file_is_told(tmp_path: Path) -> None:
    keyring.key_file(tmp_path).touch()
    with pytest.raises(MasterKeyInvalid, match="is empty"):
        keyring.load(Settings(data_dir=tmp_path))
