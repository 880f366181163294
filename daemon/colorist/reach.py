"""How far a stroke reaches that keeps to a line.

Where an area holds one stroke in the open and another that hugs a line, the latter is for something thin: a rim, the
edge of a shade, a spark. Had it been meant for all of the area, it would hardly have come to lie so close.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..generator import Hints, Marks
from .graph import Graph
from .manner import room

_CLOSE = 0.016  # of the long side: a stroke nowhere farther than that from a line hugs it, …
_SHARE = 0.35  # … if another stroke of the basin lies in the open: farther than that, and this is the former's share
_REACH = 0.03  # of the long side: how far from its pixels it has a say


def beyond_reach(hints: Hints, marks: Marks, lines: NDArray[np.float32], graph: Graph) -> NDArray[np.bool_]:
    """Which regions of ``graph`` each colour of ``hints`` has no say in, though it lies in their basin: bool (n, c).

    Another colour of the basin always has one. So has a colour of which a soft one of ``marks``, in regions of
    ``graph``, says that it is somewhere there. ``lines``: float32 (h, w), 0 paper … 1 ink, of the size of the markers.
    """
    colors = len(hints.colors)
    out = np.zeros((len(graph.basin), colors), bool)
    y, x = np.nonzero(hints.markers)
    if not len(y):
        return out
    long = max(lines.shape)
    open_air = room(lines)[y, x]
    key = graph.basin[graph.working[y, x]].astype(np.int64) * colors + hints.markers[y, x] - 1
    deepest = np.full((int(graph.basin.max()) + 1) * colors, -1.0)
    np.maximum.at(deepest, key, open_air)
    depth = deepest.reshape(-1, colors)
    most = depth.max(1, keepdims=True)
    hugging = (depth >= 0) & (depth < _CLOSE) & (depth < _SHARE * most) & (most >= _CLOSE)
    hugging[graph.basin[marks.region[marks.soft]], marks.color[marks.soft]] = False
    for basin, color in np.argwhere(hugging).tolist():
        regions = np.flatnonzero(graph.basin == basin)
        own = key == basin * colors + color
        away = cKDTree(np.stack([x[own], y[own]], 1)).query(graph.place[regions] * long)[0]
        out[regions[away > _REACH * long], color] = True
        out[graph.working[y[own], x[own]], color] = False  # a long region's middle may be far from its stroke
    return out
