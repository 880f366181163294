from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from setup_env import ROOT

FOLDERS = {
    "linewash": "linewash",
    "linewash_daemon": "daemon",
    "linewash_gimp": "gimp_plugin",
    "linewash_krita": "krita_plugin",
    "linewash_training": "training",
}
_LINKED = (ROOT / "krita_plugin" / "linewash", ROOT / "gimp_plugin" / "linewash")  # to the client
DATA = ("**/py.typed", "weights/*.safetensors", "weights/*.md", "recipes/*.toml", "sources.toml", "editor/**/*.json")


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def of_tree(*patterns: str) -> set[str]:
    """Files of the flat folders that match, under the names they are imported by."""
    return {
        f"{package}/{path.relative_to(ROOT / folder).as_posix()}"
        for package, folder in FOLDERS.items()
        for pattern in patterns
        for path in (ROOT / folder).glob(pattern)
        if path.parent not in _LINKED
    }


def test_the_wheel_takes_no_import_name_but_ours(wheel: Path) -> None:
    top = {name.split("/")[0] for name in names(wheel)}
    assert {name for name in top if not name.endswith(".dist-info")} == set(FOLDERS)


def test_the_wheel_holds_every_module_of_the_tree(wheel: Path) -> None:
    modules = {name for name in names(wheel) if name.endswith(".py")}
    assert modules == of_tree("**/*.py")


def test_the_wheel_holds_weights_recipes_and_the_list_of_sources(wheel: Path) -> None:
    wanted = of_tree(*DATA)
    assert wanted <= names(wheel)
    assert any(name.startswith("linewash_training/recipes/") for name in wanted)
    assert "linewash_training/sources.toml" in wanted


def test_the_wheel_holds_both_licences(wheel: Path) -> None:
    licences = {name.split("/", 1)[1] for name in names(wheel) if ".dist-info/licenses/" in name}
    assert licences == {"licenses/LICENSE", "licenses/LICENSE-weights"}


def test_the_sdist_holds_files_and_no_links(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        assert not [member.name for member in archive if member.issym() or member.islnk()]


def test_an_empty_environment_imports_the_wheel_and_not_the_checkout(installed: Path) -> None:
    code = "import linewash, linewash_daemon, linewash_training as t; print(*(m.__file__ for m in (linewash, t)))"
    done = subprocess.run([installed, "-I", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(name.startswith(str(installed.parent.parent)) for name in done.stdout.split())


@pytest.mark.parametrize(
    ("editor", "shipped"),
    [("krita", "action_file(), package.desktop_file(), package.package_files()"), ("gimp", "plug_in_files()")],
)
def test_the_installed_program_holds_the_same_plug_in_as_the_tree(
    editor: str, shipped: str, installed: Path, built: Path
) -> None:
    shown = (
        f"from linewash_daemon.editors.{editor} import package; import hashlib;"
        f"print(hashlib.sha256(repr((package.{shipped})).encode()).hexdigest())"
    )
    of_tree = f"import sys; sys.path.insert(0, {str(built.parent / 'src')!r}); {shown}"
    digests = [
        subprocess.run([installed, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
        for code in (shown, of_tree)
    ]
    assert digests[0] == digests[1]


@pytest.mark.parametrize("command", ["linewash", "linewash-train"])
def test_the_installed_command_shows_its_help(installed: Path, command: str) -> None:
    suffix = ".exe" if sys.platform == "win32" else ""
    done = subprocess.run([installed.parent / f"{command}{suffix}", "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout
