"""A house under supervision, run as a script by the tests: `house.py SCENARIO DATA_DIR`."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from hone.core.instance import InstanceLock
from hone.core.listening import listen
from hone.core.supervisor import Program, Supervisor

SCENARIO, DATA_DIR = sys.argv[1], Path(sys.argv[2])

if "postgres" in SCENARIO:
    from hone.core.postgres import EmbeddedPostgres

    def make_supervisor(fd: int) -> Supervisor:
        """Supervise PostgreSQL too."""
        return Supervisor(EmbeddedPostgres(DATA_DIR, inherit=[fd]))
else:

    def make_supervisor(fd: int) -> Supervisor:
        """Supervise programs only, without the cost of importing a driver."""
        return Supervisor()


def note(line: str) -> None:
    """Append a line to what the test reads."""
    with (DATA_DIR / "notes").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def first_life(name: str) -> bool:
    """Say whether this is the first call with this name, over all processes."""
    try:
        (DATA_DIR / f"lived-{name}").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


class Ending(Exception):
    """SIGTERM came."""


def _end(number: int, frame: FrameType | None) -> None:
    raise Ending


def steady(slot: int) -> int:
    """Live and beat until SIGTERM."""
    signal.signal(signal.SIGTERM, _end)
    note(f"steady {slot} lives")
    try:
        while True:
            supervisor.beat()
            time.sleep(0.02)
    except Ending:
        note(f"steady {slot} ended")
    return 0


def last(slot: int) -> int:
    """Live until SIGTERM, and note it."""
    signal.signal(signal.SIGTERM, _end)
    note(f"last {slot} lives")
    try:
        time.sleep(60)
    except Ending:
        note(f"last {slot} ended")
    return 0


def stuck(slot: int) -> int:
    """Beat once and hang, the first time; then be steady."""
    if first_life("stuck"):
        supervisor.beat()
        time.sleep(60)
    return steady(slot)


def lifeless(slot: int) -> int:
    """Never beat, the first time; then be steady."""
    if first_life("lifeless"):
        time.sleep(60)
    return steady(slot)


def failing(slot: int) -> int:
    """Fail at once."""
    note("failing")
    raise ValueError("as expected")


def leaving(slot: int) -> None:
    """Leave by sys.exit."""
    sys.exit(3)


def deaf(slot: int) -> int:
    """Ignore SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note("deaf")
    time.sleep(60)
    return 0


def orphaning(slot: int) -> int:
    """Leave a grandchild behind that nobody waits for, and be steady."""
    if first_life("orphaning") and os.fork() == 0:
        if (pid := os.fork()) > 0:
            note(f"orphan {pid}")
            os._exit(0)
        time.sleep(0.2)
        os._exit(0)
    return steady(slot)


def heirs(slot: int) -> int:
    """Note how many sockets and locks a program started from here gets."""
    with subprocess.Popen(["ls", "/proc/self/fd"], stdout=subprocess.PIPE, text=True) as listing:
        assert listing.stdout
        note(f"fds {len(listing.stdout.read().split())}")
    return steady(slot)


def serve(slot: int) -> int:
    """Answer each connection with this pid."""
    opened.setblocking(True)
    while True:
        connection, _ = opened.accept()
        with connection:
            connection.sendall(str(os.getpid()).encode())


def migrate(slot: int) -> int:
    """Note that the task ran."""
    note("migrated")
    return 0


def refuse(slot: int) -> int:
    """Fail as a task."""
    return 4


def build() -> None:
    """Add what the scenario names, in its order: `steady*2,last`."""
    for part in SCENARIO.split(","):
        name, _, count = part.partition("*")
        if name in {"migrate", "refuse"}:
            supervisor.add_task(name, TARGETS[name])
            continue
        watched = name not in {"last", "deaf", "serve", "failing", "leaving", "postgres"}
        if name != "postgres":
            supervisor.add(
                Program(
                    name,
                    TARGETS[name],
                    count=int(count or 1),
                    hang_after=0.5 if watched else 0,
                    startup=1.0,
                    grace=60.0 if name == "deaf" and count else 0.5,
                    attempts=3 if name == "leaving" else 0,
                )
            )


TARGETS = {
    "steady": steady,
    "last": last,
    "stuck": stuck,
    "lifeless": lifeless,
    "failing": failing,
    "leaving": leaving,
    "deaf": deaf,
    "orphaning": orphaning,
    "heirs": heirs,
    "serve": serve,
    "migrate": migrate,
    "refuse": refuse,
}

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    lock = InstanceLock(DATA_DIR)
    lock.acquire()
    opened: socket.socket = listen("127.0.0.1", 0)
    note(f"port {opened.getsockname()[1]}")
    supervisor = make_supervisor(lock.fd)
    build()
    sys.exit(supervisor.run())
