"""Daemons that died, strangers and foreign files, met from the command line: one sentence, nothing written."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from linewash.connection import ConnectionInfo, read_connection, write_connection
from tests.daemon.pictures.files import drawing
from tests.fakes.daemon import FakeDaemon

from .conftest import Program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and permissions as POSIX has them")


@pytest.fixture
def line(tmp_path: Path) -> Path:
    Image.fromarray(drawing()).save(tmp_path / "page.png")
    return tmp_path / "page.png"


def connection_file(linewash: Program) -> Path:
    folder = Path(linewash.environment["LINEWASH_RUNTIME_DIR"])
    folder.mkdir(0o700, exist_ok=True)
    return folder / "connection.json"


def started(linewash: Program) -> ConnectionInfo:
    assert linewash("models", "--json").code == 0
    info = read_connection(connection_file(linewash))
    assert info is not None
    return info


def test_a_daemon_killed_in_the_middle_of_a_job_leaves_no_half_file(linewash: Program, line: Path) -> None:
    daemon = started(linewash)
    running = linewash.begin("color", line, "--style", "report 1;sleep 60", "--json")
    while linewash("daemon", "status", "--json").json["jobs_running"] != 1:
        time.sleep(0.1)
    os.kill(daemon.pid, signal.SIGKILL)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 3, err
    assert out.count("\n") == 1 and '"code":"daemon_gone"' in out
    assert "Traceback" not in err
    assert list(line.parent.iterdir()) == [line]
    assert linewash("daemon", "status", "--json").json == {"running": False}
    assert linewash("color", line, "--json").code == 0  # by a new one, over what the dead one left


def test_a_wrong_token_is_told_with_its_cure(linewash: Program, line: Path) -> None:
    daemon = started(linewash)
    write_connection(replace(daemon, token="guess"), connection_file(linewash))
    ran = linewash("color", line, "--json")
    assert (ran.code, ran.error["code"]) == (3, "daemon_refused")
    assert "process" in ran.error["remedy"]
    assert list(line.parent.iterdir()) == [line]
    write_connection(daemon, connection_file(linewash))


def test_a_daemon_of_another_version_is_told_as_such(linewash: Program, line: Path) -> None:
    file = connection_file(linewash)
    with FakeDaemon(file.parent, protocol=2) as newer:
        write_connection(newer.info, file)
        ran = linewash("color", line, "--json")
        assert newer.ops() == []  # the drawing was not sent
        stopping = linewash("daemon", "stop", "--json")
    assert (ran.code, ran.error["code"]) == (3, "wrong_protocol")
    assert "version 2" in ran.error["sentence"]
    assert stopping.error["code"] == "wrong_protocol"  # it is no process of ours, so it is left alone
    file.unlink()


def test_a_connection_file_that_others_can_read_is_not_used(linewash: Program, line: Path) -> None:
    started(linewash)
    file = connection_file(linewash)
    file.chmod(0o644)
    ran = linewash("color", line, "--json")
    assert (ran.code, ran.error["code"]) == (3, "connection_file_foreign")
    assert list(line.parent.iterdir()) == [line]
    file.chmod(0o600)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give files away")
def test_a_connection_file_of_another_user_is_not_used(linewash: Program, line: Path) -> None:
    started(linewash)
    file = connection_file(linewash)
    os.chown(file, 65534, -1)
    ran = linewash("color", line, "--json")
    assert (ran.code, ran.error["code"]) == (3, "connection_file_foreign")
    os.chown(file, os.geteuid(), -1)


def test_an_output_that_can_not_be_written_is_told_before_any_daemon_starts(linewash: Program, line: Path) -> None:
    ran = linewash("color", line, "--out", line.parent / "nowhere" / "page.png", "--json")
    assert (ran.code, ran.error["code"]) == (2, "output_unwritable")
    assert not Path(linewash.environment["LINEWASH_RUNTIME_DIR"]).exists()
