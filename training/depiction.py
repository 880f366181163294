"""The depiction reader's learner: what drawings depict and which of their areas have one colour, by finished pictures,
and by pages made of them and of scenery."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from linewash_daemon.networks.depiction import CLASSES, Depicted
from linewash_daemon.networks.propagator import STEP
from linewash_daemon.networks.washer import Washer

from . import depiction_sheet
from .batches import Batches
from .depiction_batches import DepictedBatch, DepictionSample, areas, depicted_batches, weights
from .descent import cosine_rate, descend
from .head import HeadLearner
from .losses import kinship_loss, pairs_of
from .pages import Pages
from .recipe import DepictionRecipe
from .regions import PROVIDES
from .semantic_truth import told, tones

_SOFT = 0.03  # of certainty that nobody has: what colours tell is not always so
#: so much more than what is surely none counts what is one, of each class
_ONES = (1.5, 2.0, 1.5, 1.5, 1.0, 3.0, 3.0, 1.5)
_LIKENESS = 1.0  # how much it counts which areas have one colour
_SAME, _OTHER = 6.0, 14.0  # ΔE (CIE76) within which two areas have one colour, and from which on two colours
_PAPER = 98.0  # L from which on an area may be left as paper is
_HELD = 150  # drawings that are judged


class DepictionLearner(HeadLearner[DepictionRecipe]):
    """A depiction reader."""

    adds, needs, decay = "what drawings depict", "the width of depiction", 0.05
    columns = depiction_sheet.COLUMNS

    def head_of(self, network: Washer) -> nn.Module | None:
        return network.depiction

    def count(self, fresh: bool) -> None:
        """The tones of what is depicted."""
        super().count(fresh)
        if not self._begins:  # what goes on has them in its state
            return
        depicted = torch.from_numpy(tones(self.pack))
        for network in (self.network, self.average):
            assert network.depiction is not None
            network.depiction.tones.copy_(depicted)

    def batches(self, seed: int) -> Batches[list[DepictionSample], DepictedBatch]:
        return depicted_batches(Pages.of(self.pack), self.recipe.data.batch, seed, self.recipe.data.crop)

    def told(self) -> dict[str, Any]:
        return {"provides": list(PROVIDES), "modes": ["lines"]}

    def sheet(self, model: Path, out: Path) -> None:
        shown = self.shown(depiction_sheet.DRAWINGS)
        depiction_sheet.samples(self.average, self.device, self.pack, shown, out)

    def step(self, batch: DepictedBatch, spent: float, step: int) -> dict[str, float]:
        s = self.recipe.schedule
        rate = cosine_rate(s.rate, s.cooldown, spent, step)
        batch = batch.to(self.device.device)
        with self.device.autocast():
            with torch.no_grad():
                levels, _ = self.network.read(batch.lines)
            read = self._forward(levels)
        parts = depiction_loss(read.said, batch)
        alike = likeness_loss(read, batch)
        norm = descend(self.optimizer, parts.sum() + _LIKENESS * alike, rate)
        self._follow(min(s.average, (1 + step) / (10 + step)))
        told = dict(zip((*CLASSES, "alike"), [*parts.detach().tolist(), float(alike.detach())], strict=True))
        return {"rate": rate, **told, "norm": norm}

    def checked(self) -> dict[str, float]:
        """Of held-out drawings the area under the ROC curve of each class: how often what is one is told from what is
        none, places by their weights, paper left out. And of ``alike``: how often two areas of one colour are told from
        two of others, in the mean over the drawings that have both, see `alike_apart`."""
        found: list[list[NDArray[np.float32]]] = [[] for _ in CLASSES]
        alike: list[float] = []
        for index in self.shown(min(_HELD, len(self.pack.indices("held")))):
            pair = self.pack[index]
            read = depiction_sheet.read(self.average, self.device, pair.line)
            said = read.said[0].numpy()
            height, width = said.shape[1:]
            places = np.s_[STEP // 2 :: STEP, STEP // 2 :: STEP]
            known = told(pair.color, pair.meta)[places][:height, :width]
            paint = (pair.color[places][:height, :width] < 250).any(2)
            weight = weights(pair.line)[:height, :width]
            for kind, rows in enumerate(found):
                where = (known[..., kind] >= 0) & (weight > 0) & (paint | (CLASSES[kind] == "white"))
                rows.append(np.stack([known[where][:, kind], said[kind][where], weight[where]]).astype(np.float32))
            if (told_apart := alike_apart(read, *areas(pair.line, pair.color))) is not None:
                alike.append(told_apart)
        joined = {name: np.concatenate(rows, 1) for name, rows in zip(CLASSES, found, strict=True) if rows}
        figures = {f"held_{name}": apart(*rows) for name, rows in joined.items() if len(set(rows[0])) == 2}
        return figures | ({"held_alike": float(np.mean(alike))} if alike else {})


def depiction_loss(said: Tensor, batch: DepictedBatch) -> Tensor:
    """Cross-entropy of each class where it is known, (`CLASSES`,), over all places that count."""
    ones = said.new_tensor(_ONES)[:, None, None]
    truth = batch.told.clamp(_SOFT, 1 - _SOFT)
    each = F.binary_cross_entropy_with_logits(said.float(), truth, pos_weight=ones, reduction="none")
    weight = batch.weight * (batch.told >= 0)
    return (each * weight).sum((0, 2, 3)) / batch.weight.sum().clamp_min(1)


def likeness_loss(read: Depicted, batch: DepictedBatch) -> Tensor:
    """`kinship_loss` of the areas of a window, (), each by the root of what it has of the window."""
    logits, counts = _areas_alike(read, batch.area, batch.color)
    return kinship_loss(logits, batch.color.nan_to_num(), pairs_of(counts), _SAME, _OTHER)


def alike_apart(read: Depicted, area: NDArray[np.int16], color: NDArray[np.float32]) -> float | None:
    """`apart` of the pairs of areas of one drawing, paper left out, where some have one colour and some have not, else
    nothing. ``area``, ``color``: as of a `DepictionSample`."""
    paint = torch.from_numpy(color)[None]
    logits, counts = _areas_alike(read, torch.from_numpy(area.astype(np.int64))[None], paint)
    far, pairs = torch.cdist(paint.nan_to_num(), paint.nan_to_num()), pairs_of(counts * (paint[..., 0] < _PAPER))
    asked = (pairs > 0) & ((far < _SAME) | (far > _OTHER))
    one = (far < _SAME)[asked].numpy().astype(np.float32)
    return apart(one, logits[asked].numpy(), pairs[asked].numpy()) if 0 < one.sum() < len(one) else None


def _areas_alike(read: Depicted, area: Tensor, color: Tensor) -> tuple[Tensor, Tensor]:
    """Logits (B, n, n) that two areas have one colour, and what each counts, (B, n): the root of its places, 0
    without a colour. ``area``: int64 (B, h, w), ``color``: (B, n, 3), as of a `DepictedBatch`."""
    likeness, number = read.likeness, area.flatten(1)
    index = number[:, None].expand(-1, likeness.shape[1], -1)
    summed = likeness.new_zeros(*likeness.shape[:2], color.shape[1]).scatter_add(2, index, likeness.flatten(2))
    mean = F.normalize(summed.transpose(1, 2).float(), dim=-1)
    logits = read.same[0] * mean @ mean.transpose(1, 2) + read.same[1]
    size = torch.zeros_like(color[..., 0]).scatter_add(1, number, torch.ones_like(number, dtype=color.dtype))
    return logits, size.sqrt() * ~color[..., 0].isnan()


def apart(one: NDArray[np.float32], said: NDArray[np.float32], weight: NDArray[np.float32]) -> float:
    """The area under the ROC curve of ``said``, each (n,), for what is ``one``, 0 or 1; equals count half."""
    _, rank = np.unique(said, return_inverse=True)
    yes, no = (np.bincount(rank, weight.astype(np.float64) * truth) for truth in (one > 0, one <= 0))
    return float(yes @ (np.cumsum(no) - no / 2) / (yes.sum() * no.sum()))
