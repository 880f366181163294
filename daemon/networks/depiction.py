"""The depiction reader: what each place of a line art depicts, and which places are of one colour, from the line
encoder's features of all its scales.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import Attention, Residual

CLASSES = ("skin", "hair", "foliage", "sky", "white", "wood", "sun", "fur")
KIN = 24  # numbers of likeness
TONES = 48  # of each class, at most


class Depicted(NamedTuple):
    """``said``: logits (B, `CLASSES`, h, w); ``likeness``: (B, `KIN`, h, w), float32 both. Two areas have one colour
    with log-odds ``same[0]`` times the product of their likenesses, means over each that are made of length 1, plus
    ``same[1]``."""

    said: Tensor
    likeness: Tensor
    same: Tensor


class DepictionReader(nn.Module):
    """What a `Washer` reads of a line art, (B, features[i], h / 2**i, w / 2**i), -> `Depicted`.

    Down the scales and up again (Ronneberger et al. 2015) in ``width`` channels, the finest in half of them, with
    attention over the coarsest. Buffer ``tones``: (`CLASSES`, `TONES`, 3) Lab, colours of the training art for each
    class, 0 for none.
    """

    tones: Tensor

    def __init__(self, features: tuple[int, ...], width: int) -> None:
        super().__init__()
        sizes = [width // 2 if scale == 0 else width for scale in range(len(features))]
        pairs = list(itertools.pairwise(sizes))
        self.norms = nn.ModuleList([nn.LayerNorm(size) for size in features])
        self.enter = nn.ModuleList([nn.Conv2d(a, b, 1) for a, b in zip(features, sizes, strict=True)])
        self.shrink = nn.ModuleList([nn.Conv2d(a, b, 2, stride=2) for a, b in pairs])
        self.down = nn.ModuleList([Residual(size) for size in sizes[1:]])
        self.bottom = nn.Sequential(Attention(sizes[-1]), Residual(sizes[-1]), Attention(sizes[-1]))
        self.widen = nn.ModuleList([nn.Conv2d(b, a, 1) for a, b in pairs])
        self.up = nn.ModuleList([Residual(size) for size in sizes[:-1]])
        self.verdicts = nn.ModuleList([nn.Conv2d(size, len(CLASSES), 1) for size in sizes])
        self.likeness = nn.ModuleList([nn.Conv2d(size, KIN, 1) for size in sizes])
        self.same = nn.Parameter(torch.tensor([4.0, -1.0]))
        self.register_buffer("tones", torch.zeros(len(CLASSES), TONES, 3))

    def forward(self, levels: Sequence[Tensor]) -> Depicted:
        given = [
            enter(norm(level.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))
            for enter, norm, level in zip(self.enter, self.norms, levels, strict=True)
        ]
        seen = given[:1]
        for shrink, down, level in zip(self.shrink, self.down, given[1:], strict=True):
            seen.append(down(shrink(seen[-1]) + level))
        x = self.bottom(seen[-1])
        left = [x]
        for skip, widen, up in reversed(list(zip(seen[:-1], self.widen, self.up, strict=True))):
            x = up(skip + F.interpolate(widen(x), scale_factor=2))
            left.insert(0, x)
        return Depicted(_summed(self.verdicts, left), _summed(self.likeness, left), self.same)


def _summed(heads: nn.ModuleList, levels: Sequence[Tensor]) -> Tensor:
    """What each of the ``heads`` says of its scale, in the size of the finest."""
    size = levels[0].shape[-2:]
    said = [
        F.interpolate(head(F.silu(level)).float(), size, mode="bilinear")
        for head, level in zip(heads, levels, strict=True)
    ]
    return torch.stack(said).sum(0)
