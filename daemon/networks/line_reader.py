"""The line encoder at school: with heads that make it tell borders, kinship of colours, and colours, from lines alone.

The heads go when it has learned; what stays is the encoder, whose features the region decoder reads.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .propagator import LineEncoder


class Read(NamedTuple):
    """``contours``: logits (B, 1, H, W). ``kin``: unit vectors (B, k, H/4, W/4), alike where colours are the same.
    ``bins``: logits (B, bins, H/4, W/4) over the palette."""

    contours: Tensor
    kin: Tensor
    bins: Tensor


class LineReader(nn.Module):
    """Line map (B, 1, H, W), 0 paper … 1 ink -> `Read`. Buffers as in `Propagator`: ``palette``, ``rarity``."""

    palette: Tensor
    rarity: Tensor

    def __init__(
        self, encoder: tuple[int, ...] = (64, 96, 144, 192), blocks: int = 2, bins: int = 128, kin: int = 24
    ) -> None:
        super().__init__()
        self.encoder = LineEncoder(tuple(encoder), blocks)
        self.kin = nn.Conv2d(encoder[0], kin, 1)
        self.bins = nn.Conv2d(encoder[0], bins, 1)
        self.scale = nn.Parameter(torch.tensor([8.0, -4.0]))  # of the kinship's logit: slope and offset
        self.register_buffer("palette", torch.zeros(bins, 3))
        self.register_buffer("rarity", torch.ones(bins))
        self.multiple = 4 * 2 ** (len(encoder) - 1)

    def forward(self, lines: Tensor) -> Read:
        features, contours = self.encoder(lines)
        x = F.silu(features)
        return Read(contours, F.normalize(self.kin(x).float(), dim=1), self.bins(x))

    def kinship(self, kin: Tensor) -> Tensor:
        """Unit vectors of n places, (B, n, k) -> logits (B, n, n) that two have the same colour."""
        logits: Tensor = self.scale[0] * kin @ kin.transpose(1, 2) + self.scale[1]
        return logits
