"""Only who knows the token talks to the daemon."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import zmq
from zmq.utils.monitor import recv_monitor_message

from tests.daemon.conftest import Running, Start
from tests.fakes.peer import Peer


def _fate(socket: zmq.Socket[bytes], endpoint: str) -> int:
    """How the handshake of ``socket`` ends: a zmq.Event."""
    ends = zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    monitor = socket.get_monitor_socket(ends | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL | zmq.EVENT_DISCONNECTED)
    socket.connect(endpoint)
    assert monitor.poll(10_000), "the handshake never ended"
    event = int(recv_monitor_message(monitor)["event"])
    socket.disable_monitor()
    monitor.close(0)
    return event


@pytest.mark.parametrize("transport", ["ipc", "tcp"])
def test_a_wrong_token_is_refused(start: Start, context: zmq.Context[Any], transport: str) -> None:
    running = start(transport=transport)
    for user, token in (
        (b"linewash", b"wrong"),
        (b"linewash", b"\0"),
        (b"linewash", running.server.token.encode() + b"x"),
        (b"linewash", running.server.token[:-1].encode()),
        (b"somebody", running.server.token.encode()),
    ):
        socket = context.socket(zmq.DEALER)
        socket.linger = 0
        socket.plain_username, socket.plain_password = user, token
        assert _fate(socket, running.server.endpoint) == zmq.EVENT_HANDSHAKE_FAILED_AUTH
        socket.close(0)


def test_the_right_token_is_let_in(daemon: Running, context: zmq.Context[Any]) -> None:
    socket = context.socket(zmq.DEALER)
    socket.linger = 0
    socket.plain_username, socket.plain_password = b"linewash", daemon.server.token.encode()
    assert _fate(socket, daemon.server.endpoint) == zmq.EVENT_HANDSHAKE_SUCCEEDED
    socket.close(0)


def test_who_shows_no_token_gets_no_answer(daemon: Running, context: zmq.Context[Any]) -> None:
    socket = context.socket(zmq.DEALER)
    socket.linger = 0
    assert _fate(socket, daemon.server.endpoint) != zmq.EVENT_HANDSHAKE_SUCCEEDED
    with contextlib.suppress(zmq.Again):  # nobody to send to
        socket.send(b"\x80", zmq.NOBLOCK)
    assert not socket.poll(200)
    socket.close(0)


def test_after_refusals_others_are_served(
    daemon: Running, context: zmq.Context[Any], caplog: pytest.LogCaptureFixture
) -> None:
    intruders = [Peer(daemon.server.endpoint, "guess", context) for _ in range(20)]
    with daemon.peer(context) as peer:
        assert peer.ask("hello")["op"] == "hello"
    for intruder in intruders:
        assert not intruder.socket.poll(0)
        intruder.socket.close(0)
    assert [record.message for record in caplog.records].count("A peer with a wrong token was refused.") <= 1


def test_each_daemon_has_its_own_token(start: Start) -> None:
    tokens = {start().server.token for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)  # 256 bits in base64
