"""The plug-in notes how its last start went where `linewash doctor` looks, even where GIMP's library is missing."""

from __future__ import annotations

import json
import subprocess
import sys

from linewash.version import __version__
from linewash_daemon.editors.gimp.findings import examine
from linewash_daemon.editors.gimp.install import install
from linewash_daemon.editors.gimp.profiles import Profile


def test_a_python_without_gimps_library_is_told_by_doctor(profile: Profile) -> None:
    install(profile)
    (profile.package.parent / "gi.py").write_text("raise ImportError('there is no GIMP in here')\n")
    done = subprocess.run([sys.executable, "-I", "-B", profile.script, "-query"], capture_output=True, timeout=60)
    assert done.returncode == 1
    (profile.package.parent / "gi.py").unlink()
    found = examine(profile)
    assert not found.ok
    assert "ImportError: there is no GIMP in here" in found.detail
    assert "Traceback" in json.loads(profile.last_start.read_text())["traceback"]


def test_a_client_that_can_not_be_imported_keeps_it_from_no_record(profile: Profile) -> None:
    install(profile)
    (profile.package / "linewash" / "__init__.py").write_text("raise SyntaxError('too old a Python')\n")
    subprocess.run([sys.executable, "-I", "-B", profile.script, "-query"], capture_output=True, timeout=60)
    record = json.loads(profile.last_start.read_text())
    assert record["error"] == "SyntaxError: too old a Python"
    assert record["version"] == __version__
    assert record["python"]
