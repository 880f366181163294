"""Drawings as the line encoder sees them while it learns with the region decoder: its features, pooled to regions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from linewash_daemon.colorist.graph import pools_of, spots
from linewash_daemon.networks.washer import Washer

from .graphs import Drawing


@dataclass
class Seen:
    """``lines`` (1, 1, h, w), 0 paper … 1 ink; ``contours`` (1, 1, h, w), 0…1, what the encoder is to go on saying
    of them: regions come of that, and they are the same all the time. ``labels`` int64, ``at`` int64 and ``share``
    (k,): of each region the shares that pixels have in it at a quarter of the working size; ``count``: how
    many regions."""

    lines: Tensor
    contours: Tensor
    labels: Tensor
    at: Tensor
    share: Tensor
    count: int

    def to(self, device: torch.device) -> Seen:
        names = ("lines", "contours", "labels", "at", "share")
        return replace(self, **{name: getattr(self, name).to(device, non_blocking=True) for name in names})


def seen(drawing: Drawing) -> Seen:
    working, n = drawing.working.astype(np.int32), len(drawing.seeds)
    pool = pools_of(*spots(working, drawing.seeds), working.shape, n, 1)[0].tocoo()
    lines, contours = (torch.from_numpy(one / np.float32(255))[None, None] for one in (drawing.lines, drawing.contours))
    labels, at = (torch.from_numpy(each.astype(np.int64)) for each in (pool.row, pool.col))
    return Seen(lines, contours, labels, at, torch.from_numpy(pool.data), n)


def read(network: Washer, drawings: list[Seen]) -> tuple[Tensor, Tensor]:
    """`Regions.features` of the ``drawings``, (B, n, f), padded, and the mean cross-entropy of contours, ()."""
    alike: dict[torch.Size, list[int]] = {}
    for i, one in enumerate(drawings):
        alike.setdefault(one.lines.shape, []).append(i)
    features: dict[int, Tensor] = {}
    apart: list[Tensor] = []
    for numbers in alike.values():  # all of one size at once
        levels, contours = network.read(torch.cat([drawings[i].lines for i in numbers]))
        for row, i in enumerate(numbers):
            features[i] = _pooled(drawings[i], [level[row] for level in levels])
            apart.append(F.binary_cross_entropy_with_logits(contours[row].float(), drawings[i].contours[0]))
    in_order = [features[i] for i in range(len(drawings))]
    return torch.nn.utils.rnn.pad_sequence(in_order, batch_first=True), torch.stack(apart).mean()


def _pooled(one: Seen, levels: list[Tensor]) -> Tensor:
    """As `graph.read_graph` pools them: (f, h, w) of each scale -> (n, f)."""
    width = levels[0].shape[-1]
    y, x = one.at // width, one.at % width
    pooled = []
    for i, level in enumerate(levels):
        places = level.flatten(1).T[(y >> i) * (width >> i) + (x >> i)].float() * one.share[:, None]
        pooled.append(places.new_zeros(one.count, places.shape[1]).index_add(0, one.labels, places))
    return torch.cat(pooled, 1)
