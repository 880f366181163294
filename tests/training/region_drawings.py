"""Drawings as graphs, made up: what `linewash_training.graphs.read` gives, without a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from linewash_training import graphs, writing
from linewash_training.graphs import COLORS, LONGEST, SEQUENCES, Drawing

FEATURES, NODES, BORDERS = 8, 17, 8
WHITE = (255, 255, 255)


def drawing(n: int = 4, seed: int = 0) -> Drawing:
    """``n`` regions in a row, each of one colour, the first of them white; every stroke lies in one or two regions of
    its colour, and the second half of a sequence is not there."""
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
    edges = np.stack([np.arange(n - 1), np.arange(1, n)], 1).astype(np.int32)
    return Drawing(
        nodes=rng.normal(size=(n, NODES)).astype(np.float16),
        edges=edges,
        borders=rng.normal(size=(n - 1, BORDERS)).astype(np.float16),
        place=rng.random((n, 2)).astype(np.float32),
        features=rng.normal(size=(n, FEATURES)).astype(np.float16),
        basin=np.arange(n, dtype=np.int32),
        colors=colors,
        shares=shares,
        pixels=rng.integers(10, 900, n).astype(np.float32),
        inside=rng.integers(10, 900, n).astype(np.float32) * (np.arange(n) > 0),
        stroke_color=np.where(region[..., :1] >= 0, colors[region[..., 0], 0], 0).astype(np.uint8),
        stroke_region=region,
    )


def write_drawings(path: Path, drawings: dict[int, Drawing]) -> Path:
    """A file as `graphs.keep` leaves it, by the pairs' numbers, each read once."""
    tensors = {
        f"{index:06d}.0.{name}": torch.from_numpy(getattr(one, name))
        for index, one in drawings.items()
        for name in graphs.NAMES
    }
    writing.tensors(path, tensors, {"pack": "1", "encoder": "none"})
    return path
