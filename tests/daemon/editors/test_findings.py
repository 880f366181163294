"""`linewash doctor` says why the plug-in would not show up in Krita, and what to do about it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from linewash.version import __version__
from linewash_daemon.editors.krita import findings
from linewash_daemon.editors.krita.findings import examine
from linewash_daemon.editors.krita.install import install
from linewash_daemon.editors.krita.profiles import Profile


@pytest.fixture
def installed(profile: Profile) -> Profile:
    install(profile)
    return profile


def write_record(profile: Profile, error: str = "", later: float = 1.0) -> None:
    """As the plug-in does at a start of Krita, ``later`` seconds after the installation."""
    started = (profile.package / "__init__.py").stat().st_mtime + later
    record = {"time": started, "version": __version__, "krita": "5.2.9", "python": "3.10.7", "qt": "5", "error": error}
    profile.last_start.write_text(json.dumps(record))


def test_where_there_is_no_krita_all_is_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(home))
    (found,) = findings.findings()
    assert (found.ok, found.detail) == (True, "Krita was not found here")


@pytest.mark.skipif(os.name != "posix", reason="a program is a file with the run bit")
def test_a_krita_that_was_never_started_is_no_problem(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "krita").touch(0o755)
    monkeypatch.setenv("PATH", str(home))
    (found,) = findings.findings()
    assert found.ok
    assert "never started" in found.detail
    assert found.remedy == "Run: linewash install krita"


def test_every_profile_is_looked_at(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for folder in (".local/share/krita", ".var/app/org.kde.krita", "snap/krita/current"):
        (home / folder).mkdir(parents=True)
    assert [found.check for found in findings.findings()] == ["Krita", "Krita (Flatpak)", "Krita (Snap)"]


def test_a_fresh_installation_is_fine_and_waits_for_krita(installed: Profile) -> None:
    found = examine(installed)
    assert found.ok
    assert "has not started it since it was installed" in found.detail


def remove(name: str) -> Callable[[Profile], None]:
    return lambda profile: (profile.data / "pykrita" / name).unlink()


def write(name: str, data: str) -> Callable[[Profile], None]:
    def damage(profile: Profile) -> None:
        (profile.data / "pykrita" / name).write_text(data)

    return damage


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (remove("linewash_krita.desktop"), "linewash_krita.desktop is missing"),
        (write("linewash_krita.desktop", "[Desktop Entry]\n"), "linewash_krita.desktop is not as"),
        (lambda profile: shutil.rmtree(profile.package), "linewash_krita is missing"),
        (remove("linewash_krita/__init__.py"), "__init__.py is missing"),
        (remove("linewash_krita/linewash/zmtp.py"), "linewash/zmtp.py of"),
        (write("linewash_krita/linewash/zmtp.py", "x = 1\n"), "is not as this version ships it"),
        (write("linewash_krita/linewash/zmtp.py", "x = 1\nx = = 1\n"), "is not valid Python (line 2)"),
        (write("linewash_krita/linewash/version.py", '__version__ = "9.9"\n'), f"9.9; this program is {__version__}"),
        (remove("linewash_krita/linewash/version.py"), "version unknown"),
        (lambda profile: profile.kritarc.unlink(), "does not switch it on"),
        (lambda profile: profile.kritarc.write_text("[python]\nenable_linewash_krita=false\n"), "switched off in"),
        (lambda profile: write_record(profile, "ImportError: no such thing"), "failed to load: ImportError: no such"),
    ],
)
def test_whatever_keeps_it_away_is_a_problem_with_a_cure(
    damage: Callable[[Profile], object], words: str, installed: Profile
) -> None:
    damage(installed)
    found = examine(installed)
    assert not found.ok
    assert words in found.detail
    assert "linewash install krita" in found.remedy


def test_the_cure_cures(installed: Profile) -> None:
    for path in (installed.desktop, installed.package / "__init__.py", installed.kritarc):
        path.unlink()
    install(installed)
    assert examine(installed).ok


def test_the_last_start_is_told_with_krita_and_python(installed: Profile) -> None:
    write_record(installed)
    found = examine(installed)
    assert found.ok
    assert "Krita 5.2.9 (Python 3.10.7) started it on" in found.detail
    assert found.detail.endswith("it works")


def test_a_failure_before_the_plug_in_was_replaced_no_longer_counts(installed: Profile) -> None:
    write_record(installed, "ImportError: of the old one", later=-60)
    assert examine(installed).ok


@pytest.mark.parametrize("record", ["", "{", "[]", "{}", '{"time": "noon"}', "\x00"])
def test_a_record_that_makes_no_sense_is_no_record(record: str, installed: Profile) -> None:
    installed.last_start.write_text(record)
    found = examine(installed)
    assert found.ok
    assert "has not started it" in found.detail
