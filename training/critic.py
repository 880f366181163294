"""A discriminator with its own optimiser and rules: what a painter is set against."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from linewash_daemon.device import Device
from linewash_daemon.networks import DISCRIMINATORS

from . import losses
from .recipe import Critic


class Adversary:
    """Judges planes (B, C, h, w) that were painted for what was given (B, c, h, w). Stepped as often as the generator.

    Spectral norm, noise, clipping (WGAN: Arjovsky et al. 2017, algorithm 1, with RMSProp as there) and the gradient
    penalty (WGAN-GP: Gulrajani et al. 2017, section 4) are the recipe's choice.
    """

    def __init__(self, recipe: Critic, given: int, painted: int, device: Device) -> None:
        self.recipe, self.device = recipe, device
        settings = {"channels": recipe.channels, "noise": recipe.noise, "spectral": recipe.spectral}
        self.network: nn.Module = device.place(DISCRIMINATORS["patch"](planes=given + painted, **settings))
        self.kind = losses.ADVERSARIAL[recipe.kind]
        parameters = self.network.parameters()
        self.optimizer: Optimizer = (
            torch.optim.RMSprop(parameters, recipe.rate)
            if recipe.clip
            else torch.optim.Adam(parameters, recipe.rate, (0.5, 0.999))
        )

    def price(self, given: Tensor, painted: Tensor) -> Tensor:
        """What the generator pays for what is seen through."""
        with self.device.autocast():
            verdict = self.network(given, painted)
        return self.kind.generator(verdict.float())

    def step(self, given: Tensor, real: Tensor, painted: Tensor) -> dict[str, float]:
        """Learn from one batch; ``painted`` without its gradient. The figures for the log."""
        with self.device.autocast():
            right, wrong = self.network(given, real), self.network(given, painted)
        loss = self.kind.critic(right.float(), wrong.float())
        parts = {"critic": float(loss.detach())}
        if self.recipe.penalty:
            penalty = self.recipe.penalty * losses.gradient_penalty(self.network, given, real, painted)
            parts["penalty"] = float(penalty.detach())
            loss = loss + penalty
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        if self.recipe.clip:
            losses.clip_weights(self.network, self.recipe.clip)
        return parts
