"""Amazon's event stream is read wherever it is cut, and never read wrong."""

import struct
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.llm.errors import Malformed
from hone.llm.eventstream import Decoder, Message
from hone.simulator.formats.bedrock.eventstream import message

# Of the test suite that Amazon publishes with its event stream.
EMPTY = "000000100000000005c248eb7d98c8ff"
PAYLOAD = "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936"
EVERY_HEADER = (
    "000000cc000000af0fae64ca0a6576656e742d74797065040000a00c0c636f6e74656e742d747970650700106170"
    "706c69636174696f6e2f6a736f6e0a626f6f6c2066616c73650109626f6f6c207472756500046279746502cf0862"
    "7974652062756606001449276d2061206c6974746c6520746561706f74210974696d657374616d7008000000000084"
    "5fed05696e74313603002a05696e7436340500000000028757b20475756964090102030405060708090a0b0c0d0e"
    "0f107b27666f6f273a27626172277daba5f10c"
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
headers = st.dictionaries(texts, texts, max_size=3)
messages = st.lists(st.tuples(headers, st.binary(max_size=60)), min_size=1, max_size=4)


def framed(sent: list[tuple[dict[str, str], bytes]]) -> bytes:
    return b"".join(message(list(names.items()), payload) for names, payload in sent)


def cut(stream: bytes, size: int) -> list[Message]:
    decoder = Decoder()
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    return [found for piece in pieces for found in decoder.feed(piece)]


def checked(headers: bytes, payload: bytes = b"") -> bytes:
    """Frame headers that may be none, with checksums that are right."""
    prelude = struct.pack(">II", len(headers) + len(payload) + 16, len(headers))
    raw = prelude + struct.pack(">I", crc32(prelude)) + headers + payload
    return raw + struct.pack(">I", crc32(raw))


def test_the_published_messages_are_read() -> None:
    assert cut(bytes.fromhex(EMPTY), 100) == [Message({}, b"")]
    assert cut(bytes.fromhex(PAYLOAD), 1) == [Message({}, b"{'foo':'bar'}")]
    (found,) = cut(bytes.fromhex(EVERY_HEADER), 7)
    assert found == Message({"content-type": "application/json"}, b"{'foo':'bar'}")


@given(messages, st.integers(1, 200))
def test_messages_are_read_wherever_they_are_cut(
    sent: list[tuple[dict[str, str], bytes]], size: int
) -> None:
    assert cut(framed(sent), size) == [Message(names, payload) for names, payload in sent]


@given(messages, st.integers(1, 200), st.data())
def test_whatever_is_changed_is_noticed(
    sent: list[tuple[dict[str, str], bytes]], size: int, data: st.DataObject
) -> None:
    stream = bytearray(framed(sent))
    at = data.draw(st.integers(0, len(stream) - 1))
    stream[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Malformed):
        cut(bytes(stream), size)


@given(st.binary(max_size=300), st.integers(1, 200))
def test_noise_is_waited_for_or_refused(noise: bytes, size: int) -> None:
    try:
        assert cut(noise, size) == [] or len(noise) >= 16
    except Malformed:
        assert len(noise) >= 12


@given(st.binary(max_size=80))
def test_headers_that_are_none_are_refused(raw: bytes) -> None:
    try:
        (found,) = cut(checked(raw, b"x"), 50)
    except Malformed:
        return
    assert found.payload == b"x"


@pytest.mark.parametrize(
    "raw",
    [
        b"\x01a",
        b"\x05ab",
        b"\x01a\x0a",
        b"\x01a\x07\x00",
        b"\x01a\x07\x00\x05ab",
        b"\x01a\x07\x00\x01\xff",
        b"\x01a\x04\x00",
    ],
)
def test_a_header_that_is_cut_or_unknown_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        cut(checked(raw), 100)


def test_a_message_that_is_announced_as_too_long_is_not_waited_for() -> None:
    prelude = struct.pack(">II", 1 << 24, 0)
    with pytest.raises(Malformed):
        list(Decoder().feed(prelude + struct.pack(">I", crc32(prelude))))
    with pytest.raises(Malformed):
        list(Decoder(limit=15).feed(bytes.fromhex(EMPTY)))
