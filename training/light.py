"""The light head's learner: shading and highlights for flats, by finished pictures and by made-up forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from linewash_daemon.device import Device
from linewash_daemon.networks.propagator import STEP, normalised
from linewash_daemon.networks.washer import Washer

from . import light_sheet
from .batches import Batches
from .critic import Adversary
from .descent import cosine_rate, descend
from .head import HeadLearner
from .light_batches import WINDOWS, LightBatch, LightSample, LightWindows, collate
from .pack import Pack
from .recipe import LightRecipe
from .regions import PROVIDES

_SEEN = 0.05  # from so much light on, a pixel counts more:
_DUE = (0.0, 4.0)  # so much more for shading, and for highlights, which are rare


class LightLearner(HeadLearner[LightRecipe]):
    """A light head, and the critic that it is trained with."""

    adds, needs = "light", "the channels of light"
    columns = light_sheet.COLUMNS

    def __init__(self, recipe: LightRecipe, device: Device, pack: Pack, distributed: bool = False) -> None:
        super().__init__(recipe, device, pack, distributed)
        self._adversary = Adversary(recipe.critic, 4, 2, device)

    def head_of(self, network: Washer) -> nn.Module | None:
        return network.light

    @property
    def modules(self) -> dict[str, nn.Module]:
        return super().modules | {"critic": self._adversary.network}

    @property
    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        return super().optimizers | {"critic_optimizer": self._adversary.optimizer}

    def batches(self, seed: int) -> Batches[list[LightSample], LightBatch]:
        drawings = max(1, self.recipe.data.batch // WINDOWS)
        return Batches(self.pack, drawings, seed, LightWindows(self.recipe.data.crop), collate)

    def told(self) -> dict[str, Any]:
        return {"provides": [*PROVIDES, "shading"], "modes": ["lines"]}  # highlights come out too faint to be shown

    def sheet(self, model: Path, out: Path) -> None:
        assert self.average.light is not None
        light_sheet.samples(self.average.light, self.device, self.pack, self.shown(light_sheet.DRAWINGS), out)

    def step(self, batch: LightBatch, spent: float, step: int) -> dict[str, float]:
        s, weigh = self.recipe.schedule, self.recipe.losses
        rate = cosine_rate(s.rate, s.cooldown, spent, step)
        batch = batch.to(self.device.device)
        flats = normalised(batch.flats)
        with self.device.autocast():
            light = self._forward(batch.lines, F.avg_pool2d(flats, STEP))
        found = light_loss(light, batch.light, batch.weight)
        parts = {name: getattr(weigh, name) * value for name, value in found.items()}
        told: dict[str, float] = {}
        if spent >= s.critic_after and weigh.adversarial:
            quarter = _quarter(light, step)
            given = torch.cat([batch.lines, flats], 1)[quarter]
            shown, true = (light * batch.weight)[quarter], (batch.light * batch.weight)[quarter]
            told = self._adversary.step(given, true, shown.detach())
            parts["seen"] = weigh.adversarial * self._adversary.price(given, shown)
        norm = descend(self.optimizer, torch.stack(list(parts.values())).sum(), rate)
        self._follow(min(s.average, (1 + step) / (10 + step)))
        return {"rate": rate, **{name: float(value.detach()) for name, value in parts.items()}, **told, "norm": norm}


def _quarter(windows: Tensor, step: int) -> tuple[Any, ...]:
    """One quarter of all windows (B, C, H, W), another each ``step``: what the critic sees, which costs more than the
    head."""
    height, width = windows.shape[2] // 2, windows.shape[3] // 2
    top, left = step // 2 % 2 * height, step % 2 * width
    return (..., slice(top, top + height), slice(left, left + width))


def light_loss(light: Tensor, truth: Tensor, weight: Tensor) -> dict[str, Tensor]:
    """``light``: L1, which is least for the likelier of two tones, so edges are clean; ``chance``: cross-entropy, which
    is least for their mean and whose gradient stays where there is hardly any light yet, as L1's through a sigmoid does
    not. ``light``, ``truth``: (B, 2, H, W); ``weight``: (B, 1, H, W); where light is, it counts `_DUE` times more."""
    due = weight * (1 + truth.new_tensor(_DUE).view(1, 2, 1, 1) * (truth > _SEEN))
    total = (2 * weight.sum()).clamp_min(1)
    chance = F.binary_cross_entropy(light.clamp(1e-6, 1 - 1e-6), truth, reduction="none")
    return {"light": ((light - truth).abs() * due).sum() / total, "chance": (chance * due).sum() / total}
