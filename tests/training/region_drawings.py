"""Drawings as graphs, made up: what `linewash_training.graphs.read` gives, without a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from linewash_training import graphs, writing
from linewash_training.graphs import COLORS, LONGEST, SEQUENCES, Drawing

NODES, BORDERS = 17, 8
WHITE = (255, 255, 255)


def drawing(n: int = 4, seed: int = 0, side: int = 64) -> Drawing:
    """``n`` regions in a row, parted by lines, each of one colour, the first of them white; every stroke lies in one or
    two regions of its colour, and the second half of a sequence is not there. ``side``: px."""
    rng = np.random.default_rng([seed, n])
    colors = np.zeros((n, COLORS, 3), np.uint8)
    colors[:, 0] = rng.integers(40, 216, (n, 3))
    colors[0, 0] = WHITE
    colors[n - 1, 0] = colors[n // 2, 0]
    shares = np.zeros((n, COLORS), np.float32)
    shares[:, 0] = 1
    region = np.full((SEQUENCES, LONGEST, 3), -1, np.int32)
    region[:, : LONGEST // 2, 0] = rng.integers(0, n, (SEQUENCES, LONGEST // 2))
    region[..., 1] = np.where(region[..., 0] == n // 2, n - 1, -1)
    region[..., 1][region[..., 0] == region[..., 1]] = -1
    working = np.tile(np.arange(side) * n // side, (side, 1)).astype(np.uint16)
    border = np.diff(working.astype(np.int32), axis=1, prepend=0) > 0
    edges = np.stack([np.arange(n - 1), np.arange(1, n)], 1).astype(np.int32)
    return Drawing(
        nodes=rng.normal(size=(n, NODES)).astype(np.float16),
        edges=edges,
        borders=rng.normal(size=(n - 1, BORDERS)).astype(np.float16),
        place=rng.random((n, 2)).astype(np.float32),
        basin=np.arange(n, dtype=np.int32),
        colors=colors,
        shares=shares,
        pixels=rng.integers(10, 900, n).astype(np.float32),
        inside=rng.integers(10, 900, n).astype(np.float32) * (np.arange(n) > 0),
        stroke_color=np.where(region[..., :1] >= 0, colors[region[..., 0], 0], 0).astype(np.uint8),
        stroke_region=region,
        stroke_area=rng.uniform(5, 90, (SEQUENCES, LONGEST)).astype(np.float32),
        stroke_depth=rng.uniform(0, 0.2, (SEQUENCES, LONGEST)).astype(np.float32),
        lines=np.where(border, 255, 0).astype(np.uint8),
        contours=np.where(border, 230, 3).astype(np.uint8),
        working=working,
        seeds=np.array([side * side // 2 + (2 * i + 1) * side // (2 * n) for i in range(n)], np.int64),
    )


def write_drawings(path: Path, drawings: dict[int, Drawing]) -> Path:
    """A file as `graphs.keep` leaves it, by the pairs' numbers."""
    tensors = {
        f"{index:06d}.{name}": torch.from_numpy(graphs.packed(name, getattr(one, name)))
        for index, one in drawings.items()
        for name in graphs.NAMES
    }
    writing.tensors(path, tensors, {"pack": "1", "encoder": "none"})
    return path
