"""Files of lines that only grow, and that a run which goes on after a kill does not write twice."""

import json
from collections.abc import Hashable, Mapping
from pathlib import Path

from hone.core import clock


class Journal:
    """JSON lines, known by some of their fields."""

    def __init__(self, path: Path, key: tuple[str, ...]) -> None:
        self.path = path
        self.key = key
        self.known: set[Hashable] = set()
        self._mend()
        self._file = path.open("ab", buffering=0)

    def write(self, **line: object) -> None:
        """Append a line, unless an earlier life of this run wrote it."""
        known = self._known(line)
        if known in self.known:
            return
        self.known.add(known)
        at = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._file.write(json.dumps({"at": at, **line}, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _known(self, line: Mapping[str, object]) -> Hashable:
        return tuple(line.get(name) for name in self.key)

    def _mend(self) -> None:
        """Cut off what a killed process wrote half, and remember the rest."""
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            with self.path.open("r+b") as file:
                file.truncate(whole)
        for line in content[:whole].splitlines():
            self.known.add(self._known(json.loads(line)))
