"""What the loop of `train` asks of whatever learns: the network, its average, its batches, and one step."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from torch import nn
from torch.optim import Optimizer
from torch.utils.data import Dataset

from linewash.errors import BadInput
from linewash_daemon.device import Device
from linewash_daemon.networks import NETWORKS, build

from . import memory
from .pack import Pack
from .recipe import Recipe

R = TypeVar("R", bound=Recipe)


class Learner(ABC, Generic[R]):
    """``network`` is trained, ``average`` is its EMA and what gets shipped."""

    network: nn.Module
    average: nn.Module
    optimizer: Optimizer
    #: steps at which samples are kept, beside those kept with every state
    sheets: tuple[int, ...] = ()
    #: what a sheet of samples shows, from left to right
    columns: tuple[str, ...] = ()

    def __init__(self, recipe: R, device: Device, pack: Pack) -> None:
        self.recipe, self.device, self.pack = recipe, device, pack

    @property
    def samples(self) -> int:
        """How many there are to learn from: what an epoch sees once, in the mean."""
        return len(self.pack.indices("train"))

    @property
    def modules(self) -> dict[str, nn.Module]:
        """Everything with weights that a run's state holds, by name."""
        return {"network": self.network, "average": self.average}

    @property
    def optimizers(self) -> dict[str, Optimizer]:
        """Of all that learns, by name."""
        return {"optimizer": self.optimizer}

    @abstractmethod
    def count(self, fresh: bool) -> None:
        """What the art itself says, such as its colours; ``fresh``: nothing was learned yet."""

    @abstractmethod
    def batches(self, seed: int) -> Dataset[Any]:
        """Batches by number, each the same whenever it is asked for."""

    @abstractmethod
    def step(self, batch: Any, spent: float, step: int) -> dict[str, float]:
        """Learn from one batch; ``spent``: 0…1 of the budget. Returns losses and other figures for the log."""

    @abstractmethod
    def told(self) -> dict[str, Any]:
        """What the model file's metadata says of this kind of style alone."""

    @abstractmethod
    def sheet(self, model: Path, out: Path) -> None:
        """Draw samples of the model file as it is now into the PNG ``out``."""

    def checked(self) -> dict[str, float]:
        """Figures of the average on what is not learned from, by name, for the log; none unless there are such."""
        return {}

    @property
    def credits(self) -> list[dict[str, str]]:
        """Sources beside the pack's, as `linewash_daemon.models` documents them."""
        return []

    def ready(self, write: Callable[[], Path]) -> None:
        """Make what must be there before the first batch; ``write`` writes the network as it starts as a model file."""

    def start_from(self, weights: dict[str, torch.Tensor]) -> None:
        self.network.load_state_dict(weights)
        self.average.load_state_dict(weights)

    def shown(self, count: int) -> list[int]:
        """``count`` pairs for a sheet: held-out ones spread evenly, training ones where none is held out."""
        pairs = self.pack.indices("held") or self.pack.indices("train")
        return [pairs[i * len(pairs) // count] for i in range(count)]

    def _follow(self, share: float) -> None:
        """Move the average towards the network, which keeps ``share`` of the old one; what does not learn stays to the
        bit (moving turns -0 into 0, and another hash would have all drawings read anew)."""
        with torch.no_grad():
            for mean, value in zip(self.average.parameters(), self.network.parameters(), strict=True):
                if value.requires_grad:
                    mean.lerp_(value.detach(), 1 - share)
            for kept, now in zip(self.average.buffers(), self.network.buffers(), strict=True):
                kept.copy_(now)


def built(recipe: Recipe) -> nn.Module:
    """The network that a recipe names. Raises `BadInput` for one that there is not, or that has not such settings."""
    if recipe.network not in NETWORKS:
        known = ", ".join(sorted(NETWORKS))
        raise BadInput(f"The recipe {recipe.name} names a network {recipe.network}.", f"Known: {known}.")
    try:
        return build(recipe.network, recipe.settings)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        if memory.lacking(error):
            raise
        raise BadInput(
            f"The settings of the recipe {recipe.name} don't fit the network {recipe.network}: {error}.",
            "Compare them with the recipes in training/recipes.",
        ) from error


def averaged(network: nn.Module) -> nn.Module:
    return copy.deepcopy(network).requires_grad_(False).eval()
