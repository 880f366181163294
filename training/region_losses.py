"""What the region decoder pays: the colour difference it may expect of its choice, and of its own colours."""

from __future__ import annotations

import torch
from torch import Tensor

from linewash_daemon.networks.cie94 import difference
from linewash_daemon.networks.propagator import denormalised_rows
from linewash_daemon.networks.region_decoder import Decided

from .losses import kinship_loss, pairs_of
from .region_batches import RegionBatch

_HIT = 5.0  # ΔE within which a stroke's colour is the right one
_SAME = 6.0  # ΔE (CIE76) within which two regions have one colour
_ONE = 0.6  # of a region in one colour: then it has a colour to speak of


def region_losses(out: Decided, batch: RegionBatch, palette: Tensor, rarity: Tensor) -> dict[str, Tensor]:
    """``palette``: (bins, 3) Lab, ``rarity``: (bins,), mean 1 over the art.

    ``painted``: expected difference, over pixels; ``hit``: cross-entropy of choosing a stroke that is right, where one
    is; ``own``: the difference of own colours; ``distribution``: cross-entropy of the true colours' bins; ``alike``:
    of whether two regions have one colour.
    """
    colors, own = denormalised_rows(batch.regions.colors), denormalised_rows(out.own)
    truth, shares = batch.truth, batch.shares
    of_own = (difference(own[:, :, None], truth) * shares).sum(-1)
    with torch.no_grad():
        of_colors = (difference(colors[:, None, :, None], truth[:, :, None]) * shares[:, :, None]).sum(-1)
        right = (of_colors < _HIT) & batch.regions.color_there[:, None]
    chance = out.choice.softmax(-1)
    expected = (chance[..., :-1] * of_colors * batch.regions.color_there[:, None]).sum(-1) + chance[..., -1] * of_own
    log = out.said.log_softmax(-1)[..., :-1]
    hits = torch.logsumexp(log.masked_fill(~right, -1e4), -1)
    there = right.any(-1).float() * batch.weight
    count = len(batch.weight)
    return {
        "painted": (expected * batch.weight).sum() / count / 10,
        "hit": -(hits.clamp_min(-12) * there).sum() / count,
        "own": (of_own * batch.weight).sum() / count / 10,
        "distribution": _distribution(out.bins, batch, palette, rarity),
        "alike": _alike(out.alike, batch),
    }


def _distribution(bins: Tensor, batch: RegionBatch, palette: Tensor, rarity: Tensor) -> Tensor:
    with torch.no_grad():
        target = torch.cdist(batch.truth.flatten(1, 2), palette[None].expand(len(bins), -1, -1)).argmin(-1)
        target = target.view(batch.shares.shape)
        weight = batch.shares * rarity[target] * (batch.weight * batch.believable[:, None])[..., None]
    each = -bins.log_softmax(-1).gather(-1, target)
    out: Tensor = (each * weight).sum() / weight.sum().clamp_min(1e-3)
    return out


def _alike(logits: Tensor, batch: RegionBatch) -> Tensor:
    """`kinship_loss` of regions, each by the root of its area."""
    counts = (batch.weight * (batch.shares[:, :, 0] > _ONE)).sqrt()
    return kinship_loss(logits, batch.truth[:, :, 0], pairs_of(counts), _SAME)
