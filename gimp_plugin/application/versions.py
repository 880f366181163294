"""What is told of GIMP in diagnostics."""

from __future__ import annotations

import platform

from .api import Gegl, Gimp


def versions() -> dict[str, str]:
    gegl = ".".join(map(str, (Gegl.MAJOR_VERSION, Gegl.MINOR_VERSION, Gegl.MICRO_VERSION)))
    return {"GIMP": Gimp.version(), "GEGL": gegl, "Python": platform.python_version()}
