"""Installing puts the whole plug-in into a GIMP profile, or leaves the profile as it was."""

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
from linewash_daemon.editors.gimp import install as installing
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


def test_the_client_in_it_starts_the_program_that_installed_it(profile: Profile) -> None:
    install(profile)
    code = f"import sys; sys.path.insert(0, {str(profile.package)!r}); sys.executable = '/usr/bin/gimp'; "
    code += "from linewash.launch import daemon_command; print(daemon_command())"
    environment = {name: value for name, value in os.environ.items() if name != "LINEWASH_DAEMON"}
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout == f"{[sys.executable, '-m', 'linewash_daemon']}\n"


def test_a_gimp_that_can_not_start_programs_is_told_of_none(home: Path) -> None:
    for folder in (".var/app/org.gimp.GIMP/config", "snap/gimp/current/.config"):
        (home / folder / "GIMP" / "3.0").mkdir(parents=True)
    sandboxed = profiles("linux", {}, home)
    assert len(sandboxed) == 2
    for profile in sandboxed:
        install(profile)
        assert not (profile.plug_in / NOTE).exists()


def test_an_older_plug_in_is_replaced_whole_and_others_stay(profile: Profile) -> None:
    version = profile.package / "linewash" / "version.py"
    version.parent.mkdir(parents=True)
    version.write_text('__version__ = "0.0.1"\n')
    (profile.plug_in / "long_gone.py").touch()
    other = profile.plug_in.parent / "other" / "other.py"
    other.parent.mkdir()
    other.write_text("other = 1\n")
    assert install(profile).replaced == "0.0.1"
    assert not (profile.plug_in / "long_gone.py").exists()
    assert other.read_text() == "other = 1\n"
    assert install(profile).replaced == __version__


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_checkout_that_was_linked_in_is_unlinked_and_not_deleted(profile: Profile, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "precious.py").write_text("mine = 1\n")
    profile.plug_in.parent.mkdir(parents=True)
    profile.plug_in.symlink_to(checkout)
    install(profile)
    assert not profile.plug_in.is_symlink()
    assert (checkout / "precious.py").read_text() == "mine = 1\n"


@pytest.mark.parametrize("older", [True, False], ids=["over an older one", "afresh"])
@pytest.mark.parametrize(
    ("where", "name", "number"),
    [
        (Path, "write_bytes", errno.ENOSPC),
        (Path, "chmod", errno.EPERM),
        (os, "replace", errno.EACCES),
        (Path, "mkdir", errno.EROFS),
    ],
    ids=["the disk is full", "no run bit can be set", "nothing can be renamed", "the disk is read-only"],
)
def test_a_failure_at_any_point_leaves_the_profile_as_it_was(
    where: Any, name: str, number: int, older: bool, profile: Profile, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, failures = getattr(where, name), 0
    while True:
        shutil.rmtree(profile.folder)
        profile.folder.mkdir()
        if older:
            install(profile)
            (profile.plug_in / "old.py").touch()
        before, left = tree(home), failures

        def failing(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == -1:
                raise OSError(number, os.strerror(number), str(profile.folder))
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
    assert failures > 0


def test_a_running_gimp_3_is_noticed_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    class Process:
        def __init__(self, name: str | None) -> None:
            self.info = {"name": name}

    def running(*names: str | None) -> bool:
        monkeypatch.setattr("psutil.process_iter", lambda attributes: map(Process, names))
        return installing.gimp_runs()

    for name in ("gimp", "GIMP", "gimp-3.0", "gimp-3.2", "gimp-3.exe", "gimp.exe", "gimp-console-3.0"):
        assert running("bash", name), name
    assert not running(None, "gimp-2.10", "script-fu", "gimplearn", "python3")
