"""What `linewash install gimp` puts in place the real GIMP takes, and where it does not, `doctor` has the reason."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from linewash_daemon.editors.gimp import package
from linewash_daemon.editors.gimp.findings import examine
from linewash_daemon.editors.gimp.install import install
from linewash_daemon.editors.gimp.package import write_zip
from linewash_daemon.editors.gimp.profiles import Profile, profiles
from tests.editors.gimp.console import VERSION, batch, gimp_profile
from tests.editors.gimp.profile import Profile as Home
from tests.editors.install import NotAvailable

PROCEDURES = ("plug-in-linewash-color", "plug-in-linewash-hints")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    try:
        yield gimp_profile(tmp_path)
    except NotAvailable as reason:
        pytest.skip(f"no GIMP here: {reason}")


@pytest.fixture
def profile(home: Home) -> Profile:
    (found,) = profiles("linux", {}, home.home)
    return found


def procedures(home: Home, profile: Profile) -> list[str]:
    """Which of ours GIMP knows once it was started."""
    assert batch(home, "pass").returncode == 0
    known = profile.known_plug_ins.read_text(encoding="latin-1")
    return [name for name in PROCEDURES if f'(proc-def "{name}"' in known]


def test_gimp_takes_it_and_doctor_tells_with_which_python(home: Home, profile: Profile) -> None:
    install(profile)
    assert procedures(home, profile) == list(PROCEDURES)
    found = examine(profile)
    assert found.ok
    assert f"GIMP {VERSION} (Python 3." in found.detail
    assert found.detail.endswith("it works")


def test_without_the_run_bit_gimp_passes_over_it_and_doctor_says_so(home: Home, profile: Profile) -> None:
    install(profile)
    profile.script.chmod(0o644)
    assert procedures(home, profile) == []
    assert "lacks the run bit" in examine(profile).detail


def test_in_a_folder_of_another_name_gimp_passes_over_it_and_doctor_says_so(home: Home, profile: Profile) -> None:
    install(profile)
    profile.plug_in.rename(profile.plug_in.with_name("linewash-gimp"))
    assert procedures(home, profile) == []
    assert "GIMP only looks for linewash/linewash.py" in examine(profile).detail


def test_an_error_while_gimp_asks_for_its_procedures_is_told_by_doctor(
    home: Home, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = package.plug_in_files()
    name = "linewash_gimp/application/plug_in.py"
    head = b"    def do_create_procedure(self, name: str) -> Any:\n"
    files[name] = files[name].replace(head, head + b'        raise ValueError("not with this GIMP")\n')
    for module in ("install", "findings"):  # this is how the version is shipped, then
        monkeypatch.setattr(f"linewash_daemon.editors.gimp.{module}.plug_in_files", lambda: dict(files))
    install(profile)
    assert procedures(home, profile) == []
    assert "it failed to load: ValueError: not with this GIMP" in examine(profile).detail


def test_another_zip_unpacked_over_it_is_asked_anew(
    home: Home, profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpack(path: Path) -> None:
        subprocess.run(["unzip", "-qo", path, "-d", profile.plug_in.parent], check=True, timeout=60)

    unpack(write_zip(tmp_path / "old"))
    assert procedures(home, profile) == list(PROCEDURES)
    files = package.plug_in_files()
    name = "linewash_gimp/application/plug_in.py"
    changed = {**files, name: files[name].replace(b"The Linewash authors", b"Somebody else")}
    monkeypatch.setattr(package, "plug_in_files", lambda: changed)
    unpack(write_zip(tmp_path / "new"))
    assert procedures(home, profile) == list(PROCEDURES)
    assert "Somebody else" in profile.known_plug_ins.read_text(encoding="latin-1")
