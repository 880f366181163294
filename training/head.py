"""What the learners of a washer's heads share: the style that they start from stays as it came, but for one head."""

from __future__ import annotations

from abc import abstractmethod
from typing import TypeVar

import torch
from torch import Tensor, nn

from linewash.errors import BadInput
from linewash_daemon.device import Device
from linewash_daemon.networks.washer import Washer

from .learner import Learner, averaged, built
from .pack import Pack
from .recipe import DepictionRecipe, LightRecipe, PairsRecipe

H = TypeVar("H", bound=LightRecipe | DepictionRecipe | PairsRecipe)


class HeadLearner(Learner[H]):
    """``adds``: what the head adds to a style, ``needs``: what its recipe has to have, both in words; ``decay``: of its
    weights. Raises `BadInput` for a recipe whose network has no such head."""

    network: Washer
    average: Washer
    adds: str
    needs: str
    decay = 0.01

    def __init__(self, recipe: H, device: Device, pack: Pack, distributed: bool = False) -> None:
        super().__init__(recipe, device, pack)
        network = built(recipe)
        head = self.head_of(network) if isinstance(network, Washer) else None
        if not isinstance(network, Washer) or head is None:
            raise BadInput(
                f"The recipe {recipe.name} adds {self.adds}, and its network {recipe.network} has no head for it.",
                f'Give it network = "washer" and in [settings] {self.needs}.',
            )
        self.network = device.place(network).requires_grad_(False)
        average = averaged(self.network)
        assert isinstance(average, Washer)
        self.average = average
        head.requires_grad_(True)
        self._forward: nn.Module = nn.parallel.DistributedDataParallel(head) if distributed else head
        rate = recipe.schedule.rate
        self.optimizer = torch.optim.AdamW(head.parameters(), rate, (0.9, 0.99), weight_decay=self.decay)
        self._begins = False  # with a style that was given: what goes on has its own state

    @abstractmethod
    def head_of(self, network: Washer) -> nn.Module | None: ...

    def count(self, fresh: bool) -> None:
        """The colours stay those of the style that this starts from. Raises `BadInput` where there is none."""
        if fresh:
            raise BadInput(
                f"The recipe {self.recipe.name} adds {self.adds} to a style, and was given none.",
                "Train one with the recipe linewash and give its file with --from.",
            )

    def start_from(self, weights: dict[str, Tensor]) -> None:
        """A washer's ``weights``, with this head or without."""
        for network in (self.network, self.average):
            network.load_state_dict(self.network.state_dict() | weights)
        self._begins = True
