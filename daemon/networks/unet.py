"""The U-Net of pix2pix and deepcolor: strided convolutions down, strided deconvolutions up, skips between."""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import widths


class StridedUNet(nn.Module):
    """(B, ``into``, H, W) in -1…1 -> (B, ``out``, H, W) in -1…1 by tanh; H and W are multiples of ``multiple``.

    The generator of Isola et al. 2017, section 3.2.1, with the five levels of deepcolor: 4×4 kernels at stride 2, batch
    normalisation but for the first and the last layer, leaky ReLU down and ReLU up, each level's features beside those
    that come up (Ronneberger et al. 2015). No dropout: the same drawing has the same colours. ``skips=False`` is the
    same network without them, through whose smallest map everything must go.
    """

    def __init__(self, into: int = 4, out: int = 3, channels: int = 32, depth: int = 5, skips: bool = True) -> None:
        super().__init__()
        self.multiple, self.skips = 2**depth, skips
        sizes = [into, *widths(channels, depth)]
        self.down = nn.ModuleList([_down(a, b, i > 0) for i, (a, b) in enumerate(itertools.pairwise(sizes))])
        wide = [b * 2 if skips and k < depth else b for k, b in enumerate(sizes[1:], start=1)]
        self.up = nn.ModuleList([_up(wide[k], sizes[k]) for k in range(depth - 1, 0, -1)])
        self.last = nn.ConvTranspose2d(wide[0], out, 4, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        kept = []
        for stage in self.down:
            x = stage(x)
            kept.append(x)
        for stage, skip in zip(self.up, reversed(kept[:-1]), strict=True):
            x = stage(x)
            x = torch.cat([x, skip], 1) if self.skips else x
        return torch.tanh(self.last(F.relu(x)))


def _down(into: int, out: int, normalise: bool) -> nn.Sequential:
    parts: list[nn.Module] = [nn.Conv2d(into, out, 4, stride=2, padding=1, bias=not normalise)]
    if normalise:
        parts.append(nn.BatchNorm2d(out))
    return nn.Sequential(*parts, nn.LeakyReLU(0.2))


def _up(into: int, out: int) -> nn.Sequential:
    convolution = nn.ConvTranspose2d(into, out, 4, stride=2, padding=1, bias=False)
    return nn.Sequential(nn.ReLU(), convolution, nn.BatchNorm2d(out))
