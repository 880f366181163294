"""The zip for GIMP: what is in it, that it lies as GIMP wants it, and that the client in it works there."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from linewash.version import __version__
from linewash_daemon.editors.gimp import package
from linewash_daemon.editors.gimp.package import write_zip
from setup_env import ROOT

from .shipped import PYTHONS, colors, compiles

SCRIPT = "linewash/linewash.py"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_zip(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def unpacked(zipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plug-ins")
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(folder)
    return folder


def entries(path: Path) -> dict[str, zipfile.ZipInfo]:
    with zipfile.ZipFile(path) as archive:
        return {entry.filename: entry for entry in archive.infolist()}


def test_it_is_named_by_its_version_and_always_of_the_same_bytes(zipped: Path, tmp_path: Path) -> None:
    again = write_zip(tmp_path / "made" / "on the way")
    assert again.name == zipped.name == f"linewash-gimp-{__version__}.zip"
    assert again.read_bytes() == zipped.read_bytes()
    names = list(entries(zipped))
    assert names == sorted(names)
    assert {entry.compress_type for entry in entries(zipped).values()} == {zipfile.ZIP_STORED}


def test_what_gimp_starts_bears_its_folders_name_and_the_run_bit_alone(zipped: Path) -> None:
    modes = {name: entry.external_attr >> 16 for name, entry in entries(zipped).items()}
    assert modes.pop(SCRIPT) == 0o100755
    folders = {name: mode for name, mode in modes.items() if name.endswith("/")}
    assert set(folders.values()) == {0o40755}
    assert {mode for name, mode in modes.items() if name not in folders} == {0o100644}
    with zipfile.ZipFile(zipped) as archive:
        assert archive.read(SCRIPT).startswith(b"#!/usr/bin/env python3\n")


def test_it_holds_the_whole_plug_in_the_client_and_the_licence_and_nothing_else(zipped: Path) -> None:
    names = {name for name in entries(zipped) if not name.endswith("/")}
    with zipfile.ZipFile(zipped) as archive:
        assert archive.read("linewash/LICENSE") == (ROOT / "LICENSE").read_bytes()
    plugin = ROOT / "gimp_plugin"
    modules = {path.relative_to(ROOT) for path in (ROOT / "linewash").rglob("*.py")}
    modules |= {path.relative_to(plugin) for path in plugin.rglob("*.py") if path.parts[-2] != "linewash"}
    wanted = {f"linewash/linewash_gimp/{path.as_posix()}" for path in modules if path.name != "plugin_main.py"}
    assert {name for name in names if name.endswith(".py")} == wanted | {SCRIPT}
    beside = {name for name in names if not name.endswith(".py")}
    languages = {name for name in beside if "/linewash_gimp/linewash/editor/languages/" in name}
    assert "linewash/linewash_gimp/linewash/editor/languages/de.json" in languages
    assert beside - languages == {"linewash/LICENSE", "linewash/linewash_gimp/linewash/py.typed"}


def test_other_contents_give_the_script_another_date_so_that_gimp_asks_it_anew(
    zipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = package.plug_in_files()
    changed = {**files, "linewash_gimp/layers.py": files["linewash_gimp/layers.py"] + b"#\n"}
    monkeypatch.setattr(package, "plug_in_files", lambda: changed)
    dates = [entries(path)[SCRIPT].date_time for path in (zipped, write_zip(tmp_path))]
    assert dates[0] != dates[1]
    assert {entry.date_time for name, entry in entries(zipped).items() if name != SCRIPT} == {FIRST_DAY}


@pytest.mark.skipif(os.name != "posix" or not shutil.which("unzip"), reason="no unzip here")
def test_unpacked_as_an_artist_does_it_can_be_started(zipped: Path, tmp_path: Path) -> None:
    subprocess.run(["unzip", "-q", zipped, "-d", tmp_path], check=True, timeout=60)
    assert os.access(tmp_path / SCRIPT, os.X_OK)


@pytest.mark.parametrize("version", PYTHONS)
def test_every_module_of_it_compiles(version: str, unpacked: Path) -> None:
    compiles(version, unpacked)


@pytest.mark.parametrize("version", PYTHONS)
def test_the_client_in_it_colours_with_a_real_daemon_and_nothing_else_installed(version: str, unpacked: Path) -> None:
    colors(version, unpacked / "linewash" / "linewash_gimp")
