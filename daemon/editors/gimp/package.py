"""The GIMP plug-in as it is shipped: its folder, and the zip to unpack into ``plug-ins``.

Run as a program (``make gimp``) it writes the zip into the folder that it is given.

GIMP starts the file that bears its folder's name, and only with the run bit. The package lies beside that file, with
the client in it, so that nothing but the file is called ``linewash`` at top level.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

from linewash.launch import leave_note
from linewash.version import __version__

from ..shipping import package_of, write_archive

NAME = "linewash"
PACKAGE = "linewash_gimp"
SCRIPT = f"{NAME}.py"

_MAIN = "plugin_main.py"  # what the script is called in the source
_LICENCE = "LICENSE"


def plug_in_files() -> dict[str, bytes]:
    """Every file of the folder ``linewash``, by its path in there with ``/`` between; sorted."""
    package = package_of(PACKAGE)
    outside = {SCRIPT: package.pop(_MAIN), _LICENCE: package.pop(_LICENCE)}
    return dict(sorted({**outside, **{f"{PACKAGE}/{name}": data for name, data in package.items()}}.items()))


def write_zip(folder: Path) -> Path:
    """Write ``linewash-gimp-VERSION.zip`` into ``folder``: the same bytes for the same files. Returns its path."""
    path = folder / f"linewash-gimp-{__version__}.zip"
    files = plug_in_files()
    script = f"{NAME}/{SCRIPT}"
    inside = {f"{NAME}/{name}": data for name, data in files.items()}
    write_archive(path, inside, programs=[script], dates={script: _date(files)})
    return path


def _date(files: dict[str, bytes]) -> tuple[int, int, int, int, int, int]:
    """Another one for other files: GIMP asks a plug-in anew for its procedures when the script's date has changed."""
    digest = 0
    for name, data in files.items():
        digest = zlib.crc32(data, zlib.crc32(name.encode(), digest))
    minutes, half = divmod(digest, 30)  # a zip counts by two seconds
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    months, day = divmod(days, 28)
    years, month = divmod(months, 12)
    return 1980 + years % 40, 1 + month, 1 + day, hour, minute, 2 * half


if __name__ == "__main__":
    leave_note()  # the zip knows of no program, and a checkout's is on no PATH
    print(write_zip(Path(sys.argv[1])))
