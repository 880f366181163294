"""A training run: the network, its average, its critic, and one step of each."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from linewash_daemon.device import Device
from linewash_daemon.networks import DISCRIMINATORS, build
from linewash_daemon.networks.propagator import STEP, Propagator, normalised

from . import losses
from .forward import Batch, Forward, Outputs, small_truth
from .recipe import Recipe

_WARM_UP = 100  # steps
_CLIP = 1.0  # gradient norm


@dataclass(frozen=True)
class Phase:
    """What the share of the budget that is spent decides: learning rate and who takes part."""

    rate: float
    contours_alone: bool
    critic: bool


def phase(recipe: Recipe, spent: float, step: int) -> Phase:
    """``spent``: 0…1 of the budget. Constant rate after a warm-up, cosine to a twentieth over the cooldown."""
    s = recipe.schedule
    rate = s.rate * min(1.0, (step + 1) / _WARM_UP)
    if spent > 1 - s.cooldown:
        down = min(1.0, (spent - 1 + s.cooldown) / s.cooldown)
        rate *= 0.05 + 0.95 * (1 + math.cos(math.pi * down)) / 2
    return Phase(rate, spent < s.contours_alone, spent >= s.critic_after)


class Run:
    """Everything that learns. ``network`` is trained, ``average`` is its EMA and what gets shipped."""

    def __init__(self, recipe: Recipe, device: Device, distributed: bool = False) -> None:
        self.recipe, self.device = recipe, device
        network = build(recipe.network, recipe.settings)
        assert isinstance(network, Propagator)
        self.network = device.place(network)
        self.average = copy.deepcopy(self.network).requires_grad_(False).eval()
        self.critic = device.place(DISCRIMINATORS["patch"]())
        self.forward: nn.Module = Forward(self.network)
        if distributed:
            self.forward = DistributedDataParallel(self.forward, find_unused_parameters=True)
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), recipe.schedule.rate, (0.9, 0.99), weight_decay=0.01
        )
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters(), recipe.schedule.rate / 2, (0.5, 0.99))

    @property
    def modules(self) -> dict[str, nn.Module]:
        return {"network": self.network, "average": self.average, "critic": self.critic}

    @property
    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        return {"optimizer": self.optimizer, "critic_optimizer": self.critic_optimizer}

    def step(self, batch: Batch, now: Phase) -> dict[str, float]:
        """One step of the generator and, once it has joined, of its critic. Returns the losses."""
        batch = batch.to(self.device.device)
        for group in self.optimizer.param_groups:
            group["lr"] = now.rate
        with self.device.autocast():
            out: Outputs = self.forward(batch, now.contours_alone)
        parts = self._losses(out, batch, now)
        total = torch.stack(list(parts.values())).sum()
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), _CLIP)
        if torch.isfinite(norm):
            self.optimizer.step()
        self._follow()
        if now.critic and out.painted is not None:
            parts["critic"] = self._step_critic(batch, out.painted.detach(), now)
        return {name: float(value.detach()) for name, value in parts.items()} | {"norm": float(norm)}

    def _losses(self, out: Outputs, batch: Batch, now: Phase) -> dict[str, Tensor]:
        weigh = self.recipe.losses
        parts = {"contours": weigh.contours * losses.contour_loss(out.contours.float(), batch.borders)}
        if out.painted is None or out.own is None or out.bins is None:
            return parts
        truth = small_truth(batch.truth)
        weight = foreground(truth)
        parts["painted"] = losses.color_loss(out.painted, truth, weight)
        parts["own"] = weigh.own * losses.color_loss(out.own, truth, weight)
        bins = losses.nearest_bin(truth, normalised(self.network.palette.T[None])[0].T)
        parts["distribution"] = weigh.distribution * losses.distribution_loss(out.bins, bins, self.network.rarity)
        if now.critic:
            verdict = self._verdict(batch, out.painted)
            parts["adversarial"] = weigh.adversarial * losses.adversarial_loss(verdict)
        return parts

    def _verdict(self, batch: Batch, colors: Tensor) -> Tensor:
        verdict: Tensor = self.critic(F.avg_pool2d(batch.lines, STEP), colors)
        return verdict

    def _step_critic(self, batch: Batch, painted: Tensor, now: Phase) -> Tensor:
        for group in self.critic_optimizer.param_groups:
            group["lr"] = now.rate / 2
        loss = losses.discriminator_loss(self._verdict(batch, small_truth(batch.truth)), self._verdict(batch, painted))
        self.critic_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.critic_optimizer.step()
        return loss

    @torch.no_grad()
    def _follow(self) -> None:
        for mean, value in zip(self.average.parameters(), self.network.parameters(), strict=True):
            mean.lerp_(value, 1 - self.recipe.schedule.average)
        for kept, now in zip(self.average.buffers(), self.network.buffers(), strict=True):
            kept.copy_(now)


def foreground(truth: Tensor) -> Tensor:
    """(B, 3, h, w) normalised Lab -> weights (B, 1, h, w): white, the commonest colour by far, counts half."""
    white = (truth[:, :1] > 0.9) & (truth[:, 1:].abs().amax(1, keepdim=True) < 0.12)
    return torch.where(white, 0.5, 1.0)
