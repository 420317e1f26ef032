"""A browser sends its cookies for any site's page, so no write counts that another site could make."""

from collections.abc import Iterator

import httpx
import pytest

from tests.security.permissions import BROWSER, NEEDS, PUBLIC
from tests.security.places import PASSWORD, Places
from tests.security.test_isolation import CALLS

pytestmark = pytest.mark.xdist_group("security")

WRITES = [
    call
    for call in CALLS.values()
    if call.method != "GET" and NEEDS[call.name] not in {PUBLIC, BROWSER}
]


@pytest.fixture(scope="module")
def browser(places: Places) -> Iterator[httpx.Client]:
    """Sign in as the administrator, by cookie."""
    with places.client("") as client:
        person = {"email": "admin@localhost", "password": PASSWORD}
        client.post("/api/identity/session", json=person).raise_for_status()
        assert client.get("/api/identity/me").json()["kind"] == "person"
        yield client


def _sent(places: Places, browser: httpx.Client, **headers: str) -> dict[str, str]:
    """Send every write with some headers; return what was not refused for them."""
    found: dict[str, str] = {}
    for call in WRITES:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = browser.request(call.method, call.at(places.ids), json=call.body, headers=told)
        if (answer.status_code, answer.json()["error"]["code"]) != (403, "csrf_failed"):
            found[call.name] = answer.text
    return found


def test_a_write_without_the_token_is_refused(places: Places, browser: httpx.Client) -> None:
    assert len(WRITES) > 20
    assert _sent(places, browser) == {}


def test_a_wrong_token_is_refused(places: Places, browser: httpx.Client) -> None:
    assert _sent(places, browser, x_csrf_token="A" * 43) == {}


@pytest.mark.parametrize(
    "told",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_even_with_the_token_another_site_is_refused(
    places: Places, browser: httpx.Client, told: dict[str, str]
) -> None:
    assert _sent(places, browser, x_csrf_token=browser.cookies["hone_csrf"], **told) == {}


def test_our_own_page_is_not_refused(browser: httpx.Client) -> None:
    answer = browser.patch(
        "/api/identity/organization",
        json={"name": "Default"},
        headers={"x-csrf-token": browser.cookies["hone_csrf"], "sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 200
