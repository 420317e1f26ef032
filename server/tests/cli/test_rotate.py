"""`hone keys rotate`: everything sealed stays readable, before, during and after, and when killed."""

import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import psycopg
import pytest

from hone.core import keyring
from hone.core.keyring import MasterKey
from tests.cli.console import Installation, Said, hone
from tests.core.facts import wait_for
from tests.fixtures.control import chat, operation
from tests.fixtures.house import House, open_house


@pytest.fixture
def filed(installed: Installation) -> Installation:
    """Give an installation whose master key lies in its data directory, with a sealed secret."""
    key = MasterKey.read(installed.env.pop("HONE_SECURITY__MASTER_KEY"))
    keyring.save(_file(installed), (key,))
    assert installed.hone("apply", installed.config).code == 0
    return installed


def _file(installed: Installation) -> keyring.Path:
    return keyring.key_file(installed.folder / "data")


def _masters(installed: Installation) -> set[str]:
    return {row[0] for row in installed.rows("SELECT DISTINCT master_key FROM data_keys")}


def _reads_the_secret(installed: Installation) -> bool:
    """Apply again: that compares the credential with the sealed one."""
    return not installed.hone("apply", installed.config, "--json").document["changed"]


def test_a_key_in_a_file_is_replaced(filed: Installation) -> None:
    before = _file(filed).read_text("ascii")
    said = filed.hone("keys", "rotate", "--json").document
    after = _file(filed).read_text("ascii")
    assert before not in after
    assert MasterKey.read(after).id == said["masterKey"]
    assert said["rewrapped"] >= 1
    assert _masters(filed) == {said["masterKey"]}
    assert _reads_the_secret(filed)


def test_keys_of_the_environment_are_exchanged(installed: Installation) -> None:
    assert installed.hone("apply", installed.config).code == 0
    old = installed.env["HONE_SECURITY__MASTER_KEY"]
    refused = installed.hone("keys", "rotate")
    assert refused.code == 1
    assert "set the new one, and this one as previous" in refused.error
    new = MasterKey.generate()
    installed.env |= {
        "HONE_SECURITY__MASTER_KEY": new.write(),
        "HONE_SECURITY__PREVIOUS_MASTER_KEY": old,
    }
    assert _reads_the_secret(installed)
    assert installed.hone("keys", "rotate", "--json").document["rewrapped"] >= 1
    assert installed.hone("keys", "rotate", "--json").document["rewrapped"] == 0
    del installed.env["HONE_SECURITY__PREVIOUS_MASTER_KEY"]
    assert _masters(installed) == {new.id}
    assert _reads_the_secret(installed)
    assert installed.hone("doctor", HONE_SECURITY__MASTER_KEY=old).code == 1
    assert not (installed.folder / "data" / "master.key").exists()


def test_a_rotation_that_is_killed_goes_on_with_its_own_key(filed: Installation) -> None:
    before = MasterKey.read(_file(filed).read_text("ascii"))
    with psycopg.connect(filed.urls.owner) as connection:
        # Who adds a key holds this lock; the rotation has written its new key and waits.
        connection.execute("LOCK TABLE data_keys IN ROW EXCLUSIVE MODE")
        rotation = subprocess.Popen(
            [sys.executable, "-m", "hone.cli", "keys", "rotate"], env={**os.environ, **filed.env}
        )
        waiting = "SELECT 1 FROM pg_locks WHERE relation = 'data_keys'::regclass AND NOT granted"
        wait_for(lambda: filed.rows(waiting))
        rotation.kill()
        rotation.wait()
    wait_for(lambda: not filed.rows(waiting))
    half = [MasterKey.read(line).id for line in _file(filed).read_text("ascii").split()]
    assert half[1:] == [before.id]
    assert _masters(filed) == {before.id}
    assert _reads_the_secret(filed)
    assert filed.hone("keys", "rotate", "--json").document["masterKey"] == half[0]
    assert _masters(filed) == {half[0]}
    assert [MasterKey.read(line).id for line in _file(filed).read_text("ascii").split()] == [
        half[0]
    ]
    assert _reads_the_secret(filed)


@pytest.fixture
def own_house() -> Iterator[House]:
    with open_house(workers=2) as opened:
        yield opened


def _hone(house: House, *arguments: str) -> Said:
    return hone(*arguments, "--data-dir", house.data_dir)


def _messages(house: House, answer: httpx.Response) -> object:
    """Read what was asked and answered back; it was sealed."""
    return operation(house, answer.headers["x-request-id"])["messages"]


def test_running_servers_follow_a_rotation_and_start_again_after_it(own_house: House) -> None:
    first = chat(own_house)
    said = _messages(own_house, first)
    assert said
    _hone(own_house, "keys", "rotate")
    rotated = _hone(own_house, "keys", "rotate", "--json").document
    assert rotated["rewrapped"] >= 2
    # Servers that started under the first master key make a data key: that of the next month.
    gone = "(SELECT max(scope) FROM data_keys WHERE purpose = 'content')"
    removed = own_house.rows(f"DELETE FROM data_keys WHERE scope = {gone} RETURNING scope")[0][0]
    made = wait_for(
        lambda: own_house.rows("SELECT master_key FROM data_keys WHERE scope = %s", removed)
    )
    assert made == [(rotated["masterKey"],)]
    answers = [first, chat(own_house)]
    assert [_messages(own_house, each) for each in answers] == [said, said]
    assert own_house.stop() == 0
    own_house.start()
    answers.append(chat(own_house))
    assert [_messages(own_house, each) for each in answers] == [said, said, said]
    assert _hone(own_house, "doctor").code == 0
