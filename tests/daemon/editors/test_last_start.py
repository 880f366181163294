"""The plug-in notes how its last start went where `linewash doctor` looks, and never disturbs Krita over it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from linewash.version import __version__
from linewash_daemon.editors.krita.findings import examine
from linewash_daemon.editors.krita.install import install
from linewash_daemon.editors.krita.package import NAME, package_files
from linewash_daemon.editors.krita.profiles import Profile


def start(profile: Profile, code: str) -> None:
    """Run ``code`` with the module of the installed package, without what the package itself imports of Krita."""
    stub = f"import sys, types; p = types.ModuleType({NAME!r}); p.__path__ = [{str(profile.package)!r}]"
    script = f"{stub}; sys.modules[{NAME!r}] = p; from {NAME} import last_start\n{code}"
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def record(profile: Profile) -> dict[str, Any]:
    found = json.loads(profile.last_start.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_doctor_reads_of_a_start_that_worked(profile: Profile) -> None:
    install(profile)
    start(profile, "last_start.worked({'Krita': '5.2.9', 'Qt': '5.15.8'})")
    assert record(profile)["version"] == __version__
    assert "Krita 5.2.9" in examine(profile).detail
    assert examine(profile).ok


def test_doctor_reads_of_a_start_that_failed_in_one_line_and_the_record_holds_the_traceback(profile: Profile) -> None:
    install(profile)
    start(profile, "try:\n  import no_such_module\nexcept ImportError as error:\n  last_start.failed(error)")
    assert "ModuleNotFoundError: No module named 'no_such_module'" in examine(profile).detail
    assert "Traceback" in record(profile)["traceback"]
    assert "\n" not in record(profile)["error"]


def test_a_later_start_replaces_the_record_and_leaves_no_other_file(profile: Profile) -> None:
    install(profile)
    start(profile, "last_start.failed(ValueError('once'))")
    start(profile, "last_start.worked({})")
    assert record(profile)["error"] == ""
    assert {path.name for path in profile.data.iterdir()} == {profile.last_start.name, "actions", "pykrita"}


def test_where_nothing_can_be_written_nothing_is_raised(profile: Profile) -> None:
    install(profile)
    profile.last_start.mkdir()
    start(profile, "last_start.worked({})")
    assert list(profile.last_start.iterdir()) == []
    assert {path.name for path in profile.data.iterdir()} == {profile.last_start.name, "actions", "pykrita"}


def test_outside_krita_nothing_is_written(tmp_path: Path) -> None:
    package = tmp_path / "checkout" / NAME
    package.mkdir(parents=True)
    (package / "last_start.py").write_bytes(package_files()["last_start.py"])
    script = f"import sys; sys.path.insert(0, {str(package)!r}); import last_start; last_start.worked({{}})"
    subprocess.run([sys.executable, "-I", "-B", "-c", script], check=True, timeout=60)
    assert [path.name for path in package.iterdir()] == ["last_start.py"]
    assert [path.name for path in tmp_path.iterdir()] == ["checkout"]
    assert [path.name for path in (tmp_path / "checkout").iterdir()] == [NAME]
