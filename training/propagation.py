"""The default style's learner: the propagator, its contours, gates and colours, and a critic that joins late."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from linewash.errors import BadInput
from linewash_daemon.device import Device
from linewash_daemon.networks import DISCRIMINATORS
from linewash_daemon.networks.propagator import STEP, Propagator, normalised

from . import losses, sheet
from .batches import Batches
from .descent import cosine_rate, descend
from .forward import Batch, Forward, Outputs, small_truth
from .learner import Learner, averaged, built
from .pack import Pack
from .palette import count_bins
from .recipe import PropagationRecipe
from .samples import Sample, Sampling, collate


@dataclass(frozen=True)
class Phase:
    """What the share of the budget that is spent decides: learning rate and who takes part."""

    rate: float
    contours_alone: bool
    critic: bool


def phase(recipe: PropagationRecipe, spent: float, step: int) -> Phase:
    """``spent``: 0…1 of the budget. Constant rate after a warm-up, cosine to a twentieth over the cooldown."""
    s = recipe.schedule
    rate = cosine_rate(s.rate, s.cooldown, spent, step, least=0.05)
    return Phase(rate, spent < s.contours_alone, spent >= s.critic_after)


class Propagation(Learner[PropagationRecipe]):
    network: Propagator
    average: Propagator

    def __init__(self, recipe: PropagationRecipe, device: Device, pack: Pack, distributed: bool = False) -> None:
        super().__init__(recipe, device, pack)
        network = built(recipe)
        if not isinstance(network, Propagator):
            raise BadInput(
                f"The recipe {recipe.name} trains propagation, and its network {recipe.network} can't.",
                'Give it network = "propagator", or trains = "painting".',
            )
        self.network = device.place(network)
        average = averaged(self.network)
        assert isinstance(average, Propagator)
        self.average = average
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
        return super().modules | {"critic": self.critic}

    @property
    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        return super().optimizers | {"critic_optimizer": self.critic_optimizer}

    def count(self, fresh: bool) -> None:
        """How rare each colour bin is in the art; the bins too for a ``fresh`` network. What a network has learned
        holds for the bins that it has."""
        count_bins(self.pack, (self.network, self.average), fresh)

    def batches(self, seed: int) -> Batches[Sample, Batch]:
        return Batches(self.pack, self.recipe.data.batch, seed, Sampling(self.recipe.data.crop), collate)

    def told(self) -> dict[str, Any]:
        return {"provides": ["flats", "color", "composite", "per_color", "per_region"], "modes": ["lines"]}

    def sheet(self, model: Path, out: Path) -> None:
        sheet.samples(model, self.pack, self.shown(sheet.DRAWINGS), out)

    def step(self, batch: Batch, spent: float, step: int) -> dict[str, float]:
        """One step of the generator and, once it has joined, of its critic."""
        now = phase(self.recipe, spent, step)
        batch = batch.to(self.device.device)
        with self.device.autocast():
            out: Outputs = self.forward(batch, now.contours_alone)
        parts = self._losses(out, batch, now)
        norm = descend(self.optimizer, torch.stack(list(parts.values())).sum(), now.rate)
        self._follow(self.recipe.schedule.average)
        if now.critic and out.painted is not None:
            parts["critic"] = self._step_critic(batch, out.painted.detach(), now)
        told = {name: float(value.detach()) for name, value in parts.items()}
        return {"rate": now.rate, **told, "norm": norm}

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


def foreground(truth: Tensor) -> Tensor:
    """(B, 3, h, w) normalised Lab -> weights (B, 1, h, w): white, the commonest colour by far, counts half."""
    white = (truth[:, :1] > 0.9) & (truth[:, 1:].abs().amax(1, keepdim=True) < 0.12)
    return torch.where(white, 0.5, 1.0)
