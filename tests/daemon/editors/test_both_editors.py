"""What installing and `linewash doctor` promise whether the editor is Krita or GIMP."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from linewash.errors import BadInput
from linewash.version import __version__
from linewash_daemon.editors.gimp import findings as gimp_findings
from linewash_daemon.editors.gimp import install as gimp_install
from linewash_daemon.editors.gimp.profiles import profiles as gimp_profiles
from linewash_daemon.editors.krita import findings as krita_findings
from linewash_daemon.editors.krita import install as krita_install
from linewash_daemon.editors.krita.profiles import known_profiles as krita_profiles
from linewash_daemon.finding import Finding

from .conftest import tree


@dataclass(frozen=True)
class Editor:
    """One of the two, with a profile in the test's home that is as before the plug-in came."""

    program: str
    folder: Path  # is replaced whole; other plug-ins lie beside it
    package: Path  # the Python package in it
    replaced: int  # how many files and folders of the profile an installation over an older one replaces
    install: Callable[[], str | None]  # gives the version that was replaced
    examine: Callable[[], Finding]
    start: Callable[[], object]  # makes a profile in an empty home, if that is for the editor to do
    switch_off: Callable[[], object]  # the plug-in, where the editor can


def krita(home: Path) -> Editor:
    profile = krita_profiles("linux", {}, home)[0]
    return Editor(
        program="krita",
        folder=profile.package,
        package=profile.package,
        replaced=4,
        install=lambda: krita_install.install(profile).replaced,
        examine=lambda: krita_findings.examine(profile),
        start=lambda: None,
        switch_off=lambda: profile.kritarc.write_bytes(b"[python]\nenable_linewash_krita=false\n"),
    )


def gimp(home: Path) -> Editor:
    own = home / ".config" / "GIMP" / "3.0"
    own.mkdir(parents=True)
    profile = gimp_profiles("linux", {}, home)[0]
    return Editor(
        program="gimp",
        folder=profile.plug_in,
        package=profile.package,
        replaced=1,
        install=lambda: gimp_install.install(profile).replaced,
        examine=lambda: gimp_findings.examine(profile),
        start=lambda: own.mkdir(parents=True),
        switch_off=lambda: None,
    )


@pytest.fixture(params=[krita, gimp])
def editor(request: pytest.FixtureRequest, home: Path) -> Editor:
    made: Editor = request.param(home)
    return made


def test_the_client_in_it_starts_the_program_that_installed_it(editor: Editor) -> None:
    editor.install()
    code = f"import sys; sys.path.insert(0, {str(editor.package)!r}); sys.executable = '/usr/bin/{editor.program}'; "
    code += "from linewash.launch import daemon_command; print(daemon_command())"
    environment = {name: value for name, value in os.environ.items() if name != "LINEWASH_DAEMON"}
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout == f"{[sys.executable, '-m', 'linewash_daemon']}\n"


def test_an_older_plug_in_is_replaced_whole_and_others_stay(editor: Editor) -> None:
    version = editor.package / "linewash" / "version.py"
    version.parent.mkdir(parents=True)
    version.write_text('__version__ = "0.0.1"\n')
    (editor.folder / "long_gone.py").touch()
    other = editor.folder.parent / "other" / "other.py"
    other.parent.mkdir()
    other.write_text("other = 1\n")
    assert editor.install() == "0.0.1"
    assert not (editor.folder / "long_gone.py").exists()
    assert other.read_text() == "other = 1\n"
    assert editor.install() == __version__


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_checkout_that_was_linked_in_is_unlinked_and_not_deleted(editor: Editor, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "precious.py").write_text("mine = 1\n")
    editor.folder.parent.mkdir(parents=True)
    editor.folder.symlink_to(checkout)
    editor.install()
    assert not editor.folder.is_symlink()
    assert (checkout / "precious.py").read_text() == "mine = 1\n"


