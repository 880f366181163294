"""The golden files are what the program reads and writes, byte for byte, and any MessagePack library agrees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgpack
import pytest
import zmq

from linewash.contract import CHANNELS, REPLIES, REQUESTS
from linewash.packing import pack, unpack
from linewash.schema import from_wire, to_wire
from linewash_daemon.intake import read
from tests.golden.messages import FOLDER, MESSAGES

FILES = sorted(FOLDER.glob("*.msgpack"))


def _shown(path: Path) -> dict[str, Any]:
    value = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert isinstance(value, dict)
    return value


def test_there_is_a_file_for_every_message() -> None:
    assert {path.stem for path in FILES} == set(MESSAGES)
    assert {type(message) for message, _ in MESSAGES.values()} == {*REQUESTS.values(), *REPLIES.values()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_bytes_say_what_is_shown_beside_them(path: Path) -> None:
    assert unpack(path.read_bytes()) == msgpack.unpackb(path.read_bytes()) == _shown(path)["header"]


@pytest.mark.parametrize("name", MESSAGES)
def test_the_program_writes_these_bytes(name: str) -> None:
    message, _ = MESSAGES[name]
    assert pack(to_wire(message)) == (FOLDER / f"{name}.msgpack").read_bytes()


@pytest.mark.parametrize("name", MESSAGES)
def test_the_program_reads_these_bytes(name: str) -> None:
    message, _ = MESSAGES[name]
    assert from_wire(type(message), unpack((FOLDER / f"{name}.msgpack").read_bytes())) == message


@pytest.mark.parametrize(
    ("name", "place", "younger"),
    [
        ("request-color", ("options",), ("mode", "lightness", "like", "tandem")),
        ("reply-layers", ("record", "options"), ("mode", "lightness", "like", "tandem")),
        ("reply-models", ("models", 0), ("modes",)),
    ],
)
def test_what_a_peer_of_the_first_release_leaves_out_is_not_missed(
    name: str, place: tuple[Any, ...], younger: tuple[str, ...]
) -> None:
    message, _ = MESSAGES[name]
    header = _shown(FOLDER / f"{name}.msgpack")["header"]
    part = header
    for key in place:
        part = part[key]
    for key in younger:
        del part[key]
    assert to_wire(from_wire(type(message), header)) != to_wire(message)


@pytest.mark.parametrize("path", [p for p in FILES if p.stem.startswith("request")], ids=lambda path: path.stem)
def test_the_daemon_takes_the_requests(path: Path) -> None:
    frames = [zmq.Frame(path.read_bytes()), *(zmq.Frame(bytes(n)) for n in _shown(path)["frames"])]
    request, pixels = read(frames)
    assert to_wire(request)["op"] == _shown(path)["header"]["op"]
    assert len(pixels) == len(frames) - 1


def test_the_frames_of_the_layers_are_of_the_sizes_shown() -> None:
    shown = _shown(FOLDER / "reply-layers.msgpack")
    planes = [layer["plane"] for layer in shown["header"]["layers"]]
    sizes = [p["width"] * p["height"] * CHANNELS[p["channels"]] * p["depth"] // 8 for p in planes]
    assert sizes == shown["frames"]
