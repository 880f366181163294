"""Batches of drawings as graphs, with strokes, padded to one size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from linewash.errors import BadInput
from linewash_daemon.colorist.manner import FIGURES
from linewash_daemon.networks.region_decoder import Regions

from . import graphs
from .region_marks import USUAL, Habits, Marked, marked, strokes
from .seen import Seen, seen

_LARGE = 600  # regions from which on a batch has half as many drawings: attention's cost grows with the square
_TOGETHER = 4  # batches that are drawn at once and shared out by size


@dataclass
class RegionBatch:
    """``regions``, without features: those the line encoder has to read in ``seen``, one for each drawing. ``truth``
    (B, n, `graphs.COLORS`, 3) Lab with ``shares``; ``weight`` (B, n), which sum to 1 a drawing;
    ``believable`` (B,) 0 or 1: whether the drawing has its own colours."""

    regions: Regions
    truth: Tensor
    shares: Tensor
    weight: Tensor
    believable: Tensor
    seen: list[Seen]

    def to(self, device: torch.device) -> RegionBatch:
        names = ("truth", "shares", "weight", "believable", "regions")
        there = {name: getattr(self, name).to(device) for name in names}
        return replace(self, **there, seen=[one.to(device) for one in self.seen])


def collate(samples: list[Marked]) -> RegionBatch:
    n = max(len(s.drawing.nodes) for s in samples)
    m = max(len(s.drawing.edges) for s in samples)
    k, c = (
        max(1, *(len(part) for part in parts)) for parts in ([s.region for s in samples], [s.colors for s in samples])
    )
    b, d = len(samples), samples[0].drawing

    def blank(*shape: int, kind: type = np.float32) -> NDArray[np.generic]:
        return np.zeros((b, *shape), kind)

    out = {
        "features": blank(n, 0), "nodes": blank(n, d.nodes.shape[1]), "place": blank(n, 2),
        "there": blank(n, kind=bool), "basin": blank(n, kind=np.int64) - 1, "edges": blank(m, 2, kind=np.int64),
        "borders": blank(m, d.borders.shape[1]), "edge_there": blank(m),
        "mark_region": blank(k, kind=np.int64), "mark_color": blank(k, kind=np.int64), "mark_soft": blank(k),
        "mark_drawn": blank(k, FIGURES), "mark_there": blank(k),
        "colors": blank(c, 3), "color_there": blank(c, kind=bool),
    }  # fmt: skip
    truth, shares, weight = blank(n, *d.colors.shape[1:]), blank(n, d.shares.shape[1]), blank(n)
    for i, s in enumerate(samples):
        one, count, marks = s.drawing, len(s.drawing.nodes), len(s.region)
        for name in ("nodes", "place", "basin"):
            out[name][i, :count] = getattr(one, name)
        out["there"][i, :count] = True
        out["edges"][i, : len(one.edges)], out["borders"][i, : len(one.edges)] = one.edges, one.borders
        out["edge_there"][i, : len(one.edges)] = 1
        out["mark_region"][i, :marks], out["mark_color"][i, :marks] = s.region, s.color
        out["mark_soft"][i, :marks], out["mark_drawn"][i, :marks], out["mark_there"][i, :marks] = s.soft, s.drawn, 1
        out["colors"][i, : len(s.colors)] = (s.colors - [50, 0, 0]) / 50
        out["color_there"][i, : len(s.colors)] = True
        truth[i, :count], shares[i, :count] = s.truth, one.shares
        inside = one.inside / max(1, one.inside.sum()) if one.inside.sum() >= 100 else 0
        weight[i, :count] = inside + one.pixels / max(1, one.pixels.sum())
        weight[i] /= max(1e-6, float(weight[i].sum()))
    tensors = {name: torch.from_numpy(plane) for name, plane in out.items()}
    believable = np.array([s.believable for s in samples], np.float32)
    planes = {"truth": truth, "shares": shares, "weight": weight, "believable": believable}
    rest = {name: torch.from_numpy(plane) for name, plane in planes.items()}
    return RegionBatch(Regions(**tensors), **rest, seen=[seen(s.drawing) for s in samples])


class RegionBatches(Dataset[RegionBatch]):
    """Batch number ``step``, as `batches.Batches`; drawings of about the same number of regions go together.

    ``weights``: how often each drawing is drawn, what has none there is not learned from; ``pages``: those of which
    nothing but strokes tells the colours, for they were drawn by lot.
    Raises `BadInput` where nothing is left to learn from.
    """

    def __init__(
        self, path: Path, count: int, seed: int, most: int, weights: dict[int, float], habits: Habits = USUAL,
        pages: range = range(0),
    ) -> None:  # fmt: skip
        self.count, self.seed, self.habits, self.pages = count, seed, habits, pages
        self._drawings = graphs.Kept(path)
        self.sizes = {index: n for index, n in graphs.sizes(path).items() if n <= most and index in weights}
        self.indices = sorted(self.sizes)
        if not self.indices:
            raise BadInput(
                f"No drawing of the pack has {most} regions or fewer.",
                "Set data.most higher in the recipe.",
                "bad_pack",
            )
        chances = np.array([weights[index] for index in self.indices], float)
        self._chances = chances / chances.sum()

    def __getitem__(self, step: int) -> RegionBatch:
        together = np.random.default_rng([self.seed, step // _TOGETHER])
        places = together.choice(len(self.indices), self.count * _TOGETHER, p=self._chances)
        drawn = sorted((self.indices[place] for place in places), key=lambda index: self.sizes[index])
        part = int(together.permutation(_TOGETHER)[step % _TOGETHER])
        rng = np.random.default_rng([self.seed, step, 1])
        chosen = drawn[part * self.count : (part + 1) * self.count]
        if self.sizes[chosen[-1]] > _LARGE:
            kept = rng.permutation(len(chosen))[: max(1, self.count // 2)]
            chosen = [chosen[place] for place in kept]
        return collate([self._marked(index, rng) for index in chosen])

    def _marked(self, index: int, rng: np.random.Generator) -> Marked:
        drawing, count, page = self._drawn(index, rng), strokes(rng), index in self.pages
        out = marked(drawing, rng, max(count, 1) if page else count, self.habits)
        return replace(out, believable=out.believable and not page)

    def _drawn(self, index: int, rng: np.random.Generator) -> graphs.Drawing:
        drawing = self._drawings[index]
        return graphs.mirrored(drawing) if rng.random() < 0.5 else drawing

    def __len__(self) -> int:
        return 1 << 40
