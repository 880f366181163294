"""The encoder-decoder of the coloring-book system: one lightness plane through a small map and back, no skips."""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn

from .blocks import widths


class EncoderDecoder(nn.Module):
    """(B, ``into``, H, W) in -1…1, 128×128 in the recipe -> (B, ``out``, H, W) in -1…1 by tanh.

    3×3 convolutions at stride 2 with batch normalisation and ReLU down to a map of H/16 × W/16, and back by doubling
    the size and 3×3 convolutions, which leaves no checkerboard (Odena, Dumoulin, Olah 2016). ``out``: 2 for AB, 3 for
    Lab, which lets it go darker or lighter than the given lightness.
    """

    def __init__(self, into: int = 1, out: int = 2, channels: int = 48, depth: int = 4) -> None:
        super().__init__()
        self.multiple = 2**depth
        sizes = widths(channels, depth)
        self.encoder = nn.Sequential(*[_layer(a, b, stride=2) for a, b in itertools.pairwise((into, *sizes))])
        self.middle = _layer(sizes[-1], sizes[-1])
        back = (*reversed(sizes), channels)
        self.decoder = nn.Sequential(
            *[nn.Sequential(nn.Upsample(scale_factor=2), _layer(a, b)) for a, b in itertools.pairwise(back)]
        )
        self.last = nn.Conv2d(channels, out, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(self.last(self.decoder(self.middle(self.encoder(x)))))


def _layer(into: int, out: int, stride: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(into, out, 3, stride=stride, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(out), nn.ReLU())
