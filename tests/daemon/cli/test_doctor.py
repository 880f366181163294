"""``linewash doctor``: every check has its line, and a problem has its cure and an exit code."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from linewash.errors import DaemonError
from linewash_daemon.cli import doctor
from linewash_daemon.models import ModelFolder

from .conftest import Program

NAMES = ["Python", "PyTorch", "Disk", "Runtime folder", "Connection file", "Daemon"]


def check(ran: Any, name: str) -> dict[str, Any]:
    return next(one for one in ran.json["checks"] if one["check"] == name)


def test_every_part_is_checked_and_the_exit_code_says_whether_all_is_well(linewash: Program) -> None:
    ran = linewash("doctor", "--json")
    checks = ran.json["checks"]
    assert [one["check"] for one in checks][:6] == NAMES
    assert all(one["ok"] for one in checks[:6])
    assert all(one["remedy"] for one in checks if not one["ok"])
    assert ran.code == (0 if ran.json["ok"] else 1)
    assert ran.json["ok"] == all(one["ok"] for one in checks)


def test_a_running_daemon_is_reported_with_its_version(linewash: Program) -> None:
    assert linewash("models").code == 0
    assert "process" in check(linewash("doctor", "--json"), "Daemon")["detail"]


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_a_connection_file_that_others_may_read_is_a_problem_with_a_cure(linewash: Program) -> None:
    folder = Path(linewash.environment["LINEWASH_RUNTIME_DIR"])
    folder.mkdir(0o700)
    file = folder / "connection.json"
    file.write_text("{}")
    file.chmod(0o644)
    ran = linewash("doctor")
    lines = ran.out.splitlines()
    problem = next(number for number, text in enumerate(lines) if text.startswith("PROBLEM  Connection file"))
    assert lines[problem + 1].strip().startswith("Delete it")
    assert ran.code == 1
    file.unlink()


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_a_runtime_folder_open_to_others_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", str(tmp_path))
    tmp_path.chmod(0o777)
    with pytest.raises(DaemonError, match="others may write"):
        doctor.CHECKS["Runtime folder"]()
    tmp_path.chmod(0o700)
    assert doctor.CHECKS["Runtime folder"]().ok


def test_missing_torch_is_a_problem_that_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    found = doctor.CHECKS["PyTorch"]()
    assert not found.ok
    assert "install" in found.remedy


def test_missing_and_damaged_weights_are_problems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "ModelFolder", lambda: ModelFolder(tmp_path))
    assert not doctor.CHECKS["Default style"]().ok
    (tmp_path / "linewash.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0not json at all!")
    found = doctor.CHECKS["Default style"]()
    assert not found.ok
    assert "linewash.safetensors" in found.detail


def test_weights_of_another_hash_than_released_are_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from linewash.contract import ModelInfo

    class Folder:
        def infos(self) -> tuple[ModelInfo, ...]:
            other = ModelInfo("grey", "12" * 32, "r", "n", ("color",), modes=("grey",))
            return (ModelInfo("linewash", "ab" * 32, "r", "n", ("flats",), default=True), other)

    monkeypatch.setattr(doctor, "ModelFolder", Folder)
    monkeypatch.setattr(doctor, "SHIPPED", tmp_path)
    assert doctor.CHECKS["Default style"]().ok
    (tmp_path / "linewash.sha256").write_text(f"{'ab' * 32}  linewash.safetensors\n")
    assert "as released" in doctor.CHECKS["Default style"]().detail
    (tmp_path / "grey.sha256").write_text(f"{'cd' * 32}  grey.safetensors\n")
    found = doctor.CHECKS["Default style"]()
    assert not found.ok and "grey" in found.detail and "grey.safetensors" in found.remedy
    (tmp_path / "grey.sha256").unlink()
    (tmp_path / "linewash.sha256").write_text(f"{'cd' * 32}  linewash.safetensors\n")
    assert not doctor.CHECKS["Default style"]().ok
