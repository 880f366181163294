"""The VGG autoencoder: VGG-16 as a frozen encoder, and a decoder of up-sampling layers that alone learns."""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn

from .vgg import VGG16

_DECODER = (256, 128, 64, 32, 16)  # channels; the size doubles after each


class VGGAutoencoder(nn.Module):
    """Grey picture (B, 1, H, W), L/50 - 1 in -1…1 -> AB (B, 2, H, W) in -1…1 by tanh; H, W are multiples of 32.

    The encoder is all of VGG-16 but its classifier; each of the five steps of the decoder is a 3×3 convolution, ReLU
    and a doubling of the size. Nothing goes around the smallest map, so what is finer than 32 px can only be guessed.
    ``width`` and ``frozen`` are those of `VGG16`.
    """

    multiple = 32

    def __init__(self, width: float = 0.5, frozen: bool = True) -> None:
        super().__init__()
        self.trunk = VGG16(width, frozen)
        steps = itertools.pairwise((self.trunk.width_of("pool5"), *_DECODER))
        self.decoder = nn.Sequential(*[_step(a, b) for a, b in steps])
        self.last = nn.Conv2d(_DECODER[-1], 2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(self.last(self.decoder(self.trunk(x))))


def _step(into: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(into, out, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2))
