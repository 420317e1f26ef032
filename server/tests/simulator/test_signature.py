"""Amazon's framing and signatures, by the vectors that Amazon publishes.

The frames are of the event stream's test suite, the signatures of `aws-sig-v4-test-suite`.
"""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.simulator import SimulatorConfig
from hone.simulator.formats.bedrock import signature
from hone.simulator.formats.bedrock.eventstream import message
from tests.simulator.running import Simulator, in_thread
from tests.simulator.vendors import frames

FRAMES = [
    ((), b"", "000000100000000005c248eb7d98c8ff"),
    ((), b"{'foo':'bar'}", "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936"),
    (
        (("content-type", "application/json"),),
        b"{'foo':'bar'}",
        "0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e"
        "7b27666f6f273a27626172277d8d9c08b1",
    ),
]

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
MOMENT = "20150830T123600Z"
SIGNED = "host;x-amz-date"
FORM = {b"content-type": b"application/x-www-form-urlencoded"}

SIGNATURES: list[tuple[str, str, str, dict[bytes, bytes], bytes, str]] = [
    ("GET", "/", "", {}, b"", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("POST", "/", "", {}, b"", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    (
        *("GET", "/", "Param2=value2&Param1=value1", {}, b""),
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ),
    (
        *("GET", "/ሴ", "", {}, b""),
        "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    ),
    (
        "GET",
        "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        *("", {}, b""),
        "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
    ),
    (
        *("GET", "/example/..", "", {}, b""),
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    (
        *("POST", "/", "", FORM, b"Param1=value1"),
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ),
]


@pytest.mark.parametrize(("headers", "payload", "framed"), FRAMES)
def test_a_frame_is_the_published_one(
    headers: tuple[tuple[str, str], ...], payload: bytes, framed: str
):
    assert message(headers, payload).hex() == framed


@given(st.lists(st.dictionaries(st.text(max_size=20), st.text(max_size=2_000)), max_size=5))
def test_frames_are_read_back(payloads: list[dict[str, str]]):
    names = (
        (":event-type", "x"),
        (":content-type", "application/json"),
        (":message-type", "event"),
    )
    raw = b"".join(message(names, json.dumps(payload).encode()) for payload in payloads)
    assert frames(raw) == [("x", payload) for payload in payloads]


@pytest.mark.parametrize(("method", "path", "query", "more", "body", "expected"), SIGNATURES)
def test_a_signature_is_the_published_one(
    method: str, path: str, query: str, more: dict[bytes, bytes], body: bytes, expected: str
):
    headers = {b"host": b"example.amazonaws.com", b"x-amz-date": MOMENT.encode(), **more}
    request = signature.Request(method, path.encode(), query.encode(), headers, body)
    signed = ";".join(sorted(name.decode() for name in headers))
    claim = signature.Claim("AKIDEXAMPLE", "20150830", "us-east-1", "service", signed, "")
    assert signature.sign(request, claim, SECRET, MOMENT) == expected


def test_a_path_is_encoded_twice_and_values_are_trimmed():
    headers = {b"host": b"example.com", b"x-amz-date": b"  a   b  "}
    request = signature.Request("POST", b"/model/a%3A0/converse", b"", headers, b"")
    lines = signature.canonical(request, SIGNED).splitlines()
    assert lines[1] == "/model/a%253A0/converse"
    assert "x-amz-date:a b" in lines


def send(
    simulator: Simulator,
    *,
    key: str = "AKIDEXAMPLE",
    secret: str = SECRET,
    service: str = "bedrock",
    moment: datetime | None = None,
    model: str = "a%3A0",
    body: bytes = b'{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}',
    sent: bytes | None = None,
) -> httpx.Response:
    """Send a signed request, of which `sent` is the body where it is not the signed one."""
    stamp = f"{moment or datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    host, path = simulator.url.removeprefix("http://"), f"/model/{model}/converse"
    headers = {b"host": host.encode(), b"x-amz-date": stamp.encode()}
    request = signature.Request("POST", path.encode(), b"", headers, body)
    claim = signature.Claim(key, stamp[:8], "us-east-1", service, SIGNED, "")
    proof = signature.sign(request, claim, secret, stamp)
    scope = f"{stamp[:8]}/us-east-1/{service}/aws4_request"
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={SIGNED}, Signature={proof}"
    )
    return simulator.http.post(
        path,
        content=body if sent is None else sent,
        headers={"x-amz-date": stamp, "authorization": authorization},
    )


def test_only_what_was_signed_with_a_known_key_is_answered():
    config = SimulatorConfig(signing_keys={"AKIDEXAMPLE": SECRET})
    with in_thread(config) as simulator:
        assert send(simulator).status_code == 200
        assert simulator.row().model == "a:0"
        now = datetime.now(UTC)
        for response, kind, words in (
            (send(simulator, secret="other"), "InvalidSignatureException", "does not match"),
            (send(simulator, sent=b"{}"), "InvalidSignatureException", "does not match"),
            (send(simulator, key="AKIDOTHER"), "UnrecognizedClientException", "security token"),
            (send(simulator, service="s3"), "InvalidSignatureException", "correct service"),
            (
                send(simulator, moment=now - timedelta(minutes=6)),
                *("InvalidSignatureException", "Signature expired"),
            ),
            (
                send(simulator, moment=now + timedelta(minutes=6)),
                *("InvalidSignatureException", "not yet current"),
            ),
        ):
            assert response.status_code == 403
            assert response.headers["x-amzn-errortype"] == kind
            assert words in response.json()["message"]
        bare = simulator.http.post("/model/m/converse", json={})
        assert bare.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"
        for wrong in ("AWS4-HMAC-SHA256 nothing", "Basic x"):
            headers = {"authorization": wrong}
            odd = simulator.http.post("/model/m/converse", json={}, headers=headers)
            assert odd.headers["x-amzn-errortype"] == "IncompleteSignatureException"
        assert len(simulator.ledger()) == 1


def test_a_signature_must_cover_the_host_and_be_dated():
    now = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
    scope = "AKIDEXAMPLE/{date}/us-east-1/bedrock/aws4_request"
    form = "AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={signed}, Signature={proof}"
    secrets = {"AKIDEXAMPLE": SECRET}
    for date, signed, moment, words in (
        ("20150830", "x-amz-date", MOMENT, "must be 'SignedHeaders'"),
        ("20150829", SIGNED, MOMENT, "Date in Credential scope"),
        ("20150830", SIGNED, "", "requires existence"),
    ):
        headers = {b"x-amz-date": moment.encode()}
        request = signature.Request("POST", b"/", b"", headers, b"")
        authorization = form.format(scope=scope.format(date=date), signed=signed, proof="0" * 64)
        with pytest.raises(Exception, match=words):
            signature.verify(request, authorization, secrets, now)
