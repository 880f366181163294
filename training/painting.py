"""The learner of painters: networks that paint a picture directly, as the earlier systems do.

One step: the network paints what it is shown, pays by the recipe's losses against the finished picture, and, where the
recipe has a critic, that learns to tell the two apart. A tandem does so twice: its hinter for the hints alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from linewash.errors import BadInput
from linewash_daemon import spaces
from linewash_daemon.device import Device
from linewash_daemon.histogram import Histogram, histogram
from linewash_daemon.networks.colornet import ColorNet
from linewash_daemon.networks.tandem import Tandem

from . import losses, memory, painting_sheet, vgg16
from .batches import Batches
from .critic import Adversary
from .learner import Learner, averaged, built
from .pack import Pack
from .painting_samples import PaintingBatch, PaintingSample, PaintingSampling, collate_painting
from .palette import color_bins, rarity, sampled_colors, to_rgb
from .recipe import Critic, PaintingRecipe

_OWN = ("classification", "adversarial")  # losses that are more than a function of two pictures
_BIN_SCALE = 200.0  # U and V as large as a and b, for which the palette's grid is made
_SCRATCH = "none: its VGG-16 was trained from scratch, at the width of its settings"
_RANDOM = "none: its VGG-16 is random, and frozen"
#: whose work is in a model that started from VGG-16's published weights
_VGG = {
    "id": "vgg-16",
    "title": "VGG-16, trained on ImageNet",
    "authors": "Karen Simonyan, Andrew Zisserman; torchvision",
    "licence": "CC-BY-4.0, BSD-3-Clause; of ImageNet's pictures unknown",
}


class _Leg(NamedTuple):
    """One generator's work in a step: what it was ``given``, what it ``painted``, and the ``truth``."""

    name: str
    given: Tensor
    painted: Tensor
    truth: Tensor


