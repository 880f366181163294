"""`linewash install krita` as a person runs it."""

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


def krita_checks(ran: Ran) -> list[dict[str, Any]]:
    return [check for check in ran.json["checks"] if check["check"].startswith("Krita")]


def test_every_krita_of_the_user_gets_the_plug_in_and_doctor_agrees(home: Path) -> None:
    for folder in (".local/share/krita", ".var/app/org.kde.krita", "snap/krita/current"):
        (home / folder).mkdir(parents=True)
    ran = linewash(home, "install", "krita", "--json")
    assert ran.code == 0
    assert ran.json["version"] == __version__
    assert [one["krita"] for one in ran.json["profiles"]] == ["Krita", "Krita (Flatpak)", "Krita (Snap)"]
    for one in ran.json["profiles"]:
        assert (Path(one["folder"]) / "linewash_krita" / "linewash" / "session.py").is_file()
        assert "enable_linewash_krita=true" in Path(one["kritarc"]).read_text()
        assert one["replaced"] is None
    checks = krita_checks(linewash(home, "doctor", "--json"))
    assert [check["ok"] for check in checks] == [True] * 3


def test_the_text_names_the_folder_what_was_replaced_and_where_to_look(home: Path) -> None:
    first = linewash(home, "install", "krita")
    second = linewash(home, "install", "krita")
    assert (first.code, second.code) == (0, 0)
    assert str(home / ".local/share/krita/pykrita") in first.out
    assert "No Krita was ever started here" in first.out
    assert "in place of" not in first.out
    assert f"in place of {__version__}" in second.out
    assert "Settings > Dockers > Linewash" in second.out


def test_a_profile_that_can_not_be_written_is_one_sentence_and_the_others_are_done(home: Path) -> None:
    (home / ".var/app/org.kde.krita/data").mkdir(parents=True)
    (home / ".local/share").mkdir(parents=True)
    (home / ".local/share/krita").touch()  # a file where the folder should be
    ran = linewash(home, "install", "krita", "--json")
    assert ran.code == 2
    assert ran.error["code"] == "output_unwritable"
    assert (home / ".var/app/org.kde.krita/data/krita/pykrita/linewash_krita").is_dir()
    assert not (home / ".config/kritarc").exists()


def test_a_damaged_plug_in_makes_doctor_fail(home: Path) -> None:
    linewash(home, "install", "krita")
    (home / ".local/share/krita/pykrita/linewash_krita.desktop").unlink()
    ran = linewash(home, "doctor", "--json")
    assert ran.code == 1
    assert [check["ok"] for check in krita_checks(ran)] == [False]
