"""A generator asked without a colorist around it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linewash.contract import Options
from linewash_daemon.colorist.graph import read_graph
from linewash_daemon.colorist.manner import FIGURES
from linewash_daemon.colorist.regions import Regions, find_regions
from linewash_daemon.generator import Encoded, Generator, Hints, Marks, Painting
from linewash_daemon.given import Given


def regions_of(lines: NDArray[np.float32], encoded: Encoded) -> Regions:
    return find_regions((lines * 255).astype(np.uint8), encoded.contours, 0.0)


def asked(generator: Generator, lines: NDArray[np.float32], hints: Hints, **options: Any) -> Painting:
    """What ``generator`` paints of ``lines``, float32 (h, w), when ``hints`` mark the regions that they lie in."""
    encoded = generator.encode(lines)
    regions = regions_of(lines, encoded)
    on = hints.markers > 0
    pairs = np.unique(np.stack([regions.working[on], hints.markers[on] - 1], 1).astype(np.int64), axis=0)
    graph = read_graph(regions, lines, encoded)
    marks = marked(pairs[:, 0], pairs[:, 1], np.zeros(len(pairs), bool))
    return generator.paint(Given(lines, encoded, graph, hints, marks, Options(**options)))


def marked(region: ArrayLike, color: ArrayLike, soft: ArrayLike) -> Marks:
    """Marks whose strokes were drawn in a manner like any other."""
    regions = np.asarray(region, np.int64)
    drawn = np.zeros((len(regions), FIGURES), np.float32)
    return Marks(regions, np.asarray(color, np.int64), np.asarray(soft, bool), drawn)
