"""The zip for Krita: what is in it, that Krita's own importer takes it, and that the client in it works there."""

from __future__ import annotations

import builtins
import configparser
import importlib.util
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path
from typing import Any

import pytest

from linewash.version import __version__
from linewash_daemon.editors.krita.package import write_zip
from setup_env import ROOT

from .shipped import PYTHONS, colors, compiles

IMPORTER = Path("/usr/share/krita/pykrita/plugin_importer/plugin_importer.py")
ACTIONS = [
    "auto_color", "cancel", "copy_diagnostics", "free_gpu", "live", "new_hint_layer", "roll_seed", "show_regions",
]  # fmt: skip


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_zip(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def unpacked(zipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pykrita")
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(folder)
    return folder


def test_it_is_named_by_its_version_and_always_of_the_same_bytes(zipped: Path, tmp_path: Path) -> None:
    again = write_zip(tmp_path / "made" / "on the way")
    assert again.name == zipped.name == f"linewash-krita-{__version__}.zip"
    assert again.read_bytes() == zipped.read_bytes()
    with zipfile.ZipFile(zipped) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o40755, 0o100644}
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)


def test_it_holds_the_whole_plug_in_the_client_and_the_licence_and_nothing_else(zipped: Path) -> None:
    with zipfile.ZipFile(zipped) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
        assert archive.read("linewash_krita/LICENSE") == (ROOT / "LICENSE").read_bytes()
    modules = {path.relative_to(ROOT) for path in [*(ROOT / "linewash").rglob("*.py")]}
    plugin = ROOT / "krita_plugin"
    modules |= {path.relative_to(plugin) for path in plugin.rglob("*.py") if path.parts[-2] != "linewash"}
    wanted = {f"linewash_krita/{path.as_posix()}" for path in modules}
    assert {name for name in names if name.endswith(".py")} == wanted
    beside = {name.removeprefix("linewash_krita/") for name in names if not name.endswith(".py")}
    languages = {name for name in beside if name.startswith("linewash/editor/languages/")}
    assert "linewash/editor/languages/de.json" in languages
    assert beside - languages == {
        "LICENSE",
        "Manual.html",
        "actions/linewash_krita.action",
        "linewash/py.typed",
        "linewash_krita.desktop",
    }


def test_every_folder_of_the_package_has_an_entry_of_its_own(zipped: Path) -> None:
    with zipfile.ZipFile(zipped) as archive:
        names = set(archive.namelist())
    for name in names:
        folder = name.rstrip("/").rpartition("/")[0]
        assert not folder or f"{folder}/" in names


def test_the_desktop_file_says_what_every_krita_reads_in_it(unpacked: Path) -> None:
    text = (unpacked / "linewash_krita.desktop").read_text(encoding="utf-8")
    config = configparser.ConfigParser()
    config.read_string(text)
    entry = config["Desktop Entry"]
    assert entry["Type"] == "Service"
    assert entry["ServiceTypes"] == "Krita/PythonPlugin"
    assert entry["X-KDE-Library"] == "linewash_krita"
    assert entry["X-Python-2-Compatible"] == "false"
    assert (unpacked / "linewash_krita" / entry["X-Krita-Manual"]).is_file()
    assert entry["Name"] == "Linewash"
    assert entry["Comment[de]"] != entry["Comment"]
    assert not set(",;%\\") & set(text), "some Kritas take these for lists or escapes"


def test_every_action_is_there_once_and_has_no_shortcut(unpacked: Path) -> None:
    actions = list(ElementTree.parse(unpacked / "actions" / "linewash_krita.action").iter("Action"))
    assert sorted(action.attrib["name"] for action in actions) == sorted(f"linewash_{name}" for name in ACTIONS)
    assert all(not action.findtext("shortcut") and action.findtext("text") for action in actions)


@pytest.mark.skipif(not IMPORTER.exists(), reason="Krita is not installed here")
def test_kritas_own_importer_takes_it(zipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtins, "i18n", str, raising=False)
    spec = importlib.util.spec_from_file_location("plugin_importer", IMPORTER)
    assert spec and spec.loader
    importer: Any = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec.loader.exec_module(importer)
    (imported,) = importer.PluginImporter(str(zipped), str(tmp_path), lambda plugin: False).import_all()
    assert imported["ui_name"] == "Linewash"
    assert (tmp_path / "pykrita" / "linewash_krita" / "linewash" / "session.py").is_file()
    assert (tmp_path / "pykrita" / "linewash_krita.desktop").is_file()
    assert (tmp_path / "actions" / "linewash_krita.action").is_file()


@pytest.mark.parametrize("version", PYTHONS)
def test_every_module_of_it_compiles(version: str, unpacked: Path) -> None:
    compiles(version, unpacked)


@pytest.mark.parametrize("version", PYTHONS)
def test_the_client_in_it_colours_with_a_real_daemon_and_nothing_else_installed(version: str, unpacked: Path) -> None:
    colors(version, unpacked / "linewash_krita")
