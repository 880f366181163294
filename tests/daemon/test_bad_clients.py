"""Clients that vanish, never read or talk nonsense cost nobody else anything."""

from __future__ import annotations

import random
import socket
import time
from typing import Any

import psutil
import pytest
import zmq

from linewash_daemon import front, outbox
from linewash_daemon.ops import Ops
from tests.daemon.conftest import Running, Start
from tests.fakes.peer import Peer


def _until_idle(peer: Peer) -> dict[str, Any]:
    """Ask for the status until nothing runs and nothing waits."""
    for _ in range(1000):
        status = peer.ask("status")
        if status["running"] == status["queued"] == 0:
            return status
        time.sleep(0.01)
    raise AssertionError("the daemon stayed busy")


def test_the_jobs_of_a_client_that_vanishes_are_dropped(daemon: Running, context: zmq.Context[Any]) -> None:
    gone = daemon.peer(context)
    gone.color("a", "sleep 60")
    gone.wait_for("a", "loading")
    for n in range(10):
        gone.color(f"b{n}", "sleep 60")
    gone.ask("status")
    gone.socket.close(0)
    with daemon.peer(context) as peer:
        _until_idle(peer)
        peer.color("c")
        assert peer.terminals("c")["c"]["op"] == "layers"
    assert daemon.colorist.painted == ["a", "c"]


def test_a_client_that_seems_to_be_there_still_is_looked_for_again(
    daemon: Running, context: zmq.Context[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    look = Ops.someone_left

    def too_early_at_first(ops: Ops) -> None:
        nonlocal looks
        looks += 1
        if looks > 1:
            look(ops)

    monkeypatch.setattr(Ops, "someone_left", too_early_at_first)
    gone = daemon.peer(context)
    gone.color("a", "sleep 60")
    gone.wait_for("a", "loading")
    gone.socket.close(0)
    with daemon.peer(context) as peer:
        _until_idle(peer)
    assert looks > 1


def test_a_client_that_vanishes_is_noticed_while_others_come_and_go(daemon: Running, context: zmq.Context[Any]) -> None:
    gone = daemon.peer(context)
    gone.color("a", "sleep 60")
    gone.wait_for("a", "loading")
    gone.socket.close(0)
    with daemon.peer(context) as peer:
        end = time.monotonic() + 20
        while peer.ask("status")["running"]:
            assert time.monotonic() < end
            with daemon.peer(context) as passer_by:
                passer_by.ask("hello")


def test_a_client_that_never_reads_stalls_nobody(
    daemon: Running, context: zmq.Context[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "PATIENCE", 0.3)
    with daemon.peer(context, rcvhwm=1, rcvbuf=4096) as deaf, daemon.peer(context) as peer:
        before = psutil.Process().memory_info().rss
        for n in range(16):
            deaf.color(f"d{n}", "big 96")
        peer.color("mine", "sleep 0.05")
        assert peer.terminals("mine")["mine"]["op"] == "layers"
        _until_idle(peer)
        assert len(daemon.colorist.painted) < 6, "results that nobody takes were made"
        assert psutil.Process().memory_info().rss - before < 700 << 20


def test_a_client_that_only_asks_is_cut_short(daemon: Running, context: zmq.Context[Any]) -> None:
    with daemon.peer(context, rcvhwm=1, sndhwm=0) as deaf, daemon.peer(context) as peer:
        deaf.color("a", "sleep 60")
        deaf.wait_for("a", "loading")
        for _ in range(20_000):
            deaf.send("status", "q")
        _until_idle(peer)  # the job of a client that does not read is dropped


def test_a_frame_over_the_bound_ends_the_connection_of_its_sender_alone(
    start: Start, context: zmq.Context[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "MAX_FRAME", 1 << 20)
    running = start()
    with running.peer(context) as greedy, running.peer(context) as peer:
        assert greedy.ask("hello")["op"] == "hello"
        monitor = greedy.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        greedy.raw(b"\x80", bytes((1 << 20) + 1))
        assert monitor.poll(20_000), "the frame was taken"
        greedy.socket.disable_monitor()
        monitor.close(0)
        assert peer.ask("hello")["op"] == "hello"


def test_a_peer_that_never_says_who_it_is_is_hung_up_on(
    start: Start, context: zmq.Context[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "_HANDSHAKE", 100)
    running = start(transport="tcp")
    host, _, port = running.server.endpoint.removeprefix("tcp://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as silent:
        while silent.recv(64):
            pass  # the daemon's own greeting, then the end


def _nonsense(rng: random.Random) -> list[bytes]:
    starts = [b"", b"\x83\xa1v\x01\xa2op\xa5hello\xa2id\xa1a", b"\x83\xa1v\x01\xa2op\xa6models\xa2id\xa1a", b"\xdd\xff"]
    size = rng.choice([0, 1, 10, 100, 1000])
    head = rng.choice(starts) + rng.randbytes(size if rng.random() < 0.8 else 0)
    return [head, *(rng.randbytes(rng.choice([0, 16, 256])) for _ in range(rng.choice([0, 0, 1, 5])))]


@pytest.mark.timeout(180)  # seconds on an idle machine, minutes on one that trains
def test_a_hundred_thousand_random_messages_leave_memory_flat(daemon: Running, context: zmq.Context[Any]) -> None:
    rng = random.Random(1)
    messages = [_nonsense(rng) for _ in range(1000)]
    with daemon.peer(context) as noisy, daemon.peer(context) as peer:
        for round_ in range(100):
            for message in messages:
                noisy.socket.send_multipart(message)
            while noisy.socket.poll(0):
                noisy.socket.recv_multipart()
            if round_ == 20:
                early = peer.ask("status")["memory_bytes"]
        late = peer.ask("status")["memory_bytes"]
        assert late - early < 16 << 20
        peer.color("a")
        assert peer.terminals("a")["a"]["op"] == "layers"
