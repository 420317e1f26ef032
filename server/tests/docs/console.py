"""`hone` as readers type it, again and again: each is forked from a process that has imported every command.

A program of a few lines stands for `hone` on the path. It hands its terminal, its folder and its words to that
process, and ends as the command does. How a command starts by itself is for `tests/cli`.
"""

import gc
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import hone.cli
from hone.cli import places
from hone.core.launcher import die_with_parent
from tests.core.facts import wait_for

_NUMBER: Final = struct.Struct("i")
_TERMINAL: Final = (0, 1, 2)
_PROGRAM: Final = """#!{python} -SE
import json, os, socket, struct, sys

line = socket.socket(socket.AF_UNIX)
line.connect({address!r})
order = {{"words": sys.argv[1:], "folder": os.getcwd(), "env": dict(os.environ)}}
text = json.dumps(order).encode()
socket.send_fds(line, [struct.pack("i", len(text))], [0, 1, 2])
line.sendall(text)
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
    """Fork for each who asks; return the words in what is to be a command."""
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
                return _become(line)


def _become(line: socket.socket) -> list[str]:
    """Fork the command; beside it, tell how it ended."""
    asked, handed, _, _ = socket.recv_fds(line, _NUMBER.size, len(_TERMINAL))
    order = json.loads(line.recv(_NUMBER.unpack(asked)[0], socket.MSG_WAITALL))
    keeper = os.getpid()
    command = os.fork()
    if command == 0:
        die_with_parent(signal.SIGKILL, keeper)
        for number, given in zip(_TERMINAL, handed, strict=True):
            os.dup2(given, number)
            os.close(given)
        os.chdir(order["folder"])
        os.environ.clear()
        os.environ.update(order["env"])
        return order["words"]
    # What reads what the command writes must see that it ended.
    for given in handed:
        os.close(given)
    _, status = os.waitpid(command, 0)
    line.sendall(_NUMBER.pack(os.waitstatus_to_exitcode(status)))
    os._exit(0)


def _main() -> None:
    for place, _ in hone.cli.COMMANDS.values():
        places.find(place)
    gc.collect()
    gc.freeze()
    orders = socket.socket(socket.AF_UNIX)
    orders.bind(sys.argv[1])
    orders.listen()
    sys.argv = ["hone", *_serve(orders)]
    hone.cli.main()


if __name__ == "__main__":
    _main()
