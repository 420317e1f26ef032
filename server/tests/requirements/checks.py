"""How examples are tried: by HTTP, SQL, WebSocket, scrape and command line."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import psycopg
import yaml

from tests.cli.console import hone
from tests.requirements.ledger import Check, Stage, Unmet

ROOT = Path(__file__).parents[3]
Shape = Mapping[str, Any]


def call(
    method: str,
    path: str,
    body: object = None,
    *,
    status: int = 200,
    shape: Shape | None = None,
    missing: str = "404",
) -> Check:
    """Send a request; it must be answered with this status, and JSON of this shape."""

    def run(stage: Stage) -> None:
        sent = json.loads(json.dumps(body).replace("{operation}", stage.operation_id))
        answer = stage.client.request(
            method, path.replace("{operation}", stage.operation_id), json=sent
        )
        if answer.status_code != status:
            raise Unmet(str(answer.status_code))
        if not answer.headers.get("content-type", "").startswith("application/json"):
            raise Unmet("no JSON")
        if shape is not None:
            compare(answer.json(), shape)

    return Check(run, missing)


def unsplit(check: Check, live: str) -> Check:
    """Try what splits the calls of the classifier: end what other examples have begun, with a version live."""

    def run(stage: Stage) -> None:
        client = stage.client
        for each in client.get("/api/experiments?state=running").json()["items"]:
            client.post(f"/api/experiments/{each['id']}/stop", json={"reason": "the next example"})
        for each in client.get("/api/releases").json()["items"]:
            client.post(f"/api/releases/{each['id']}/cancel", json={})
        stage.until(
            lambda: all(each["endedAt"] for each in client.get("/api/releases").json()["items"])
        )
        first = {"action": "deploy", "name": "ticket-classifier", "version": live}
        client.post("/api/ai/models", json=first).raise_for_status()
        check.run(stage)

    return Check(run, check.missing)


def compare(found: Any, shape: Any, place: str = "the answer") -> None:
    """Hold a JSON value to a shape: a type, a literal, a list of one shape, or members."""
    if isinstance(shape, type):
        if not isinstance(found, shape):
            raise Unmet(f"{place} is no {shape.__name__}")
    elif isinstance(shape, Mapping):
        _compare_members(found, cast("Shape", shape), place)
    elif isinstance(shape, list):
        if not isinstance(found, list) or not found:
            raise Unmet(f"{place} is no filled list")
        for each in cast("list[Any]", found):
            compare(each, shape[0], place)
    elif found != shape:
        raise Unmet(f"{place} is {found!r}")


def _compare_members(found: Any, shape: Shape, place: str) -> None:
    for name, wanted in shape.items():
        if not isinstance(found, Mapping) or name not in found:
            raise Unmet(f"{place} has no {name}")
        compare(found[name], wanted, name)


def select(query: str, *values: object, least: int = 0, missing: str = "") -> Check:
    """Run a SELECT as it is printed; it must give at least so many rows."""

    def run(stage: Stage) -> None:
        try:
            found = stage.select(query, *values)
        except psycopg.Error as error:
            raise Unmet(str(error).splitlines()[0]) from error
        if len(found) < least:
            raise Unmet(f"{len(found)} rows")

    return Check(run, missing)


def tested(method: str, path: str, body: object) -> Check:
    """Start a test of two and stop it; of `{id}` in a path, also ask for what is there of it."""

    def run(stage: Stage) -> None:
        start = "/ai/ab-tests" if not path.startswith("/api") else "/api/ai/ab-tests"
        made = stage.client.post(start, json=body)
        assert made.status_code == 201, made.text
        experiment = made.json()["id"]
        try:
            if "{id}" in path:
                answer = stage.client.request(method, path.replace("{id}", experiment))
                assert answer.status_code == 200, answer.text
        finally:
            ended = {"reason": "the example was tried"}
            stage.client.post(f"/api/experiments/{experiment}/stop", json=ended).raise_for_status()

    return Check(run)


def followed(path: str, body: object) -> Check:
    """Begin a training, and ask how it is and what it measures."""

    def run(stage: Stage) -> None:
        begun = stage.client.post(path, json=body)
        assert begun.status_code == 202, begun.text
        there = f"/api/training/runs/{begun.json()['id']}"
        for part in ("", "/metrics", "/log"):
            answer = stage.client.get(there + part)
            assert answer.status_code == 200, answer.text
        stage.client.post(f"{there}/cancel").raise_for_status()

    return Check(run)


def column(table: str, *columns: str) -> Check:
    """Select columns of a table or view of the printed name."""
    listed = ", ".join(columns) or "*"
    query = f"SELECT {listed} FROM {table} LIMIT 1"
    return select(query, missing=f'relation "{table}" does not exist')


def index(table: str, method: str, *columns: str) -> Check:
    """Find an index on a table that begins with these columns."""
    wanted = f"USING {method} ({', '.join(columns)}"

    def run(stage: Stage) -> None:
        found = stage.rows("SELECT indexdef FROM pg_indexes WHERE tablename = %s", table)
        if not any(wanted in str(definition) for (definition,) in found):
            raise Unmet(f"no index on {table}")

    return Check(run, f"no index on {table}")


def partitions(table: str) -> Check:
    """Find a partition of this month below a table, bounded by time."""

    def run(stage: Stage) -> None:
        found = stage.rows(
            "SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits"
            " JOIN pg_class c ON c.oid = inhrelid"
            " WHERE inhparent = to_regclass(%s)",
            table,
        )
        if not any(str(bound).startswith("FOR VALUES FROM (") for (bound,) in found):
            raise Unmet(f"{table} has no partitions")

    return Check(run, f"{table} has no partitions")


def metric(name: str, *labels: str) -> Check:
    """Scrape a metric that has these labels."""

    def run(stage: Stage) -> None:
        found = stage.metrics()
        if name not in found:
            raise Unmet(f"no metric {name}")
        if not set(labels) <= found[name]:
            raise Unmet(f"{name} has no label {min(set(labels) - found[name])}")

    return Check(run, f"no metric {name}")


def rule(text: str) -> Check:
    """Read an alert rule; every metric that its expression names must be scraped."""
    (read,) = yaml.safe_load(text)
    words = re.findall(r"[a-z_:][a-z0-9_:]*(?=[\[{\s]|$)", read["expr"])
    assert words, "a rule names a metric"

    def run(stage: Stage) -> None:
        if not {"alert", "expr", "for", "labels", "annotations"} <= read.keys():
            raise Unmet("not a rule")
        for name in words:
            metric(name).run(stage)

    return Check(run)


def hears(channel: str, kind: str, shape: Shape | None = None) -> Check:
    """Subscribe to a channel; the first message of this type must have this shape."""

    def run(stage: Stage) -> None:
        for message in stage.listen(channel):
            if message["type"] == "error":
                raise Unmet(message["error"]["code"])
            if message["type"] == kind:
                compare(message, shape or {})
                return

    return Check(run, "unknown_message")


def members(name: str, homes: Mapping[str, str]) -> Check:
    """Look for the operation of our API that each member of a printed type has as its home."""

    def run(stage: Stage) -> None:
        there = stage.paths()
        homeless = [each for each, home in homes.items() if home not in there]
        if homeless:
            raise Unmet(f"{len(homeless)} of {len(homes)} without a home")

    assert homes, name
    return Check(run, f"{len(homes)} of {len(homes)} without a home")


def offers(*operations: str) -> Check:
    """Look for operations of our API, such as `GET /api/routes`."""

    def run(stage: Stage) -> None:
        absent = [each for each in operations if each not in stage.paths()]
        if absent:
            raise Unmet(f"no {absent[0]}")

    return Check(run, f"no {operations[0]}")


def command(*words: str) -> Check:
    """Find a command of `hone`."""

    def run(_: Stage) -> None:
        if hone(*words, "--help").code != 0:
            raise Unmet(f"no hone {' '.join(words)}")

    return Check(run, f"no hone {' '.join(words)}")


def file(path: str, *holds: str) -> Check:
    """Find a file or folder of this repository that holds these words."""

    def run(_: Stage) -> None:
        place = ROOT / path
        if not place.exists():
            raise Unmet(f"no {path}")
        for each in holds:
            if each not in place.read_text("utf-8"):
                raise Unmet(f"{path} has no {each}")

    return Check(run, f"no {path}")


def every(*checks: Check) -> Check:
    """Make several checks in turn."""

    def run(stage: Stage) -> None:
        for each in checks:
            each.run(stage)

    return Check(run, next((each.missing for each in checks if each.missing), ""))


def told(run: Callable[[Stage], str], missing: str = "") -> Check:
    """Make a check of a function that returns what is unmet, or nothing."""

    def checked(stage: Stage) -> None:
        if fact := run(stage):
            raise Unmet(fact)

    return Check(checked, missing)


def secured(table: str) -> Check:
    """Find row-level security on a table."""

    def run(stage: Stage) -> None:
        ((secured,),) = stage.rows("SELECT relrowsecurity FROM pg_class WHERE relname = %s", table)
        if not secured:
            raise Unmet(f"{table} is open")

    return Check(run)


def refuses(status: int, method: str, path: str, *permissions: str) -> Check:
    """See that a request is refused without a key, or to a key with these permissions only."""

    def run(stage: Stage) -> None:
        token = stage.key(*permissions) if permissions else "none"
        answer = stage.client.request(method, path, headers={"authorization": f"Bearer {token}"})
        if answer.status_code != status:
            raise Unmet(str(answer.status_code))

    return Check(run)


def recovers() -> Check:
    """End every pooled connection; the next request must be answered."""

    def run(stage: Stage) -> None:
        stage.cut()
        answer = stage.client.get("/api/ai/operations")
        if answer.status_code != 200:
            raise Unmet(str(answer.status_code))

    return Check(run)
