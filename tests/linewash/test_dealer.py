"""The DEALER against real ZeroMQ sockets, and against servers that misbehave."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq

from linewash import dealer as dealer_module
from linewash.dealer import Dealer
from linewash.errors import DaemonError, DaemonGone, ProtocolError, TimedOut
from linewash.zmtp import Event, Message, Ready
from tests.fakes.daemon import FakeDaemon, bound

LIMIT = 20.0


@pytest.fixture
def context() -> Iterator[zmq.Context[Any]]:
    context: zmq.Context[Any] = zmq.Context()
    yield context
    context.destroy(0)


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """Runs a function on the first connection to a bare socket; gives the endpoint."""
    threads: list[threading.Thread] = []
    listeners: list[socket.socket] = []

    def begin(talk: Callable[[socket.socket], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                talk(connection)

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return f"tcp://127.0.0.1:{listener.getsockname()[1]}"

    yield begin
    for thread in threads:
        thread.join(LIMIT)
        assert not thread.is_alive()
    for listener in listeners:
        listener.close()


def until(dealer: Dealer, kind: type[Event]) -> Any:
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        for event in dealer.pump():
            if isinstance(event, kind):
                return event
        dealer.wait(0.2)
    raise AssertionError("nothing came")


def drain(connection: socket.socket) -> None:
    while connection.recv(65_536):
        pass


@pytest.mark.parametrize("token", [None, "secret"], ids=["NULL", "PLAIN"])
@pytest.mark.parametrize("transport", ["ipc", "abstract", "tcp"])
def test_a_router_is_reached(tmp_path: Path, transport: str, token: str | None) -> None:
    with FakeDaemon(tmp_path, transport=transport, token=token) as daemon:
        dealer = Dealer(daemon.endpoint, token)
        until(dealer, Ready)
        dealer.close()


@pytest.mark.parametrize("transport", ["ipc", "tcp"])
def test_a_hundred_megabytes_go_there_and_back(context: zmq.Context[Any], tmp_path: Path, transport: str) -> None:
    router = context.socket(zmq.ROUTER)
    router.linger = 0
    router.bind(f"ipc://{tmp_path / 's'}" if transport == "ipc" else "tcp://127.0.0.1:*")

    def echo() -> None:
        router.send_multipart(router.recv_multipart(copy=False), copy=False)

    thread = threading.Thread(target=echo)
    thread.start()
    dealer = Dealer(bound(router), None)
    until(dealer, Ready)
    pixels = bytes(range(256)) * (100 * 4096)
    dealer.zmtp.send([b"head", pixels, b"", b"tail"])
    message = until(dealer, Message)
    thread.join(LIMIT)
    dealer.close()
    router.close(0)
    assert message == Message([bytearray(b"head"), bytearray(pixels), bytearray(), bytearray(b"tail")])


def test_a_router_keeps_a_silent_client_that_answers_heartbeats(context: zmq.Context[Any]) -> None:
    router = context.socket(zmq.ROUTER)
    router.linger = 0
    router.heartbeat_ivl, router.heartbeat_timeout, router.rcvtimeo = 50, 2000, int(LIMIT * 1000)
    router.bind("tcp://127.0.0.1:*")
    dealer = Dealer(bound(router), None)
    until(dealer, Ready)
    end = time.monotonic() + 2.6
    while time.monotonic() < end:
        assert dealer.pump() == []
        dealer.wait(0.1)
    dealer.zmtp.send([b"still here"])
    dealer.pump()
    assert router.recv_multipart()[1] == b"still here"
    dealer.close()
    router.close(0)


def test_a_wrong_token_is_refused(tmp_path: Path) -> None:
    with FakeDaemon(tmp_path) as daemon:
        dealer = Dealer(daemon.endpoint, "guess")
        with pytest.raises(DaemonError) as caught:
            until(dealer, Ready)
        dealer.close()
    assert caught.value.code == "daemon_refused"


@pytest.mark.parametrize(("theirs", "ours"), [(None, "secret"), ("secret", None)])
def test_a_peer_of_another_mechanism_is_refused(tmp_path: Path, theirs: str | None, ours: str | None) -> None:
    with FakeDaemon(tmp_path, token=theirs) as daemon:
        dealer = Dealer(daemon.endpoint, ours)
        with pytest.raises(DaemonError):
            until(dealer, Ready)
        dealer.close()


@pytest.mark.parametrize(
    "endpoint",
    [
        "tcp://127.0.0.1:1",
        "tcp://127.0.0.1:99999",
        "tcp://x",
        "tcp://:80",
        "ipc:///nonexistent/socket",
        "ipc://@linewash-nobody",
        "ipc://",
        "ipc:///" + "x" * 300,
        "ipc:///a\0b",
        "http://x:1",
    ],
)
def test_an_endpoint_where_nobody_listens_is_unreachable(endpoint: str) -> None:
    with pytest.raises(DaemonError) as caught, contextlib.closing(Dealer(endpoint, "secret")) as dealer:
        until(dealer, Ready)
    assert caught.value.code == "daemon_unreachable"


def test_a_garbage_greeting_is_a_protocol_error(serve: Callable[[Any], str]) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n")
        drain(connection)

    dealer = Dealer(serve(talk), "secret")
    with pytest.raises(ProtocolError):
        until(dealer, Ready)
    dealer.close()


def test_a_connection_closed_at_once_is_unreachable(serve: Callable[[Any], str]) -> None:
    dealer = Dealer(serve(lambda connection: connection.shutdown(socket.SHUT_RDWR)), "secret")
    with pytest.raises(DaemonError) as caught:
        until(dealer, Ready)
    dealer.close()
    assert caught.value.code == "daemon_unreachable"


def test_silence_in_the_handshake_times_out(serve: Callable[[Any], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dealer_module, "HANDSHAKE_LIMIT", 0.2)
    dealer = Dealer(serve(drain), "secret")
    with pytest.raises(TimedOut):
        until(dealer, Ready)
    dealer.close()


def test_long_silence_afterwards_means_the_daemon_is_gone(
    serve: Callable[[Any], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.linewash.test_zmtp import HANDSHAKE

    monkeypatch.setattr(dealer_module, "HEARTBEAT", 0.5)
    monkeypatch.setattr(dealer_module, "GIVE_UP", 1.5)
    heard = bytearray()

    def talk(connection: socket.socket) -> None:
        connection.sendall(HANDSHAKE)
        while raw := connection.recv(4096):
            heard.extend(raw)

    dealer = Dealer(serve(talk), "secret")
    end = time.monotonic() + LIMIT
    with pytest.raises(DaemonGone):
        while time.monotonic() < end:
            dealer.pump()
            dealer.wait(0.02)
    dealer.close()
    while b"\x04PING" not in heard:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_router_that_ends_is_noticed(tmp_path: Path) -> None:
    with FakeDaemon(tmp_path) as daemon:
        dealer = Dealer(daemon.endpoint, "secret")
        until(dealer, Ready)
        daemon.stop()
        with pytest.raises(DaemonGone):
            until(dealer, Message)
        dealer.close()
