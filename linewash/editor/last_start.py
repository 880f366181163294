"""A small record of how the plug-in's last start went, for `linewash doctor` to read. Standard library only.

Each plug-in's package holds this file as its own (a link in the source), since it has to work where the client can't be
imported. The record is ``PACKAGE_last_start.json`` in the editor's folder, beside ``pykrita`` or ``plug-ins``, and
holds ``time`` (seconds since 1970), the ``version`` of the plug-in, of ``python`` and of what else the plug-in names
("" where unknown), ``error`` ("" or one line) and ``traceback``. Nothing here raises: where nothing can be written,
there is no record.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import re
import time
import traceback
from collections.abc import Mapping
from pathlib import Path

_PACKAGE = Path(__file__).absolute().parent
_HOLDERS = ("pykrita", "plug-ins")  # the folders for plug-ins, of Krita and of GIMP


def worked(versions: Mapping[str, str]) -> None:
    """The plug-in is up. ``versions``: of the editor (``Krita`` or ``GIMP``) and what comes with it."""
    _write(versions, "", "")


def failed(error: BaseException, versions: Mapping[str, str] | None = None) -> None:
    """The plug-in could not be loaded, because of ``error``."""
    message = " ".join(f"{type(error).__name__}: {error}".split())
    _write(versions or {}, message, "".join(traceback.format_exception(type(error), error, error.__traceback__)))


def _write(versions: Mapping[str, str], error: str, trace: str) -> None:
    holder = next((folder for folder in _PACKAGE.parents[:2] if folder.name in _HOLDERS), None)
    if holder is None:  # in the checkout, say
        return
    record = {
        **{name.lower(): version for name, version in versions.items()},
        "time": time.time(),
        "version": _own_version(),
        "python": platform.python_version(),
        "error": error,
        "traceback": trace,
    }
    path = holder.parent / f"{_PACKAGE.name}_last_start.json"
    written = path.with_suffix(f".{os.getpid()}")
    try:
        written.write_text(json.dumps(record), encoding="utf-8")
        os.replace(written, path)
    except (OSError, TypeError, ValueError):
        with contextlib.suppress(OSError):
            written.unlink()


def _own_version() -> str:
    try:
        source = (_PACKAGE / "linewash" / "version.py").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
    told = re.search(r'__version__ = "([^"]+)"', source)
    return told[1] if told else ""
