"""The daemon answers each client's requests over real ZeroMQ."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import psutil
import pytest
import zmq

from linewash.errors import CODES, DaemonError
from linewash_daemon.server import Server
from tests.daemon.conftest import Running, Start
from tests.fakes.colorist import SECRET
from tests.fakes.peer import Peer


def test_hello_says_who_answers(peer: Peer) -> None:
    reply = peer.ask("hello", client="a test")
    assert (reply["op"], reply["id"], reply["protocol"], reply["pid"]) == ("hello", "q", 1, os.getpid())


def test_status_before_the_first_job_does_not_pretend_to_have_a_model(daemon: Running, peer: Peer) -> None:
    reply = peer.ask("status")
    assert (reply["device"], reply["model"]) == ("not chosen yet", "")
    peer.color("a")
    peer.terminals("a")
    reply = peer.ask("status")
    assert (reply["device"], reply["model"]) == ("cpu", "fake")
    assert reply["memory_bytes"] > 1 << 20


def test_models_are_listed(peer: Peer) -> None:
    assert [model["name"] for model in peer.ask("models")["models"]] == ["fake"]


def test_unload_is_done_without_opening_what_was_never_opened(daemon: Running, peer: Peer) -> None:
    assert peer.ask("unload")["op"] == "done"
    assert daemon.colorist.unloads == 0
    peer.color("a")
    peer.terminals("a")
    assert peer.ask("unload")["op"] == "done"
    assert daemon.colorist.unloads == 1


def test_a_job_brings_its_layers_back(peer: Peer) -> None:
    pixels = peer.color("a", "report 3")
    stages = []
    while (message := peer.receive())[0]["op"] == "progress":
        stages.append(message[0]["stage"])
    header, frames = message
    assert stages[:2] == ["queued", "loading"]
    assert "stage 2" in stages
    assert header["op"] == "layers"
    assert header["layers"][0]["plane"] == {"width": 16, "height": 16, "channels": "rgba", "depth": 8, "frame": 0}
    assert frames == [pixels]


def test_pixels_are_handed_to_the_colorist_in_the_memory_they_arrived_in(daemon: Running, peer: Peer) -> None:
    peer.color("a", side=256)
    peer.terminals("a")
    lineart, hints = daemon.colorist.seen
    assert hints is None
    assert isinstance(lineart, memoryview)
    assert isinstance(lineart.obj, zmq.Frame)


def test_two_clients_are_served_in_turn(daemon: Running, context: zmq.Context[Any]) -> None:
    with daemon.peer(context) as one, daemon.peer(context) as other:
        one.color("a0", "wait begin")
        one.wait_for("a0", "loading")
        for n in range(1, 4):
            one.color(f"a{n}")
        assert one.ask("status")["queued"] == 3
        for n in range(3):
            other.color(f"b{n}")
        assert other.ask("status")["queued"] == 6
        daemon.colorist.gates["begin"].set()
        one.terminals("a0", "a1", "a2", "a3")
        other.terminals("b0", "b1", "b2")
    assert daemon.colorist.painted == ["a0", "a1", "b0", "a2", "b1", "a3", "b2"]


def test_a_newer_job_of_a_stream_ends_the_older_ones(daemon: Running, peer: Peer) -> None:
    peer.color("a", "sleep 30", stream="live")
    peer.color("b", stream="live")
    peer.color("c", stream="live")
    ends = peer.terminals("a", "b", "c")
    assert ends["a"]["code"] == ends["b"]["code"] == "superseded"
    assert ends["c"]["op"] == "layers"
    assert daemon.colorist.painted in (["a", "c"], ["c"])


def test_a_queued_job_can_be_cancelled(daemon: Running, peer: Peer) -> None:
    peer.color("a", "wait go")
    peer.color("b")
    assert peer.ask("cancel", target="b")["found"] == "queued"
    daemon.colorist.gates["go"].set()
    ends = peer.terminals("a", "b")
    assert (ends["a"]["op"], ends["b"]["code"]) == ("layers", "cancelled")
    assert daemon.colorist.painted == ["a"]


def test_a_running_job_can_be_cancelled(daemon: Running, peer: Peer) -> None:
    peer.color("a", "sleep 30")
    peer.wait_for("a", "loading")
    assert peer.ask("cancel", target="a")["found"] == "running"
    assert peer.terminals("a")["a"]["code"] == "cancelled"
    peer.color("b")
    assert peer.terminals("b")["b"]["op"] == "layers"


def test_another_clients_job_can_not_be_cancelled(daemon: Running, context: zmq.Context[Any]) -> None:
    with daemon.peer(context) as owner, daemon.peer(context) as stranger:
        owner.color("a", "wait go")
        owner.wait_for("a", "loading")
        assert stranger.ask("cancel", target="a")["found"] == "unknown"
        daemon.colorist.gates["go"].set()
        assert owner.terminals("a")["a"]["op"] == "layers"


@pytest.mark.parametrize("code", sorted(CODES))
def test_an_error_of_the_colorist_arrives_under_its_code(peer: Peer, code: str) -> None:
    peer.color("a", f"fail {code}")
    end = peer.terminals("a")["a"]
    assert (end["code"], end["sentence"]) == (code, "It failed as it was told.")


def test_a_fault_is_told_without_its_internals(peer: Peer) -> None:
    peer.color("a", "crash")
    end = peer.terminals("a")["a"]
    assert end["code"] == "internal"
    assert SECRET not in str(end)
    assert "RuntimeError" not in str(end)
    assert end["remedy"]


def test_too_little_memory_is_told_as_such(peer: Peer) -> None:
    peer.color("a", "memory")
    assert peer.terminals("a")["a"]["code"] == "out_of_memory"


@pytest.mark.parametrize("script", ["misfit", "many 3000"])
def test_a_result_that_can_not_be_sent_still_ends_its_job(peer: Peer, script: str) -> None:
    peer.color("a", script)
    assert peer.terminals("a")["a"]["code"] == "internal"


def test_a_hash_without_pixels_goes_to_the_colorist(peer: Peer) -> None:
    peer.send("color", "a", lineart={"width": 16, "height": 16, "frame": None}, hash="0" * 64)
    assert peer.terminals("a")["a"]["code"] == "lineart_unknown"


def test_a_full_queue_says_busy_and_leaves_room_for_others(daemon: Running, context: zmq.Context[Any]) -> None:
    with daemon.peer(context) as eager, daemon.peer(context) as artist:
        eager.color("first", "wait go")
        eager.wait_for("first", "loading")
        names = [f"a{n}" for n in range(20)]
        for name in names:
            eager.color(name)
        refused = {f"a{n}" for n in range(16, 20)}
        assert {end["code"] for end in eager.terminals(*refused).values()} == {"busy"}
        artist.color("b")
        daemon.colorist.gates["go"].set()
        assert artist.terminals("b")["b"]["op"] == "layers"
        ends = eager.terminals("first", *sorted(set(names) - refused))
        assert {end["op"] for end in ends.values()} == {"layers"}


def test_an_id_in_use_does_not_end_the_job_that_uses_it(daemon: Running, peer: Peer) -> None:
    peer.color("a", "wait go")
    peer.color("a")
    refusal = peer.answer()
    assert (refusal["op"], refusal["id"], refusal["code"]) == ("error", "", "bad_message")
    daemon.colorist.gates["go"].set()
    assert peer.terminals("a")["a"]["op"] == "layers"


def test_stop_ends_open_jobs_with_stopping(daemon: Running, peer: Peer) -> None:
    peer.color("a", "sleep 30")
    peer.wait_for("a", "loading")
    peer.color("b")
    peer.send("stop", "s")
    ops = [peer.receive()[0] for _ in range(4)]
    told = {message["id"]: message for message in ops if message["op"] != "progress"}
    assert told["s"]["op"] == "done"
    assert told["a"]["code"] == told["b"]["code"] == "stopping"
    daemon.thread.join(20)
    assert daemon.closed is True


def test_a_path_too_long_for_a_socket_becomes_a_port(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 60) / ("y" * 60)
    folder.mkdir(parents=True)
    server = Server(lambda: pytest.fail("not opened"), folder, "ipc")
    try:
        assert server.endpoint.startswith("tcp://127.0.0.1:")
    finally:
        server.close()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DaemonError) as error:
        Server(lambda: pytest.fail("not opened"), tmp_path / "nowhere", "ipc")
    assert error.value.code == "daemon_not_started"


def test_a_fault_in_the_loop_costs_one_message(daemon: Running, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "Process", lambda: 1 / 0)
    error = peer.ask("status")
    assert (error["op"], error["code"], error["id"]) == ("error", "internal", "q")
    monkeypatch.undo()
    assert peer.ask("status")["op"] == "status"


def test_over_tcp_it_is_the_same(start: Start, context: zmq.Context[Any]) -> None:
    running = start(transport="tcp")
    assert running.server.endpoint.startswith("tcp://127.0.0.1:")
    with running.peer(context) as peer:
        pixels = peer.color("a", side=512)
        while (message := peer.receive())[0]["op"] == "progress":
            pass
        assert message[1] == [pixels]
