"""Bring the schema up to date, once, however many processes try."""

from pathlib import Path

import alembic.command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

import hone
from hone.core.db import Base, driver_url

_LOCK = 0x486F6E65  # "Hone", as the number of an advisory lock


def _folder() -> Path:
    """Find the migrations: beside the package when installed, beside `src` in a checkout."""
    package = Path(hone.__file__).parent
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parents[1] / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_folder()))
    config.set_main_option(
        "file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s"
    )
    config.attributes["connection"] = connection
    config.attributes["metadata"] = Base.metadata
    return config


def upgrade(owner_url: str) -> list[str]:
    """Apply what is missing and return the revisions applied; `owner_url` is the owning role."""
    engine = create_engine(driver_url(owner_url))
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            connection.commit()
            missing = pending(connection)
            if missing:
                alembic.command.upgrade(_config(connection), "head")
                connection.commit()
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()
            return missing
    finally:
        engine.dispose()


def pending(connection: Connection) -> list[str]:
    """List the revisions that the database lacks, oldest first.

    A newer version may have migrated further; then this one lacks nothing.
    """
    script = ScriptDirectory.from_config(_config(connection))
    present = MigrationContext.configure(connection).get_current_heads()
    known = {revision.revision for revision in script.walk_revisions()}
    if not known.issuperset(present):
        return []
    steps = script.iterate_revisions("heads", present or "base")
    return [step.revision for step in reversed(list(steps))]
