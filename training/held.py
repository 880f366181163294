"""How well a region decoder chooses on drawings that it does not learn from, while it learns: a part of what
`evaluate` measures, of regions alone and in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from linewash_daemon.networks.propagator import normalised

from . import graphs
from .region_batches import RegionBatch, collate
from .region_losses import denormalised_rows, difference
from .region_marks import plain

COUNTS = (4, 16, 64)  # strokes
_DRAWINGS = 200
_TOGETHER = 8


class HeldOut:
    """Held-out drawings, spread evenly over those that `graphs.keep` left in a file and that have ``most`` regions or
    fewer; they are in memory from the first `measure` on."""

    def __init__(self, path: Path, indices: list[int], most: int) -> None:
        sizes = graphs.sizes(path)
        read = [one for one in (graphs.Reading(index, 0) for index in indices) if sizes.get(one, most + 1) <= most]
        count = min(_DRAWINGS, len(read))
        spread = [read[i * len(read) // count] for i in range(count)]
        self._readings = sorted(spread, key=lambda one: sizes[one])
        self._kept = graphs.Kept(path)
        self._drawings: list[graphs.Drawing] = []

    @torch.no_grad()
    def measure(self, decoder: nn.Module, palette: Tensor) -> dict[str, float]:
        """For each of `COUNTS` the mean difference (CIE94) of what regions get from their true colours, inside the
        figure and, as ``…_all``, off the lines. ``palette``: (bins, 3) Lab. Nothing where no drawing is held out."""
        self._drawings = self._drawings or [self._kept[one] for one in self._readings]
        found: dict[str, float] = {}
        for count in COUNTS if self._drawings else ():
            inside, everywhere = [], []
            for drawings, batch in self._batches(count, palette.device):
                apart = _difference(decoder, batch, normalised(palette.T[None])[0].T).cpu()
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


def _difference(decoder: nn.Module, batch: RegionBatch, palette: Tensor) -> Tensor:
    """Of each region, (B, n)."""
    decided = decoder(batch.regions, palette)
    colors = torch.cat([batch.regions.colors, torch.zeros_like(batch.regions.colors[:, :1])], 1)
    choice = decided.choice.argmax(-1, keepdim=True)
    own = choice == colors.shape[1] - 1
    given = torch.where(own, decided.own, colors.gather(1, choice.expand(-1, -1, 3)))
    apart = difference(denormalised_rows(given)[:, :, None], batch.truth)
    return (apart * batch.shares).sum(-1)


def _mean(values: Tensor, weight: Tensor) -> float:
    return float((values[: len(weight)] * weight).sum() / weight.sum().clamp_min(1))
