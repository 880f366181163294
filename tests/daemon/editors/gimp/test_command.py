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


def start(home: Path, folder: str, *versions: str) -> None:
    """Leave what GIMP makes at its first start."""
    for version in versions:
        (home / folder / "GIMP" / version).mkdir(parents=True)


def gimp_checks(ran: Ran) -> list[dict[str, Any]]:
    return [check for check in ran.json["checks"] if check["check"].startswith("GIMP")]


def test_every_gimp_3_of_the_user_gets_the_plug_in_and_doctor_agrees(home: Path) -> None:
    start(home, ".config", "3.0", "3.2")
    start(home, ".var/app/org.gimp.GIMP/config", "3.0")
    start(home, "snap/gimp/current/.config", "3.0")
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
    start(home, ".config", "3.0")
    first = linewash(home, "install", "gimp")
    second = linewash(home, "install", "gimp")
    assert (first.code, second.code) == (0, 0)
    assert f"GIMP 3.0: Linewash {__version__} is in {home}/.config/GIMP/3.0/plug-ins/linewash now." in first.out
    assert f"in place of {__version__}" in second.out
    assert "Filters > Colors > Auto color" in second.out


def test_where_gimp_3_was_never_started_nothing_is_made_that_would_keep_it_from_taking_over_settings(
    home: Path,
) -> None:
    start(home, ".config", "2.10")
    ran = linewash(home, "install", "gimp", "--json")
    assert ran.code == 2
    assert ran.error["code"] == "gimp_not_started"
    assert "GIMP 2.10, which was, is not supported" in ran.error["sentence"]
    assert "Start GIMP 3 once" in ran.error["remedy"]
    assert [path.name for path in (home / ".config/GIMP").iterdir()] == ["2.10"]


def test_a_profile_that_can_not_be_written_is_one_sentence_and_the_others_are_done(home: Path) -> None:
    start(home, ".var/app/org.gimp.GIMP/config", "3.0")
    start(home, ".config", "3.0")
    (home / ".config/GIMP/3.0/plug-ins").touch()  # a file where the folder should be
    ran = linewash(home, "install", "gimp", "--json")
    assert ran.code == 2
    assert ran.error["code"] == "output_unwritable"
    assert (home / ".var/app/org.gimp.GIMP/config/GIMP/3.0/plug-ins/linewash/linewash.py").is_file()
    assert (home / ".config/GIMP/3.0/plug-ins").is_file()


def test_a_damaged_plug_in_makes_doctor_fail(home: Path) -> None:
    start(home, ".config", "3.0")
    linewash(home, "install", "gimp")
    (home / ".config/GIMP/3.0/plug-ins/linewash/linewash.py").chmod(0o644)
    ran = linewash(home, "doctor", "--json")
    assert ran.code == 1
    assert [check["ok"] for check in gimp_checks(ran)] == [False]


def test_gimp_2_alone_is_no_fault_of_the_installation(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(home, ".config", "2.10")
    monkeypatch.setenv("PATH", "/nowhere")
    (check,) = gimp_checks(linewash(home, "doctor", "--json"))
    assert check["ok"]
    assert "GIMP 2.10 is not supported" in check["detail"]
