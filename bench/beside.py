"""Other programs beside Linewash: a command line that colours files, on the same drawing, in the same run."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from linewash.errors import BadInput
from linewash_training.evaluation.programs import run, words, write

from .drawing import draw
from .figures import timed


def measure_beside(command: str, side: int, runs: int) -> list[float]:
    """Seconds of each of ``runs`` runs, process start and files included; none when it fails, and stderr says why."""
    with tempfile.TemporaryDirectory(prefix="lwbench") as folder:
        drawing = draw(side, seed=1)
        line, hints = write(Path(folder), drawing.lines, drawing.hints)
        seconds = []
        for number in range(runs):
            called = words(command, line, hints, Path(folder) / f"out{number}.png")
            try:
                seconds.append(timed(lambda called=called: run(called)))  # type: ignore[misc]
            except BadInput as error:
                print(error, file=sys.stderr)
                return []
        return seconds
