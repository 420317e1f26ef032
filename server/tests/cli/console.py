"""Commands as they are typed, run in this process: their output, their errors, their exit code."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from typer.testing import CliRunner

from hone.cli import app
from hone.core.keyring import MasterKey
from tests.fixtures.database import Urls

CONFIG = """
providers:
  - {name: simulator, kind: compatible, base_url: "http://127.0.0.1:9/v1", api_key: "env:UPSTREAM_KEY"}
models:
  - {name: venue, provider: simulator, upstream: venue, price: {input: 2.5, output: 10}}
routes:
  - {name: assistant, policy: weighted, targets: [{model: venue, weight: 1}]}
"""


@dataclass(frozen=True)
class Said:
    """What a command has said."""

    code: int
    out: str
    error: str

    @property
    def document(self) -> Any:
        """Read the JSON that it printed."""
        assert self.code == 0, self.error
        return json.loads(self.out)


def hone(*arguments: object, env: dict[str, str] | None = None) -> Said:
    """Run a command."""
    done = CliRunner().invoke(app, [str(each) for each in arguments], env=env, prog_name="hone")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Said(done.exit_code, done.stdout, done.stderr)


@dataclass
class Installation:
    """A Hone beside a given database, as its operator sees it."""

    folder: Path
    urls: Urls
    env: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.env = {
            "HONE_DATA_DIR": str(self.folder / "data"),
            "HONE_DATABASE__URL": self.urls.app,
            "HONE_DATABASE__OWNER_URL": self.urls.owner,
            "HONE_SECURITY__MASTER_KEY": MasterKey.generate().write(),
            "UPSTREAM_KEY": "upstream-secret",
            **self.env,
        }

    @property
    def config(self) -> Path:
        """Write a file of one provider, one model and one route."""
        path = self.folder / "hone.yaml"
        path.write_text(CONFIG, encoding="utf-8")
        return path

    def hone(self, *arguments: object, **env: str) -> Said:
        """Run a command here."""
        return hone(*arguments, env={**self.env, **env})

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database, or change it, as its owner."""
        with psycopg.connect(self.urls.owner) as connection:
            found = connection.execute(query.encode(), values)
            return found.fetchall() if found.description else []
