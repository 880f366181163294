"""A small record of how the plug-in's last start went, for `linewash doctor` to read. Standard library only.

It lies in Krita's folder for resources, beside ``pykrita``, and holds ``time`` (seconds since 1970), the ``version`` of
the plug-in, of ``krita``, ``python`` and ``qt`` ("" where unknown), ``error`` ("" or one line) and ``traceback``.
Nothing here raises: where nothing can be written, there is no record.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import time
import traceback
from collections.abc import Mapping
from pathlib import Path

_PACKAGE = Path(__file__).absolute().parent


def worked(versions: Mapping[str, str]) -> None:
    """The plug-in is up. ``versions``: of ``Krita`` and ``Qt``, as `Application.versions` has them."""
    _write(versions, "", "")


def failed(error: BaseException, versions: Mapping[str, str] | None = None) -> None:
    """The plug-in could not be loaded, because of ``error``."""
    message = " ".join(f"{type(error).__name__}: {error}".split())
    _write(versions or {}, message, "".join(traceback.format_exception(error)))


def _write(versions: Mapping[str, str], error: str, trace: str) -> None:
    if _PACKAGE.parent.name != "pykrita":  # in the checkout, say
        return
    record = {
        "time": time.time(),
        "version": _own_version(),
        "krita": versions.get("Krita", ""),
        "python": platform.python_version(),
        "qt": versions.get("Qt", ""),
        "error": error,
        "traceback": trace,
    }
    path = _PACKAGE.parent.parent / f"{_PACKAGE.name}_last_start.json"
    written = path.with_suffix(f".{os.getpid()}")
    try:
        written.write_text(json.dumps(record), encoding="utf-8")
        os.replace(written, path)
    except (OSError, TypeError, ValueError):
        with contextlib.suppress(OSError):
            written.unlink()


def _own_version() -> str:
    try:
        from .linewash.version import __version__
    except Exception:  # it may be the client that can't be imported
        return ""
    return __version__
