"""The CNN of the CS229 system: convolutions, their mirror of deconvolutions, two residual links between them."""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import widths

#: The convolutions, counted from 1, whose output is added to that of their mirror deconvolution. Of the three that
#: have a mirror of the same size the finest, which knows where the lines are, and the coarsest.
LINKS = (1, 3)


class ResidualCNN(nn.Module):
    """(B, ``into``, H, W) in -1…1 -> (B, ``out``, H, W) in -1…1 by tanh; H and W are multiples of 16.

    Four 4×4 convolutions at stride 2 and four deconvolutions, batch normalisation and ReLU between them; the outputs of
    the `LINKS` are added to those of their mirrors (as in Mao, Shen, Yang 2016, section 3), where the U-Net puts
    every level's beside. The write-up trains it with L2 on lines and colour hints.
    """

    multiple = 16

    def __init__(self, into: int = 4, out: int = 3, channels: int = 48) -> None:
        super().__init__()
        sizes = (into, *widths(channels, 4))
        self.convolutions = nn.ModuleList([_layer(nn.Conv2d, a, b) for a, b in itertools.pairwise(sizes)])
        back = sizes[:0:-1]
        self.deconvolutions = nn.ModuleList([_layer(nn.ConvTranspose2d, a, b) for a, b in itertools.pairwise(back)])
        self.last = nn.ConvTranspose2d(channels, out, 4, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        linked = {}
        for level, convolution in enumerate(self.convolutions, start=1):
            x = F.relu(convolution(x))
            if level in LINKS:
                linked[level] = x
        for level, deconvolution in zip((3, 2, 1), self.deconvolutions, strict=True):
            x = deconvolution(x)
            x = F.relu(x + linked[level] if level in linked else x)
        return torch.tanh(self.last(x))


def _layer(kind: type[nn.Conv2d] | type[nn.ConvTranspose2d], into: int, out: int) -> nn.Sequential:
    return nn.Sequential(kind(into, out, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(out))
