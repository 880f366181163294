"""Batches of drawings as graphs: strokes drawn, colours changed, padded to one size."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator as Random
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from linewash.errors import BadInput
from linewash_daemon.colorist.strokes import merged
from linewash_daemon.networks.region_decoder import Regions

from . import graphs
from .graphs import LONGEST, Drawing
from .samples import to_lab

_RECOLORED = 0.4  # of the samples have other colours
_LARGE = 200  # regions from which on a batch has half as many drawings: attention's cost grows with the square
_TOGETHER = 4  # batches that are drawn at once and shared out by size
_ONE, _COLORS = 15.0, 24  # ΔE within which colours that are swapped go together, and how many there are at most
_HINTS_TELL = 4  # from so many strokes on, colours need not be believable: the strokes say them
_SOFT = (0.3, 0.6, 1.0)  # of their strokes
_ASTRAY = 0.05  # of the long side: how far such a stroke lies from where it would have been exact, on either axis
_ABOUT = 2.5  # of L, a, b each: how far its colour is off, some ΔE 4 in all; 19 in 20 stay right by `region_losses`


@dataclass
class RegionBatch:
    """``truth`` (B, n, `graphs.COLORS`, 3) Lab with ``shares``; ``weight`` (B, n), which sum to 1 a drawing;
    ``believable`` (B,) 0 or 1: whether the drawing has its own colours."""

    regions: Regions
    truth: Tensor
    shares: Tensor
    weight: Tensor
    believable: Tensor

    def to(self, device: torch.device) -> RegionBatch:
        rest = [getattr(self, f.name).to(device) for f in fields(self)[1:]]
        return RegionBatch(self.regions.to(device), *rest)


@dataclass(frozen=True)
class Habits:
    """Of the samples with strokes, the share that has some of them say *around here* (``around``) and that takes each
    stroke from another of the drawing's sequences (``mixed``); of those in other colours, the share that has the
    drawing's own changed about (``swapped``), while the rest has them turned."""

    around: float = 0.25
    mixed: float = 0.5
    swapped: float = 0.5


_USUAL = Habits()


@dataclass(frozen=True)
class Marked:
    """A drawing with strokes. ``colors`` float32 (c, 3) Lab; ``region``, ``color`` int64 and ``soft`` bool (k,);
    ``truth`` float32 (n, `graphs.COLORS`, 3) Lab."""

    drawing: Drawing
    colors: NDArray[np.float32]
    region: NDArray[np.int64]
    color: NDArray[np.int64]
    soft: NDArray[np.bool_]
    truth: NDArray[np.float32]
    believable: bool


