"""Messages that break the contract are answered with an error under their id, and nothing else happens."""

from __future__ import annotations

import struct
from typing import Any

import msgpack
import pytest
import zmq
from hypothesis import given
from hypothesis import strategies as st

from linewash.contract import MAX_SIDE, REQUESTS
from linewash_daemon.intake import Refused, read
from tests.daemon.conftest import Running
from tests.fakes.peer import HASH, Peer

PLANE = {"width": 16, "height": 16, "channels": "rgba", "depth": 8, "frame": 0}
PIXELS = bytes(16 * 16 * 4)
COLOR = {"v": 1, "op": "color", "id": "a", "lineart": PLANE, "hash": HASH}


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in COLOR.items() if key != name}


WRONG = {
    "no frame": (COLOR, [], "bad_message"),
    "one frame too many": (COLOR, [PIXELS, PIXELS], "bad_message"),
    "far too many frames": (COLOR, [PIXELS] * 100, "bad_message"),
    "a frame too short": (COLOR, [PIXELS[1:]], "bad_message"),
    "a frame too long": (COLOR, [PIXELS + b"x"], "bad_message"),
    "an announced size that does not match": (
        {**COLOR, "lineart": {**PLANE, "width": 17}},
        [PIXELS],
        "bad_message",
    ),
    "a picture of impossible size": (
        {**COLOR, "lineart": {**PLANE, "width": 100_000, "height": 100_000}},
        [PIXELS],
        "bad_size",
    ),
    "a picture too small": ({**COLOR, "lineart": {**PLANE, "width": 1}}, [PIXELS], "bad_size"),
    "a side below zero": ({**COLOR, "lineart": {**PLANE, "width": -16, "height": -16}}, [PIXELS], "bad_size"),
    "a side just too long": (
        {**COLOR, "lineart": {**PLANE, "width": MAX_SIDE + 1}},
        [PIXELS],
        "bad_size",
    ),
    "the same frame twice": ({**COLOR, "hints": PLANE}, [PIXELS], "bad_message"),
    "a frame below zero": ({**COLOR, "lineart": {**PLANE, "frame": -1}}, [PIXELS], "bad_message"),
    "hints of another size": (
        {**COLOR, "hints": {**PLANE, "width": 32, "frame": 1}},
        [PIXELS, PIXELS * 2],
        "size_mismatch",
    ),
    "hints without alpha": (
        {**COLOR, "hints": {**PLANE, "channels": "rgb", "frame": 1}},
        [PIXELS, PIXELS[: 16 * 16 * 3]],
        "bad_message",
    ),
    "a depth nobody has": ({**COLOR, "lineart": {**PLANE, "depth": 12}}, [PIXELS], "bad_message"),
    "channels nobody has": ({**COLOR, "lineart": {**PLANE, "channels": "cmyk"}}, [PIXELS], "bad_message"),
    "a hash that is none": ({**COLOR, "hash": "../../etc/passwd"}, [PIXELS], "bad_message"),
    "no hash": (_without("hash"), [PIXELS], "bad_message"),
    "no line art": (_without("lineart"), [], "bad_message"),
    "an option out of range": ({**COLOR, "options": {"strength": 3}}, [PIXELS], "bad_option"),
    "an option that is no number": (
        {**COLOR, "options": {"strength": float("nan")}},
        [PIXELS],
        "bad_message",
    ),
    "a palette without end": (
        {**COLOR, "options": {"palette": [[0, 0, 0]] * 1000}},
        [PIXELS],
        "bad_option",
    ),
    "a stream's name without end": ({**COLOR, "stream": "x" * 1000}, [PIXELS], "bad_message"),
    "an unknown op": ({"v": 1, "op": "paint", "id": "a"}, [], "unknown_op"),
    "an op that is no text": ({"v": 1, "op": ["color"], "id": "a"}, [], "unknown_op"),
    "pixels where none belong": ({"v": 1, "op": "status", "id": "a"}, [PIXELS], "bad_message"),
    "another version": ({"v": 2, "op": "hello", "id": "a"}, [], "wrong_protocol"),
    "another version, all else unknown": ({"v": 99, "op": "sing", "id": "a", "tune": 1}, [], "wrong_protocol"),
    "no version": ({"op": "hello", "id": "a"}, [], "bad_message"),
    "a version that is no number": ({"v": "1", "op": "hello", "id": "a"}, [], "bad_message"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_message_is_answered_under_its_id(daemon: Running, peer: Peer, name: str) -> None:
    header, frames, code = WRONG[name]
    peer.raw(msgpack.packb(header), *frames)
    error = peer.answer()
    assert (error["op"], error["id"], error["code"]) == ("error", "a", code)
    assert error["sentence"]
    assert peer.ask("hello")["op"] == "hello"
    assert daemon.colorist.painted == []


BOMBS = {
    "depth": b"\x91" * 200_000,
    "depth of maps": b"\x81\xa1a" * 80_000,
    "an array of four thousand million": b"\xdd\xff\xff\xff\xff",
    "a map of four thousand million": b"\xdf\xff\xff\xff\xff",
    "a text of four thousand million": b"\xdb\xff\xff\xff\xff",
    "bytes of four thousand million": b"\xc6\xff\xff\xff\xff",
    "an extension": msgpack.packb(msgpack.ExtType(1, b"x")),
    "a header too long": msgpack.packb({**COLOR, "id": "x" * 300_000}),
    "many small values": b"\xdc\xff\xff" + b"\xc0" * 65_535,
    "not a map": b"\x93\x01\x02\x03",
    "nothing": b"",
    "a truncated map": msgpack.packb(COLOR)[:-5],
    "something after the end": msgpack.packb(COLOR) + b"\x00",
    "not UTF-8": b"\x81\xa2\xff\xff\x01",
    "an id without end": msgpack.packb({**COLOR, "id": "x" * 65}),
    "an empty id": msgpack.packb({**COLOR, "id": ""}),
    "an id that is a number": msgpack.packb({**COLOR, "id": 7}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_header_that_can_not_be_read_is_answered_without_an_id(peer: Peer, name: str) -> None:
    peer.raw(BOMBS[name])
    error = peer.answer()
    assert (error["op"], error["id"], error["code"]) == ("error", "", "bad_message")
    assert peer.ask("hello")["op"] == "hello"


def test_a_field_nobody_knows_is_ignored(peer: Peer) -> None:
    assert peer.ask("hello", mood={"deep": [1, 2, {"er": None}]})["op"] == "hello"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
FIELDS = st.sampled_from(["v", "op", "id", "lineart", "hash", "hints", "options", "stream", "target", "client"])
NEARLY = st.builds(
    lambda header, changes: {**header, **changes},
    st.sampled_from([COLOR, *({"v": 1, "op": op, "id": "a"} for op in REQUESTS)]),
    st.dictionaries(FIELDS, VALUES | st.sampled_from([PLANE, HASH, 1, "a"]), max_size=4),
)


@given(header=NEARLY | VALUES, frames=st.lists(st.binary(max_size=64) | st.just(PIXELS), max_size=5))
def test_whatever_comes_is_read_or_refused(header: Any, frames: list[bytes]) -> None:
    _read([msgpack.packb(header), *frames])


@given(frames=st.lists(st.binary(max_size=300), max_size=5))
def test_whatever_bytes_come_are_read_or_refused(frames: list[bytes]) -> None:
    _read(frames)


@given(cut=st.integers(0, 200), byte=st.integers(0, 255), at=st.integers(0, 200))
def test_a_damaged_header_is_read_or_refused(cut: int, byte: int, at: int) -> None:
    raw = bytearray(msgpack.packb({**COLOR, "options": {"palette": [[1, 2, 3]], "gap": 2.5}}))
    raw[at % len(raw)] = byte
    _read([bytes(raw[: len(raw) - cut % 3]), PIXELS])
    _read([bytes(raw[: cut % len(raw)]) + struct.pack(">I", at), PIXELS])


REFUSALS = {"bad_message", "bad_size", "bad_option", "size_mismatch", "unknown_op", "wrong_protocol"}


def _read(parts: list[bytes]) -> None:
    try:
        request, pixels = read([zmq.Frame(part) for part in parts])
    except Refused as refused:
        assert refused.error.code in (
            "bad_message",
            "bad_size",
            "bad_option",
            "size_mismatch",
            "unknown_op",
            "wrong_protocol",
        )
    else:
        assert request.op in REQUESTS
        assert len(pixels) == len(parts) - 1
