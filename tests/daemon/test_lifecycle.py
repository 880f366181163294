"""Real processes: one daemon per user, a connection file while it listens, a clean end."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq

from linewash.connection import ConnectionInfo, read_connection, write_connection
from linewash_daemon.idle import Idle
from tests.daemon.conftest import Start
from tests.fakes.peer import Peer

ROOT = Path(__file__).parents[2]
FAKE = str(ROOT / "tests/fakes/daemon_process.py")
Spawn = Callable[..., "subprocess.Popen[str]"]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits as POSIX has them")


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The runtime folder, as the environment of this process and its children names it."""
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("LINEWASH_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), str(ROOT)]))
    return tmp_path / "run"


@pytest.fixture
def spawn(folders: Path) -> Iterator[Spawn]:
    """Starts processes that end with the test."""
    processes: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, **options: Any) -> subprocess.Popen[str]:
        command = arguments or (FAKE,)
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        processes.append(subprocess.Popen([sys.executable, *command], **pipes, **options))
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


def _listening(process: subprocess.Popen[str]) -> ConnectionInfo:
    """The connection file of ``process``, once it is written."""
    for _ in range(3000):
        info = read_connection()
        if info is not None and info.pid == process.pid:
            return info
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    raise AssertionError("it never listened")


def _ends(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_jobs_then_the_daemon(
    spawn: Spawn, folders: Path, context: zmq.Context[Any], number: signal.Signals
) -> None:
    process = spawn()
    info = _listening(process)
    with Peer(info.endpoint, info.token, context) as peer:
        peer.color("a", "sleep 60")
        peer.wait_for("a", "loading")
        peer.color("b")
        peer.ask("status")
        process.send_signal(number)
        ends = peer.terminals("a", "b")
        assert {end["code"] for end in ends.values()} == {"stopping"}
    assert _ends(process) == (0, "", "")
    assert sorted(path.name for path in folders.iterdir()) == ["daemon.lock"]


def test_a_job_that_can_not_be_interrupted_does_not_keep_the_daemon(spawn: Spawn, context: zmq.Context[Any]) -> None:
    process = spawn()
    info = _listening(process)
    with Peer(info.endpoint, info.token, context) as peer:
        peer.color("a", "deaf 600")
        peer.wait_for("a", "loading")
        process.terminate()
        assert peer.terminals("a")["a"]["code"] == "stopping"
    assert _ends(process) == (0, "", "")
    assert read_connection() is None


def test_a_wrong_argument_is_one_sentence(spawn: Spawn) -> None:
    code, _, err = _ends(spawn("-m", "linewash_daemon", "--idle-exit", "soon"))
    assert code == 2
    assert "a number of seconds" in err
    assert "Traceback" not in err


def test_in_the_foreground_the_log_is_shown(spawn: Spawn) -> None:
    process = spawn(FAKE, "--foreground")
    _listening(process)
    process.terminate()
    code, _, err = _ends(process)
    assert code == 0
    assert "listens at" in err


def test_the_connection_file_is_for_its_user_alone(spawn: Spawn, folders: Path) -> None:
    _listening(spawn())
    assert (folders / "connection.json").stat().st_mode & 0o777 == 0o600
    assert folders.stat().st_mode & 0o777 == 0o700


def test_a_second_daemon_leaves_the_first_alone(spawn: Spawn, context: zmq.Context[Any]) -> None:
    first = spawn()
    info = _listening(first)
    second = spawn("-m", "linewash_daemon")
    code, out, err = _ends(second)
    assert (code, err) == (0, "")
    assert str(first.pid) in out
    assert read_connection() == info
    with Peer(info.endpoint, info.token, context) as peer:
        assert peer.ask("hello")["pid"] == first.pid


def test_what_a_killed_daemon_left_behind_is_replaced(spawn: Spawn, context: zmq.Context[Any]) -> None:
    first = spawn()
    before = _listening(first)
    first.kill()
    first.wait()
    assert read_connection() == before
    second = spawn()
    info = _listening(second)
    assert info.token != before.token
    with Peer(info.endpoint, info.token, context) as peer:
        assert peer.ask("hello")["pid"] == second.pid


@pytest.mark.parametrize("content", ["", "{", "[]", '{"endpoint": 1}'])
def test_a_damaged_connection_file_is_replaced(spawn: Spawn, folders: Path, content: str) -> None:
    folders.mkdir(mode=0o700)
    damaged = folders / "connection.json"
    damaged.write_text(content)
    damaged.chmod(0o600)
    process = spawn()
    for _ in range(3000):
        if damaged.read_text() != content:
            break
        time.sleep(0.01)
    assert _listening(process).pid == process.pid


def test_a_stopping_daemon_leaves_its_successors_file_alone(spawn: Spawn) -> None:
    process = spawn()
    info = _listening(process)
    other = ConnectionInfo(info.endpoint, "another token", 1, info.protocol, info.version)
    write_connection(other)
    process.terminate()
    _ends(process)
    assert read_connection() == other


def test_an_idle_daemon_unloads_then_leaves(
    spawn: Spawn, folders: Path, tmp_path: Path, context: zmq.Context[Any]
) -> None:
    process = spawn(FAKE, "--idle-unload", "0.2", "--idle-exit", "4")
    info = _listening(process)
    with Peer(info.endpoint, info.token, context) as peer:
        peer.color("a")
        peer.terminals("a")
        code, out, err = _ends(process)
    assert (code, out, err) == (0, "", "")
    assert not (folders / "connection.json").exists()
    log = (tmp_path / "state/daemon.log").read_text()
    assert log.index("model is unloaded") < log.index("the daemon stops")


def test_a_job_that_takes_long_is_no_idle_time(start: Start, context: zmq.Context[Any]) -> None:
    idle = Idle(0, 0)
    running = start(idle=idle)
    with running.peer(context) as peer:
        peer.color("a", "wait go")
        peer.wait_for("a", "loading")
        idle.unload_after, idle.exit_after = 0.1, 0.3
        peer.ask("status")  # from now on it would look at the clock
        time.sleep(1)
        running.colorist.gates["go"].set()
        assert peer.terminals("a")["a"]["op"] == "layers"
    running.thread.join(30)
    assert running.closed


def test_the_real_daemon_says_hello_without_the_networks_library(spawn: Spawn, context: zmq.Context[Any]) -> None:
    process = spawn("-m", "linewash_daemon", "--endpoint", "tcp")
    info = _listening(process)
    assert info.endpoint.startswith("tcp://127.0.0.1:")
    with Peer(info.endpoint, info.token, context) as peer:
        assert peer.ask("hello")["pid"] == process.pid
        assert peer.ask("status")["device"] == "not chosen yet"
        assert peer.ask("stop")["op"] == "done"
    assert _ends(process) == (0, "", "")


def test_starting_imports_nothing_heavy(spawn: Spawn) -> None:
    heavy = "{'torch', 'cv2', 'scipy', 'skimage', 'PIL'}"
    code = f"import sys, linewash_daemon.__main__; sys.exit(str({heavy} & set(sys.modules) or ''))"
    assert _ends(spawn("-c", code))[2].strip() == ""


def test_a_folder_that_can_not_be_used_is_one_sentence(
    spawn: Spawn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", str(tmp_path / "file" / "folder"))
    code, out, err = _ends(spawn("-m", "linewash_daemon"))
    assert (code, out) == (1, "")
    assert "LINEWASH_RUNTIME_DIR" in err
    assert err.count("\n") == 1


def _no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def test_a_full_disk_at_the_start_is_one_sentence(spawn: Spawn) -> None:
    code, out, err = _ends(spawn("-m", "linewash_daemon", preexec_fn=_no_room))
    assert (code, out) == (1, "")
    assert "can't write" in err
    assert err.count("\n") == 1


def test_a_disk_that_fills_up_costs_no_job(spawn: Spawn, context: zmq.Context[Any], tmp_path: Path) -> None:
    process = spawn()
    info = _listening(process)
    written = (tmp_path / "state/daemon.log").read_text()
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, 0))
    with Peer(info.endpoint, info.token, context) as peer:
        peer.color("a", "crash")  # this is logged, or would be
        peer.color("b")
        ends = peer.terminals("a", "b")
        assert (ends["a"]["code"], ends["b"]["op"]) == ("internal", "layers")
    process.terminate()
    assert _ends(process) == (0, "", "")
    assert (tmp_path / "state/daemon.log").read_text() == written
