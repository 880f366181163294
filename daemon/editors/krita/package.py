"""The Krita plug-in as it is shipped: its files, and the zip that Krita's *Import Python Plugin from File* takes.

Run as a program (``make krita``) it writes the zip into the folder that it is given.

Krita's importer wants ``linewash_krita.desktop``, the package's folder with an entry of its own, and the actions in
a file that bears the package's name; that one lies outside the package, since Krita looks for actions inside it too
and would meet each of them twice.
"""

from __future__ import annotations

import sys
from pathlib import Path

from linewash.launch import leave_note
from linewash.version import __version__

from ..shipping import package_of, source, write_archive

NAME = "linewash_krita"
DESKTOP = f"{NAME}.desktop"
ACTION = f"{NAME}.action"


def package_files() -> dict[str, bytes]:
    """Every file of the package folder, by its path in there with ``/`` between; sorted."""
    return package_of(NAME)


def desktop_file() -> bytes:
    """What tells Krita of the plug-in; lies beside the package."""
    return (source(NAME) / DESKTOP).read_bytes()


def action_file() -> bytes:
    """The actions, for Krita's menu and the list of shortcuts."""
    return (source(NAME) / "actions" / ACTION).read_bytes()


def write_zip(folder: Path) -> Path:
    """Write ``linewash-krita-VERSION.zip`` into ``folder``: the same bytes for the same files. Returns its path."""
    path = folder / f"linewash-krita-{__version__}.zip"
    inside = {f"{NAME}/{name}": data for name, data in package_files().items()}
    write_archive(path, {**inside, DESKTOP: desktop_file(), f"actions/{ACTION}": action_file()})
    return path


if __name__ == "__main__":
    leave_note()  # Krita's importer knows only the zip, and a checkout's program is on no PATH
    print(write_zip(Path(sys.argv[1])))
