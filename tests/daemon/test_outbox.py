"""Pixels leave without a copy, and no more of them than a client takes."""

from __future__ import annotations

from typing import Any

import pytest
import zmq

from linewash.contract import Done
from linewash_daemon import outbox as module
from linewash_daemon.outbox import MAX_UNSENT, Outbox


class Recorder:
    """Keeps what it is told to send, as libzmq does until the peer has read it."""

    def __init__(self) -> None:
        self.sent: list[list[Any]] = []
        self.failure: int | None = None

    def send_multipart(self, parts: list[Any], flags: int, copy: bool) -> None:
        assert flags == zmq.NOBLOCK
        assert copy is False
        if self.failure is not None:
            raise zmq.ZMQError(self.failure)
        self.sent.append(parts)


@pytest.fixture
def socket() -> Recorder:
    return Recorder()


@pytest.fixture
def outbox(socket: Recorder) -> Outbox:
    return Outbox(socket)  # type: ignore[arg-type]


def test_pixels_are_sent_from_the_memory_they_were_painted_in(outbox: Outbox, socket: Recorder) -> None:
    pixels = bytearray(1 << 20)
    assert outbox.send(b"client", Done("x"), [pixels])
    pixels[:4] = b"late"
    client, header, frame = socket.sent[0]
    assert (client, type(header)) == (b"client", bytes)
    assert bytes(frame.buffer[:4]) == b"late"


def test_a_client_with_untaken_pixels_is_not_ready_for_more(outbox: Outbox, socket: Recorder) -> None:
    outbox.send(b"slow", Done("x"), [bytearray(MAX_UNSENT + 1)])
    assert not outbox.ready(b"slow")
    assert outbox.ready(b"other")


def test_only_a_client_that_stays_behind_is_given_up(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.send(b"slow", Done("x"), [bytearray(MAX_UNSENT + 1)])
    assert not outbox.gave_up(b"slow")
    monkeypatch.setattr(module, "PATIENCE", -1.0)
    assert outbox.gave_up(b"slow")
    assert not outbox.gave_up(b"other")


@pytest.mark.parametrize("failure", [zmq.EHOSTUNREACH, zmq.EAGAIN])
def test_a_client_that_can_not_be_reached_is_no_exception(outbox: Outbox, socket: Recorder, failure: int) -> None:
    socket.failure = failure
    assert not outbox.send(b"gone", Done("x"), [bytearray(MAX_UNSENT + 1)])
    assert outbox.ready(b"gone")


def test_a_fault_of_the_socket_is_not_taken_for_a_client_that_left(outbox: Outbox, socket: Recorder) -> None:
    socket.failure = zmq.ENOTSOCK
    with pytest.raises(zmq.ZMQError):
        outbox.send(b"client", Done("x"))
