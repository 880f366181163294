"""What the pair reader learns from: what is told of each two basins of drawings and pages, and whether they have one
colour."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from safetensors import safe_open

from linewash.errors import BadInput
from linewash_daemon.colorist.lab import difference
from linewash_daemon.colorist.linemap import read_lineart
from linewash_daemon.colorist.pairs import figures
from linewash_daemon.colorist.prepare import prepare
from linewash_daemon.colorist.selfhint import at_first
from linewash_daemon.generator import Generator

from . import graphs, writing
from .degrade import degrade
from .pack import Pack, Pair
from .samples import to_lab

VERSION = "1"  # of what is kept: another one and all are read anew
HELD = 300  # drawings that are judged, at most
_MOST = 80  # basins of a drawing
_PAINTED = 30  # px off the lines that a basin has, if it has a colour
_PLAIN = 12.0  # ΔE (CIE76), standard deviation up to which it is one
_SAME, _OTHER = 5.0, 12.0  # ΔE within which two have one colour, and from which on two colours
_WHITE, _GREY = 94.0, 6.0  # L from which on, and C*ab up to which what is there may be paper
_PAGE = 3.0  # what a page counts beside a drawing: its areas are closed, as an artist's are


class Table(NamedTuple):
    """Of p pairs ``told``: float16 (p, `PAIR`), ``same``: uint8 (p,), 1 for one colour, ``weight``: float32 (p,), by
    the roots of their areas, those of a drawing 1 in sum; ``held``: uint8 (p,), 1 where they are judged, and not
    learned from."""

    told: torch.Tensor
    same: torch.Tensor
    weight: torch.Tensor
    held: torch.Tensor


class _Read(NamedTuple):
    """Of one drawing."""

    told: NDArray[np.float16]
    same: NDArray[np.uint8]
    weight: NDArray[np.float32]


def keep(pack: Pack, model: Path, out: Path, drawings: int, pages: int) -> None:
    """Read so many ``drawings`` of the training part of ``pack``, by lot, all or `HELD` of the others, and so many
    ``pages``, with the model file ``model``; keep that in the file ``out``. Nothing is done where that was done.

    Raises `BadInput` (output_unwritable; bad_pack where nothing tells pairs of one colour from others).
    """
    others = graphs.weights_of(model, lambda name: not name.startswith("pairs."))
    numbers = f"{drawings} {pages}"
    made_of = {"version": VERSION, "pairs": graphs.pairs_of(pack), "numbers": numbers, "model": others}
    if out.exists() and graphs.made_of_what(out) == made_of:
        return
    rng = np.random.default_rng(3)
    learned = rng.permutation(pack.indices("train"))[:drawings].tolist()
    judged = rng.permutation(pack.indices("held"))[:HELD].tolist()
    drawn = list(graphs.numbers_of_pages(pack, pages))
    wanted = [*learned, *judged, *drawn]
    counts = [1.0] * (len(learned) + len(judged)) + [_PAGE] * len(drawn)
    tables: list[Table] = []
    held_out = set(judged)
    each = zip(wanted, counts, graphs.each(pack, model, wanted, read), strict=True)
    for index, counted, table in track(each, "Reading the drawings", len(wanted), console=Console(stderr=True)):
        if table is not None:
            held = np.full(len(table.same), index in held_out, np.uint8)
            weight = table.weight * np.float32(counted)
            tables.append(Table(*map(torch.from_numpy, (table.told, table.same, weight, held))))
    same = torch.cat([torch.zeros(0), *(table.same for table in tables if not table.held.any())])
    if not 0 < int(same.sum()) < len(same):
        raise BadInput(
            "The pack has no two areas of one colour, or none of two.",
            "Put more pictures into it, or read more of them: data.drawings in the recipe.",
            "bad_pack",
        )
    kept = {name: torch.cat([getattr(table, name) for table in tables]) for name in Table._fields}
    writing.tensors(out, kept, made_of)


def load(path: Path) -> Table:
    with safe_open(path, "pt") as file:
        return Table(*(file.get_tensor(name) for name in Table._fields))


def learned_from(path: Path) -> int:
    """How many pairs of a `Table` are not held out."""
    with safe_open(path, "pt") as file:
        return int((file.get_tensor("held") == 0).sum())


def read(pair: Pair, generator: Generator, rng: np.random.Generator, clean: bool) -> _Read | None:
    """The pairs of one drawing that have one colour, or two; None where there are none. ``clean``: as for
    `graphs.read`."""
    line = pair.line if clean else degrade(pair.line, rng)
    prepared = prepare(read_lineart(np.ascontiguousarray(line[..., None])), generator, 0)
    semantics, said = prepared.depicted(generator), at_first(generator, prepared)
    if semantics is None or said.distribution is None:
        return None
    color, painted = colors(prepared.regions.basin[prepared.regions.labels], pair)
    basins = np.flatnonzero(painted > 0)
    basins = basins[np.argsort(-painted[basins], kind="stable")[:_MOST]]
    one, other = np.triu_indices(len(basins), 1)
    far = difference(color[basins[one]], color[basins[other]])
    paper = ((color[:, 0] > _WHITE) & (np.hypot(color[:, 1], color[:, 2]) < _GREY))[basins]
    asked = ~(paper[one] & paper[other]) & ((far < _SAME) | (far > _OTHER))
    if not asked.any():
        return None
    told = figures(prepared.graph, prepared.regions, semantics, said.distribution, basins)
    weight = (painted[basins[one]] * painted[basins[other]])[asked] ** 0.25
    same = (far < _SAME)[asked].astype(np.uint8)
    return _Read(told[asked].astype(np.float16), same, (weight / weight.sum()).astype(np.float32))


def colors(basin: NDArray[np.int32], pair: Pair) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Of each basin the mean Lab, (basins, 3), and its px off the lines, (basins,), 0 where it has no one colour.
    ``basin``: int32 (H, W)."""
    off, count = pair.line > 200, int(basin.max()) + 1
    of, lab = basin[off], to_lab(pair.color)[off]
    painted = np.bincount(of, minlength=count).astype(np.float64)
    there = np.maximum(painted, 1)
    mean = np.stack([np.bincount(of, lab[:, c], count) / there for c in range(3)], 1)
    spread = sum(np.bincount(of, lab[:, c].astype(np.float64) ** 2, count) / there - mean[:, c] ** 2 for c in range(3))
    painted[(painted <= _PAINTED) | (spread > _PLAIN**2)] = 0
    return mean.astype(np.float32), painted
