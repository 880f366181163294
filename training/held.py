"""How well a region decoder chooses on drawings that it does not learn from, while it learns: a part of what
`evaluate` measures, of regions alone and in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from linewash_daemon.device import Device
from linewash_daemon.networks.cie94 import difference
from linewash_daemon.networks.propagator import denormalised_rows
from linewash_daemon.networks.washer import Washer

from . import graphs, seen
from .region_batches import RegionBatch, collate
from .region_marks import plain

COUNTS = (4, 16, 64)  # strokes
_DRAWINGS = 200
_TOGETHER = 8


class HeldOut:
    """Held-out drawings, spread evenly over those that `graphs.keep` left in a file and that have ``most`` regions or
    fewer; they are in memory from the first `measure` on."""

    def __init__(self, path: Path, indices: list[int], most: int) -> None:
        sizes = graphs.sizes(path)
        read = [index for index in indices if sizes.get(index, most + 1) <= most]
        count = min(_DRAWINGS, len(read))
        spread = [read[i * len(read) // count] for i in range(count)]
        self._indices = sorted(spread, key=lambda index: sizes[index])
        self._kept = graphs.Kept(path)
        self._drawings: list[graphs.Drawing] = []

    @torch.no_grad()
    def measure(self, network: Washer, on: Device) -> dict[str, float]:
        """For each of `COUNTS` the mean difference (CIE94) of what regions get from their true colours, inside the
        figure and, as ``…_all``, off the lines. Nothing where no drawing is held out."""
        self._drawings = self._drawings or [self._kept[index] for index in self._indices]
        with on.autocast():
            features = [seen.read(network, [seen.seen(one).to(on.device)])[0][0] for one in self._drawings]
        found: dict[str, float] = {}
        for count in COUNTS if self._drawings else ():
            inside, everywhere = [], []
            for first, (drawings, batch) in enumerate(self._batches(count, on.device)):
                some = features[first * _TOGETHER : (first + 1) * _TOGETHER]
                padded = nn.utils.rnn.pad_sequence(some, batch_first=True)
                apart = _difference(network, replace(batch, regions=replace(batch.regions, features=padded))).cpu()
                for row, one in zip(apart, drawings, strict=True):
                    pixels, figure = torch.from_numpy(one.pixels), torch.from_numpy(one.inside)
                    everywhere.append(_mean(row, pixels))
                    inside += [_mean(row, figure)] * bool(figure.sum() >= 100)
            found[f"held_{count}"] = sum(inside) / max(1, len(inside))
            found[f"held_{count}_all"] = sum(everywhere) / len(everywhere)
        return found

    def _batches(self, count: int, device: torch.device) -> Iterator[tuple[list[graphs.Drawing], RegionBatch]]:
        for first in range(0, len(self._drawings), _TOGETHER):
            some = self._drawings[first : first + _TOGETHER]
            yield some, collate([plain(one, count) for one in some]).to(device)


def _difference(network: Washer, batch: RegionBatch) -> Tensor:
    """Of each region, (B, n)."""
    decided = network.decide(batch.regions)
    colors = torch.cat([batch.regions.colors, torch.zeros_like(batch.regions.colors[:, :1])], 1)
    choice = decided.choice.argmax(-1, keepdim=True)
    own = choice == colors.shape[1] - 1
    given = torch.where(own, decided.own, colors.gather(1, choice.expand(-1, -1, 3)))
    apart = difference(denormalised_rows(given)[:, :, None], batch.truth)
    return (apart * batch.shares).sum(-1)


def _mean(values: Tensor, weight: Tensor) -> float:
    return float((values[: len(weight)] * weight).sum() / weight.sum().clamp_min(1))
