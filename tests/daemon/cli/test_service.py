"""``linewash daemon``: started once, told truly, stopped for good. The daemon here is the real one."""

from __future__ import annotations

from pathlib import Path

from linewash.version import __version__

from .conftest import Program


def test_start_status_stop_tell_the_truth(linewash: Program) -> None:
    assert linewash("daemon", "status", "--json").json == {"running": False}
    first = linewash("daemon", "start", "--json").json
    assert (first["running"], first["started"], first["version"]) == (True, True, __version__)
    again = linewash("daemon", "start", "--json").json
    assert (again["started"], again["pid"]) == (False, first["pid"])
    status = linewash("daemon", "status", "--json").json
    assert (status["running"], status["pid"], status["jobs_running"]) == (True, first["pid"], 0)
    assert "runs as process" in linewash("daemon", "status").out
    assert linewash("daemon", "stop", "--json").json == {"running": False, "stopped": True}
    assert linewash("daemon", "status", "--json").json == {"running": False}
    assert linewash("daemon", "stop", "--json").json == {"running": False, "stopped": False}


def test_start_does_not_call_itself_by_way_of_its_own_variable(linewash: Program) -> None:
    recursive = Program({**linewash.environment, "LINEWASH_DAEMON": "linewash daemon start"})
    assert recursive("daemon", "start", "--json").json["started"] is True


def test_a_damaged_connection_file_is_told_with_its_code(linewash: Program) -> None:
    folder = Path(linewash.environment["LINEWASH_RUNTIME_DIR"])
    folder.mkdir(0o700)
    file = folder / "connection.json"
    file.write_text("{")
    file.chmod(0o600)
    ran = linewash("daemon", "status", "--json")
    assert (ran.code, ran.error["code"]) == (3, "connection_file_damaged")
    file.unlink()


def test_models_lists_names_and_where_they_come_from(linewash: Program) -> None:
    told = linewash("models", "--json").json
    assert [model["name"] for model in told["models"]] == ["fake"]
    text = linewash("models").out
    assert text.startswith("fake (default)")
    assert "recipe" in text