class Painting(Learner[PaintingRecipe]):
    def __init__(
        self, recipe: PaintingRecipe, device: Device, pack: Pack, distributed: bool = False, vgg: Path | None = None
    ) -> None:
        super().__init__(recipe, device, pack)
        _check(recipe)
        network = built(recipe)
        _fits(recipe, network)
        self.trunk = getattr(network, "trunk", None)
        self.pretrained = _pretrained(self.trunk, vgg)
        self.network = device.place(network)
        self.average = averaged(self.network)
        self.forward: nn.Module = DistributedDataParallel(self.network) if distributed else self.network
        learning = [p for p in self.network.parameters() if p.requires_grad]
        self.optimizer = torch.optim.Adam(learning, recipe.schedule.rate, (recipe.schedule.momentum, 0.999))
        self.adversaries = {name: Adversary(critic, *planes, device) for name, critic, planes in self._judged()}
        self.histogram: Histogram | None = None
        self.sheets = recipe.schedule.sheets
        self.columns = painting_sheet.columns(recipe.data.hints != "none")

    def _judged(self) -> Iterator[tuple[str, Critic, tuple[int, int]]]:
        """Names of what critics judge, with the planes of what was given and of what was painted."""
        if critic := self.recipe.critic:
            yield "painted", critic, (_given_planes(self.recipe), spaces.PLANES[self.recipe.data.space])
            if isinstance(self.network, Tandem):
                yield "hinted", critic, (1, 3)

    @property
    def modules(self) -> dict[str, nn.Module]:
        critics = {f"critic_{name}": a.network for name, a in self.adversaries.items()}
        return super().modules | critics

    @property
    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        critics = {f"optimizer_{name}": a.optimizer for name, a in self.adversaries.items()}
        return super().optimizers | critics

    def count(self, fresh: bool) -> None:
        if self.recipe.data.hints != "histogram" and "classification" not in self.recipe.losses:
            return
        rgb = to_rgb(sampled_colors(self.pack, self.pack.indices("train")))
        if self.recipe.data.hints == "histogram":
            self.histogram = histogram(rgb)
        if "classification" not in self.recipe.losses:
            return
        planes = spaces.encode(rgb[None], self.recipe.data.space)[:, 0].T * np.float32(_BIN_SCALE)
        for network in (self.network, self.average):
            assert isinstance(network, ColorNet)
            if fresh:
                network.palette.copy_(torch.from_numpy(color_bins(planes, len(network.palette)) / _BIN_SCALE))
            bins = np.asarray(network.palette.cpu().numpy() * _BIN_SCALE, np.float32)
            network.rarity.copy_(torch.from_numpy(rarity(planes, bins)))

    def batches(self, seed: int) -> Batches[PaintingSample, PaintingBatch]:
        sampling = PaintingSampling(self.recipe.data, self.histogram)
        return Batches(self.pack, self.recipe.data.batch, seed, sampling, collate_painting)

    def step(self, batch: PaintingBatch, spent: float, step: int) -> dict[str, float]:
        rate = self._rate(step)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        legs = self._legs(batch.to(self.device.device))
        parts = {name: loss for leg in legs for name, loss in self._losses(leg)}
        told = {"rate": rate} | {name: float(loss.detach()) for name, loss in parts.items()}
        total = torch.stack(list(parts.values())).sum()
        if not torch.isfinite(total):  # one bad batch must not spoil all weights
            return told
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self.optimizer.step()
        self._follow(self.recipe.schedule.average)
        for leg in legs:
            if leg.name in self.adversaries:
                learned = self.adversaries[leg.name].step(leg.given, leg.truth, leg.painted.detach())
                told |= {_named(key, leg.name): value for key, value in learned.items()}
        return told

    def _rate(self, step: int) -> float:
        """The rate falls by its decay with every epoch: as many pictures as there are to learn from."""
        schedule, pictures = self.recipe.schedule, len(self.pack.indices("train"))
        return max(schedule.least, schedule.rate * schedule.decay ** (step * self.recipe.data.batch // pictures))

    def _legs(self, batch: PaintingBatch) -> list[_Leg]:
        self.network.train()
        with self.device.autocast():
            painted = self.forward(batch.planes)
            legs = [_leg("painted", batch.planes, painted.float(), batch.truth)]
            if isinstance(self.network, Tandem):
                lines, hints = batch.planes[:, :1], batch.planes[:, 1:]
                legs.append(_leg("hinted", lines, self.network.imagine(lines).float(), hints))
        return legs

    def _losses(self, leg: _Leg) -> Iterator[tuple[str, Tensor]]:
        for name, weight in self.recipe.losses.items():
            yield _named(name, leg.name), weight * self._loss(name, leg)

    def _loss(self, name: str, leg: _Leg) -> Tensor:
        if name == "adversarial":
            return self.adversaries[leg.name].price(leg.given, leg.painted)
        if name == "classification":
            assert isinstance(self.network, ColorNet)
            bins = losses.nearest_bin(leg.truth, self.network.palette)
            return losses.distribution_loss(leg.painted, bins, self.network.rarity)
        return losses.LOSSES[name](leg.painted, leg.truth)

    def told(self) -> dict[str, Any]:
        data, modes = self.recipe.data, list(self.recipe.modes)
        given = next((g for g in data.given if g in ("coloring-book", "grey")), "lines")
        lines = ["painting", "flats", "color", "composite", "per_color", "per_region"]
        out: dict[str, Any] = {
            "provides": lines if "lines" in modes else ["color", "composite"],
            "modes": modes,
            "paints": {"given": given, "space": data.space, "hints": data.hints},
        }
        if self.histogram is not None:
            out["histogram"] = self.histogram.swatches()
        if self.trunk is not None:
            out["pretrained"] = self.pretrained or (_RANDOM if self.trunk.frozen else _SCRATCH)
        return out

    @property
    def credits(self) -> list[dict[str, str]]:
        return [_VGG] if self.pretrained else []

    def sheet(self, model: Path, out: Path) -> None:
        sampling = PaintingSampling(self.recipe.data, self.histogram)
        pairs = [self.pack[index] for index in self.shown(painting_sheet.DRAWINGS)]
        painting_sheet.write(out, pairs, sampling, self._paint)

    @torch.inference_mode()
    def _paint(self, planes: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the averaged network makes of one sample's planes (C, H, W) -> (planes, H, W)."""
        with self.device.autocast():
            painted = self.average(torch.from_numpy(planes)[None].to(self.device.device)).float()
        size = (planes.shape[1], planes.shape[2])
        return np.asarray(F.interpolate(painted, size, mode="bilinear")[0].cpu().numpy(), np.float32)


def _leg(name: str, given: Tensor, painted: Tensor, truth: Tensor) -> _Leg:
    """Given and truth brought to the size that was painted."""
    factor = truth.shape[2] // painted.shape[2]
    if factor > 1:
        given, truth = F.avg_pool2d(given, factor), F.avg_pool2d(truth, factor)
    return _Leg(name, given, painted, truth)


def _named(figure: str, leg: str) -> str:
    return figure if leg == "painted" else f"{leg}_{figure}"


def _check(recipe: PaintingRecipe) -> None:
    known = (*losses.LOSSES, *_OWN)
    if not recipe.losses or (unknown := [name for name in recipe.losses if name not in known]):
        what = f"knows no loss called {unknown[0]}" if recipe.losses else "names no losses"
        raise BadInput(f"The recipe {recipe.name} {what}.", f"There are: {', '.join(known)}.", "bad_option")
    if ("adversarial" in recipe.losses) != bool(recipe.critic):
        raise BadInput(
            f"The recipe {recipe.name} has a critic or an adversarial loss, but not both.",
            "Give it both, or neither.",
            "bad_option",
        )


def _given_planes(recipe: PaintingRecipe) -> int:
    return 1 if recipe.data.hints == "none" else 4


def _fits(recipe: PaintingRecipe, network: nn.Module) -> None:
    """Raise `BadInput` where the network can't take what the recipe gives, or gives something else than it learns."""
    size, want = recipe.data.size, spaces.PLANES[recipe.data.space]
    multiple = getattr(network, "multiple", None)
    if multiple is None:
        raise _unfit(recipe, "it is no painter")
    if size % multiple:
        raise _unfit(recipe, f"it takes sides that are multiples of {multiple} px, not {size} px")
    try:
        with torch.no_grad():
            out = network.eval()(torch.zeros(1, _given_planes(recipe), size, size))
    except RuntimeError as error:
        if memory.lacking(error):
            raise
        why = f"it can't be given {_given_planes(recipe)} planes of {size} × {size} px"
        raise _unfit(recipe, why) from error
    if out.shape[1] != want:
        raise _unfit(recipe, f"it gives {out.shape[1]} planes, the space {recipe.data.space} has {want}")
    if ("classification" in recipe.losses) != (isinstance(network, ColorNet) and network.bins > 0):
        raise _unfit(recipe, "a network has colour bins if, and only if, the loss is classification")
    if "classification" in recipe.losses and len(recipe.losses) > 1:
        raise _unfit(recipe, "classification gives no picture that another loss could judge")
    if isinstance(network, Tandem) and recipe.data.hints == "none":
        raise _unfit(recipe, "a tandem learns to imagine hints, and the recipe has none")


def _unfit(recipe: PaintingRecipe, why: str) -> BadInput:
    return BadInput(
        f"The network {recipe.network} of the recipe {recipe.name} doesn't fit its data: {why}.",
        "Compare its settings and data with the recipes in training/recipes.",
    )


def _pretrained(trunk: nn.Module | None, vgg: Path | None) -> str:
    """Loads the published weights where they are given; says in words what the trunk started from, "" without."""
    if trunk is None or vgg is None:
        return ""
    vgg16.load_trunk(vgg, trunk)
    return f"the published VGG-16 of {vgg.name}"
