"""The promises of docs/protocol.md, each a function that raises `Broken` when a daemon does not keep it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgpack
import zmq

WAIT = 60_000  # ms for an answer; the first colouring may load a model
SEND_WAIT = 5_000  # ms for a message to be taken, which is at once unless nobody is there
SIDE = 64
Header = dict[str, Any]


class Broken(Exception):
    """A promise is not kept; the text says how."""


@dataclass(frozen=True)
class Place:
    endpoint: str
    token: str


class Peer:
    """A DEALER of pyzmq; sending is `Broken` where the daemon turned it away already."""

    def __init__(self, socket: zmq.Socket[bytes]) -> None:
        self._socket = socket
        self._count = 0

    def send(self, op: str, *pixels: bytes, **fields: Any) -> str:
        self._count += 1
        header = {"v": 1, "op": op, "id": f"c{self._count}", **fields}
        self.raw(msgpack.packb(header), *pixels)
        return str(header["id"])

    def raw(self, *frames: bytes) -> None:
        try:
            self._socket.send_multipart(frames)
        except zmq.Again as error:  # the way is taken down at a refusal, and a send would wait for ever
            raise Broken("the daemon takes no message") from error

    def receive(self, wait: int = WAIT) -> tuple[Header, list[bytes]]:
        if not self._socket.poll(wait):
            raise Broken("no answer came")
        packed, *pixels = self._socket.recv_multipart()
        header = msgpack.unpackb(packed)
        expect(isinstance(header, dict) and header.get("v") == 1, f"the header is no map with v 1: {header!r}")
        return header, pixels

    def answer(self, job_id: str) -> tuple[Header, list[bytes]]:
        """The terminal message of ``job_id``, progress passed over."""
        while True:
            header, pixels = self.receive()
            if header["op"] == "progress":
                expect(header["id"] == job_id and 0 <= header["fraction"] <= 1, f"bad progress: {header}")
                continue
            expect(header["id"] == job_id, f"answer to {header['id']!r} instead of {job_id!r}")
            return header, pixels

    def ask(self, op: str, *pixels: bytes, **fields: Any) -> Header:
        return self.answer(self.send(op, *pixels, **fields))[0]

    def refused(self, code: str, op: str, *pixels: bytes, **fields: Any) -> None:
        """Ask, and expect an error of that code."""
        check_error(self.ask(op, *pixels, **fields), code)


def expect(kept: bool, otherwise: str) -> None:
    if not kept:
        raise Broken(otherwise)


def check_error(header: Header, code: str) -> None:
    expect(header["op"] == "error", f"{header['op']} where an error was due")
    expect(header["code"] == code, f"the code is {header['code']}, not {code}")
    expect(bool(header["sentence"]), "the error has no sentence")


@contextmanager
def connected(place: Place, user: str = "linewash") -> Iterator[Peer]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    try:
        socket = context.socket(zmq.DEALER)
        socket.linger, socket.sndtimeo = 0, SEND_WAIT
        socket.plain_username = user.encode()
        socket.plain_password = place.token.encode()
        socket.connect(place.endpoint)
        yield Peer(socket)
    finally:
        context.destroy(0)


def drawing(ink: int = 0) -> tuple[bytes, Header]:
    """A square outlined in the middle, grey, and the fields that announce it."""
    pixels = bytearray(b"\xff" * SIDE * SIDE)
    for i in range(16, 48):
        for at in (16 * SIDE + i, 47 * SIDE + i, i * SIDE + 16, i * SIDE + 47):
            pixels[at] = ink
    raw = bytes(pixels)
    digest = hashlib.sha256(f"{SIDE} {SIDE} gray 8\n".encode() + raw).hexdigest()
    plane = {"width": SIDE, "height": SIDE, "channels": "gray", "depth": 8, "frame": 0}
    return raw, {"lineart": plane, "hash": digest}


def check_layers(header: Header, pixels: list[bytes]) -> None:
    expect(header["op"] == "layers", f"{header['op']} ({header.get('sentence')}) instead of layers")
    expect(bool(header["layers"]), "there is no layer")
    expect(
        sorted(layer["plane"]["frame"] for layer in header["layers"]) == list(range(len(pixels))), "frames don't match"
    )
    samples = {"gray": 1, "graya": 2, "rgb": 3, "rgba": 4, "lab": 3, "laba": 4}
    for layer in header["layers"]:
        plane = layer["plane"]
        size = plane["width"] * plane["height"] * samples[plane["channels"]] * plane["depth"] // 8
        expect(len(pixels[plane["frame"]]) == size, f"the layer {layer['name']} has another size than announced")
        expect(0 <= layer["x"] <= SIDE - plane["width"], f"the layer {layer['name']} lies outside")
        expect(0 <= layer["y"] <= SIDE - plane["height"], f"the layer {layer['name']} lies outside")
        expect(layer["blend"] in ("normal", "multiply", "screen", "color"), f"unknown blend mode {layer['blend']}")
    expect(bool(header["record"]["model_hash"]), "the record names no model hash")


def hello_is_answered(place: Place) -> None:
    """hello is answered with version, pid and protocol"""
    with connected(place) as peer:
        header = peer.ask("hello", client="conformance")
        expect(header["op"] == "hello" and header["protocol"] == 1, f"the answer is {header}")
        expect(isinstance(header["pid"], int) and isinstance(header["version"], str), f"the answer is {header}")


def wrong_token_is_refused(place: Place) -> None:
    """a wrong token and a wrong user name get no answer"""
    for peer_of in (connected(Place(place.endpoint, place.token + "x")), connected(place, "somebody")):
        with peer_of as peer:
            try:
                peer.send("hello")
                peer.receive(500)
            except Broken:
                continue
            raise Broken("hello was answered")


def unknown_op_is_refused(place: Place) -> None:
    """an unknown op is refused with unknown_op"""
    with connected(place) as peer:
        peer.refused("unknown_op", "fresco")


def unknown_field_is_ignored(place: Place) -> None:
    """an unknown field is ignored"""
    with connected(place) as peer:
        expect(peer.ask("hello", mood="gay")["op"] == "hello", "hello was not answered")


def wrong_version_is_refused(place: Place) -> None:
    """another version of the protocol is refused with wrong_protocol"""
    with connected(place) as peer:
        peer.refused("wrong_protocol", "hello", v=2)


def missing_field_is_refused(place: Place) -> None:
    """a missing or wrong field is refused with bad_message"""
    with connected(place) as peer:
        peer.refused("bad_message", "cancel")
        peer.refused("bad_message", "cancel", target=5)
        peer.refused("bad_message", "color", b"", lineart=[], hash="x")


def unreadable_headers_are_refused(place: Place) -> None:
    """an unreadable header is refused with bad_message and an empty id, and the connection goes on"""
    deep = b"\x91" * 1000 + b"\xc0"
    with connected(place) as peer:
        for raw in (b"", b"\xc1", b"\xc0", b"\xdd\xff\xff\xff\xff", deep, b"\x81\xa2id\xa1", b"\x00" * 300_000):
            peer.raw(raw)
            header, _ = peer.receive()
            check_error(header, "bad_message")
            expect(header["id"] == "", f"the id is {header['id']!r}")
        expect(peer.ask("hello")["op"] == "hello", "hello was not answered afterwards")


def frames_must_match(place: Place) -> None:
    """frames that are missing, too many or of a wrong length are refused with bad_message"""
    raw, fields = drawing()
    with connected(place) as peer:
        for frames in ([], [raw, raw], [raw] * 5, [raw[1:]], [raw + b"x"]):
            peer.refused("bad_message", "color", *frames, **fields)
        peer.refused("bad_message", "hello", raw)


def bounds_are_kept(place: Place) -> None:
    """pictures and options out of bounds are refused with bad_size, size_mismatch, bad_option"""
    raw, fields = drawing()
    with connected(place) as peer:
        thin = {**fields["lineart"], "width": 1, "height": SIDE * SIDE}
        peer.refused("bad_size", "color", raw, **{**fields, "lineart": thin})
        hints = {"width": 32, "height": 32, "channels": "rgba", "depth": 8, "frame": 1}
        peer.refused("size_mismatch", "color", raw, bytes(4096), **fields, hints=hints)
        peer.refused("bad_option", "color", raw, **fields, options={"variety": 1.5})


def drawing_is_coloured(place: Place) -> None:
    """a drawing comes back as layers that fit it, and again when only its hash is sent"""
    raw, fields = drawing()
    with connected(place) as peer:
        check_layers(*peer.answer(peer.send("color", raw, **fields)))
        again = {**fields, "lineart": {**fields["lineart"], "frame": None}}
        header, pixels = peer.answer(peer.send("color", **again))
        if header["op"] == "error":
            check_error(header, "lineart_unknown")
        else:
            check_layers(header, pixels)


def unknown_line_art_is_asked_for(place: Place) -> None:
    """a hash that the daemon does not hold is refused with lineart_unknown"""
    _, fields = drawing()
    with connected(place) as peer:
        absent = {"lineart": {**fields["lineart"], "frame": None}, "hash": hashlib.sha256(b"never sent").hexdigest()}
        peer.refused("lineart_unknown", "color", **absent)


def each_job_ends_once(place: Place) -> None:
    """each of several jobs of one stream ends in exactly one terminal message"""
    with connected(place) as peer:
        ids = set()
        for ink in range(5):
            raw, fields = drawing(ink)
            ids.add(peer.send("color", raw, **fields, stream="live"))
        ends: list[str] = []
        while set(ends) != ids:
            header, _ = peer.receive()
            if header["op"] == "error":
                expect(header["code"] == "superseded", f"a job of the stream failed with {header['code']}")
            if header["op"] != "progress":
                ends.append(header["id"])
        last = peer.send("hello")
        ends.append(peer.answer(last)[0]["id"])
        expect(len(ends) == len(ids) + 1, f"{len(ends) - 1} terminal messages for {len(ids)} jobs")


def cancel_of_nothing_is_unknown(place: Place) -> None:
    """cancel of a job that is not there is answered with found: unknown"""
    with connected(place) as peer:
        header = peer.ask("cancel", target="nothing")
        expect((header["op"], header.get("found")) == ("cancel", "unknown"), f"the answer is {header}")


def models_and_status_are_answered(place: Place) -> None:
    """models and status are answered, unload with done"""
    with connected(place) as peer:
        models = peer.ask("models")
        expect(models["op"] == "models" and all(m["name"] for m in models["models"]), f"the answer is {models}")
        status = peer.ask("status")
        expect(status["op"] == "status" and status["memory_bytes"] > 0, f"the answer is {status}")
        expect(peer.ask("unload")["op"] == "done", "unload was not answered with done")


PROMISES: tuple[Callable[[Place], None], ...] = (
    hello_is_answered,
    wrong_token_is_refused,
    unknown_op_is_refused,
    unknown_field_is_ignored,
    wrong_version_is_refused,
    missing_field_is_refused,
    unreadable_headers_are_refused,
    frames_must_match,
    bounds_are_kept,
    drawing_is_coloured,
    unknown_line_art_is_asked_for,
    each_job_ends_once,
    cancel_of_nothing_is_unknown,
    models_and_status_are_answered,
)
