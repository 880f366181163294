"""`linewash doctor` says why the menu entry would be missing in GIMP, and what to do about it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from linewash.version import __version__
from linewash_daemon.editors.gimp import findings
from linewash_daemon.editors.gimp.findings import examine
from linewash_daemon.editors.gimp.install import install
from linewash_daemon.editors.gimp.profiles import Profile

Damage = Callable[[Profile], object]


@pytest.fixture
def installed(profile: Profile) -> Profile:
    install(profile)
    return profile


def write_record(profile: Profile, error: str = "", later: float = 1.0) -> None:
    """As the plug-in does when GIMP starts it, ``later`` seconds after the installation."""
    started = profile.script.stat().st_ctime + later
    record = {"time": started, "version": __version__, "gimp": "3.0.4", "python": "3.13.5", "error": error}
    profile.last_start.write_text(json.dumps(record))


def list_plug_ins(profile: Profile, later: float = 1.0) -> None:
    """As GIMP does at its start, ``later`` seconds after the installation."""
    profile.known_plug_ins.write_text("(protocol-version 277)\n")
    listed = profile.script.stat().st_ctime + later
    os.utime(profile.known_plug_ins, (listed, listed))


def only_program(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, called: str = "gimp") -> None:
    """``name`` is the only program on the PATH, and ``called`` leads to it, as Debian has it."""
    programs = folder / "bin"
    programs.mkdir()
    (programs / name).touch(0o755)
    (programs / called).symlink_to(name)
    monkeypatch.setenv("PATH", str(programs))


def test_where_there_is_no_gimp_all_is_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(home))
    (found,) = findings.findings()
    assert (found.check, found.ok, found.detail) == ("GIMP", True, "GIMP was not found here")


@pytest.mark.skipif(os.name != "posix", reason="a program is a file with the run bit")
def test_a_gimp_3_that_was_never_started_is_no_problem(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only_program(monkeypatch, home, "gimp-3.0")
    (found,) = findings.findings()
    assert found.ok
    assert "never started" in found.detail
    assert found.remedy == "Start it once, close it, and run: linewash install gimp"


@pytest.mark.skipif(os.name != "posix", reason="a program is a file with the run bit")
def test_gimp_2_alone_is_recognised_by_its_program(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only_program(monkeypatch, home, "gimp-2.10")
    (found,) = findings.findings()
    assert found.ok
    assert "GIMP 2.10 is not supported" in found.detail
    assert "install GIMP 3" in found.remedy


def test_gimp_2_alone_is_recognised_by_its_profile(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", str(home))
    (home / ".config" / "GIMP" / "2.10").mkdir(parents=True)
    (found,) = findings.findings()
    assert found.ok
    assert "GIMP 2.10 is not supported" in found.detail
    assert "install GIMP 3" in found.remedy


def test_every_profile_of_a_gimp_3_is_looked_at(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for folder in (".config", ".var/app/org.gimp.GIMP/config", "snap/gimp/current/.config"):
        (home / folder / "GIMP" / "3.0").mkdir(parents=True)
        (home / folder / "GIMP" / "2.10").mkdir()
    checks = [found.check for found in findings.findings()]
    assert checks == ["GIMP 3.0", "GIMP 3.0 (Flatpak)", "GIMP 3.0 (Snap)"]


def test_a_fresh_installation_is_fine_and_waits_for_gimp(installed: Profile) -> None:
    list_plug_ins(installed, later=-60)
    found = examine(installed)
    assert found.ok
    assert "has not started it since it was installed" in found.detail


def remove(name: str) -> Damage:
    return lambda profile: (profile.plug_in / name).unlink()


def write(name: str, data: str) -> Damage:
    return lambda profile: (profile.plug_in / name).write_text(data)


def move(name: str) -> Damage:
    """The whole plug-in, to ``name`` in ``plug-ins``."""

    def damage(profile: Profile) -> None:
        target = profile.plug_in.parent / name
        target.parent.mkdir(parents=True, exist_ok=True)
        profile.plug_in.rename(target)

    return damage


def scatter(profile: Profile) -> None:
    """Its parts, into ``plug-ins`` itself."""
    for path in list(profile.plug_in.iterdir()):
        path.rename(profile.plug_in.parent / path.name)
    profile.plug_in.rmdir()


CLIENT = "linewash_gimp/linewash"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (remove("linewash.py"), "linewash.py is missing, so GIMP does not see"),
        (move("Linewash-0.1"), "GIMP only looks for linewash/linewash.py"),
        (move("linewash-gimp-0.1.0/linewash"), "linewash-gimp-0.1.0"),
        (scatter, "GIMP only looks for linewash/linewash.py"),
        (lambda profile: shutil.rmtree(profile.package), "version unknown"),
        (remove("linewash_gimp/__init__.py"), "linewash_gimp/__init__.py of"),
        (remove(f"{CLIENT}/zmtp.py"), "zmtp.py of"),
        (write(f"{CLIENT}/zmtp.py", "x = 1\n"), "is not as this version ships it"),
        (write(f"{CLIENT}/zmtp.py", "x = 1\nx = = 1\n"), "is not valid Python (line 2)"),
        (write(f"{CLIENT}/version.py", '__version__ = "9.9"\n'), f"9.9; this program is {__version__}"),
        (lambda profile: write_record(profile, "ImportError: no such thing"), "failed to load: ImportError: no such"),
        (lambda profile: write_record(profile, "ImportError: no such thing"), "GIMP 3.0.4 (Python 3.13.5) started it"),
    ],
)
def test_whatever_keeps_it_away_is_a_problem_with_a_cure(damage: Damage, words: str, installed: Profile) -> None:
    damage(installed)
    found = examine(installed)
    assert not found.ok
    assert words in found.detail
    assert "linewash install gimp" in found.remedy


@pytest.mark.skipif(os.name != "posix", reason="a program is a file with the run bit")
def test_a_missing_run_bit_is_a_problem_and_the_cure_cures(installed: Profile) -> None:
    installed.script.chmod(0o644)
    found = examine(installed)
    assert not found.ok
    assert "lacks the run bit" in found.detail
    assert f"chmod +x '{installed.script}'" in found.remedy
    installed.script.chmod(0o755)
    assert examine(installed).ok


def test_a_gimp_whose_python_never_got_to_the_plug_in_is_a_problem(installed: Profile) -> None:
    list_plug_ins(installed)
    found = examine(installed)
    assert not found.ok
    assert "its Python is missing or does not work" in found.detail
    assert "Python-Fu" in found.remedy


def test_installing_again_cures(installed: Profile) -> None:
    installed.script.unlink()
    (installed.package / "__init__.py").write_text("broken\n")
    install(installed)
    assert examine(installed).ok


def test_the_last_start_is_told_with_gimp_and_python(installed: Profile) -> None:
    list_plug_ins(installed)
    write_record(installed)
    found = examine(installed)
    assert found.ok
    assert "GIMP 3.0.4 (Python 3.13.5) started it on" in found.detail
    assert found.detail.endswith("it works")


def test_a_failure_before_the_plug_in_was_replaced_no_longer_counts(installed: Profile) -> None:
    write_record(installed, "ImportError: of the old one", later=-60)
    assert examine(installed).ok


def test_files_that_a_zip_gave_an_old_date_came_when_they_were_unpacked(installed: Profile) -> None:
    os.utime(installed.script, (400_000_000, 400_000_000))
    write_record(installed, "ImportError: of the old one", later=-60)
    assert examine(installed).ok
