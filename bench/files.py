"""Drawings as files, and the command line as it is typed: what editors are measured beside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import cv2

from .drawing import draw


def drawing_files(folder: Path, side: int, seed: int) -> tuple[str, str]:
    """Write a drawing's line art and hints, ``side`` px square, into ``folder``; their paths."""
    drawing = draw(side, seed)
    line, hints = folder / f"{side}-{seed}.line.png", folder / f"{side}-{seed}.hints.png"
    cv2.imwrite(str(line), drawing.lines)
    cv2.imwrite(str(hints), cv2.cvtColor(drawing.hints, cv2.COLOR_RGBA2BGRA))
    return str(line), str(hints)


def command_line(variables: Mapping[str, str], *words: str) -> None:
    """Run ``linewash WORDS`` in a process of its own, with ``variables`` set. Raises `CalledProcessError`."""
    program = [sys.executable, "-c", "from linewash_daemon.cli import main; main()"]
    subprocess.run([*program, *words], env={**os.environ, **variables}, check=True, capture_output=True)
