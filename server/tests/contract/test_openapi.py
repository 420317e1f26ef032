"""Our OpenAPI document: it is the committed one, and the server does what it says."""
# schemathesis leaves type arguments open.
# pyright: reportMissingTypeArgument=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false, reportUnknownParameterType=false
# pyright: reportUntypedFunctionDecorator=false

import asyncio
import json
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hone.app import create_api
from tests.fixtures.app import client
from tests.fixtures.house import ADMIN_KEY, House
from tools.openapi import document

COMMITTED = Path(__file__).parents[3] / "openapi.json"
DOCUMENT = json.loads(COMMITTED.read_text("utf-8"))
EXAMPLES = 5
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def test_the_committed_document_is_up_to_date() -> None:
    assert COMMITTED.read_text("utf-8") == document(), (
        "run this in server/: python -m tools.openapi > ../openapi.json"
    )


def test_every_operation_has_a_name_of_its_own_and_a_description() -> None:
    operations = [
        operation for methods in DOCUMENT["paths"].values() for operation in methods.values()
    ]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(operation["description"].endswith(".") for operation in operations)


async def test_a_server_does_other_things_while_it_writes_the_document() -> None:
    other = 0
    async with client(create_api()) as browser, asyncio.TaskGroup() as group:
        asked = group.create_task(browser.get("/openapi.json"))
        while not asked.done():
            await asyncio.sleep(0.001)
            other += 1
    assert asked.result().json()["paths"].keys() == DOCUMENT["paths"].keys()
    assert other > 20


def _quiet() -> schemathesis.Config:
    return schemathesis.Config.from_dict({"phases": {"coverage": {"enabled": False}}})


schema = schemathesis.openapi.from_dict(DOCUMENT, config=_quiet())


@schema.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much],
)
def test_whatever_is_sent_is_answered_as_documented(
    case: schemathesis.Case, house: House, caller: requests.Session
) -> None:
    response = case.call(
        base_url=house.url, session=caller, headers={"Authorization": f"Bearer {ADMIN_KEY}"}
    )
    case.validate_response(response, checks=CHECKS)
    if response.status_code >= 400 and case.path != "/readyz":
        _is_the_envelope(response.status_code, response.json(), case.path)


def _is_the_envelope(status: int, body: dict[str, Any], path: str) -> None:
    error = body["error"]
    assert {"message", "type", "code", "param"} <= set(error)
    if path == "/v1/messages":
        # Anthropic's own shape, which is checked against the document.
        assert set(body) == {"error", "type", "request_id"}
    else:
        assert set(body) == {"error"}
        assert error["type"] == ("invalid_request_error" if status < 500 else "server_error")
    for leak in ("Traceback", "sqlalchemy", "psycopg", ".py", "postgresql://", "SELECT "):
        assert leak not in json.dumps(error)


@pytest.fixture(scope="module")
def caller() -> requests.Session:
    """Keep connections, and find no proxy in the environment."""
    session = requests.Session()
    session.trust_env = False
    return session
