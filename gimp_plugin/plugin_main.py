#!/usr/bin/env python3
"""What GIMP starts. It lies beside the package `linewash_gimp`, in a folder of the same name as this file."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

sys.path.insert(0, str(Path(__file__).resolve().parent))

from linewash_gimp.last_start import failed, worked  # tells `linewash doctor`

try:
    from linewash_gimp.application.plug_in import run
    from linewash_gimp.application.versions import versions

    worked(versions())
except Exception as error:
    failed(error)
    raise


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    failed(error, versions())
    sys.__excepthook__(kind, error, trace)


if "-query" in sys.argv:  # GIMP asks for the procedures, and takes none where that fails
    sys.excepthook = _report
run(sys.argv)
