"""The supervisor, with real processes."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from hone.core.instance import InstanceLock
from hone.core.postgres import EmbeddedPostgres
from tests.core.facts import alive, wait_for
from tests.fixtures.postgres import as_root

_SCRIPT = Path(__file__).with_name("house.py")
_STARTED = re.compile(r"^(?P<name>.+) started \(pid (?P<pid>\d+)\)$", re.MULTILINE)
_READY = re.compile(r"^PostgreSQL is ready \(pid (?P<pid>\d+), ", re.MULTILINE)


class House:
    """A running `house.py`, read through its log."""

    def __init__(self, scenario: str, data_dir: Path, *before: str) -> None:
        data_dir.mkdir(exist_ok=True)
        data_dir.chmod(0o755)
        self.data_dir = data_dir
        self.log_file = data_dir / "log"
        self._log_start = self.log_file.stat().st_size if self.log_file.exists() else 0
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [*before, sys.executable, str(_SCRIPT), scenario, str(data_dir)], stderr=log
            )

    @property
    def log(self) -> str:
        return self.log_file.read_bytes()[self._log_start :].decode()

    @property
    def notes(self) -> list[str]:
        path = self.data_dir / "notes"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def pids(self, name: str) -> list[int]:
        """Return the pids of a child, in the order of its starts."""
        return [int(m["pid"]) for m in _STARTED.finditer(self.log) if m["name"] == name]

    def database_pids(self) -> list[int]:
        return [int(m["pid"]) for m in _READY.finditer(self.log)]

    def await_start(self, name: str, times: int = 1) -> int:
        """Wait until a child has started so often, and return its pid."""
        wait_for(lambda: len(self.pids(name)) >= times)
        return self.pids(name)[-1]

    def await_note(self, note: str) -> None:
        wait_for(lambda: note in self.notes)

    def await_log(self, text: str) -> None:
        wait_for(lambda: text in self.log)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


Open = Callable[..., House]


@pytest.fixture
def open_house(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[Open]:
    opened: list[House] = []

    def make(scenario: str, *before: str) -> House:
        if "postgres" in scenario:
            request.getfixturevalue("used_dir")
        opened.append(House(scenario, data_dir, *before))
        return opened[-1]

    yield make
    for house in opened:
        if house.process.poll() is None:
            house.process.kill()
            house.process.wait()
    # The folder can go when nothing runs in it any more.
    with InstanceLock(data_dir):
        pass


def test_sigterm_ends_everything_in_the_opposite_order(open_house: Open) -> None:
    house = open_house("last,steady*2")
    pids = [house.await_start(name) for name in ("last", "steady 0", "steady 1")]
    for name in ("last 0", "steady 0", "steady 1"):
        house.await_note(f"{name} lives")
    assert house.end() == 0
    assert set(house.notes[-3:-1]) == {"steady 0 ended", "steady 1 ended"}
    assert house.notes[-1] == "last 0 ended"
    assert not any(alive(pid) for pid in pids)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_terminal_end_it_cleanly(open_house: Open, number: int) -> None:
    house = open_house("steady")
    house.await_note("steady 0 lives")
    assert house.end(number) == 0
    assert "steady 0 ended" in house.notes


def test_children_stand_outside_the_terminal_s_process_group(open_house: Open) -> None:
    house = open_house("steady")
    pid = house.await_start("steady")
    wait_for(lambda: os.getpgid(pid) == pid)


def test_a_killed_child_is_started_again(open_house: Open) -> None:
    house = open_house("steady*2")
    first = house.await_start("steady 1")
    other = house.await_start("steady 0")
    os.kill(first, signal.SIGKILL)
    assert house.await_start("steady 1", times=2) != first
    assert f"steady 1 (pid {first}) was ended by SIGKILL" in house.log
    assert house.pids("steady 0") == [other]
    assert house.end() == 0


def test_a_child_that_hangs_is_killed_and_started_again(open_house: Open) -> None:
    house = open_house("stuck")
    first = house.await_start("stuck")
    house.await_start("stuck", times=2)
    house.await_note("steady 0 lives")
    assert f"stuck (pid {first}) gave no sign of life for 0.5 s; it is killed" in house.log
    assert house.end() == 0
    assert "steady 0 ended" in house.notes


def test_a_stopped_child_is_killed_and_started_again(open_house: Open) -> None:
    house = open_house("steady")
    first = house.await_start("steady")
    os.kill(first, signal.SIGSTOP)
    house.await_start("steady", times=2)
    assert not alive(first)


def test_a_child_that_never_beats_is_killed_after_its_time_to_start(open_house: Open) -> None:
    house = open_house("lifeless")
    first = house.await_start("lifeless")
    house.await_start("lifeless", times=2)
    assert f"lifeless (pid {first}) did not come to life for 1 s; it is killed" in house.log


def test_a_machine_that_slept_does_not_look_like_hung_children(open_house: Open) -> None:
    house = open_house("steady*2")
    pids = [house.await_start("steady 0"), house.await_start("steady 1")]
    house.await_note("steady 0 lives")
    house.await_note("steady 1 lives")
    asleep = [house.process.pid, *pids]
    for pid in asleep:
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(subprocess.TimeoutExpired):
        house.process.wait(2.0)
    for pid in asleep:
        os.kill(pid, signal.SIGCONT)
    assert house.end() == 0
    assert "no sign of life" not in house.log
    assert [house.pids("steady 0"), house.pids("steady 1")] == [[pid] for pid in pids]


def test_a_child_that_keeps_failing_is_started_ever_later(open_house: Open) -> None:
    house = open_house("failing,steady")
    house.await_start("failing", times=4)
    delays = re.findall(r"failing \(pid .* starts again in (.*) s", house.log)
    assert delays[:3] == ["0.1", "0.2", "0.4"]
    assert "ValueError: as expected" in house.log
    assert house.end() == 0


def test_the_supervisor_gives_up_when_an_essential_child_cannot_start(open_house: Open) -> None:
    house = open_house("steady,leaving")
    assert house.process.wait(10) == 1
    assert len(house.pids("leaving")) == 3
    assert "ended with code 3" in house.log
    assert "leaving cannot be kept running; everything ends" in house.log
    assert "steady 0 ended" in house.notes


def test_a_child_that_ignores_sigterm_is_killed_after_its_grace(open_house: Open) -> None:
    house = open_house("steady,deaf")
    deaf = house.await_start("deaf")
    house.await_note("deaf")
    house.await_note("steady 0 lives")
    assert house.end() == 0
    assert f"deaf (pid {deaf}) did not end in time; it is killed" in house.log
    assert "steady 0 ended" in house.notes


def test_a_second_signal_hurries(open_house: Open) -> None:
    house = open_house("deaf*1")
    house.await_start("deaf")
    house.await_note("deaf")
    house.process.send_signal(signal.SIGTERM)
    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(5) == 0


def test_children_do_not_outlive_a_killed_supervisor(open_house: Open, data_dir: Path) -> None:
    house = open_house("steady*2,deaf")
    pids = [house.await_start(name) for name in ("steady 0", "steady 1", "deaf")]
    house.process.kill()
    with InstanceLock(data_dir):
        assert not any(alive(pid) for pid in pids)


def test_tasks_come_before_programs(open_house: Open) -> None:
    house = open_house("migrate,steady")
    house.await_start("steady")
    assert "migrated" in house.notes
    assert house.log.index("migrate started") < house.log.index("steady started")


def test_nothing_else_starts_after_a_failed_task(open_house: Open) -> None:
    house = open_house("refuse,steady")
    assert house.process.wait(10) == 1
    assert "refuse ended with code 4; nothing else is started" in house.log
    assert not house.pids("steady")


def test_the_children_share_one_socket_and_a_dead_one_loses_no_connection(open_house: Open) -> None:
    house = open_house("serve*2")
    pids = [house.await_start("serve 0"), house.await_start("serve 1")]
    port = int(house.notes[0].split()[1])
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    wait_for(lambda: {psutil.Process(pid).status() for pid in pids} == {psutil.STATUS_STOPPED})
    with socket.create_connection(("127.0.0.1", port), timeout=10) as waiting:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        answer = int(waiting.recv(100))
    assert answer not in pids
    # It may answer before the supervisor has said that it started it.
    wait_for(lambda: answer in [*house.pids("serve 0"), *house.pids("serve 1")])


def test_programs_started_by_a_child_inherit_nothing(open_house: Open) -> None:
    house = open_house("heirs")
    wait_for(lambda: "fds 4" in house.notes)  # 0, 1, 2 and the listing's own


def test_an_idle_supervisor_hardly_wakes(open_house: Open) -> None:
    house = open_house("last*3")
    house.await_start("last 2")
    process = psutil.Process(house.process.pid)
    wait_for(lambda: process.status() == psutil.STATUS_SLEEPING)
    before = process.num_ctx_switches().voluntary
    with pytest.raises(subprocess.TimeoutExpired):
        house.process.wait(1.0)
    assert process.num_ctx_switches().voluntary - before <= 1


def test_postgres_comes_first_and_goes_last(open_house: Open) -> None:
    house = open_house("postgres,migrate,steady")
    house.await_start("steady")
    (database,) = house.database_pids()
    assert house.log.index("PostgreSQL is ready") < house.log.index("migrate started")
    assert house.end() == 0
    assert not alive(database)
    log = (house.data_dir / "logs" / "postgres.log").read_text(encoding="utf-8")
    assert "database system is shut down" in log


def test_a_killed_postgres_is_started_again(open_house: Open) -> None:
    house = open_house("postgres,steady")
    child = house.await_start("steady")
    (first,) = house.database_pids()
    url = EmbeddedPostgres(house.data_dir).app_url
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(house.database_pids()) == 2)
    assert f"PostgreSQL (pid {first}) was ended by SIGKILL" in house.log
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert house.pids("steady") == [child]
    assert house.end() == 0


def test_after_kill_9_of_the_supervisor_a_new_start_works(open_house: Open) -> None:
    house = open_house("postgres,steady*2")
    house.await_start("steady 1")
    (database,) = house.database_pids()
    with psycopg.connect(EmbeddedPostgres(house.data_dir).owner_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    house.process.kill()
    house.process.wait()
    again = open_house("postgres,steady*2")
    again.await_start("steady 1")
    assert not alive(database)
    with psycopg.connect(EmbeddedPostgres(house.data_dir).owner_url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    assert again.end() == 0


def test_a_postgres_that_cannot_start_ends_the_start_with_its_log(
    open_house: Open, used_dir: Path
) -> None:
    (used_dir / "postgres" / "local.conf").write_text("nonsense = 1\n", encoding="utf-8")
    house = open_house("postgres,steady")
    assert house.process.wait(20) == 1
    assert 'unrecognized configuration parameter "nonsense"' in house.log
    assert not house.pids("steady")


@as_root
def test_as_the_first_process_of_a_container_it_buries_orphans(open_house: Open) -> None:
    if not shutil.which("unshare"):
        pytest.skip("unshare is not installed")
    house = open_house("orphaning", "unshare", "--pid", "--fork", "--kill-child")
    house.await_log("orphaning started")
    (init,) = wait_for(lambda: psutil.Process(house.process.pid).children())
    wait_for(lambda: any(note.startswith("orphan ") for note in house.notes))
    wait_for(lambda: len(init.children()) == 1)
    init.terminate()
    assert house.process.wait(10) == 0