def marked(drawing: Drawing, rng: Random, count: int, habits: Habits = _USUAL) -> Marked:
    """``count`` strokes of the drawing's sequences, some of them soft, now and then all in other colours."""
    of, nth = _sequence(len(drawing.stroke_color), count, rng, habits.mixed), np.arange(count)
    color, region = drawing.stroke_color[of, nth], drawing.stroke_region[of, nth]
    soft = _softened(rng, region, habits.around)
    region = _astray(region, soft, drawing.place, rng)
    used = region >= 0
    if rng.random() < 0.15:  # a hand that does not quite take the true colour
        color = np.clip(color.astype(np.int16) + rng.integers(-8, 9, 3), 0, 255).astype(np.uint8)
    distinct, which = np.unique(color[used.any(1)], axis=0, return_inverse=True)
    number = np.zeros(len(color), np.int64)
    number[used.any(1)] = which.ravel()
    stroke = np.nonzero(used)[0]
    keys, at = np.unique(region[used].astype(np.int64) * 4096 + number[stroke], return_inverse=True)
    marks_soft = np.bincount(at, ~soft[stroke], len(keys)) == 0
    truth, colors = to_lab(drawing.colors), to_lab(distinct[None])[0] if len(distinct) else np.zeros((0, 3), np.float32)
    other = count >= _HINTS_TELL and rng.random() < _RECOLORED
    if other:
        weight = drawing.shares * drawing.pixels[:, None]
        swap = rng.random() < habits.swapped
        truth, colors = _swapped(truth, colors, weight, rng) if swap else _turned(truth, colors, rng)
    about = np.bincount(keys % 4096, ~marks_soft, len(colors)) == 0  # an exact stroke of the same colour is the truth's
    colors[about] += rng.normal(0, _ABOUT, (int(about.sum()), 3)).astype(np.float32)
    return Marked(drawing, colors, keys // 4096, keys % 4096, marks_soft, truth, not other)


def _sequence(sequences: int, count: int, rng: Random, mixed: float) -> NDArray[np.int64]:
    """Which sequence each of ``count`` strokes comes from: all from one, or each from any but the careless last."""
    if rng.random() < mixed:
        return rng.integers(max(1, sequences - 1), size=count)
    return np.full(count, rng.integers(sequences))


def _softened(rng: Random, region: NDArray[np.int32], around: float) -> NDArray[np.bool_]:
    """Which strokes say *around here*, bool (count,): mostly none. ``region``: `Drawing.stroke_region` of each."""
    if rng.random() >= around:
        return np.zeros(len(region), bool)
    return np.asarray((rng.random(len(region)) < rng.choice(_SOFT)) & (region[:, 0] >= 0))


def _astray(
    region: NDArray[np.int32], soft: NDArray[np.bool_], place: NDArray[np.float32], rng: Random
) -> NDArray[np.int32]:
    """``region`` with one region for each soft stroke: the one whose middle is nearest to where it went astray."""
    out = region.copy()
    meant = place[region[soft, 0]]
    there = meant + rng.normal(0, _ASTRAY, meant.shape)
    out[soft] = -1
    out[soft, 0] = np.linalg.norm(there[:, None] - place[None], axis=-1).argmin(1)
    return out


def _swapped(
    truth: NDArray[np.float32], colors: NDArray[np.float32], weight: NDArray[np.float32], rng: Random
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Both with the drawing's colours changed about: what was red all over is blue, and the other way round.

    ``weight`` (n, `graphs.COLORS`): how much there is of each. Most of the time what is nearly white stays.
    """
    flat = truth.reshape(-1, 3)
    chosen, _ = merged(flat[weight.ravel() > 0], weight.ravel()[weight.ravel() > 0].astype(np.float64), _ONE, _COLORS)
    palette = flat[weight.ravel() > 0][chosen]
    white = (palette[:, 0] > 95) & (np.abs(palette[:, 1:]).max(1) < 6) & (rng.random() < 0.7)
    moved = palette.copy()
    moved[~white] = rng.permutation(palette[~white])

    def swapped(lab: NDArray[np.float32]) -> NDArray[np.float32]:
        nearest = ((lab[..., None, :] - palette) ** 2).sum(-1).argmin(-1)
        out = lab + (moved - palette)[nearest]
        out[..., 0] = np.clip(out[..., 0], 0, 100)
        return np.asarray(out, np.float32)

    return swapped(truth), swapped(colors)


def _turned(
    truth: NDArray[np.float32], colors: NDArray[np.float32], rng: Random
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Both with the hues turned, and more or less chroma and lightness; what is nearly white stays."""
    angle, chroma, light = rng.uniform(0, 2 * np.pi), rng.uniform(0.6, 1.3), rng.uniform(0.8, 1.15)
    turn = chroma * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)

    def turned(lab: NDArray[np.float32]) -> NDArray[np.float32]:
        out = lab.copy()
        out[..., 1:] = lab[..., 1:] @ turn.T
        out[..., 0] = np.clip(50 + (lab[..., 0] - 50) * light, 0, 100)
        white = (lab[..., :1] > 95) & (np.abs(lab[..., 1:]).max(-1, keepdims=True) < 6)
        return np.where(white, lab, out)

    return turned(truth), turned(colors)


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
        "features": blank(n, d.features.shape[1]), "nodes": blank(n, d.nodes.shape[1]), "place": blank(n, 2),
        "there": blank(n, kind=bool), "basin": blank(n, kind=np.int64) - 1, "edges": blank(m, 2, kind=np.int64),
        "borders": blank(m, d.borders.shape[1]), "edge_there": blank(m),
        "mark_region": blank(k, kind=np.int64), "mark_color": blank(k, kind=np.int64), "mark_soft": blank(k),
        "mark_there": blank(k), "colors": blank(c, 3), "color_there": blank(c, kind=bool),
    }  # fmt: skip
    truth, shares, weight = blank(n, *d.colors.shape[1:]), blank(n, d.shares.shape[1]), blank(n)
    for i, s in enumerate(samples):
        one, count, marks = s.drawing, len(s.drawing.nodes), len(s.region)
        for name in ("features", "nodes", "place", "basin"):
            out[name][i, :count] = getattr(one, name)
        out["there"][i, :count] = True
        out["edges"][i, : len(one.edges)], out["borders"][i, : len(one.edges)] = one.edges, one.borders
        out["edge_there"][i, : len(one.edges)] = 1
        out["mark_region"][i, :marks], out["mark_color"][i, :marks] = s.region, s.color
        out["mark_soft"][i, :marks], out["mark_there"][i, :marks] = s.soft, 1
        out["colors"][i, : len(s.colors)] = (s.colors - [50, 0, 0]) / 50
        out["color_there"][i, : len(s.colors)] = True
        truth[i, :count], shares[i, :count] = s.truth, one.shares
        inside = one.inside / max(1, one.inside.sum()) if one.inside.sum() >= 100 else 0
        weight[i, :count] = inside + one.pixels / max(1, one.pixels.sum())
        weight[i] /= max(1e-6, float(weight[i].sum()))
    tensors = {name: torch.from_numpy(plane) for name, plane in out.items()}
    rest = [torch.from_numpy(plane) for plane in (truth, shares, weight)]
    believable = torch.tensor([float(s.believable) for s in samples])
    return RegionBatch(Regions(**tensors), rest[0], rest[1], rest[2], believable)


def strokes(rng: Random) -> int:
    """How many strokes a sample gets: none for one in five, else 1 to `graphs.LONGEST`, spread over the orders."""
    return 0 if rng.random() < 0.2 else round(float(np.exp(rng.uniform(0, np.log(LONGEST)))))


class RegionBatches(Dataset[RegionBatch]):
    """Batch number ``step``, as `batches.Batches`; drawings of about the same number of regions go together.

    ``weights``: how often each pair is drawn. Raises `BadInput` where nothing is left to learn from.
    """

    def __init__(
        self, path: Path, count: int, seed: int, most: int, weights: dict[int, float], habits: Habits = _USUAL
    ) -> None:
        self.count, self.seed, self.habits = count, seed, habits
        self._drawings = graphs.Kept(path)
        self.sizes = {i: n for i, n in graphs.sizes(path).items() if n <= most}
        self.indices = sorted(self.sizes)
        if not self.indices:
            raise BadInput(
                f"No drawing of the pack has {most} regions or fewer.",
                "Set data.most higher in the recipe.",
                "bad_pack",
            )
        chances = np.array([weights[i] for i in self.indices], float)
        self._chances = chances / chances.sum()

    def __getitem__(self, step: int) -> RegionBatch:
        together = np.random.default_rng([self.seed, step // _TOGETHER])
        drawn = together.choice(self.indices, self.count * _TOGETHER, p=self._chances).tolist()
        drawn.sort(key=lambda index: self.sizes[index])
        part = int(together.permutation(_TOGETHER)[step % _TOGETHER])
        rng = np.random.default_rng([self.seed, step, 1])
        chosen = drawn[part * self.count : (part + 1) * self.count]
        if self.sizes[chosen[-1]] > _LARGE:
            chosen = rng.permutation(chosen)[: max(1, self.count // 2)].tolist()
        return collate([marked(self._drawings[index], rng, strokes(rng), self.habits) for index in chosen])

    def __len__(self) -> int:
        return 1 << 40
