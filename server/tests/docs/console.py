"""`hone` as readers type it, again and again: each is forked from a process that has imported every command.

A program of a few lines stands for `hone` on the path. It hands its terminal, its folder and its words to that
process, and ends as the command does. How a command starts by itself is for `tests/cli`.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import hone.cli
from hone.core.launcher import die_with_parent
from tests.core.facts import wait_for
from tests.fixtures import warm

_PROGRAM: Final = """#!{python} -SE
import json, os, socket, struct, sys

line = socket.socket(socket.AF_UNIX)
line.connect({address!r})
order = {{"arguments": sys.argv[1:], "folder": os.getcwd(), "env": dict(os.environ)}}
text = json.dumps(order).encode()
socket.send_fds(line, [struct.pack("i", len(text))], [0, 1, 2])
line.sendall(text)
pid = line.recv(4)
told = line.recv(4)
code = struct.unpack("i", told)[0] if told else 70
sys.exit(code if code >= 0 else 128 - code)
"""


@contextmanager
def console(folder: Path) -> Generator[Path]:
    """Give a folder for the path in which `hone` is."""
    address = folder / "console"
    program = folder / "bin" / "hone"
    program.parent.mkdir()
    text = _PROGRAM.format(python=sys.executable, address=str(address))
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    process = subprocess.Popen([sys.executable, "-m", "tests.docs.console", str(address)])
    try:
        wait_for(address.exists)
        yield program.parent
    finally:
        process.kill()
        process.wait()


def _serve(orders: socket.socket) -> list[str]:
    """Fork for each who asks; return the arguments in what is to be a command."""
    server = os.getpid()
    # Nobody waits for those that have told how their command ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        line, _ = orders.accept()
        with line:
            if os.fork() == 0:
                die_with_parent(signal.SIGKILL, server)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                orders.close()
                taken = warm.take(line, 3)
                assert taken is not None, "who asked has ended"
                order, terminal = taken
                return warm.become(order, line.detach(), terminal)


def _main() -> None:
    warm.heat(place for place, _ in hone.cli.COMMANDS.values())
    orders = socket.socket(socket.AF_UNIX)
    orders.bind(sys.argv[1])
    orders.listen()
    sys.argv = ["hone", *_serve(orders)]
    hone.cli.main()


if __name__ == "__main__":
    _main()
