"""What training asks of the generator, each as a plain function of tensors."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def color_loss(painted: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """Weighted L1 of normalised Lab. ``painted``, ``truth``: (B, 3, h, w); ``weight``: (B, 1, h, w)."""
    return ((painted - truth).abs() * weight).sum() / (3 * weight.sum())


def contour_loss(logits: Tensor, truth: Tensor, rarity: float = 2.0) -> Tensor:
    """Binary cross-entropy of the contours, (B, 1, H, W); a contour pixel counts ``rarity`` times."""
    return F.binary_cross_entropy_with_logits(logits, truth, pos_weight=logits.new_tensor(rarity))


def nearest_bin(truth: Tensor, palette: Tensor) -> Tensor:
    """The palette row nearest to each colour: (B, 3, h, w), (bins, 3) in one space -> int64 (B, h, w)."""
    b, _, h, w = truth.shape
    flat = truth.permute(0, 2, 3, 1).reshape(-1, 3)
    return torch.cdist(flat, palette).argmin(1).view(b, h, w)


def distribution_loss(logits: Tensor, bins: Tensor, rarity: Tensor) -> Tensor:
    """Cross-entropy over colour bins, rare colours weighted up (class rebalancing: Zhang, Isola, Efros 2016,
    section 2.2). ``logits``: (B, bins, h, w); ``bins``: int64 (B, h, w); ``rarity``: (bins,), mean 1 over the art."""
    return F.cross_entropy(logits, bins, weight=rarity)


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Hinge loss of the critic (Lim & Ye 2017): verdicts on true and painted patches."""
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def adversarial_loss(fake: Tensor) -> Tensor:
    """What the generator pays for patches that the critic sees through."""
    return -fake.mean()
