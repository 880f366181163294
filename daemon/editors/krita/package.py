"""The Krita plug-in as it is shipped: its files, and the zip that Krita's *Import Python Plugin from File* takes.

Run as a program (``make krita``) it writes the zip into the folder that it is given.

Krita's importer wants ``linewash_krita.desktop``, the package's folder with an entry of its own, and the actions in
a file that bears the package's name; that one lies outside the package, since Krita looks for actions inside it too
and would meet each of them twice.
"""

from __future__ import annotations

import re
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

from linewash.launch import leave_note
from linewash.version import __version__

NAME = "linewash_krita"
DESKTOP = f"{NAME}.desktop"
ACTION = f"{NAME}.action"
CLIENT = "linewash"
"""The client's package, which travels inside the plug-in's."""

_SHIPPED = {".py", ".typed", ".json", ".html", ".svg", ".png"}
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


def package_files() -> dict[str, bytes]:
    """Every file of the package folder, by its path in there with ``/`` between; sorted."""
    files = _files_of(_source(NAME), left_out=CLIENT)
    files.update({f"{CLIENT}/{path}": data for path, data in _files_of(_source(CLIENT)).items()})
    return dict(sorted(files.items()))


def desktop_file() -> bytes:
    """What tells Krita of the plug-in; lies beside the package."""
    return (_source(NAME) / DESKTOP).read_bytes()


def action_file() -> bytes:
    """The actions, for Krita's menu and the list of shortcuts."""
    return (_source(NAME) / "actions" / ACTION).read_bytes()


def version_of(files: dict[str, bytes]) -> str:
    """The version that a package with these files is of; "" when it does not say."""
    told = re.search(rb'__version__ = "([^"]+)"', files.get(f"{CLIENT}/version.py", b""))
    return told[1].decode("ascii", "replace") if told else ""


def write_zip(folder: Path) -> Path:
    """Write ``linewash-krita-VERSION.zip`` into ``folder``, always the same bytes for the same files; returns its path.

    The files are stored, not deflated: compressors differ from machine to machine.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"linewash-krita-{__version__}.zip"
    inside = {f"{NAME}/{name}": data for name, data in package_files().items()}
    folders = {f"{name[: name.rindex('/')]}/": b"" for name in inside}
    files = {**inside, **folders, DESKTOP: desktop_file(), f"actions/{ACTION}": action_file(), "actions/": b""}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in sorted(files.items()):
            archive.writestr(_entry(name), data)
    return path


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIRST_DAY)
    entry.create_system = 3  # Unix, whose modes follow
    entry.external_attr = (0o40755 << 16 | 0x10) if name.endswith("/") else 0o100644 << 16
    return entry


def _source(package: str) -> Path:
    """The folder of an installed package or of the checkout's; the plug-in's can't be imported outside Krita."""
    spec = find_spec(package)
    assert spec and spec.submodule_search_locations, f"{package} is part of this program"
    return Path(spec.submodule_search_locations[0])


def _files_of(folder: Path, left_out: str = "") -> dict[str, bytes]:
    found = {}
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        shipped = path.suffix in _SHIPPED or path.name == "LICENSE"
        if shipped and inside.parts[0] != left_out and "__pycache__" not in inside.parts and path.is_file():
            found[inside.as_posix()] = path.read_bytes()
    return found


if __name__ == "__main__":
    leave_note()  # Krita's importer knows only the zip, and a checkout's program is on no PATH
    print(write_zip(Path(sys.argv[1])))
