"""Finding a daemon or starting one, with real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
import pytest

from linewash import Client, DaemonError, DaemonGone, launch
from linewash.connection import ConnectionInfo, log_path, read_connection, write_connection
from linewash.launch import Finder, daemon_command, end_daemon
from tests.fakes.daemon import FakeDaemon
from tests.linewash.test_client import LINES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("LINEWASH_DAEMON", raising=False)
    return tmp_path


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small daemon program as LINEWASH_DAEMON; what it started is ended after the test."""
    script = tmp_path / "small_daemon.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import os, sys
            from pathlib import Path
            sys.path[:0] = [{str(ROOT / "src")!r}, {str(ROOT)!r}]
            from linewash.connection import write_connection
            from tests.fakes.daemon import FakeDaemon
            daemon = FakeDaemon(Path(sys.argv[1]), pid=os.getpid())
            write_connection(daemon.info)
            """
        )
    )
    monkeypatch.setenv("LINEWASH_DAEMON", f"'{sys.executable}' '{script}' '{tmp_path}'")
    yield script
    info = read_connection()
    if info is not None and info.pid != os.getpid():
        kill(info.pid)


def kill(pid: int) -> None:
    """End the process and wait until it has gone; the launcher's thread reaps it."""
    try:
        os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            os.kill(pid, 0)
            time.sleep(0.01)
    except ProcessLookupError:
        return
    raise AssertionError("it does not die")


def running(info: ConnectionInfo | None) -> int:
    assert info is not None
    return info.pid


def test_a_daemon_is_started_when_there_is_none(program: Path) -> None:
    with Client() as client:
        assert client.color(LINES).layers
        assert running(read_connection()) != os.getpid()


def test_a_second_client_attaches_to_it(program: Path) -> None:
    with Client() as first, Client() as second:
        assert first.connect().pid == second.connect().pid


def test_a_daemon_that_lives_is_not_started_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEWASH_DAEMON", "/nonexistent/program")
    with FakeDaemon(folder) as daemon:
        write_connection(daemon.info)
        with Client() as client:
            assert client.connect().pid == os.getpid()


@pytest.mark.parametrize("endpoint", ["ipc:///nonexistent/socket", "tcp://127.0.0.1:1"])
def test_a_stale_file_is_noticed_and_a_new_daemon_started(program: Path, endpoint: str) -> None:
    write_connection(ConnectionInfo(endpoint, "old", os.getpid(), 1, "0.0.1"))
    with Client() as client:
        assert client.models() == ()


def test_the_token_is_not_sent_to_whoever_has_a_dead_daemons_port(program: Path, folder: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with FakeDaemon(folder / ".", transport="tcp") as stranger:
        write_connection(ConnectionInfo(stranger.endpoint, "secret", dead.pid, 1, "0.0.1"))
        with Client() as client:
            assert client.models() == ()
        assert stranger.seen == []


def test_a_killed_daemon_is_replaced_at_the_next_call(program: Path) -> None:
    with Client() as client:
        before = client.connect().pid
        kill(running(read_connection()))
        assert client.models() == ()
        assert running(read_connection()) != 0
        assert before != 0


def test_a_stale_file_without_leave_to_start_is_unreachable() -> None:
    write_connection(ConnectionInfo("ipc:///nonexistent/socket", "old", os.getpid(), 1, "0.0.1"))
    with pytest.raises(DaemonError) as caught:
        Client(start=False).connect()
    assert caught.value.code == "daemon_unreachable"
    assert not isinstance(caught.value, DaemonGone)


def test_a_token_that_the_daemon_refuses_starts_no_second_daemon(folder: Path) -> None:
    with FakeDaemon(folder) as daemon:
        write_connection(ConnectionInfo(daemon.endpoint, "old", os.getpid(), 1, "0.1.0"))
        with pytest.raises(DaemonError) as caught:
            Client().connect()
    assert caught.value.code == "daemon_refused"


@pytest.mark.parametrize(("mode", "code"), [(0o644, "connection_file_foreign"), (0o600, "connection_file_damaged")])
def test_a_bad_connection_file_is_an_error_of_every_call(folder: Path, mode: int, code: str) -> None:
    (folder / "connection.json").write_text("{}")
    (folder / "connection.json").chmod(mode)
    with pytest.raises(DaemonError) as caught:
        Client().models()
    assert caught.value.code == code


def test_a_daemon_that_fails_to_start_is_explained_and_its_words_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "_GRACE", 0.1)
    monkeypatch.setenv("LINEWASH_DAEMON", f"'{sys.executable}' -c 'import sys; sys.exit(\"no torch here\")'")
    client = Client()
    for _ in range(2):  # the second call tries anew
        with pytest.raises(DaemonError) as caught:
            client.connect()
        assert caught.value.code == "daemon_not_started"
        assert str(log_path()) in caught.value.remedy
    assert log_path().read_text().count("no torch here") == 2


def test_a_daemon_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = Finder(command=[sys.executable, "-c", ""], limit=0.2)
    with pytest.raises(DaemonError, match="did not answer") as caught:
        while True:
            finder.poll()
            time.sleep(0.02)
    assert caught.value.code == "daemon_not_started"


REFUSED = DaemonError("The daemon refused.", "Try again.", "daemon_refused")
LEAVING = ConnectionInfo("tcp://127.0.0.1:1", "secret", os.getpid(), 1, "")


def test_a_daemon_that_hangs_up_because_it_leaves_is_followed_by_another(program: Path) -> None:
    finder = Finder()
    finder.reject(LEAVING, REFUSED)  # its connection file is gone
    assert finder.poll() is None
    end = time.monotonic() + 20
    while (found := finder.poll()) is None:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert found.pid != os.getpid()


def test_a_daemon_that_refuses_and_stays_is_told_of() -> None:
    write_connection(LEAVING)
    with pytest.raises(DaemonError, match="refused"):
        Finder().reject(LEAVING, REFUSED)


def test_a_command_that_does_not_exist_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEWASH_DAEMON", "/nonexistent/program --flag")
    with pytest.raises(DaemonError, match="/nonexistent/program"):
        Client().connect()


def test_this_python_is_used_when_it_has_the_daemon() -> None:
    assert daemon_command() == [sys.executable, "-m", "linewash_daemon"]


def test_an_editor_that_embeds_python_is_not_started_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "linewash"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", "/usr/bin/krita")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert daemon_command() == [str(program), "daemon", "start"]
    program.unlink()
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(DaemonError) as caught:
        daemon_command()
    assert caught.value.code == "daemon_not_started"


def test_a_copy_in_an_editor_starts_what_installed_it_while_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/usr/bin/krita")
    monkeypatch.setattr(launch, "__file__", str(tmp_path / "launch.py"))
    for name in ("PATH", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    program = tmp_path / "python3"
    program.touch(0o700)
    command = [str(program), "-m", "linewash_daemon"]
    (tmp_path / "daemon.json").write_text(json.dumps(command))
    assert daemon_command() == command
    for useless in (json.dumps(["/gone/python3"]), "[]", "[1]", '"text"', "{"):
        (tmp_path / "daemon.json").write_text(useless)
        with pytest.raises(DaemonError):
            daemon_command()


def test_what_an_editor_set_for_its_own_python_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "APPIMAGE"):
        monkeypatch.setenv(name, "/tmp/.mount_krita")
    launch.start_daemon(["/usr/bin/env"]).wait()
    said = {line.partition("=")[0] for line in log_path().read_text().splitlines()}
    assert "HOME" in said
    assert not said & {"PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH"}


def test_the_daemon_outlives_its_client(program: Path) -> None:
    script = (
        "import sys; sys.path[:0] = [sys.argv[1]]\nfrom linewash import Client, read_connection\n"
        "with Client() as client:\n    print(read_connection().pid)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(ROOT / "src")], capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    pid = int(done.stdout)
    assert os.getsid(pid) != os.getsid(0)
    with Client(start=False) as client:
        assert client.models() == ()
    os.kill(pid, signal.SIGKILL)


def test_the_real_daemon_is_started_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    with Client(name="tests") as client:
        pid = client.connect().pid
        try:
            assert client.status().pid == pid == running(read_connection())
            client.stop()
            end = time.monotonic() + 20
            while read_connection() is not None and time.monotonic() < end:
                time.sleep(0.02)
        finally:
            kill(pid)
    assert read_connection() is None


@contextmanager
def started_process(name: str) -> Iterator[tuple[ConnectionInfo, subprocess.Popen[bytes]]]:
    """A process with this word on its command line that does nothing, and a connection file that names it."""
    code = "import time; print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, name], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        info = ConnectionInfo("ipc:///nowhere", "token", process.pid, 99, "99.0")
        write_connection(info)
        try:
            yield info, process
        finally:
            process.kill()


def test_a_daemon_of_another_version_is_ended_by_a_signal() -> None:
    with started_process("linewash_daemon") as (info, process):
        assert end_daemon(info)
        assert process.wait(10) == -signal.SIGTERM


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what a process is")
def test_a_process_that_is_no_daemon_is_left_alone() -> None:
    with started_process("linewash_painting.py") as (info, process):
        assert not end_daemon(info)
        assert process.poll() is None


def test_nobody_ends_themselves() -> None:
    assert not end_daemon(ConnectionInfo("ipc:///nowhere", "token", os.getpid(), 99, "99.0"))


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As in an editor: a Python without the daemon, no program on the path; the state folder."""
    monkeypatch.setattr("linewash.launch.importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr(
        "linewash.launch.shutil.which", lambda name, path=None: name if Path(name).is_absolute() else None
    )
    monkeypatch.setenv("LINEWASH_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def test_the_installation_that_ran_last_is_found_by_a_client_that_came_without_one(bare: Path) -> None:
    with pytest.raises(DaemonError):
        daemon_command()
    launch.leave_note()
    assert daemon_command() == [sys.executable, "-m", "linewash_daemon"]


@pytest.mark.parametrize("text", ["", "[", "[]", "{}", "[1]", '["/nonexistent/python"]', "\\udc00", "[" * 2000])
def test_a_note_that_makes_no_sense_counts_as_none(bare: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    bare.mkdir()
    (bare / "daemon.json").write_text(text)
    assert launch._noted_command(bare / "daemon.json") == []


@pytest.mark.skipif(os.name != "posix", reason="POSIX modes")
def test_a_note_that_others_may_have_written_is_not_used(bare: Path) -> None:
    launch.leave_note()
    (bare / "daemon.json").chmod(0o666)
    with pytest.raises(DaemonError):
        daemon_command()


def test_where_no_note_can_be_left_nothing_happens(bare: Path) -> None:
    bare.write_text("a file, where the folder would be")
    launch.leave_note()
    assert bare.read_text().startswith("a file")


def test_the_state_folder_is_the_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINEWASH_STATE_DIR", raising=False)
    assert launch.state_folder() == Path(platformdirs.user_state_dir("linewash", appauthor=False))
