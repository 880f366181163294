"""What is told of GIMP in diagnostics and in the record of the last start."""

from __future__ import annotations

import platform
from typing import Any

from .api import Gegl, Gimp


def versions() -> dict[str, str]:
    """Of GIMP, GEGL and Python; can be asked before GIMP is connected, as `Gimp.version` can't."""
    return {"GIMP": _of(Gimp), "GEGL": _of(Gegl), "Python": platform.python_version()}


def _of(library: Any) -> str:
    return ".".join(map(str, (library.MAJOR_VERSION, library.MINOR_VERSION, library.MICRO_VERSION)))
