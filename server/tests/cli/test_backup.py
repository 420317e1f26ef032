"""`hone backup` while Hone runs under load, and `hone restore` of it elsewhere."""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from hone.core import ids, keyring
from hone.core.keyring import MasterKey
from hone.core.postgres import EmbeddedPostgres
from tests.cli.console import Installation, hone
from tests.core.facts import wait_for
from tests.fixtures.control import metrics
from tests.fixtures.database import empty_database
from tests.fixtures.house import House, Simulator, open_house
from tests.fixtures.postgres import open_folder
from tests.survival.accounts import settle
from tests.survival.load import Load

pytestmark = pytest.mark.xdist_group("cli-backup")
OPERATIONS = "SELECT id, status, cost, input_tokens, output_tokens FROM operations"


@dataclass(frozen=True)
class Taken:
    """A backup that was taken under load, and what was true then and later."""

    file: Path
    master_key: str
    simulator: Simulator
    before: list[str]
    """What clients had received when the backup began."""
    operations: dict[object, tuple[object, ...]]
    """What the original Hone holds in the end."""


async def _under_load(house: House, file: Path) -> list[str]:
    """Back up while clients call and the drain stands still; return what was received before."""
    load = Load(house)
    async with asyncio.TaskGroup() as group:
        group.create_task(load.run())
        await load.await_received(60)
        await asyncio.to_thread(wait_for, lambda: house.rows("SELECT 1 FROM operations LIMIT 1"))
        for pid in house.pids("drain"):
            os.kill(pid, signal.SIGSTOP)
        await load.await_received(60)
        before = list(load.received)
        done = await asyncio.to_thread(hone, "backup", file, "--data-dir", house.data_dir)
        assert done.code == 0, done.error
        await load.await_received(20)
        load.stop()
    await asyncio.to_thread(settle, house, load.received)
    return before


@pytest.fixture(scope="module")
def taken() -> Iterator[Taken]:
    """Take a backup once for all tests."""
    with open_house(workers=2) as house:
        file = house.folder / "backup.tar.zst"
        before = asyncio.run(_under_load(house, file))
        operations = {row[0]: row for row in house.rows(OPERATIONS)}
        assert house.stop() == 0
        master_key = keyring.key_file(house.data_dir).read_text("ascii")
        yield Taken(file, master_key, house.simulator, before, operations)


@pytest.fixture
def target(taken: Taken) -> Iterator[House]:
    """Give a place to restore to, with the master key in it."""
    with open_folder() as folder:
        house = House(folder, taken.simulator)
        house.data_dir.mkdir(mode=0o755)
        keyring.key_file(house.data_dir).write_text(taken.master_key, "ascii")
        yield house
        house.kill()


def _in_spool(house: House) -> int:
    return sum(1 for _ in (house.data_dir / "spool").glob("*/*.seg"))


def test_what_is_restored_is_what_was_there(taken: Taken, target: House) -> None:
    said = hone("restore", taken.file, "--data-dir", target.data_dir, "--json").document
    assert said["masterKeys"] == [MasterKey.read(taken.master_key).id]
    assert _in_spool(target) >= 2
    target.start()
    wanted = {ids.parse("op", each) for each in taken.before}
    wait_for(lambda: wanted <= {row[0] for row in target.rows("SELECT id FROM operations")})
    lanes = "SELECT lane FROM spool_marks WHERE finished_at IS NULL"
    wait_for(lambda: len(target.rows(lanes)) <= target.workers)
    assert metrics(target)["hone_drain_operations_total"] >= 60
    rows = target.rows(OPERATIONS)
    assert len({row[0] for row in rows}) == len(rows), "an operation is there twice"
    for row in rows:
        # What was under way at the moment of the backup has not ended here.
        assert row == taken.operations[row[0]] or row[1] == "interrupted"
    interrupted = {row[0] for row in rows if row[1] == "interrupted"}
    assert not interrupted & wanted
    assert target.rows("SELECT count(*) FROM quarantine") == [(0,)]
    for public_id in (taken.before[0], taken.before[-1]):
        assert _messages(target, public_id)
    assert hone("doctor", "--data-dir", target.data_dir).code == 0
    assert hone("audit", "verify", "--data-dir", target.data_dir).code == 0
    assert target.stop() == 0


def _messages(house: House, public_id: str) -> object:
    url = f"{house.url}/api/ai/operations/{public_id}"
    return httpx.get(url, headers=house.headers).json()["messages"]


