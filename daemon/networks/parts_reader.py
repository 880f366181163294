"""The parts reader: which regions of a drawing are of one colour, from the line encoder's features.

A sleeve is told by its cuff, which lies at one end of it, so what is said of regions is gathered by basin: the mean of
its regions' tokens and the most of each of their numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

_FORGETS = (0.3, 0.1, 0.2)  # dropout of features, in the layers, before the verdict


class Read(NamedTuple):
    """``likeness``: (B, n, kin), of each region's basin and of length 1; of it come ``same``: logits (B, n, n) that two
    regions have one colour, were that as likely as not."""

    likeness: Tensor
    same: Tensor


class PartsReader(nn.Module):
    """``scale``: by which products of likeness become log-odds, and what is added."""

    def __init__(
        self, features: tuple[int, ...], nodes: int, width: int = 96, layers: int = 2, heads: int = 4, kin: int = 32
    ) -> None:
        """``features``: how many the line encoder gives of each scale, finest first. Raises `ValueError` where the
        ``heads`` can't share the ``width``."""
        super().__init__()
        if width % heads:
            raise ValueError(f"a parts reader of width {width} can't have {heads} heads")
        self.sizes = tuple(features)
        self.norms = nn.ModuleList([nn.LayerNorm(size) for size in self.sizes])
        self.forget = nn.Dropout(_FORGETS[0])
        self.enter = nn.Linear(sum(self.sizes), width)
        self.figures = nn.Sequential(nn.Linear(nodes, width // 2), nn.SiLU(), nn.Linear(width // 2, width))
        self.layers = nn.ModuleList(
            [
                nn.TransformerEncoderLayer(
                    width, heads, 2 * width, _FORGETS[1], F.silu, batch_first=True, norm_first=True
                )
                for _ in range(layers)
            ]
        )
        self.verdict = nn.Sequential(
            nn.LayerNorm(2 * width),
            nn.Dropout(_FORGETS[2]),
            nn.Linear(2 * width, width),
            nn.SiLU(),
            nn.Linear(width, kin),
        )
        self.scale = nn.Parameter(torch.tensor([4.0, -1.0]))

    def forward(self, features: Tensor, nodes: Tensor, there: Tensor, basin: Tensor) -> Read:
        """Of `region_decoder.Regions` what has the same names."""
        levels = [norm(level) for norm, level in zip(self.norms, features.split(self.sizes, -1), strict=True)]
        x = self.enter(self.forget(torch.cat(levels, -1))) + self.figures(nodes)
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=~there)
        held = Basins.of(nodes, there, basin)
        said = self.verdict(_gathered(x, held))
        said = said.gather(1, held.number[..., None].expand(-1, -1, said.shape[-1]))
        likeness = F.normalize(said, dim=-1)
        return Read(likeness, self.scale[0] * likeness @ likeness.transpose(1, 2) + self.scale[1])


class Basins(NamedTuple):
    """``number``: int64 (B, n), each region's basin, 0 for what is not there, and less than ``numbers``; ``area``,
    ``whole``: (B, n), of the region and of its basin, in shares of the page."""

    number: Tensor
    numbers: int
    area: Tensor
    whole: Tensor

    @classmethod
    def of(cls, nodes: Tensor, there: Tensor, basin: Tensor) -> Basins:
        """`region_decoder.Regions` of the same names."""
        number = torch.where(there, basin + 1, 0)
        numbers = int(number.max()) + 1  # of a drawing that was thinned out (`graph.spoken_for`) more than regions
        area = (4 * nodes[..., 0] - 6).exp()  # a node's first figure is its logarithm
        whole = area.new_zeros(len(area), numbers).scatter_add(1, number, area).gather(1, number)
        return cls(number, numbers, area, whole)


def _gathered(x: Tensor, held: Basins) -> Tensor:
    """Tokens (B, n, w) -> (B, basins, 2 w): the means, by area, and the most of each number."""
    b, _, width = x.shape
    at = held.number[..., None].expand(-1, -1, width)
    mean = x.new_zeros(b, held.numbers, width).scatter_add(1, at, x * (held.area / held.whole)[..., None])
    most = x.new_full((b, held.numbers, width), -30.0).scatter_reduce(1, at, x, "amax")
    return torch.cat([mean, most], -1)
