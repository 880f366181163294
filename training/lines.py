"""The line encoder's learner: borders, kinship and colours from the lines alone, before any stroke is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from linewash.errors import BadInput
from linewash_daemon.device import Device
from linewash_daemon.networks.line_reader import LineReader
from linewash_daemon.networks.propagator import normalised

from . import losses
from .augment import Placement
from .batches import Batches
from .degrade import degrade
from .descent import cosine_rate, descend
from .flats import contours, flats
from .forward import small_truth
from .learner import Learner, averaged, built
from .pack import Pack, Pair
from .palette import count_bins
from .recipe import LinesRecipe
from .samples import as_lines, to_lab

_PLACES = 192  # a picture, whose kinship is asked for


@dataclass(frozen=True)
class LineSample:
    """``lines`` float32 (H, W), 0 paper … 1 ink; ``truth`` float32 (H, W, 3) Lab flats; ``borders`` bool (H, W)."""

    lines: NDArray[np.float32]
    truth: NDArray[np.float32]
    borders: NDArray[np.bool_]


@dataclass
class LineBatch:
    """``lines`` (B, 1, H, W), ``truth`` (B, 3, H, W) Lab, ``borders`` (B, 1, H, W), all float32."""

    lines: Tensor
    truth: Tensor
    borders: Tensor

    def to(self, device: torch.device) -> LineBatch:
        return LineBatch(*(t.to(device, non_blocking=True) for t in vars(self).values()))


@dataclass(frozen=True)
class Windows:
    """Makes a sample of a pair: a window of ``size`` px, drawn as somebody else might draw it."""

    size: int

    def __call__(self, pair: Pair, rng: np.random.Generator) -> LineSample:
        window = Placement.draw(pair.line.shape, self.size, rng)
        line, color = window.apply(pair.line), window.apply(pair.color)
        truth = flats(color, line)
        lines = as_lines(degrade(line, rng))
        return LineSample(lines, to_lab(truth), contours(truth))


def collate(samples: list[LineSample]) -> LineBatch:
    return LineBatch(
        torch.from_numpy(np.stack([s.lines for s in samples]))[:, None],
        torch.from_numpy(np.stack([s.truth for s in samples])).permute(0, 3, 1, 2),
        torch.from_numpy(np.stack([s.borders for s in samples]).astype(np.float32))[:, None],
    )


class Lines(Learner[LinesRecipe]):
    network: LineReader
    average: LineReader

    def __init__(self, recipe: LinesRecipe, device: Device, pack: Pack, distributed: bool = False) -> None:
        super().__init__(recipe, device, pack)
        network = built(recipe)
        if not isinstance(network, LineReader):
            raise BadInput(
                f"The recipe {recipe.name} trains lines, and its network {recipe.network} can't.",
                'Give it network = "line-reader", or trains = "painting".',
            )
        self.network = device.place(network)
        average = averaged(self.network)
        assert isinstance(average, LineReader)
        self.average = average
        self.forward: nn.Module = nn.parallel.DistributedDataParallel(self.network) if distributed else self.network
        self.optimizer = torch.optim.AdamW(network.parameters(), recipe.schedule.rate, (0.9, 0.99), weight_decay=0.01)

    def count(self, fresh: bool) -> None:
        """The bins' colours and how rare each is in the art."""
        count_bins(self.pack, (self.network, self.average), fresh)

    def start_from(self, weights: dict[str, Tensor]) -> None:
        """A line reader's ``weights``, or those of a washer, whose line encoder and colours are taken."""
        mine = self.network.state_dict()
        known = {name: tensor for name, tensor in weights.items() if name in mine}
        for network in (self.network, self.average):
            network.load_state_dict(mine | known)

    def batches(self, seed: int) -> Batches[LineSample, LineBatch]:
        return Batches(self.pack, self.recipe.data.batch, seed, Windows(self.recipe.data.crop), collate)

    def told(self) -> dict[str, Any]:
        return {"provides": [], "modes": ["lines"]}

    def sheet(self, model: Path, out: Path) -> None:
        """Nothing to look at but contours: the regions' learner draws those."""

    def step(self, batch: LineBatch, spent: float, step: int) -> dict[str, float]:
        s = self.recipe.schedule
        rate = cosine_rate(s.rate, s.cooldown, spent, step, least=0.05)
        batch = batch.to(self.device.device)
        parts = self._losses(batch, step)
        norm = descend(self.optimizer, torch.stack(list(parts.values())).sum(), rate)
        self._follow(s.average)
        return {"rate": rate, **{name: float(value.detach()) for name, value in parts.items()}, "norm": norm}

    def _losses(self, batch: LineBatch, step: int) -> dict[str, Tensor]:
        weigh = self.recipe.losses
        with self.device.autocast():
            out = self.forward(batch.lines)
        truth = small_truth(batch.truth)
        bins = losses.nearest_bin(truth, normalised(self.network.palette.T[None])[0].T)
        places = torch.Generator().manual_seed(step)
        at = torch.randint(truth[0, 0].numel(), (_PLACES,), generator=places).to(truth.device)
        colors = batch.truth[..., 2::4, 2::4].flatten(2)[..., at].transpose(1, 2)
        kin = self.network.kinship(out.kin.flatten(2)[..., at].transpose(1, 2))
        return {
            "contours": weigh.contours * losses.contour_loss(out.contours.float(), batch.borders),
            "kinship": weigh.kinship * losses.kinship_loss(kin, colors),
            "distribution": weigh.distribution * losses.distribution_loss(out.bins.float(), bins, self.network.rarity),
        }
