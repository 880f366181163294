"""The daemon as it may be when an artist clicks; each state has its sentence and its button, and costs no layer."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from linewash.connection import write_connection
from tests.editors.place import CHECKOUT
from tests.fakes.daemon import FakeDaemon

from .place import USUAL
from .run import SCRIPTS, Krita
from .scripted_daemon import command, end_daemon, other_version

STATES = SCRIPTS / "daemon_states.py"
TOKEN = "a-token-of-the-fake-daemon"


@pytest.fixture(scope="module", params=[USUAL])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def plugins(built_zip: Path) -> Sequence[Path]:
    return [built_zip]


@pytest.fixture(scope="module")
def environment(runtime_folder: Path) -> Iterator[Mapping[str, str]]:
    yield {
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
    (runtime_folder / "connection.json").unlink(missing_ok=True)


def test_a_daemon_that_can_t_be_started_has_a_sentence_and_the_buttons_that_help(krita: Krita, no_daemon: Path) -> None:
    (no_daemon / "daemon.sh").write_text("echo no room for torch >&2; exit 3\n", "utf-8")
    result = krita.play(STATES, "absent", folder=str(no_daemon), command=command())
    assert result["code"] == "daemon_not_started"
    assert "could not be started" in result["told"]
    assert result["buttons"] == ["start_daemon", "copy_diagnostics"]
    assert result["kept"]
    for wanted in ("Linewash plug-in: ", f"Krita: {USUAL}", "Python: 3.", "200 × 150 px", "no room for torch"):
        assert wanted in result["copied"]
    assert result["then"] == ["", "Ready."]
    assert result["layers"] == ["Background", "Auto color", "Ink"]


def test_a_daemon_killed_at_work_costs_nothing_and_the_next_click_has_another(krita: Krita, no_daemon: Path) -> None:
    result = krita.play(STATES, "killed", folder=str(no_daemon))
    assert result["code"] == "daemon_gone"
    assert "start_daemon" in result["buttons"]
    assert result["kept"]
    assert result["next"] == ["Background", "Auto color", "Ink"]
    assert result["another"]


def test_a_daemon_restarted_between_two_clicks_is_not_noticed(krita: Krita, no_daemon: Path) -> None:
    result = krita.play(STATES, "restarted", folder=str(no_daemon))
    assert result["clicks"] == [[["Background", "Auto color", "Ink"], "", True]] * 2


def test_a_daemon_of_another_version_is_told_of(krita: Krita, no_daemon: Path) -> None:
    with FakeDaemon(no_daemon, token=TOKEN, protocol=99) as fake:
        write_connection(replace(fake.info, protocol=99), no_daemon / "connection.json")
        result = krita.play(STATES, "refused")
    assert result["code"] == "wrong_protocol"
    assert result["buttons"] == ["start_daemon", "copy_diagnostics"]
    assert result["kept"]
    assert TOKEN not in result["copied"]
    assert "protocol 99" in result["copied"]


def test_start_daemon_replaces_a_daemon_of_another_version(krita: Krita, no_daemon: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "LINEWASH_RUNTIME_DIR": str(no_daemon)}
    with subprocess.Popen(other_version(), env=environment) as old:
        try:
            result = krita.play(STATES, "replaced", folder=str(no_daemon))
            assert old.wait(10) == 0
        finally:
            old.kill()
    assert result["code"] == "wrong_protocol"
    assert result["kept"]
    assert result["then"] == ["Background", "Auto color", "Ink"]


def test_a_wrong_token_is_told_of_and_never_copied(krita: Krita, no_daemon: Path) -> None:
    with FakeDaemon(no_daemon, token=TOKEN) as fake:
        write_connection(replace(fake.info, token=f"not-{TOKEN}"), no_daemon / "connection.json")
        result = krita.play(STATES, "refused")
    assert result["code"] == "daemon_refused"
    assert result["buttons"] == ["copy_diagnostics"]
    assert result["kept"]
    assert TOKEN not in result["copied"]


def test_a_damaged_connection_file_is_told_of(krita: Krita, no_daemon: Path) -> None:
    connection = no_daemon / "connection.json"
    connection.write_text(json.dumps({"token": TOKEN}), "utf-8")
    connection.chmod(0o600)
    result = krita.play(STATES, "refused")
    assert result["code"] == "connection_file_damaged"
    assert result["kept"]
    assert TOKEN not in result["copied"]


def test_free_gpu_gives_the_memory_back(krita: Krita, no_daemon: Path) -> None:
    result = krita.play(STATES, "gpu_freed")
    assert result["code"] == "out_of_memory"
    assert result["buttons"] == ["free_gpu"]
    assert result["then"] == ""
    assert result["kept"]


def test_each_kind_of_layer_has_its_blend_mode_and_one_undo_takes_all_away(krita: Krita, no_daemon: Path) -> None:
    result = krita.play(STATES, "roles")
    _name, kind, mode, children = result["layers"][1]
    assert (kind, mode) == ("grouplayer", "normal")
    assert [layer[2] for layer in children] == ["normal", "multiply", "screen", "color", "normal", "normal"]
    assert result["opacity"] == [255] * 6
    assert result["composed"] == [[30, 90, 250]] * 2  # the topmost, a layer of one colour; again after redo


def test_a_stroke_lands_while_the_daemon_works(krita: Krita, no_daemon: Path) -> None:
    result = krita.play(STATES, "wait")
    assert result["landed_meanwhile"]
    assert result["layers"] == ["Background", "Auto color", "Ink"]
    print(f"the main thread was away for {result['blocked_ms']} ms at most", result["where"])
