"""The pair reader's learner: which basins of finished pictures, and of pages, have one colour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import Dataset

from linewash_daemon.device import Device
from linewash_daemon.networks.washer import Washer

from . import pair_sheet, pair_tables
from .depiction import apart
from .descent import cosine_rate, descend
from .head import HeadLearner
from .pack import Pack
from .recipe import PairsRecipe
from .regions import PROVIDES

Batch = tuple[Tensor, Tensor, Tensor]  # told (p, figures), same (p,), weight (p,), float32 all


class PairBatches(Dataset[Batch]):
    """Batch number ``step`` of ``count`` pairs of the file ``path`` that are not held out."""

    def __init__(self, path: Path, count: int, seed: int) -> None:
        self.path, self.count, self.seed = path, count, seed
        self._table: pair_tables.Table | None = None

    def __getitem__(self, step: int) -> Batch:
        if self._table is None:  # in the process that makes batches
            self._table = _of(pair_tables.load(self.path), held=False)
        drawn = np.random.default_rng([self.seed, step]).integers(len(self._table.same), size=self.count)
        return tuple(part[drawn].float() for part in self._table[:3])  # type: ignore[return-value]


class PairsLearner(HeadLearner[PairsRecipe]):
    """A pair reader."""

    adds, needs, decay = "which areas have one colour", "the width of pairs", 1e-3
    columns = pair_sheet.COLUMNS

    def __init__(self, recipe: PairsRecipe, device: Device, pack: Pack, out: Path, distributed: bool = False) -> None:
        super().__init__(recipe, device, pack, distributed)
        self._kept = out / "pairs.safetensors"

    @property
    def samples(self) -> int:
        """Pairs of areas, read by then."""
        return pair_tables.learned_from(self._kept)

    def head_of(self, network: Washer) -> nn.Module | None:
        return network.pairs

    def ready(self, write: Callable[[], Path]) -> None:
        """Read the drawings, unless they were read already, and what is usual of pairs. Raises `BadInput` as
        `pair_tables.keep` does."""
        pair_tables.keep(self.pack, write(), self._kept, self.recipe.data.drawings, self.recipe.data.pages)
        if not self._begins:  # what goes on has them in its state
            return
        told = _of(pair_tables.load(self._kept), held=False).told.float()
        for network in (self.network, self.average):
            assert network.pairs is not None
            network.pairs.usual.copy_(told.mean(0))
            network.pairs.spread.copy_(told.std(0))

    def batches(self, seed: int) -> PairBatches:
        return PairBatches(self._kept, self.recipe.data.batch, seed)

    def told(self) -> dict[str, Any]:
        return {"provides": list(PROVIDES), "modes": ["lines"]}

    def sheet(self, model: Path, out: Path) -> None:
        pair_sheet.samples(model, self.pack, self.shown(pair_sheet.DRAWINGS), out)

    def step(self, batch: Batch, spent: float, step: int) -> dict[str, float]:
        s = self.recipe.schedule
        rate = cosine_rate(s.rate, s.cooldown, spent, step)
        told, same, weight = (part.to(self.device.device, non_blocking=True) for part in batch)
        each = F.binary_cross_entropy_with_logits(self._forward(told), same, reduction="none")
        loss = (each * weight).sum() / weight.sum()
        norm = descend(self.optimizer, loss, rate)
        self._follow(min(s.average, (1 + step) / (10 + step)))
        return {"rate": rate, "one_color": float(loss.detach()), "norm": norm}

    @torch.inference_mode()
    def checked(self) -> dict[str, float]:
        """The area under the ROC curve over the pairs of held-out drawings: how often two of one colour are told from
        two of others."""
        held = _of(pair_tables.load(self._kept), held=True)
        if not 0 < int(held.same.sum()) < len(held.same):
            return {}
        assert self.average.pairs is not None
        said = self.average.pairs(held.told.float().to(self.device.device)).cpu().numpy()
        return {"held_one_color": apart(held.same.float().numpy(), said, held.weight.numpy())}


def _of(table: pair_tables.Table, held: bool) -> pair_tables.Table:
    wanted = table.held.bool() == held
    return pair_tables.Table(*(part[wanted] for part in table))
