"""The protocol without a socket: fed whole, byte by byte, and with what a hostile peer might send."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewash.contract import MAX_HEADER
from linewash.errors import DaemonError, DaemonGone, LinewashError, ProtocolError
from linewash.zmtp import MAX_FRAMES, Event, Message, Pong, Ready, Zmtp

SIGNATURE = b"\xff" + bytes(8) + b"\x7f"


def greeting(mechanism: bytes = b"PLAIN", version: bytes = b"\x03\x01") -> bytes:
    return SIGNATURE + version + mechanism.ljust(20, b"\0") + b"\x01" + bytes(31)


def command(name: bytes, body: bytes = b"") -> bytes:
    raw = bytes((len(name),)) + name + body
    return b"\x04" + bytes((len(raw),)) + raw


def frame(body: bytes, more: bool = False, long: bool = False) -> bytes:
    if long or len(body) > 255:
        return struct.pack(">BQ", 2 | more, len(body)) + body
    return struct.pack(">BB", more, len(body)) + body


def metadata(kind: bytes = b"ROUTER") -> bytes:
    return b"\x0bSocket-Type" + struct.pack(">I", len(kind)) + kind + b"\x08Identity" + bytes(4)


HANDSHAKE = greeting() + command(b"WELCOME") + command(b"READY", metadata())


def feed(zmtp: Zmtp, raw: bytes, step: int = 1 << 30) -> list[Event]:
    events: list[Event] = []
    view = memoryview(raw)
    while view:
        space = zmtp.space()
        assert len(space)
        count = min(len(space), step, len(view))
        space[:count] = view[:count]
        events += zmtp.received(count)
        view = view[count:]
    return events


def said(zmtp: Zmtp) -> bytes:
    raw = b"".join(zmtp.outgoing)
    zmtp.sent(len(raw))
    return raw


def opened(max_frame: int = 1 << 20) -> Zmtp:
    zmtp = Zmtp("secret", max_frame)
    assert feed(zmtp, HANDSHAKE) == [Ready()]
    said(zmtp)
    return zmtp


@pytest.mark.parametrize("step", [1, 2, 7, 63, 65, 1 << 30])
def test_the_plain_handshake_follows_the_rfc(step: int) -> None:
    zmtp = Zmtp("secret")
    assert said(zmtp) == SIGNATURE + b"\x03\x01" + b"PLAIN".ljust(20, b"\0") + bytes(32)
    assert feed(zmtp, greeting(), step) == []
    assert said(zmtp) == command(b"HELLO", b"\x08linewash\x06secret")
    assert feed(zmtp, command(b"WELCOME"), step) == []
    assert said(zmtp) == command(b"INITIATE", metadata(b"DEALER"))
    assert not zmtp.ready
    assert feed(zmtp, command(b"READY", metadata()), step) == [Ready()]
    assert said(zmtp) == b""
    assert zmtp.ready


def test_the_null_handshake_follows_the_rfc() -> None:
    zmtp = Zmtp(None)
    feed(zmtp, greeting(b"NULL"))
    assert said(zmtp).endswith(command(b"READY", metadata(b"DEALER")))
    assert feed(zmtp, command(b"READY", metadata())) == [Ready()]


messages = st.lists(st.lists(st.binary(max_size=600), min_size=1, max_size=5), max_size=5)


@given(messages, st.integers(1, 700), st.booleans())
def test_messages_arrive_whole_however_they_are_cut(sent: list[list[bytes]], step: int, long: bool) -> None:
    zmtp = opened()
    raw = b"".join(frame(f, i < len(m) - 1, long) for m in sent for i, f in enumerate(m))
    got = feed(zmtp, raw, step)
    assert got == [Message([bytearray(f) for f in m]) for m in sent]


@pytest.mark.parametrize("step", [1000, 65_536, 1 << 30])
@pytest.mark.parametrize("size", [65_526, 65_527, 65_535, 65_536, 200_000])
def test_a_long_frame_is_followed_by_the_next_message(size: int, step: int) -> None:
    zmtp = opened()
    pixels = bytes(range(256)) * (size // 256) + bytes(size % 256)
    raw = frame(b"head", more=True) + frame(pixels) + frame(b"next")
    events = feed(zmtp, raw, step)
    assert events == [Message([bytearray(b"head"), bytearray(pixels)]), Message([bytearray(b"next")])]


@given(messages)
def test_what_is_sent_is_framed_as_the_rfc_says(sent: list[list[bytes]]) -> None:
    zmtp = opened()
    for message in sent:
        zmtp.send(message)
    assert said(zmtp) == b"".join(frame(f, i < len(m) - 1) for m in sent for i, f in enumerate(m))


def test_pixels_are_sent_from_the_memory_they_lie_in() -> None:
    zmtp = opened()
    pixels = bytearray(1 << 20)
    zmtp.send([b"head", memoryview(pixels)])
    pixels[-1] = 7
    assert any(view.obj is pixels for view in zmtp.outgoing)
    assert said(zmtp)[-1] == 7


@given(st.lists(st.integers(1, 300), max_size=40))
def test_sending_in_pieces_loses_nothing(pieces: list[int]) -> None:
    zmtp = opened()
    zmtp.send([b"abc" * 100, b"", b"x" * 300])
    whole = b"".join(zmtp.outgoing)
    out = b""
    for piece in pieces:
        left = b"".join(zmtp.outgoing)
        count = min(piece, len(left))
        out += left[:count]
        zmtp.sent(count)
    assert out + said(zmtp) == whole


def test_a_heartbeat_is_answered_with_its_context() -> None:
    zmtp = opened()
    feed(zmtp, command(b"PING", b"\x00\x0acontext"))
    assert said(zmtp) == command(b"PONG", b"context")


def test_a_heartbeat_is_sent_and_its_answer_noticed() -> None:
    zmtp = opened()
    assert zmtp.ping()
    assert said(zmtp) == command(b"PING", b"\0\0")
    assert feed(zmtp, command(b"PONG")) == [Pong()]


def test_an_older_peer_is_not_sent_heartbeats() -> None:
    zmtp = Zmtp(None)
    feed(zmtp, greeting(b"NULL", b"\x03\x00") + command(b"READY", metadata()))
    said(zmtp)
    assert not zmtp.ping()
    assert said(zmtp) == b""


def test_commands_nobody_knows_are_ignored() -> None:
    assert feed(opened(), command(b"NEWS", b"of 2030") + frame(b"a")) == [Message([bytearray(b"a")])]


@pytest.mark.parametrize("error", [command(b"ERROR", b"\x03400"), b"\x04\x09^RROR\x03400"], ids=["RFC", "libzmq 4.3.5"])
def test_an_error_in_the_handshake_is_a_refusal(error: bytes) -> None:
    zmtp = Zmtp("wrong")
    with pytest.raises(DaemonError, match="400") as caught:
        feed(zmtp, greeting() + error)
    assert caught.value.code == "daemon_refused"


def test_what_the_end_of_the_connection_means_depends_on_when() -> None:
    zmtp = Zmtp("secret")
    assert zmtp.closed().code == "daemon_unreachable"
    feed(zmtp, greeting())
    assert zmtp.closed().code == "daemon_refused"
    assert isinstance(opened().closed(), DaemonGone)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\xff" + bytes(8) + b"\x7e",
        SIGNATURE + b"\x02",
        greeting() + frame(b"a message too soon"),
        greeting() + command(b"READY", metadata()),
        greeting() + command(b"WELCOME") + command(b"READY", metadata(b"PUB")),
        greeting() + command(b"WELCOME") + command(b"READY", b"\x05Socket"),
        greeting() + command(b"WELCOME") + command(b"READY", b"\x01S\xff\xff\xff\xff"),
        greeting() + b"\x06" + struct.pack(">Q", 1 << 40),
        greeting() + b"\x04\x00",
        greeting() + b"\x04\x01\x09",
        HANDSHAKE + b"\x08\x00",
        HANDSHAKE + b"\x05\x05\x04PING",
        HANDSHAKE + b"\x02" + struct.pack(">Q", MAX_HEADER + 1),
        HANDSHAKE + b"\x02" + b"\xff" * 8,
        HANDSHAKE + b"\x01\x01a\x02" + struct.pack(">Q", (1 << 20) + 1),
        HANDSHAKE + b"\x01\x00" * (MAX_FRAMES + 1),
    ],
    ids=[
        "http",
        "signature",
        "old version",
        "message before the handshake",
        "no welcome",
        "publisher",
        "metadata cut",
        "metadata too long",
        "endless command",
        "empty command",
        "command without name",
        "reserved flag",
        "command with more",
        "header too long",
        "endless frame",
        "picture too long",
        "endless frames",
    ],
)
def test_a_hostile_peer_is_left(raw: bytes) -> None:
    with pytest.raises(ProtocolError):
        feed(Zmtp("secret", 1 << 20), raw)


def test_another_mechanism_is_a_refusal() -> None:
    with pytest.raises(DaemonError) as caught:
        feed(Zmtp("secret"), greeting(b"NULL"))
    assert caught.value.code == "daemon_refused"


@given(st.binary(max_size=400), st.sampled_from([b"", greeting(), HANDSHAKE]))
def test_any_bytes_end_in_events_or_an_error_of_ours(raw: bytes, before: bytes) -> None:
    zmtp = Zmtp("secret", 1000)
    try:
        feed(zmtp, before + raw)
    except LinewashError:
        return
    assert len(zmtp.space())


def test_nothing_is_sent_before_the_handshake() -> None:
    with pytest.raises(ProtocolError):
        Zmtp("secret").send([b"early"])
