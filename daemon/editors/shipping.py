"""What the packages of all plug-ins have in common: the files of a package, its version, and the zip."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path

CLIENT = "linewash"
"""The client's package, which travels inside each plug-in's."""

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say

_SHIPPED = {".py", ".typed", ".json", ".html", ".svg", ".png"}


def package_of(name: str) -> dict[str, bytes]:
    """Every file of the plug-in's package ``name`` and of the client in it, by its path in there with ``/`` between;
    sorted."""
    files = _files_of(source(name), left_out=CLIENT)
    files.update({f"{CLIENT}/{path}": data for path, data in _files_of(source(CLIENT)).items()})
    return dict(sorted(files.items()))


def source(package: str) -> Path:
    """The folder of an installed package or of the checkout's; a plug-in's can't be imported outside its editor."""
    spec = find_spec(package)
    assert spec and spec.submodule_search_locations, f"{package} is part of this program"
    return Path(spec.submodule_search_locations[0])


def version_of(files: Mapping[str, bytes]) -> str:
    """The version that a package with these files is of; "" when it does not say."""
    told = re.search(rb'__version__ = "([^"]+)"', files.get(f"{CLIENT}/version.py", b""))
    return told[1].decode("ascii", "replace") if told else ""


def installed_files(folder: Path) -> dict[str, bytes]:
    """By their path in ``folder``, compiled ones left out. Raises `OSError`."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def installed_version(package: Path) -> str:
    """The version of the package in that folder, "unknown" when it does not say."""
    version = f"{CLIENT}/version.py"
    try:
        files = {version: (package / version).read_bytes()}
    except OSError:
        files = {}
    return version_of(files) or "unknown"


def write_archive(
    path: Path,
    files: Mapping[str, bytes],
    programs: Collection[str] = (),
    dates: Mapping[str, tuple[int, int, int, int, int, int]] | None = None,
) -> None:
    """Write a zip, always the same bytes for the same files, with an entry for each folder. ``programs`` get the run
    bit; what has no date of its own is of `FIRST_DAY`.

    The files are stored, not deflated: compressors differ from machine to machine.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folders = {f"{above.as_posix()}/": b"" for name in files for above in Path(name).parents if above.name}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in sorted({**files, **folders}.items()):
            entry = zipfile.ZipInfo(name, (dates or {}).get(name, FIRST_DAY))
            entry.create_system = 3  # Unix, whose modes follow
            mode = 0o100755 if name in programs else 0o100644
            entry.external_attr = (0o40755 << 16 | 0x10) if name.endswith("/") else mode << 16
            archive.writestr(entry, data)


def _files_of(folder: Path, left_out: str = "") -> dict[str, bytes]:
    found = {}
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        shipped = path.suffix in _SHIPPED or path.name == "LICENSE"
        if shipped and inside.parts[0] != left_out and "__pycache__" not in inside.parts and path.is_file():
            found[inside.as_posix()] = path.read_bytes()
    return found