@pytest.mark.parametrize("given", [None, MasterKey.generate().write()], ids=["none", "another"])
def test_without_its_master_key_it_is_not_restored(
    taken: Taken, target: House, given: str | None
) -> None:
    path = keyring.key_file(target.data_dir)
    path.unlink()
    if given is not None:
        path.write_text(given, "ascii")
    said = hone("restore", taken.file, "--data-dir", target.data_dir)
    assert said.code == 1
    assert f"master key {MasterKey.read(taken.master_key).id}" in said.error.replace(": ", " ")
    assert said.error.count("\n") == 1
    assert path.exists() == (given is not None)
    assert not (target.data_dir / "postgres").exists()
    assert not any((target.data_dir / "spool").glob("*/*"))


def test_it_restores_into_an_empty_directory_only(taken: Taken, target: House) -> None:
    arguments = ("restore", taken.file, "--data-dir", target.data_dir)
    assert hone(*arguments).code == 0
    said = hone(*arguments)
    assert said.code == 1
    assert "already holds a database" in said.error
    shutil.rmtree(target.data_dir / "postgres")
    said = hone(*arguments)
    assert said.code == 1
    assert "holds calls that are not drained yet" in said.error
    with open_folder() as folder:
        again = hone("backup", folder / "again.tar.zst", "--data-dir", target.data_dir)
    assert again.code == 1
    assert "There is no Hone in" in again.error


def _cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def _cut_at_the_end(data: bytes) -> bytes:
    return data[:-12]


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x10]) + data[middle + 1 :]


def _other(data: bytes) -> bytes:
    return b"not a backup" * 1000


def _nothing(data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [_cut, _cut_at_the_end, _flipped, _other, _nothing])
def test_a_damaged_file_is_found_out_before_anything_is_done(
    taken: Taken, target: House, damage: Callable[[bytes], bytes]
) -> None:
    damaged = target.folder / "damaged.tar.zst"
    damaged.write_bytes(damage(taken.file.read_bytes()))
    said = hone("restore", damaged, "--data-dir", target.data_dir)
    assert said.code == 1
    assert said.error.startswith(f"hone: {damaged} is not a backup, or it is damaged: ")
    assert said.error.count("\n") == 1
    assert {path.name for path in target.data_dir.iterdir()} == {"instance.lock", "master.key"}


def test_a_missing_file_is_told(target: House) -> None:
    said = hone("restore", target.folder / "nowhere", "--data-dir", target.data_dir)
    assert said.code == 1
    assert said.error == f"hone: There is no file {target.folder / 'nowhere'}.\n"


def test_a_folder_that_is_missing_is_told_and_a_failure_leaves_nothing(
    installed: Installation, tmp_path: Path
) -> None:
    said = installed.hone("backup", tmp_path / "nowhere" / "b.tar.zst")
    assert said.code == 1
    assert "No such file or directory" in said.error
    assert said.error.count("\n") == 1
    installed.rows("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM hone_owner")
    folder = tmp_path / "backups"
    folder.mkdir()
    said = installed.hone("backup", folder / "b.tar.zst")
    assert said.code == 1
    assert said.error.count("\n") == 1
    assert list(folder.iterdir()) == []


def test_a_given_database_is_restored_into_an_empty_one(
    installed: Installation, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    assert installed.hone("apply", installed.config).code == 0
    blob = installed.folder / "data" / "blobs" / "ab" / "cd"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"a file of the storage")
    file = tmp_path / "b.tar.zst"
    made = installed.hone("backup", file, "--json").document
    assert file.stat().st_mode & 0o777 == 0o600
    assert made["bytes"] == file.stat().st_size
    said = installed.hone("restore", file, HONE_DATA_DIR=str(tmp_path / "other"))
    assert said.code == 1
    assert said.error == ("hone: The database already holds tables; restore into an empty one.\n")
    with empty_database(postgres) as urls:
        key = {"HONE_SECURITY__MASTER_KEY": installed.env["HONE_SECURITY__MASTER_KEY"]}
        (tmp_path / "there").mkdir()
        there = Installation(tmp_path / "there", urls, key)
        assert there.hone("restore", file).error == ""
        assert there.hone("doctor", HONE_SERVER__PORT="0").code == 0
        assert not there.hone("apply", there.config, "--json").document["changed"]
        copied = there.folder / "data" / "blobs" / "ab" / "cd"
        assert copied.read_bytes() == b"a file of the storage"


def test_it_moves_to_a_database_of_the_operators_own(
    taken: Taken, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    with empty_database(postgres) as urls:
        moved = Installation(tmp_path, urls, {"HONE_SECURITY__MASTER_KEY": taken.master_key})
        assert moved.hone("restore", taken.file).error == ""
        assert moved.rows("SELECT count(*) > 0 FROM operations") == [(True,)]
        assert moved.hone("doctor", HONE_SERVER__PORT="0").code == 0
