"""ColorNet: hypercolumns of VGG-16 on the grey picture, compressed, and a shallow network that reads UV from them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .vgg import LAYERS, VGG16

#: Convolutions and pools counted, the 15th layer of VGG-16 is conv5_1. The write-up does not name the four layers of
#: the hypercolumn: here the last convolution of each block that is there, but for the first, whose map is as large
#: as the picture and says little of colour.
CUT = "conv5_1"
COLUMN = ("conv2_2", "conv3_3", "conv4_3", "conv5_1")

_SHARPNESS = 0.38  # temperature of the annealed mean: Zhang, Isola, Efros 2016, section 2.3


class UpConv(nn.Module):
    """Maps of several sizes -> one hypercolumn of few channels at full size (B, ``out``, H, W).

    A hypercolumn (Hariharan et al. 2015) puts all maps, brought to full size, beside each other, and a 1×1 convolution
    compresses it. That convolution is the sum of one for each map, and it commutes with bilinear interpolation, whose
    weights sum to 1; so each map is compressed first and the hypercolumn, over a gigabyte a picture, is never made.
    """

    def __init__(self, into: list[int], out: int) -> None:
        super().__init__()
        self.compress = nn.ModuleList([nn.Conv2d(c, out, 1, bias=False) for c in into])
        self.norm = nn.BatchNorm2d(out)  # its shift is the bias

    def forward(self, maps: list[Tensor], size: tuple[int, int]) -> Tensor:
        column = torch.zeros(1, device=maps[0].device)
        for compress, features in zip(self.compress, maps, strict=True):
            column = column + F.interpolate(compress(features), size, mode="bilinear", align_corners=False)
        return F.relu(self.norm(column))


class ColorNet(nn.Module):
    """Grey picture (B, 1, H, W), -1…1 -> UV (B, 2, H/4, W/4), -0.5…0.5: 56×56 for 224×224.

    ``squash``, the output function: "tanh" (halved), "sigmoid" (less a half) or "clip" (linear, cut off at ±0.5).
    ``bins`` > 0: classification instead (Zhang, Isola, Efros 2016): in training forward gives logits (B, bins, H/4,
    W/4), otherwise the annealed mean of ``palette``. Buffers then: ``palette`` (bins, 2) UV, ``rarity`` (bins,), the
    weight each bin has in training. ``width`` and ``frozen`` are those of `VGG16`; ``compressed``: channels of the
    hypercolumn.
    """

    multiple = 16
    palette: Tensor
    rarity: Tensor

    def __init__(
        self, width: float = 0.5, frozen: bool = False, squash: str = "tanh", bins: int = 0, compressed: int = 32
    ) -> None:
        super().__init__()
        self.trunk = VGG16(width, frozen, last=CUT)
        self.upconv = UpConv([self.trunk.width_of(layer) for layer in COLUMN], compressed)
        self.shallow = nn.Sequential(_layer(compressed, 64), _layer(64, 128), nn.Conv2d(128, bins or 2, 3, padding=1))
        self.squash, self.bins = SQUASHES[squash], bins
        if bins:
            self.register_buffer("palette", torch.zeros(bins, 2))
            self.register_buffer("rarity", torch.ones(bins))

    def forward(self, x: Tensor) -> Tensor:
        maps = self.trunk.layers(x, [LAYERS[layer] for layer in COLUMN])
        out: Tensor = self.shallow(self.upconv(maps, (x.shape[2], x.shape[3])))
        if not self.bins:
            return self.squash(out)
        return out if self.training else annealed_mean(out, self.palette)


def _layer(into: int, out: int) -> nn.Sequential:
    convolution = nn.Conv2d(into, out, 3, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(out), nn.ReLU(), nn.MaxPool2d(2))


def _tanh(x: Tensor) -> Tensor:
    return torch.tanh(x) / 2


def _sigmoid(x: Tensor) -> Tensor:
    return torch.sigmoid(x) - 0.5


def _clip(x: Tensor) -> Tensor:
    return x.clamp(-0.5, 0.5)


SQUASHES = {"tanh": _tanh, "sigmoid": _sigmoid, "clip": _clip}


def annealed_mean(logits: Tensor, palette: Tensor) -> Tensor:
    """Logits (B, bins, h, w) over ``palette`` (bins, C) -> (B, C, h, w): the mean colour after the distribution was
    sharpened, between its mean, which is grey, and its mode, which jumps (Zhang, Isola, Efros 2016, section 2.3)."""
    return torch.einsum("bnhw,nc->bchw", (logits / _SHARPNESS).softmax(1), palette.to(logits.dtype))
