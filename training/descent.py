"""What each step of a run does alike: the rate at which it learns, and the optimizer's step down a clipped gradient."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

_CLIP = 1.0  # gradient norm


def cosine_rate(
    rate: float, cooldown: float, spent: float, step: int, warm_up: int = 100, least: float = 0.02
) -> float:
    """``rate`` after a linear ``warm_up`` of so many steps, falling as a cosine to ``least`` of it over the last
    ``cooldown`` of the budget (Loshchilov & Hutter 2017, section 3). ``cooldown``, ``spent``: 0…1 of the budget."""
    rate *= min(1.0, (step + 1) / warm_up)
    if spent > 1 - cooldown:
        down = min(1.0, (spent - 1 + cooldown) / cooldown)
        rate *= least + (1 - least) * (1 + math.cos(math.pi * down)) / 2
    return rate


def descend(optimizer: torch.optim.Optimizer, loss: Tensor, rate: float) -> float:
    """One step of ``optimizer`` at ``rate`` against ``loss``; gives the gradient's norm before it is clipped. A group
    that says how ``slow`` it is learns at that share of the rate. Where the norm is not finite nothing is learned: one
    bad batch must not spoil all weights."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("slow", 1.0)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    learned = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    norm = nn.utils.clip_grad_norm_(learned, _CLIP)
    if torch.isfinite(norm):
        optimizer.step()
    return float(norm)
