"""`hone serve`, `hone work` and `hone migrate` beside a database of the operator's own."""

from pathlib import Path

import httpx
import pytest

from tests.cli.console import Installation
from tests.cli.processes import running
from tests.core.facts import wait_for
from tests.fixtures.house import answers, free_port, run_hone


def test_a_server_and_workers_share_a_folder_and_a_database(
    installed: Installation, tmp_path: Path
) -> None:
    port = free_port()
    made = installed.hone("keys", "create", "x", "--permission", "ai:query", "--json").document
    serve = ("serve", "--port", port, "--workers", "2")
    with (
        running(tmp_path / "serve.log", *serve, env=installed.env) as server,
        running(tmp_path / "work.log", "work", env=installed.env) as worker,
        running(tmp_path / "more.log", "work", env=installed.env) as another,
    ):
        server.await_said(f"Hone is ready at http://127.0.0.1:{port} (pid {server.process.pid}, ")
        # Each has one for batches and one for all else.
        wait_for(lambda: installed.rows("SELECT count(*) FROM procrastinate_workers")[0][0] == 4)
        wait_for(lambda: installed.rows("SELECT count(*) FROM event_inbox")[0][0] == 0)
        headers = {"authorization": f"Bearer {made['key']}"}
        assert httpx.get(f"http://127.0.0.1:{port}/v1/models", headers=headers).status_code == 200
        assert worker.end() == 0
        assert another.interrupt() == 0
        assert server.end() == 0
        for each in (server, worker, another):
            assert "Traceback" not in each.said
    assert installed.hone("audit", "verify").code == 0


@pytest.mark.parametrize("command", ["serve", "work"])
def test_an_unsafe_role_is_refused_loudly(command: str, installed: Installation) -> None:
    env = {**installed.env, "HONE_DATABASE__URL": installed.urls.owner, "HONE_SERVER__PORT": "0"}
    done = run_hone(command, env=env)
    assert done.returncode == 1
    assert "hone: HONE_DATABASE__URL names a role that is superuser, owner or BYPASSRLS" in (
        done.stderr
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "work"])
def test_an_old_schema_is_refused_until_it_is_migrated(
    command: str, installed: Installation
) -> None:
    installed.rows("DELETE FROM alembic_version")
    done = run_hone(command, env={**installed.env, "HONE_SERVER__PORT": "0"})
    assert done.returncode == 1
    assert "hone: The database lacks tables of this version; run `hone migrate`." in done.stderr


def test_migrate_makes_the_tables_once(empty: Installation) -> None:
    said = empty.hone("keys", "list")
    assert said.error == "hone: The database lacks tables of this version; run `hone migrate`.\n"
    first = empty.hone("migrate", "--json").document["applied"]
    assert len(first) >= 1
    again = empty.hone("migrate")
    assert (again.code, again.out) == (0, "the schema is up to date\n")


def test_a_server_waits_for_a_database_that_is_away(
    installed: Installation, tmp_path: Path
) -> None:
    away = "postgresql://hone_app:hush@127.0.0.1:1/hone"
    port = free_port()
    env = {**installed.env, "HONE_DATABASE__URL": away, "HONE_DATABASE__OWNER_URL": away}
    serve = ("serve", "--port", port, "--workers", "1")
    with running(tmp_path / "log", *serve, env=env) as server:
        server.await_said("starting without the database: ")
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
        answer = httpx.get(f"http://127.0.0.1:{port}/readyz")
        assert answer.status_code == 503
        assert answer.json()["checks"]["snapshot"]["status"] == "unavailable"
        assert server.end() == 0
        assert "hush" not in server.said
        assert "Traceback" not in server.said
