"""Installing puts the whole plug-in into a profile and switches it on, or leaves the profile as it was."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from linewash_daemon.editors.krita.install import install
from linewash_daemon.editors.krita.kritarc import enabled
from linewash_daemon.editors.krita.package import action_file, desktop_file, package_files
from linewash_daemon.editors.krita.profiles import Profile, known_profiles

from .conftest import tree


def test_the_profile_holds_all_that_krita_needs_and_nothing_else(profile: Profile, home: Path) -> None:
    assert install(profile).replaced is None
    files = {f"pykrita/linewash_krita/{name}": data for name, data in package_files().items()}
    files["pykrita/linewash_krita/linewash/daemon.json"] = json.dumps(
        [sys.executable, "-m", "linewash_daemon"]
    ).encode()
    files |= {"pykrita/linewash_krita.desktop": desktop_file(), "actions/linewash_krita.action": action_file()}
    assert {name: data for name, data in tree(profile.data).items() if data != ""} == files
    assert [path.name for path in profile.kritarc.parent.iterdir()] == ["kritarc"]
    assert enabled(profile.settings())


def test_a_krita_that_can_not_start_programs_is_told_of_none(home: Path) -> None:
    for sandboxed in known_profiles("linux", {}, home)[1:]:
        install(sandboxed)
        assert not (sandboxed.package / "linewash" / "daemon.json").exists()


def test_other_settings_stay_as_they_are(profile: Profile) -> None:
    profile.kritarc.parent.mkdir(parents=True)
    profile.kritarc.write_bytes(b"Language=de\n[python]\nenable_other=true\n")
    profile.kritarc.chmod(0o600)
    install(profile)
    assert profile.kritarc.read_bytes().replace(b"enable_linewash_krita=true\n", b"") == (
        b"Language=de\n[python]\nenable_other=true\n"
    )
    assert profile.kritarc.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_settings_that_are_a_link_stay_a_link(profile: Profile, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "kritarc"
    kept.parent.mkdir()
    kept.write_bytes(b"[theme]\n")
    profile.kritarc.parent.mkdir(parents=True)
    profile.kritarc.symlink_to(kept)
    install(profile)
    assert profile.kritarc.is_symlink()
    assert enabled(kept.read_bytes())
