"""The daemon as it may be when GIMP's filter is called: each state has its sentence, and costs no layer."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from linewash.connection import read_connection, write_connection
from tests.editors.krita.scripted_daemon import end_daemon
from tests.fakes.daemon import FakeDaemon

from .console import SCRIPTS, Gimp
from .telling_daemon import command

STATES = SCRIPTS / "daemon_states.py"
TOKEN = "a-token-of-the-fake-daemon"
COLORED = ["Notes", "Ink", ["Auto color", ["Highlights", "Shading", "Flats"]], "Sketch", "Background"]


@pytest.fixture(scope="module")
def plugins(built_zip: Path) -> Sequence[Path]:
    return [built_zip]


@pytest.fixture(scope="module")
def environment(runtime_folder: Path) -> Mapping[str, str]:
    return {
        "LINEWASH_RUNTIME_DIR": str(runtime_folder),
        "LINEWASH_STATE_DIR": str(runtime_folder / "state"),
        "LINEWASH_DAEMON": f"sh {runtime_folder / 'daemon.sh'}",
    }


@pytest.fixture
def no_daemon(runtime_folder: Path) -> Iterator[Path]:
    """The folder for a connection file; ``daemon.sh`` in it is the command that starts a daemon: it works."""
    (runtime_folder / "daemon.sh").write_text(f"exec {command()}\n", "utf-8")
    yield runtime_folder
    end_daemon(runtime_folder)
    for name in ("connection.json", "asked.json"):
        (runtime_folder / name).unlink(missing_ok=True)


def check(result: dict[str, object], words: str) -> None:
    """A sentence for the artist came of it, and nothing else."""
    said = result["said"]
    assert isinstance(said, list)
    status, text = said
    assert status == "execution-error"
    assert words in text
    assert "Traceback" not in text and TOKEN not in text and "\n" not in text
    assert result["kept"] is True
    assert result["images_left"] == 0


def test_a_daemon_that_does_not_run_is_started(gimp: Gimp, no_daemon: Path) -> None:
    result = gimp.play(STATES, "color")
    assert (result["said"], result["names"]) == ([], COLORED)
    assert (no_daemon / "connection.json").exists()


def test_a_daemon_that_can_t_be_started_is_told_of(gimp: Gimp, no_daemon: Path) -> None:
    (no_daemon / "daemon.sh").write_text("echo no room for torch >&2; exit 3\n", "utf-8")
    check(gimp.play(STATES, "color"), "could not be started")


def test_a_daemon_killed_at_work_costs_nothing_and_the_next_call_has_another(gimp: Gimp, no_daemon: Path) -> None:
    gimp.begin(STATES, "color", style="sleep 20")
    deadline = time.monotonic() + 30
    while not (no_daemon / "asked.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    connection = read_connection(no_daemon / "connection.json")
    assert connection is not None
    os.kill(connection.pid, signal.SIGKILL)
    check(gimp.end(30), "ended in the middle of the work")
    result = gimp.play(STATES, "color")
    assert (result["said"], result["names"]) == ([], COLORED)


def test_a_daemon_restarted_between_two_calls_is_not_noticed(gimp: Gimp, no_daemon: Path) -> None:
    result = gimp.play(STATES, "restarted")
    assert result["clicks"] == [[[], COLORED]] * 2
    assert result["pids"][0] != result["pids"][1]


def test_a_daemon_of_another_version_is_told_of(gimp: Gimp, no_daemon: Path) -> None:
    with FakeDaemon(no_daemon, token=TOKEN, protocol=99) as fake:
        write_connection(replace(fake.info, protocol=99), no_daemon / "connection.json")
        check(gimp.play(STATES, "color"), "99")


def test_a_wrong_token_is_told_of(gimp: Gimp, no_daemon: Path) -> None:
    with FakeDaemon(no_daemon, token=TOKEN) as fake:
        write_connection(replace(fake.info, token=f"not-{TOKEN}"), no_daemon / "connection.json")
        check(gimp.play(STATES, "color"), "does not accept")


def test_a_damaged_connection_file_is_told_of(gimp: Gimp, no_daemon: Path) -> None:
    connection = no_daemon / "connection.json"
    connection.write_text(json.dumps({"token": TOKEN}), "utf-8")
    connection.chmod(0o600)
    check(gimp.play(STATES, "color"), "damaged")


def test_the_daemon_as_it_is_shipped_colours(gimp: Gimp, no_daemon: Path) -> None:
    python = sys.executable
    (no_daemon / "daemon.sh").write_text(f"exec env OMP_NUM_THREADS=1 {python} -m linewash_daemon\n", "utf-8")
    result = gimp.play(STATES, "color", 120)
    assert result["said"] == []
    name, layers = result["names"].pop(2)
    assert (name, layers[-1]) == ("Auto color", "Flats")
    assert result["names"] == ["Notes", "Ink", "Sketch", "Background"]
