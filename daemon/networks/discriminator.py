"""The critics that training sets against the generator; none of them is in a model file."""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class PatchDiscriminator(nn.Module):
    """PatchGAN (Isola et al. 2017, section 3.2.2) with spectral normalisation (Miyato et al. 2018): lines and colours
    (B, 1 + 3, h, w) -> a verdict on each patch (B, 1, h/8, w/8). Gaussian noise of ``noise`` on what it sees keeps
    its gradients alive."""

    def __init__(self, channels: int = 48, noise: float = 0.05) -> None:
        super().__init__()
        self.noise = noise
        widths = (4, channels, channels * 2, channels * 3)
        self.body = nn.ModuleList(
            [spectral_norm(nn.Conv2d(a, b, 4, stride=2, padding=1)) for a, b in itertools.pairwise(widths)]
        )
        self.verdict = spectral_norm(nn.Conv2d(widths[-1], 1, 3, padding=1))

    def forward(self, lines: Tensor, colors: Tensor) -> Tensor:
        x = torch.cat([lines, colors], 1)
        if self.training:
            x = x + self.noise * torch.randn_like(x)
        for convolution in self.body:
            x = F.leaky_relu(convolution(x), 0.2)
        out: Tensor = self.verdict(x)
        return out
