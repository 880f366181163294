"""What training asks of the generator, each as a plain function of tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def color_loss(painted: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """Weighted L1 of normalised Lab. ``painted``, ``truth``: (B, 3, h, w); ``weight``: (B, 1, h, w)."""
    return ((painted - truth).abs() * weight).sum() / (3 * weight.sum())


def contour_loss(logits: Tensor, truth: Tensor, rarity: float = 2.0) -> Tensor:
    """Binary cross-entropy of the contours, (B, 1, H, W); a contour pixel counts ``rarity`` times."""
    return F.binary_cross_entropy_with_logits(logits, truth, pos_weight=logits.new_tensor(rarity))


def nearest_bin(truth: Tensor, palette: Tensor) -> Tensor:
    """The palette row nearest to each colour: (B, C, h, w), (bins, C) in one space -> int64 (B, h, w)."""
    b, c, h, w = truth.shape
    flat = truth.permute(0, 2, 3, 1).reshape(-1, c)
    return torch.cdist(flat, palette).argmin(1).view(b, h, w)


def distribution_loss(logits: Tensor, bins: Tensor, rarity: Tensor) -> Tensor:
    """Cross-entropy over colour bins, rare colours weighted up (class rebalancing: Zhang, Isola, Efros 2016,
    section 2.2). ``logits``: (B, bins, h, w); ``bins``: int64 (B, h, w); ``rarity``: (bins,), mean 1 over the art."""
    return F.cross_entropy(logits, bins, weight=rarity)


def kinship_loss(
    logits: Tensor, colors: Tensor, pairs: Tensor | None = None, same: float = 5.0, other: float = 14.0
) -> Tensor:
    """Binary cross-entropy of whether two places or areas have one colour; kin and strangers count the same in all.

    ``logits``: (B, n, n); ``colors``: (B, n, 3) Lab; ``pairs``: (B, n, n), how much each counts, without it all the
    same. Pairs between ``same`` and ``other`` apart (CIE76) don't count.
    """
    apart = torch.cdist(colors, colors)
    kin, strangers = (apart < same).float(), (apart > other).float()
    each = F.binary_cross_entropy_with_logits(logits, kin, reduction="none")
    counts = kin.new_ones(()) if pairs is None else pairs
    halves = [(each * part).sum() / part.sum().clamp_min(1e-6) for part in (kin * counts, strangers * counts)]
    return (halves[0] + halves[1]) / 2


def pairs_of(counts: Tensor) -> Tensor:
    """What two of n count together, of what each does, (B, n) -> (B, n, n); nothing with itself."""
    alone = torch.eye(counts.shape[1], device=counts.device)
    return counts[:, :, None] * counts[:, None] * (1 - alone)


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Hinge loss of the critic (Lim & Ye 2017): verdicts on true and painted patches."""
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def adversarial_loss(fake: Tensor) -> Tensor:
    """What the generator pays for patches that the critic sees through."""
    return -fake.mean()


def squared_loss(painted: Tensor, truth: Tensor) -> Tensor:
    """L2: the mean squared difference, which is least for the mean of all colours that might be right."""
    return F.mse_loss(painted, truth)


def absolute_loss(painted: Tensor, truth: Tensor) -> Tensor:
    """L1: the mean absolute difference, which is least for their median."""
    return F.l1_loss(painted, truth)


def total_variation(x: Tensor) -> Tensor:
    """How much the values of (B, C, h, w) go up and down along a row, and along a column, on average over rows and
    columns (anisotropic; Rudin, Osher, Fatemi 1992). A step in each row counts its height, whatever the size."""
    across, down = _gradients(x)
    return across.abs().sum(3).mean() + down.abs().sum(2).mean()


def weighted_total_variation(painted: Tensor, truth: Tensor, eps: float = 0.05) -> Tensor:
    """ColorNet's: each gradient of ``painted`` divided by the true one, (B, C, h, w), on average over pixels. An edge
    costs about 1 where the truth has the same, and up to 1 / ``eps`` times its height where the truth is flat."""
    pairs = zip(_gradients(painted), _gradients(truth), strict=True)
    across, down = [(ours.abs() / (true.abs() + eps)).mean() for ours, true in pairs]
    return (across + down) / 2


def _gradients(x: Tensor) -> tuple[Tensor, Tensor]:
    """Differences to the pixel at the right, and to the one below."""
    return x[..., :, 1:] - x[..., :, :-1], x[..., 1:, :] - x[..., :-1, :]


def _variation_of_painted(painted: Tensor, truth: Tensor) -> Tensor:
    return total_variation(painted)


#: What a painter may pay for, of its planes and the true ones, both (B, C, h, w).
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "l2": squared_loss,
    "l1": absolute_loss,
    "tv": _variation_of_painted,
    "weighted_tv": weighted_total_variation,
}


class Adversarial(NamedTuple):
    """``critic``: its loss, of the verdicts on true and on painted patches; ``generator``: what painting pays."""

    critic: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor], Tensor]


def _entropy_of_critic(real: Tensor, fake: Tensor) -> Tensor:
    """Cross-entropy of the verdicts as logits (Goodfellow et al. 2014, equation 1)."""
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def _entropy_of_generator(fake: Tensor) -> Tensor:
    """Non-saturating (Goodfellow et al. 2014, section 3): a painting seen through still has a gradient."""
    return F.softplus(-fake).mean()


def _distance_of_critic(real: Tensor, fake: Tensor) -> Tensor:
    """Less the estimated Wasserstein distance (Arjovsky, Chintala, Bottou 2017, section 3, equation 2)."""
    return fake.mean() - real.mean()


ADVERSARIAL: dict[str, Adversarial] = {
    "hinge": Adversarial(discriminator_loss, adversarial_loss),
    "gan": Adversarial(_entropy_of_critic, _entropy_of_generator),
    "wgan": Adversarial(_distance_of_critic, adversarial_loss),
}


@torch.no_grad()
def clip_weights(module: nn.Module, bound: float = 0.01) -> None:
    """Bring every parameter of a WGAN's critic back into ±``bound`` (Arjovsky et al. 2017, algorithm 1)."""
    for parameter in module.parameters():
        parameter.clamp_(-bound, bound)


def gradient_penalty(
    critic: nn.Module, given: Tensor, real: Tensor, fake: Tensor, generator: torch.Generator | None = None
) -> Tensor:
    """(‖gradient‖ - 1)² of the verdict, somewhere between true and painted (Gulrajani et al. 2017, section 4).

    ``given``, ``real``, ``fake``: (B, C, h, w) as ``critic`` takes them; its verdict on a picture is the mean over the
    patches. ``generator``, of the CPU, draws how far between. Needs to be weighted, by 10 in the paper.
    """
    share = torch.rand((len(real), 1, 1, 1), generator=generator).to(real)
    between = torch.lerp(fake.detach(), real.detach(), share).requires_grad_(True)
    verdict = critic(given.detach(), between).mean((1, 2, 3)).sum()
    (gradient,) = torch.autograd.grad(verdict, between, create_graph=True)
    excess: Tensor = torch.linalg.vector_norm(gradient.flatten(1), dim=1) - 1
    return excess.square().mean()
