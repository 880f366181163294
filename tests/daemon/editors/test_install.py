"""Installing puts the whole plug-in into a profile and switches it on, or leaves the profile as it was."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from linewash.errors import BadInput
from linewash.version import __version__
from linewash_daemon.editors.krita import install as installing
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


def test_the_client_in_it_starts_the_program_that_installed_it(profile: Profile) -> None:
    install(profile)
    code = f"import sys; sys.path.insert(0, {str(profile.package)!r}); sys.executable = '/usr/bin/krita'; "
    code += "from linewash.launch import daemon_command; print(daemon_command())"
    environment = {name: value for name, value in os.environ.items() if name != "LINEWASH_DAEMON"}
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout == f"{[sys.executable, '-m', 'linewash_daemon']}\n"


def test_a_krita_that_can_not_start_programs_is_told_of_none(home: Path) -> None:
    for sandboxed in known_profiles("linux", {}, home)[1:]:
        install(sandboxed)
        assert not (sandboxed.package / "linewash" / "daemon.json").exists()


def test_an_older_plug_in_is_replaced_whole(profile: Profile) -> None:
    version = profile.package / "linewash" / "version.py"
    version.parent.mkdir(parents=True)
    version.write_text('__version__ = "0.0.1"\n')
    (profile.package / "long_gone.py").touch()
    assert install(profile).replaced == "0.0.1"
    assert not (profile.package / "long_gone.py").exists()
    assert install(profile).replaced == __version__


def test_other_plug_ins_and_settings_stay_as_they_are(profile: Profile) -> None:
    other = profile.data / "pykrita" / "other" / "__init__.py"
    other.parent.mkdir(parents=True)
    other.write_text("other = 1\n")
    profile.kritarc.parent.mkdir(parents=True)
    profile.kritarc.write_bytes(b"Language=de\n[python]\nenable_other=true\n")
    profile.kritarc.chmod(0o600)
    install(profile)
    assert other.read_text() == "other = 1\n"
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


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_checkout_that_was_linked_in_is_unlinked_and_not_deleted(profile: Profile, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "precious.py").write_text("mine = 1\n")
    profile.package.parent.mkdir(parents=True)
    profile.package.symlink_to(checkout)
    install(profile)
    assert not profile.package.is_symlink()
    assert (checkout / "precious.py").read_text() == "mine = 1\n"


def prepare(profile: Profile, home: Path, older: bool) -> None:
    """An empty home, or one where an older plug-in is installed and switched off."""
    shutil.rmtree(home)
    home.mkdir()
    if older:
        install(profile)
        (profile.package / "old.py").touch()
        profile.kritarc.write_bytes(b"[python]\nenable_linewash_krita=false\n")


@pytest.mark.parametrize("older", [True, False], ids=["over an older one", "afresh"])
@pytest.mark.parametrize(
    ("where", "name", "number"),
    [(Path, "write_bytes", errno.ENOSPC), (os, "replace", errno.EACCES), (Path, "mkdir", errno.EROFS)],
    ids=["the disk is full", "nothing can be renamed", "the disk is read-only"],
)
def test_a_failure_at_any_point_leaves_the_profile_as_it_was(
    where: Any, name: str, number: int, older: bool, profile: Profile, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, failures = getattr(where, name), 0
    while True:
        prepare(profile, home, older)
        before, left = tree(home), failures

        def failing(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == -1:
                raise OSError(number, os.strerror(number), str(profile.data))
            return call(*arguments, **named)

        with monkeypatch.context() as patch:
            patch.setattr(where, name, failing)
            try:
                install(profile)
                break  # it was called less often than `failures`
            except BadInput as refused:
                assert refused.code == "output_unwritable"
                assert "nothing was changed" in refused.sentence
                assert refused.remedy
        assert tree(home) == before
        failures += 1
    assert failures > 3


def test_a_running_krita_is_noticed_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    class Process:
        def __init__(self, name: str | None) -> None:
            self.info = {"name": name}

    def running(*names: str | None) -> bool:
        monkeypatch.setattr("psutil.process_iter", lambda attributes: map(Process, names))
        return installing.krita_runs()

    assert running("bash", "krita")
    assert running("krita.exe")
    assert running("krita-5.2.9-x86_64.appimage")
    assert not running(None, "kritarunner", "python3")
