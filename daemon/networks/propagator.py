"""The propagator: it is given the strokes as rules carry them, and learns where to trust which rule.

Everything works at a quarter of the working size, entered by a pixel-unshuffle stem; only the contours leave at
working size, by pixel-shuffle. The line encoder is heavy and runs once a line art, the color decoder runs for
every hint edit.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import UNet

STEP = 4  # the stem's pixel-unshuffle
LAB_SCALE = 50.0  # Lab is centred on (50, 0, 0) and divided by this inside the network


def normalised(lab: Tensor) -> Tensor:
    """Lab (B, 3, …), L 0…100, as the network sees it: about -1…1."""
    return (lab - lab.new_tensor([50.0, 0, 0]).view(1, 3, *[1] * (lab.dim() - 2))) / LAB_SCALE


def denormalised(x: Tensor) -> Tensor:
    return x * LAB_SCALE + x.new_tensor([50.0, 0, 0]).view(1, 3, *[1] * (x.dim() - 2))


def denormalised_rows(lab: Tensor) -> Tensor:
    """Normalised Lab (B, n, 3) -> Lab."""
    return denormalised(lab.transpose(1, 2)).transpose(1, 2)


class LineEncoder(nn.Module):
    """Line map (B, 1, H, W), 0 paper … 1 ink -> features (B, channels[0], H/4, W/4), contour logits (B, 1, H, W)."""

    def __init__(self, channels: tuple[int, ...], blocks: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(STEP * STEP, channels[0], 3, padding=1)
        self.body = UNet(channels, blocks)
        self.contours = nn.Conv2d(channels[0], STEP * STEP, 3, padding=1)

    def forward(self, lines: Tensor) -> tuple[Tensor, Tensor]:
        levels, contours = self.levels(lines)
        return levels[0], contours

    def levels(self, lines: Tensor) -> tuple[list[Tensor], Tensor]:
        """As `forward`, with the features of every scale, finest first: (B, channels[i], H/4 / 2**i, W/4 / 2**i)."""
        levels = self.body.levels(self.stem(F.pixel_unshuffle(lines, STEP)))
        return levels, F.pixel_shuffle(self.contours(F.silu(levels[0])), STEP)


class ColorDecoder(nn.Module):
    """Line features and carried strokes -> own colour, gates and, for drawings without hints, a distribution.

    ``planes``: (B, PLANES, H/4, W/4) as `stroke_planes` gives them. Out: own (B, 3, …) normalised Lab, gate logits
    (B, 4, …) over `linewash_daemon.generator.SOURCES`, bin logits (B, bins, …).
    """

    PLANES = 3 * 4 + 3

    def __init__(self, features: int, channels: tuple[int, ...], blocks: int, bins: int) -> None:
        super().__init__()
        self.enter = nn.Conv2d(features + self.PLANES, channels[0], 3, padding=1)
        self.body = UNet(channels, blocks, attention=2)
        self.own = nn.Conv2d(channels[0], 3, 1)
        self.gates = nn.Conv2d(channels[0], 4, 1)
        self.bins = nn.Conv2d(channels[0], bins, 1)

    def forward(self, features: Tensor, planes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = F.silu(self.body(self.enter(torch.cat([features, planes], 1))))
        return self.own(x), self.gates(x), self.bins(x)


class Painted(NamedTuple):
    """At a quarter of the working size: ``own`` and ``painted`` (B, 3, h, w) normalised Lab, ``weights`` (B, 4, h, w)
    summing to 1 over `linewash_daemon.generator.SOURCES`, ``bins`` (B, bins, h, w) logits."""

    own: Tensor
    weights: Tensor
    painted: Tensor
    bins: Tensor


class Propagator(nn.Module):
    """The whole generator. Buffers: ``palette``, (bins, 3) Lab, the colours its distribution ranges over; ``rarity``,
    (bins,), the weight that each had in training."""

    palette: Tensor
    rarity: Tensor

    def __init__(
        self,
        encoder: tuple[int, ...] = (64, 96, 144, 192),
        decoder: tuple[int, ...] = (64, 96, 160, 208),
        blocks: int = 2,
        bins: int = 128,
    ) -> None:
        super().__init__()
        self.encoder = LineEncoder(tuple(encoder), blocks)
        self.decoder = ColorDecoder(encoder[0], tuple(decoder), blocks, bins)
        self.register_buffer("palette", torch.zeros(bins, 3))
        self.register_buffer("rarity", torch.ones(bins))
        self.multiple = STEP * 2 ** (max(len(encoder), len(decoder)) - 1)

    def paint(self, features: Tensor, strokes: Tensor, on: Tensor, carried: Tensor, filled: Tensor) -> Painted:
        """Decode ``features`` for the strokes that `stroke_planes` describes, and mix what the gates say."""
        own, gates, bins = self.decoder(features, stroke_planes(strokes, on, carried, filled))
        small = [F.avg_pool2d(normalised(c), STEP) for c in carried.chunk(3, 1)]
        hinted = on.amax((1, 2, 3), keepdim=True)
        weights, painted = mixture(gates.float(), own.float(), small, F.avg_pool2d(filled, STEP), hinted)
        return Painted(own.float(), weights, painted, bins.float())


def stroke_planes(strokes: Tensor, on: Tensor, carried: Tensor, filled: Tensor) -> Tensor:
    """What the decoder sees of the strokes, at a quarter of the working size.

    ``strokes``: (B, 3, H, W) Lab under the strokes, anything elsewhere; ``on``: (B, 1, H, W), 1 under a stroke;
    ``carried``: (B, 9, H, W) Lab of the three propagated sources; ``filled``: (B, 1, H, W), 1 where the bucket fill
    reached. -> (B, `ColorDecoder.PLANES`, H/4, W/4).
    """
    share = F.avg_pool2d(on, STEP)
    mean = F.avg_pool2d(normalised(strokes) * on, STEP) / share.clamp_min(1e-3)
    reached = F.avg_pool2d(filled, STEP)
    any_hint = (on.amax((1, 2, 3), keepdim=True) > 0).to(on.dtype)
    sources = [F.avg_pool2d(normalised(c), STEP) * any_hint for c in carried.chunk(3, 1)]
    sources[2] = sources[2] * (reached > 0)
    return torch.cat([mean, *sources, (share > 0).to(on.dtype), reached, any_hint.expand_as(share)], 1)


def mixture(gates: Tensor, own: Tensor, sources: list[Tensor], filled: Tensor, hinted: Tensor) -> tuple[Tensor, Tensor]:
    """Gates as weights that sum to 1, and the colour they mix.

    A source that has nothing to say at a pixel (no hints at all, or the fill did not reach it) gets no weight.
    ``sources``: three (B, 3, h, w) normalised Lab; ``filled``: (B, 1, h, w) 0…1; ``hinted``: (B, 1, 1, 1).
    """
    silent = torch.cat([(1 - hinted).expand_as(filled)] * 2 + [1 - (filled > 0.5).to(own.dtype) * hinted], 1)
    logits = torch.cat([gates[:, :3] - 1e4 * silent, gates[:, 3:]], 1)
    weights = logits.softmax(1)
    parts = torch.stack([*sources, own], 1)
    return weights, (weights.unsqueeze(2) * parts).sum(1)
