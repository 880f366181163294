"""`linewash install gimp` as a person runs it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from linewash.version import __version__
from tests.daemon.cli.conftest import PROGRAM, ROOT, Ran

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the layout of Linux")


def linewash(home: Path, *arguments: str) -> Ran:
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    environment["LINEWASH_RUNTIME_DIR"] = str(home / "run")
    run = subprocess.run([*PROGRAM, *arguments], env=environment, capture_output=True, text=True, timeout=90)
    return Ran(run.returncode, run.stdout, run.stderr)


def gimp_checks(ran: Ran) -> list[dict[str, Any]]:
    return [check for check in ran.json["checks"] if check["check"].startswith("GIMP")]


def test_every_gimp_3_of_the_user_gets_the_plug_in_and_doctor_agrees(home: Path) -> None:
    for folder in (".config/GIMP/3.0", ".config/GIMP/3.2", ".var/app/org.gimp.GIMP", "snap/gimp/current"):
        (home / folder).mkdir(parents=True)
    ran = linewash(home, "install", "gimp", "--json")
    assert ran.code == 0
    assert ran.json["version"] == __version__
    labels = ["GIMP 3.0", "GIMP 3.2", "GIMP 3.0 (Flatpak)", "GIMP 3.0 (Snap)"]
    assert [one["gimp"] for one in ran.json["profiles"]] == labels
    for one in ran.json["profiles"]:
        assert os.access(Path(one["folder"]) / "linewash.py", os.X_OK)
        assert one["replaced"] is None
    checks = gimp_checks(linewash(home, "doctor", "--json"))
    assert [(check["check"], check["ok"]) for check in checks] == [(label, True) for label in labels]


def test_the_text_names_the_folder_what_was_replaced_and_where_to_look(home: Path) -> None:
    (home / ".config/GIMP/2.10").mkdir(parents=True)
    first = linewash(home, "install", "gimp")
    second = linewash(home, "install", "gimp")
    assert (first.code, second.code) == (0, 0)
    assert str(home / ".config/GIMP/3.0/plug-ins/linewash") in first.out
    assert "No GIMP 3 was ever started here" in first.out
    assert "GIMP 2.10, which was, is not supported" in first.out
    assert "in place of" not in first.out
    assert f"in place of {__version__}" in second.out
    assert "Filters > Colors > Auto color" in second.out


def test_the_profile_that_gimps_variable_names_is_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIMP3_DIRECTORY", str(home / "mine"))
    ran = linewash(home, "install", "gimp", "--json")
    assert [one["folder"] for one in ran.json["profiles"]] == [str(home / "mine/plug-ins/linewash")]


def test_a_profile_that_can_not_be_written_is_one_sentence_and_the_others_are_done(home: Path) -> None:
    (home / ".var/app/org.gimp.GIMP").mkdir(parents=True)
    (home / ".config/GIMP/3.0").mkdir(parents=True)
    (home / ".config/GIMP/3.0/plug-ins").touch()  # a file where the folder should be
    ran = linewash(home, "install", "gimp", "--json")
    assert ran.code == 2
    assert ran.error["code"] == "output_unwritable"
    assert (home / ".var/app/org.gimp.GIMP/config/GIMP/3.0/plug-ins/linewash/linewash.py").is_file()
    assert (home / ".config/GIMP/3.0/plug-ins").is_file()


def test_a_damaged_plug_in_makes_doctor_fail(home: Path) -> None:
    linewash(home, "install", "gimp")
    (home / ".config/GIMP/3.0/plug-ins/linewash/linewash.py").chmod(0o644)
    ran = linewash(home, "doctor", "--json")
    assert ran.code == 1
    assert [check["ok"] for check in gimp_checks(ran)] == [False]


def test_gimp_2_alone_is_no_fault_of_the_installation(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".config/GIMP/2.10").mkdir(parents=True)
    monkeypatch.setenv("PATH", "/nowhere")
    (check,) = gimp_checks(linewash(home, "doctor", "--json"))
    assert check["ok"]
    assert "GIMP 2.10 is not supported" in check["detail"]
