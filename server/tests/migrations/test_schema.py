"""The migrations build what the models say, and separate tenants in every table they build."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

import hone.app
import hone.worker
from hone.core import migrations
from hone.core.db import Base, driver_url
from tests.fixtures.database import Urls

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"
# Tables of the installation, not of a tenant: nothing in them belongs to an organization.
SHARED = {
    "alembic_version",
    "event_cursors",
    "limit_holders",
    "server_processes",
    "spool_marks",
    "throttles",
    "training_nodes",
}
assert hone.app
assert hone.worker


@pytest.fixture
def connection(urls: Urls) -> Iterator[psycopg.Connection]:
    with psycopg.connect(urls.owner) as made:
        yield made


def test_models_and_schema_do_not_differ(urls: Urls) -> None:
    engine = create_engine(driver_url(urls.owner))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = cast("Sequence[object]", compare_metadata(context, Base.metadata))
    engine.dispose()
    # What has no model is used by SQL of its own; indexes and constraints are the migrations'.
    differences = [each for each in found if _concerns(each, set(Base.metadata.tables))]
    assert differences == []


def _concerns(difference: object, modelled: set[str]) -> bool:
    if not isinstance(difference, tuple):
        return True
    kind, subject = cast("tuple[str, object]", difference[:2])
    if kind == "remove_table":
        return str(getattr(subject, "name", "")) in modelled
    return kind.removeprefix("add_").removeprefix("remove_") not in {"index", "constraint", "fk"}


def test_a_second_run_changes_nothing(urls: Urls) -> None:
    assert migrations.upgrade(urls.owner) == []


def test_every_table_of_a_tenant_has_row_level_security(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        "SELECT relname, relrowsecurity FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition AND relname NOT LIKE 'procrastinate%'"
    ).fetchall()
    open_tables = {name for name, secured in rows if not secured} - SHARED
    assert open_tables == set()


def test_every_view_runs_with_the_rights_of_its_reader(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        "SELECT relname, coalesce(reloptions::text, '') FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'"
    ).fetchall()
    assert rows
    assert [name for name, options in rows if "security_invoker=true" not in options] == []


def test_the_restricted_role_has_no_grant_on_a_partition(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relispartition"
        " AND has_table_privilege('hone_app', oid, 'SELECT')"
    ).fetchall()
    assert rows == []


@pytest.mark.parametrize("file", sorted(VERSIONS.glob("*.py")), ids=lambda file: file.stem)
def test_a_migration_is_named_after_its_phase_and_imports_nothing_of_the_product(
    file: Path,
) -> None:
    assert re.fullmatch(r"\d{4}_\d\d_\d\d_\d{4}_(pre|post)_[a-z0-9_]+", file.stem)
    text = file.read_text("utf-8")
    assert not re.search(r"^\s*(from|import) hone\b", text, re.MULTILINE)
    assert "lock_timeout" in text
