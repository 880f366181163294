"""The light head: shading and highlights over the flats, from the line art and the flats alone.

It shares nothing with the line encoder, so it is trained by itself, and runs only when somebody asks for light.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import UNet
from .propagator import STEP

_DIM = -2.5  # logit that an untrained head starts from: hardly any light


class LightHead(nn.Module):
    """Works at a quarter of the working size: entered by pixel-unshuffle, left by pixel-shuffle (Shi et al. 2016,
    section 3.2). ``channels``: one entry a scale, finest first."""

    def __init__(self, channels: tuple[int, ...], blocks: int = 2) -> None:
        super().__init__()
        self.stem = nn.Conv2d(STEP * STEP + 3, channels[0], 3, padding=1)
        self.body = UNet(channels, blocks, smooth=True)
        self.light = nn.Conv2d(channels[0], 2 * STEP * STEP, 3, padding=1)
        nn.init.constant_(_bias(self.light), _DIM)
        self.multiple = STEP * 2 ** (len(channels) - 1)

    def forward(self, lines: Tensor, flats: Tensor) -> Tensor:
        """``lines``: (B, 1, H, W), 0 paper … 1 ink; ``flats``: (B, 3, H/4, W/4) normalised Lab -> (B, 2, H, W), 0…1:
        shading, which is multiplied away, and highlights, which are screened over the rest."""
        given = torch.cat([F.pixel_unshuffle(lines, STEP), flats], 1)
        logits = self.light(F.silu(self.body(self.stem(given))))
        return F.pixel_shuffle(logits.float(), STEP).sigmoid()


def _bias(convolution: nn.Conv2d) -> Tensor:
    assert convolution.bias is not None
    return convolution.bias
