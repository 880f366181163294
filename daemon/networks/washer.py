"""The default style's generator: the line encoder once a line art, the region decoder for every set of strokes; and if
it has them, the depiction reader and the pair reader where there are no
strokes, and the light head for every set of flats."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .depiction import DepictionReader
from .light import LightHead
from .pair_reader import PairReader
from .propagator import LineEncoder, normalised
from .region_decoder import Decided, RegionDecoder, Regions, least_apart
from .second_look import SecondLook

SCHEMES, COLORS = 256, 10  # colour schemes, and colours of one at most


class Washer(nn.Module):
    """Buffers: ``palette``, (bins, 3) Lab, the colours its distribution ranges over; ``rarity``, (bins,), the weight
    that each had in training; ``schemes``, (`SCHEMES`, `COLORS`, 4), colours that go together, Lab and how much there
    is of each, 0 for none. ``nodes``, ``borders``, ``figures``: how many figures a graph gives of each, and of two
    basins. ``light``: channels of the light head, ``depiction``: of the depiction reader, ``look``, ``pairs``: width of
    the second look and of the pair reader; each is left out where there are none."""

    palette: Tensor
    rarity: Tensor
    schemes: Tensor

    def __init__(
        self, encoder: tuple[int, ...] = (64, 96, 144, 192), blocks: int = 2, bins: int = 128, nodes: int = 17,
        borders: int = 8, width: int = 160, layers: int = 4, heads: int = 4, flows: int = 3, kin: int = 24,
        light: tuple[int, ...] = (), depiction: int = 0, look: int = 0,
        figures: int = 61, pairs: int = 0,
    ) -> None:  # fmt: skip
        super().__init__()
        self.encoder = LineEncoder(tuple(encoder), blocks)
        self.decoder = RegionDecoder(tuple(encoder), nodes, borders, bins, width, layers, heads, flows, kin)
        self.look = SecondLook(look) if look else None
        self.light = LightHead(tuple(light)) if light else None
        self.depiction = DepictionReader(tuple(encoder), depiction) if depiction else None
        self.pairs = PairReader(figures, pairs) if pairs else None
        self.register_buffer("palette", torch.zeros(bins, 3))
        self.register_buffer("rarity", torch.ones(bins))
        self.register_buffer("schemes", torch.zeros(SCHEMES, COLORS, 4))
        self.multiple = 4 * 2 ** (max(len(encoder), len(light)) - 1)

    def read(self, lines: Tensor) -> tuple[list[Tensor], Tensor]:
        """Line map (B, 1, H, W) -> features (B, encoder[i], H / 4 / 2**i, W / 4 / 2**i) of every scale, the finest as
        the line encoder's own heads take them, and contour logits (B, 1, H, W)."""
        levels, contours = self.encoder.levels(lines)
        return [F.silu(level) for level in levels], contours

    def decide(self, regions: Regions) -> Decided:
        decided: Decided = self.decoder(regions, normalised(self.palette.T[None])[0].T)
        if self.look is None:
            return decided
        said = self.look(regions, decided.said, decided.own)
        return decided._replace(said=said, choice=least_apart(said, decided.own, regions))
