"""The critics that training sets against the generator; none of them is in a model file."""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class PatchDiscriminator(nn.Module):
    """PatchGAN (Isola et al. 2017, section 3.2.2): what the generator was given and what was painted, together
    (B, ``planes``, h, w) -> a verdict on each patch (B, 1, h / 2**depth, w / 2**depth), a number without bounds.

    ``noise``: deviation of the Gaussian noise that is added, in training, to what it sees; it keeps its gradients
    alive (Arjovsky & Bottou 2017, section 3). ``spectral``: spectral normalisation (Miyato et al. 2018); a critic that
    is clipped or pays a gradient penalty goes without. There is no batch normalisation, with which the penalty of
    one picture would depend on the others (Gulrajani et al. 2017, section 4).
    """

    def __init__(
        self, channels: int = 48, noise: float = 0.05, planes: int = 4, spectral: bool = True, depth: int = 3
    ) -> None:
        super().__init__()
        self.noise = noise
        normalised = spectral_norm if spectral else _plain
        widths = (planes, *[channels * (level + 1) for level in range(depth)])
        self.body = nn.ModuleList(
            [normalised(nn.Conv2d(a, b, 4, stride=2, padding=1)) for a, b in itertools.pairwise(widths)]
        )
        self.verdict = normalised(nn.Conv2d(widths[-1], 1, 3, padding=1))

    def forward(self, given: Tensor, painted: Tensor) -> Tensor:
        x = torch.cat([given, painted], 1)
        if self.training and self.noise:
            x = x + self.noise * torch.randn_like(x)
        for convolution in self.body:
            x = F.leaky_relu(convolution(x), 0.2)
        out: Tensor = self.verdict(x)
        return out


def _plain(module: nn.Module) -> nn.Module:
    return module