def begin_anew(editor: Editor, home: Path, older: bool) -> None:
    """An empty home, or one where an older plug-in is installed and switched off."""
    shutil.rmtree(home)
    home.mkdir()
    editor.start()
    if older:
        editor.install()
        (editor.folder / "old.py").touch()
        editor.switch_off()


NO_RUN_BIT = "no run bit can be set"  # only GIMP starts a file of the plug-in
FAULTS = {
    "the disk is full": (Path, "write_bytes", errno.ENOSPC),
    "nothing can be renamed": (os, "replace", errno.EACCES),
    "the disk is read-only": (Path, "mkdir", errno.EROFS),
    NO_RUN_BIT: (Path, "chmod", errno.EPERM),
}


@pytest.mark.parametrize("older", [True, False], ids=["over an older one", "afresh"])
@pytest.mark.parametrize(
    ("editor", "fault"),
    [(krita, fault) for fault in FAULTS if fault != NO_RUN_BIT] + [(gimp, fault) for fault in FAULTS],
    indirect=["editor"],
)
def test_a_failure_at_any_point_leaves_the_profile_as_it_was(
    editor: Editor, fault: str, older: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, name, number = FAULTS[fault]
    call, failures = getattr(where, name), 0
    while True:
        begin_anew(editor, home, older)
        before, left = tree(home), failures

        def failing(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == -1:
                raise OSError(number, os.strerror(number), str(editor.folder))
            return call(*arguments, **named)

        with monkeypatch.context() as patch:
            patch.setattr(where, name, failing)
            try:
                editor.install()
                break  # it was called less often than `failures`
            except BadInput as refused:
                assert refused.code == "output_unwritable"
                assert "nothing was changed" in refused.sentence
                assert refused.remedy
        assert tree(home) == before
        failures += 1
    assert failures >= editor.replaced


@pytest.mark.parametrize(
    ("runs", "its_names", "others"),
    [
        (krita_install.krita_runs, ["krita", "krita.exe", "krita-5.2.9-x86_64.appimage"], ["kritarunner", "python3"]),
        (
            gimp_install.gimp_runs,
            ["gimp", "GIMP", "gimp-3.0", "gimp-3.2", "gimp-3.exe", "gimp.exe", "gimp-console-3.0"],
            ["gimp-2.10", "script-fu", "gimplearn", "python3"],
        ),
    ],
    ids=["krita", "gimp 3"],
)
def test_a_running_editor_is_noticed_by_its_name(
    runs: Callable[[], bool], its_names: list[str], others: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Process:
        def __init__(self, name: str | None) -> None:
            self.info = {"name": name}

    def noticed(*names: str | None) -> bool:
        monkeypatch.setattr("psutil.process_iter", lambda attributes: map(Process, names))
        return runs()

    for name in its_names:
        assert noticed("bash", name), name
    assert not noticed(None, *others)


def test_without_the_plug_in_all_is_well_and_how_to_get_it_is_said(editor: Editor) -> None:
    found = editor.examine()
    assert found.ok
    assert "not installed" in found.detail
    assert f"linewash install {editor.program}" in found.remedy


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_a_file_that_can_not_be_read_is_a_problem(editor: Editor) -> None:
    editor.install()
    (editor.package / "linewash" / "client.py").chmod(0)
    found = editor.examine()
    assert not found.ok
    assert "client.py can't be read" in found.detail
    assert found.remedy.startswith("Run: chmod")


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root gives files away")
def test_a_file_of_another_user_is_a_problem(editor: Editor) -> None:
    editor.install()
    os.chown(editor.package / "coloring.py", 12345, -1)
    found = editor.examine()
    assert not found.ok
    assert "belongs to another user" in found.detail
    assert "chown" in found.remedy


def test_what_python_compiled_beside_the_files_is_no_change(editor: Editor) -> None:
    editor.install()
    (editor.package / "__pycache__").mkdir()
    (editor.package / "__pycache__" / "coloring.cpython-313.pyc").touch()
    assert editor.examine().ok
