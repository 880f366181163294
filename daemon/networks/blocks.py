"""The few blocks that every network here is made of."""

from __future__ import annotations

import itertools

import torch.nn.functional as F
from torch import Tensor, nn


def widths(channels: int, depth: int) -> tuple[int, ...]:
    """Channels of each level of a pyramid, finest first: they double, but not beyond eightfold."""
    return tuple(channels * min(2**level, 8) for level in range(depth))


class Residual(nn.Module):
    """Two 3×3 convolutions beside the identity; the branch starts at zero (SkipInit: De & Smith 2020, section 3),
    which trains as well as normalisation does here and costs nothing on a CPU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.second(F.silu(self.first(F.silu(x))))
        return out


class Attention(nn.Module):
    """Global self-attention over the pixels of a small map, so that one sleeve knows the other's colour
    (Vaswani et al. 2017; positions by a depth-wise 3×3 convolution, so any size will do)."""

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(channels)
        self.place = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.out = nn.Linear(channels, channels)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x: Tensor) -> Tensor:
        b, c, h, w = x.shape
        tokens = self.norm((x + self.place(x)).flatten(2).transpose(1, 2))
        q, k, v = self.qkv(tokens).view(b, h * w, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, h * w, c)
        out: Tensor = x + self.out(mixed).transpose(1, 2).reshape(b, c, h, w)
        return out


class UNet(nn.Module):
    """Residual blocks at each scale, strided down, resized up, with skips (Ronneberger et al. 2015).

    ``channels``: one entry a scale, finest first. ``smooth``: resized bilinearly instead of by the nearest, for what is
    looked at as it is. (B, channels[0], h, w) -> the same shape; h and w are multiples of 2 ** (len(channels) - 1).
    """

    def __init__(self, channels: tuple[int, ...], blocks: int = 2, attention: int = 0, smooth: bool = False) -> None:
        super().__init__()
        self.mode = "bilinear" if smooth else "nearest"
        pairs = list(itertools.pairwise(channels))
        self.down = nn.ModuleList([_stage(c, blocks) for c in channels[:-1]])
        self.shrink = nn.ModuleList([nn.Conv2d(a, b, 2, stride=2) for a, b in pairs])
        self.bottom = _stage(channels[-1], blocks, attend=attention > 0)
        self.widen = nn.ModuleList([nn.Conv2d(b, a, 1) for a, b in pairs])
        self.up = nn.ModuleList(
            [_stage(a, 1, attend=i >= len(pairs) + 1 - attention) for i, (a, _) in enumerate(pairs)]
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.levels(x)[0]

    def levels(self, x: Tensor) -> list[Tensor]:
        """What leaves each scale on the way up, finest first: (B, channels[i], h / 2**i, w / 2**i)."""
        skips = []
        for stage, shrink in zip(self.down, self.shrink, strict=True):
            x = stage(x)
            skips.append(x)
            x = shrink(x)
        x = self.bottom(x)
        left = [x]
        for skip, widen, stage in reversed(list(zip(skips, self.widen, self.up, strict=True))):
            x = stage(skip + F.interpolate(widen(x), scale_factor=2, mode=self.mode))
            left.insert(0, x)
        return left


def _stage(channels: int, blocks: int, attend: bool = False) -> nn.Sequential:
    parts: list[nn.Module] = [Residual(channels) for _ in range(blocks)]
    if attend:
        parts.append(Attention(channels))
    return nn.Sequential(*parts)
