"""What lies beside each part of a drawing, and is likely of another colour."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.special import expit

from .alike import PartsAlike
from .graph import LENGTH, Graph
from .parts import Parts


def others_beside(parts: Parts, graph: Graph, alike: PartsAlike | None) -> csr_matrix:
    """Of each part's border the share that it has with each other one, times how surely the two are of two colours:
    float64 (parts, parts), 0…1, nothing on the diagonal. Without ``alike``, where nothing tells it, there is nothing
    at all.

    Lengths are px at working size; the page's rim is none's border. Two parts are surely of two colours by the same
    log-odds by which they are not one part already.
    """
    if alike is None:
        return csr_matrix((len(parts.area),) * 2)
    one, other = parts.owner[graph.edges].T
    apart, count = one != other, len(parts.area)
    length = np.expm1(4 * graph.borders[apart, LENGTH].astype(np.float64))
    row, column = np.concatenate([one[apart], other[apart]]), np.concatenate([other[apart], one[apart]])
    whole = np.maximum(np.bincount(row, np.tile(length, 2), count), 1)
    share = np.tile(length, 2) / whole[row] * expit(-alike.between(row, column))
    return coo_matrix((share, (row, column)), shape=(count, count)).tocsr()
