from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import tomllib
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from setup_env import ROOT, TORCH

OURS = {
    "linewash": "linewash",
    "linewash_daemon": "daemon",
    "linewash_gimp": "gimp_plugin",
    "linewash_krita": "krita_plugin",
    "linewash_training": "training",
}


@cache
def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return table


@cache
def pins() -> dict[str, list[Version]]:
    """Package -> versions that the lock pins; one with several versions has one per system or Python."""
    found: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.+]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(Version(version))
    return found


def requirements(*extras: str) -> dict[str, Requirement]:
    lines = [*project()["dependencies"], *(x for extra in extras for x in project()["optional-dependencies"][extra])]
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def imports(folder: Path) -> Iterator[tuple[Path, str, bool]]:
    """(file, top-level name, whether relative) of every import in `folder`."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name.split(".")[0], False) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield path, (node.module or "").split(".")[0], node.level > 0


def foreign(folder: str) -> dict[str, Path]:
    """Imported names that are neither the standard library's nor ours -> a file that imports each."""
    return {
        name: path
        for path, name, relative in imports(ROOT / folder)
        if not relative and name not in sys.stdlib_module_names and name not in OURS
    }


def test_the_client_imports_the_standard_library_only() -> None:
    assert foreign("linewash") == {}


def test_the_client_imports_itself_by_relative_names_only() -> None:
    absolute = [str(path) for path, name, relative in imports(ROOT / "linewash") if not relative and name in OURS]
    assert absolute == []


def test_the_plug_in_for_krita_imports_the_standard_library_krita_and_qt_only() -> None:
    assert set(foreign("krita_plugin")) <= {"krita", "PyQt5", "PyQt6"}


def test_one_place_of_the_plug_in_knows_krita_and_one_file_knows_qt() -> None:
    importing: dict[str, set[str]] = {}
    for path, name, relative in imports(ROOT / "krita_plugin"):
        if not relative and name in ("krita", "PyQt5", "PyQt6"):
            importing.setdefault(name, set()).add(path.relative_to(ROOT / "krita_plugin").parts[0])
    assert importing["krita"] in ({"krita_api.py"}, {"application"})
    assert importing["PyQt5"] == importing["PyQt6"] == {"qt.py"}


def test_the_plug_in_for_gimp_imports_the_standard_library_and_gimps_libraries_only() -> None:
    assert set(foreign("gimp_plugin")) == {"gi"}


def test_one_file_of_the_plug_in_knows_gimps_libraries_and_one_knows_gtk() -> None:
    plugin = ROOT / "gimp_plugin"
    importing = {path.relative_to(plugin).as_posix() for path, name, relative in imports(plugin) if name == "gi"}
    assert importing == {"application/api.py", "dialog/gtk.py"}


@pytest.mark.parametrize("plugin", ["krita_plugin", "gimp_plugin"])
def test_a_plug_in_imports_itself_and_the_client_by_relative_names_only(plugin: str) -> None:
    absolute = {path for path, name, relative in imports(ROOT / plugin) if not relative and name in OURS}
    assert absolute <= {ROOT / "gimp_plugin" / "plugin_main.py"}  # it lies beside the package


@pytest.mark.parametrize(
    ("folder", "extras", "forbidden"),
    [
        ("daemon", ("torch",), {"linewash_training"}),
        ("training", ("torch", "train", "hintauc"), set()),
    ],
)
def test_whatever_is_imported_is_declared(folder: str, extras: tuple[str, ...], forbidden: set[str]) -> None:
    declared = set(requirements(*extras))
    owners = packages_distributions()
    for name, path in foreign(folder).items():
        packages = {canonicalize_name(owner) for owner in owners.get(name, [name])}
        assert packages & declared, f"{path} imports {name}, which pyproject.toml does not name"
    assert not [path for path, name, _ in imports(ROOT / folder) if name in forbidden]


def test_pytorch_is_no_hard_dependency_and_not_in_the_lock() -> None:
    assert "torch" not in requirements()
    assert not [name for name in pins() if name == "torch" or name.startswith("nvidia")]
    assert Version(TORCH) in requirements("torch")["torch"].specifier


def test_the_lock_pins_all_that_is_asked_for_within_its_range() -> None:
    for name, requirement in requirements("train", "hintauc", "dev").items():
        assert name in pins(), f"{name} is not in requirements.lock: run make lock"
        assert all(version in requirement.specifier for version in pins()[name])


def test_hint_auc_brings_no_second_opencv_and_no_old_numpy() -> None:
    assert not {"opencv-python", "astropy", "fil-finder"} & pins().keys()
    assert min(pins()["numpy"]) >= Version("2")
    line = re.search(r"^hintauc==.*", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert line is not None and "python_full_version < '3.13'" in line[0]


def test_the_lock_names_no_host() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text()
