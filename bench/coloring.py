"""First colour, hint edit, start and memory, as a client of the real daemon meets them."""

from __future__ import annotations

import time

from linewash import Client

from .daemon import own_daemon
from .drawing import Drawing, draw
from .figures import ColoringFigures, timed
from .machine import peak_resident, resident

_SETTLE = 0.5  # seconds until the memory of a job that ended is given back
_SMALL = 128  # px; the side of the drawing that has the model loaded


def measure_coloring(side: int, runs: int) -> ColoringFigures:
    """Colour ``runs`` new drawings of ``side`` px, and edit the hints of the first ``runs`` times.

    Peak memory is that of the first drawing and its edits; the other drawings come afterwards.
    """
    with own_daemon() as daemon:
        small = draw(_SMALL, seed=0)
        cold = timed(lambda: daemon.client.color(small.lineart, small.edited(0)))
        time.sleep(_SETTLE)
        idle = resident(daemon.pid)
        drawing = draw(side, seed=1)
        first = [_seconds(daemon.client, drawing, 0)]
        edit = [_seconds(daemon.client, drawing, number) for number in range(1, runs + 1)]
        peak = peak_resident(daemon.pid)
        first += [_seconds(daemon.client, draw(side, seed), 0) for seed in range(2, runs + 1)]
        status = daemon.client.status()
        return ColoringFigures(daemon.start, cold, idle, first, edit, peak, status.model, status.device)


def _seconds(client: Client, drawing: Drawing, number: int) -> float:
    """Seconds from pictures in memory to layers in memory, with the hints of edit ``number``."""
    lineart, hints = drawing.lineart, drawing.edited(number)
    return timed(lambda: client.color(lineart, hints))
