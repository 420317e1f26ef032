"""Amazon's signature, by the vectors that Amazon publishes (`aws-sig-v4-test-suite`)."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import ids
from hone.llm import sigv4
from hone.llm.providers.bedrock import Bedrock
from hone.llm.sigv4 import Keys, Scope
from hone.llm.types import Endpoint, Target
from hone.simulator.formats.bedrock import signature

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
MOMENT = "20150830T123600Z"
HOST = ("host", "example.amazonaws.com")
DATE = ("x-amz-date", MOMENT)
FORM = ("content-type", "application/x-www-form-urlencoded")
TOKEN = (
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfI"
    "eoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0"
    "wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDry"
    "pNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
)

VECTORS = [
    *(
        (method, path, (HOST, DATE), b"", expected)
        for method, path, expected in (
            ("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            ("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
            ("GET", "/ሴ", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
            (
                "GET",
                "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
            ),
            (
                "GET",
                "/example/..",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            ("GET", "//", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        )
    ),
    (
        *("POST", "/", (FORM, HOST, DATE), b"Param1=value1"),
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ),
    (
        *("POST", "/", (HOST, DATE, ("x-amz-security-token", TOKEN)), b""),
        "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
    ),
]


@pytest.mark.parametrize(("method", "path", "headers", "body", "expected"), VECTORS)
def test_a_signature_is_the_published_one(
    method: str, path: str, headers: tuple[tuple[str, str], ...], body: bytes, expected: str
) -> None:
    keys, scope = Keys("AKIDEXAMPLE", SECRET), Scope("us-east-1", "service")
    names = ";".join(name for name, _ in headers)
    assert sigv4.authorization((method, path), headers, body, keys, scope) == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={names}, Signature={expected}"
    )


def test_a_moment_is_written_as_amazon_wants_it() -> None:
    assert sigv4.moment(1440938160.9) == MOMENT


@given(st.from_regex(r"/[a-zA-Z0-9%:._~/-]{0,40}", fullmatch=True), st.binary(max_size=50))
def test_another_implementation_agrees(path: str, body: bytes) -> None:
    keys, scope = Keys("AKIDEXAMPLE", SECRET), Scope("eu-central-1", "bedrock")
    headers = (HOST, DATE)
    ours = sigv4.authorization(("POST", path), headers, body, keys, scope)
    sent = {name.encode(): value.encode() for name, value in headers}
    request = signature.Request("POST", path.encode(), b"", sent, body)
    names = "host;x-amz-date"
    claim = signature.Claim("AKIDEXAMPLE", "20150830", scope.region, scope.service, names, "")
    assert ours.endswith(f"Signature={signature.sign(request, claim, SECRET, MOMENT)}")


def test_a_request_is_signed_at_the_moment_of_its_clock() -> None:
    bedrock = Bedrock(clock=lambda: 1440938160.0)
    url = "https://bedrock-runtime.eu-central-1.amazonaws.com"
    first = bedrock.listing(url, f"AKIDEXAMPLE:{SECRET}:{TOKEN}")
    assert first == bedrock.listing(url, f"AKIDEXAMPLE@eu-central-1:{SECRET}:{TOKEN}")
    kept, date, (_, proof) = first.headers
    assert kept == ("x-amz-security-token", TOKEN)
    assert date == DATE
    assert "/20150830/eu-central-1/bedrock/aws4_request, " in proof
    assert "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, " in proof
    target = Target(
        ids.new(), "m", "aws", "bedrock", "amazon.nova", url, f"AKIDEXAMPLE:{SECRET}:{TOKEN}"
    )
    body = {"messages": msgspec.Raw(b'[{"role":"user","content":"Hi"}]')}
    call = bedrock.call(Endpoint.CHAT, body, target, stream=False)
    assert call.signed[0] == DATE
    assert SECRET not in repr(call)
    assert TOKEN not in repr(call)
