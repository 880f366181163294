"""The region decoder's learner: which stroke's colour each region gets, on drawings that were read before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from linewash.errors import BadInput
from linewash_daemon.device import Device
from linewash_daemon.networks.region_decoder import Decided
from linewash_daemon.networks.washer import Washer

from . import graphs, seen, sheet
from .descent import cosine_rate, descend
from .held import HeldOut
from .learner import Learner, averaged, built
from .pack import Pack
from .palette import count_bins
from .recipe import RegionsRecipe
from .region_batches import RegionBatch, RegionBatches
from .region_losses import region_losses
from .region_marks import Habits
from .schemes import color_schemes

#: layers that regions alone make
PROVIDES = ("flats", "color", "composite", "per_color", "per_region")
_WARM_UP = 200  # steps
_SLOW = 0.4  # of the rate: the line encoder, which has learned already
#: of a `LineReader`'s weights, 1×1 convolutions there, and what a `Washer` calls them
_HEADS = {
    "kin.weight": "decoder.likeness.weight",
    "kin.bias": "decoder.likeness.bias",
    "scale": "decoder.likeness_scale",
    "bins.weight": "decoder.prior.weight",
    "bins.bias": "decoder.prior.bias",
}


class _Whole(nn.Module):
    """From what is seen of the drawings to what is decided of their regions, as one, so that cards may share it."""

    def __init__(self, network: Washer, device: Device) -> None:
        super().__init__()
        self.network, self._device = network, device

    def forward(self, batch: RegionBatch) -> tuple[Decided, Tensor]:
        with self._device.autocast():
            features, contours = seen.read(self.network, batch.seen)
        return self.network.decide(replace(batch.regions, features=features)), contours


class RegionsLearner(Learner[RegionsRecipe]):
    """The decoder learns, and the line encoder with it: what it makes of lines is what the decoder has to go by."""

    network: Washer
    average: Washer

    def __init__(self, recipe: RegionsRecipe, device: Device, pack: Pack, out: Path, distributed: bool = False) -> None:
        super().__init__(recipe, device, pack)
        network = built(recipe)
        if not isinstance(network, Washer):
            raise BadInput(
                f"The recipe {recipe.name} trains regions, and its network {recipe.network} can't.",
                'Give it network = "washer", or trains = "painting".',
            )
        self.network = device.place(network)
        for other in (network.light, network.depiction, network.pairs):  # of what this starts from, if it has them
            if other is not None:
                other.requires_grad_(False)
        average = averaged(self.network)
        assert isinstance(average, Washer)
        self.average = average
        self.columns = sheet.COLUMNS
        self._graphs = out / "graphs.safetensors"
        self._begins = False  # with weights of another run: what was read before was read by others
        self._held: HeldOut | None = None  # in the process that keeps
        whole = _Whole(self.network, device)
        self._forward: nn.Module = nn.parallel.DistributedDataParallel(whole) if distributed else whole
        deciding = [part for part in (self.network.decoder, self.network.look) if part is not None]
        weights = [weight for part in deciding for weight in part.parameters()]
        groups: list[dict[str, Any]] = [
            {"params": weights},
            {"params": list(self.network.encoder.parameters()), "slow": _SLOW},
        ]
        self.optimizer = torch.optim.AdamW(groups, recipe.schedule.rate, (0.9, 0.99), weight_decay=0.02)

    def count(self, fresh: bool) -> None:
        """The bins' colours for a ``fresh`` network, how rare each is in the art, and what goes together there."""
        count_bins(self.pack, (self.network, self.average), fresh)
        if not (fresh or self._begins):  # what goes on has its schemes in its state
            return
        schemes = torch.from_numpy(color_schemes(self.pack))
        for network in (self.network, self.average):
            network.schemes.copy_(schemes)

    def start_from(self, weights: dict[str, Tensor]) -> None:
        """The whole network's ``weights``, or those of a line reader, whose encoder and heads are taken."""
        mine = self.network.state_dict()
        named = {_HEADS.get(name, name): tensor for name, tensor in weights.items()}
        known = {name: tensor.view_as(mine[name]) for name, tensor in named.items() if name in mine}
        for network in (self.network, self.average):
            network.load_state_dict(mine | known)
        self._begins = True

    def ready(self, write: Callable[[], Path]) -> None:
        """Read the training drawings with the line encoder, unless they were read already. Raises `BadInput` where the
        encoder has learned nothing yet."""
        if not (self._begins or self._graphs.exists()):
            raise BadInput(
                f"The recipe {self.recipe.name} needs a line encoder that has learned to read.",
                "Train one with the recipe linewash-lines and give its file with --from.",
            )
        pages = self.recipe.data.pages
        graphs.keep(self.pack, write(), self._graphs, learned_since=not self._begins, pages=pages)
        self._held = HeldOut(self._graphs, self.pack.indices("held"), self.recipe.data.most)

    def batches(self, seed: int) -> RegionBatches:
        told = self.recipe.data
        pages = graphs.numbers_of_pages(self.pack, told.pages)
        weights = {index: self.pack.infos[index].weight for index in self.pack.indices("train")}
        habits = Habits(told.around, told.mixed, told.swapped)
        return RegionBatches(
            self._graphs, told.batch, seed, told.most, weights | dict.fromkeys(pages, 1.0), habits, pages
        )

    def told(self) -> dict[str, Any]:
        return {"provides": list(PROVIDES), "modes": ["lines"]}

    def sheet(self, model: Path, out: Path) -> None:
        sheet.samples(model, self.pack, self.shown(sheet.DRAWINGS), out)

    def checked(self) -> dict[str, float]:
        return self._held.measure(self.average, self.device) if self._held else {}

    def step(self, batch: RegionBatch, spent: float, step: int) -> dict[str, float]:
        s, weigh = self.recipe.schedule, self.recipe.losses
        rate = cosine_rate(s.rate, s.cooldown, spent, step, _WARM_UP)
        batch = batch.to(self.device.device)
        decided, contours = self._forward(batch)
        parts = region_losses(decided, batch, self.network.palette, self.network.rarity) | {"contours": contours}
        total = torch.stack([getattr(weigh, name) * value for name, value in parts.items()]).sum()
        norm = descend(self.optimizer, total, rate)
        self._follow(min(s.average, (1 + step) / (10 + step)))
        return {"rate": rate, **{name: float(value.detach()) for name, value in parts.items()}, "norm": norm}
