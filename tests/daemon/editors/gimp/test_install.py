"""Installing puts the whole plug-in into a GIMP profile, or leaves the profile as it was."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from linewash_daemon.editors.gimp.install import install
from linewash_daemon.editors.gimp.package import plug_in_files
from linewash_daemon.editors.gimp.profiles import Profile, profiles
from tests.daemon.editors.conftest import tree

NOTE = "linewash_gimp/linewash/daemon.json"


def test_the_profile_holds_all_that_gimp_needs_and_nothing_else(profile: Profile) -> None:
    assert install(profile).replaced is None
    files = {f"plug-ins/linewash/{name}": data for name, data in plug_in_files().items()}
    files[f"plug-ins/linewash/{NOTE}"] = json.dumps([sys.executable, "-m", "linewash_daemon"]).encode()
    assert {name: data for name, data in tree(profile.folder).items() if data != ""} == files


@pytest.mark.skipif(os.name != "posix", reason="a program is a file with the run bit")
def test_what_gimp_starts_has_the_run_bit_and_nothing_else_has(profile: Profile) -> None:
    install(profile)
    runnable = [path for path in profile.plug_in.rglob("*") if path.is_file() and path.stat().st_mode & 0o111]
    assert runnable == [profile.script]
    assert profile.script.stat().st_mode & 0o500 == 0o500


def test_a_gimp_that_can_not_start_programs_is_told_of_none(home: Path) -> None:
    for folder in (".var/app/org.gimp.GIMP/config", "snap/gimp/current/.config"):
        (home / folder / "GIMP" / "3.0").mkdir(parents=True)
    sandboxed = profiles("linux", {}, home)
    assert len(sandboxed) == 2
    for profile in sandboxed:
        install(profile)
        assert not (profile.plug_in / NOTE).exists()
