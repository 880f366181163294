"""Draws every example anew, or those named: ``python -m examples.draw [NAME ...]``."""

from __future__ import annotations

import sys
from pathlib import Path

from . import DRAWINGS
from .render import write


def main(names: list[str]) -> None:
    """Writes the SVG and both PNGs of each drawing beside this package."""
    for name in names or sorted(DRAWINGS):
        write(name, DRAWINGS[name]().svg(), Path(__file__).parent.parent)


main(sys.argv[1:])
