"""The tandem of the CS229 system: one network imagines the hints, the other paints with them."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .unet import StridedUNet


class Tandem(nn.Module):
    """(B, 1, H, W) lines, or (B, 4, H, W) lines and hint planes, in -1…1 -> RGB (B, 3, H, W) in -1…1.

    ``hinter`` predicts hint planes from the lines alone, ``painter`` colours lines and hint planes; both are U-Nets and
    are trained as generators of their own. Given planes are used as they are, so white ones mean "no hints";
    without planes the hinter's are used.
    """

    def __init__(self, channels: int = 24, depth: int = 5) -> None:
        super().__init__()
        self.hinter = StridedUNet(1, 3, channels, depth)
        self.painter = StridedUNet(4, 3, channels, depth)
        self.multiple = self.painter.multiple

    def forward(self, x: Tensor) -> Tensor:
        painted: Tensor = self.painter(torch.cat([x, self.imagine(x)], 1) if x.shape[1] == 1 else x)
        return painted

    def imagine(self, lines: Tensor) -> Tensor:
        """Lines (B, 1, H, W) -> the hint planes they suggest (B, 3, H, W), -1…1."""
        hints: Tensor = self.hinter(lines)
        return hints
