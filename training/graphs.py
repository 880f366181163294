"""What the regions' learner learns from: each drawing, and page, read as the daemon would read it, and kept as a graph.

A drawing's line art, its regions, their true colours, and a few sequences of simulated strokes. Half of the line art is
as it is, half is degraded.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np
import torch
from numpy.random import Generator as Random
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from safetensors import safe_open

from linewash_daemon.colorist.linemap import read_lineart
from linewash_daemon.colorist.manner import room
from linewash_daemon.colorist.prepare import prepare
from linewash_daemon.generator import Generator
from linewash_daemon.models import ModelFolder

from . import writing
from .degrade import degrade
from .flats import Image, near_line
from .hints import dabs, fields, palette_index
from .pack import Pack, Pair
from .pages import Pages

VERSION = "13"  # of what is read of a drawing or a page, and of pages: another one and all are read anew
COLORS = 4  # of a region's true colours, the commonest
SEQUENCES = 4  # of strokes, a drawing
LONGEST = 64  # strokes
_MANY = 100  # drawings
_CELLS = 3  # that one stroke speaks for, at most
_SHARE = 0.25  # of a stroke, from which it speaks for a region
T = TypeVar("T")
How = Callable[[Pair, Generator, Random, bool], T]


@dataclass(frozen=True)
class Drawing:
    """One drawing of n regions. `Graph`'s ``nodes``, ``edges``, ``borders``, ``place``; ``basin`` int32 (n,);
    ``colors`` uint8 (n, `COLORS`, 3) RGB with their ``shares`` float32 (n, `COLORS`); ``pixels``, ``inside`` float32
    (n,): off the lines, and of these in the figure. Strokes: ``stroke_color`` uint8 (s, `LONGEST`, 3),
    ``stroke_region`` int32 (s, `LONGEST`, `_CELLS`), -1 for none; ``stroke_area`` float32 (s, `LONGEST`) px,
    ``stroke_depth`` float32 (s, `LONGEST`), the most `manner.room` there is in it. What the line encoder reads, at
    working size: ``lines`` uint8 (h, w), 0 paper … 255 ink; ``contours`` uint8 (h, w), 0…255, what it said of them
    then; ``working`` uint16 (h, w), the region at each pixel; ``seeds`` int64 (n,) as in `Regions`.
    """

    nodes: NDArray[np.float16]
    edges: NDArray[np.int32]
    borders: NDArray[np.float16]
    place: NDArray[np.float32]
    basin: NDArray[np.int32]
    colors: NDArray[np.uint8]
    shares: NDArray[np.float32]
    pixels: NDArray[np.float32]
    inside: NDArray[np.float32]
    stroke_color: NDArray[np.uint8]
    stroke_region: NDArray[np.int32]
    stroke_area: NDArray[np.float32]
    stroke_depth: NDArray[np.float32]
    lines: NDArray[np.uint8]
    contours: NDArray[np.uint8]
    working: NDArray[np.uint16]
    seeds: NDArray[np.int64]


NAMES = tuple(f.name for f in fields_of(Drawing))
_PICTURES = ("lines", "contours", "working")  # kept as PNGs
_RIGHT = 3  # of `Graph.nodes`, the column that says how far right of the page's middle a region is


def read(pair: Pair, generator: Generator, rng: Random, clean: bool) -> Drawing:
    """``clean``: the line art as it is, else as somebody else might have drawn it."""
    line = pair.line if clean else degrade(pair.line, rng)
    prepared = prepare(read_lineart(np.ascontiguousarray(line[..., None])), generator, 0)
    graph = prepared.graph
    labels = prepared.regions.labels
    colors, shares, pixels, inside = true_colors(labels, prepared.regions.n, pair.color, pair.line)
    drawn = strokes(labels, pair, rng, room(prepared.lines))
    return Drawing(
        graph.nodes.astype(np.float16), graph.edges, graph.borders.astype(np.float16), graph.place,
        prepared.regions.basin, colors, shares, pixels, inside, *drawn,
        _bytes(prepared.lines), _bytes(prepared.encoded.contours), prepared.regions.working.astype(np.uint16),
        prepared.regions.seeds,
    )  # fmt: skip


def _bytes(plane: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.round(plane * 255).astype(np.uint8)


def mirrored(drawing: Drawing) -> Drawing:
    """Its regions and what the encoder sees, left for right."""
    h, w = drawing.lines.shape
    nodes, place = drawing.nodes.copy(), drawing.place.copy()
    nodes[:, _RIGHT] *= -1
    place[:, 0] = w / max(h, w) - place[:, 0]
    y, x = np.divmod(drawing.seeds, w)
    turned = {name: getattr(drawing, name)[:, ::-1] for name in _PICTURES}
    return replace(drawing, nodes=nodes, place=place, seeds=y * w + w - 1 - x, **turned)


def keep(pack: Pack, model: Path, out: Path, learned_since: bool = False, pages: int = 0) -> None:
    """Read the pairs of ``pack`` with the model file ``model``, and so many `Pages` of it, which have the numbers
    `numbers_of_pages`; and keep that in the file ``out``.

    Nothing is done where ``out`` was made of this pack with this line encoder, or with what that was before it
    ``learned_since``. Raises `BadInput` (output_unwritable).
    """
    encoder = weights_of(model, lambda name: name.startswith("encoder."))
    made_of = {"version": VERSION, "pairs": pairs_of(pack), "pages": str(pages), "encoder": encoder}
    if out.exists() and _same(made_of_what(out), made_of, learned_since):
        return
    wanted = [*pack.indices("train"), *pack.indices("held"), *numbers_of_pages(pack, pages)]
    kept: dict[str, torch.Tensor] = {}
    read_all = zip(wanted, each(pack, model, wanted, read), strict=True)
    for index, drawing in track(read_all, "Reading the drawings", len(wanted), console=Console(stderr=True)):
        kept |= {_key(index, name): torch.from_numpy(packed(name, getattr(drawing, name))) for name in NAMES}
    writing.tensors(out, kept, made_of)


def numbers_of_pages(pack: Pack, pages: int) -> range:
    """The numbers of so many ``pages``, which go on from those of the pairs; none where ``pack`` has nothing to make
    them of."""
    return range(len(pack.infos), len(pack.infos) + (pages if Pages.of(pack).any else 0))


def each(pack: Pack, model: Path, wanted: list[int], how: How[T]) -> Iterator[T]:
    """What ``how``, a function of a module as `read` is, makes of each drawing and page, by their numbers. Many are
    read by several processes, few in this one: a process takes seconds to start."""
    if len(wanted) < _MANY:
        reader = _reader_of(pack.path, model)
        yield from (_read_by(reader, how, index) for index in wanted)
        return
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _start, (pack.path, model)) as pool:
        yield from pool.map(partial(_read, how), wanted, chunksize=16)


def sizes(path: Path) -> dict[int, int]:
    """How many regions each pair's drawing in ``path`` has."""
    with safe_open(path, "numpy") as file:
        nodes = [k for k in file.keys() if k.endswith(".nodes")]  # noqa: SIM118  # no dict
        return {int(k.split(".")[0]): file.get_slice(k).get_shape()[0] for k in nodes}


class Kept:
    """The drawings that `keep` left in a file. It is opened once in each process: its header names every tensor of
    every drawing, and reading that takes longer than a batch of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: Any = None

    def __getitem__(self, index: int) -> Drawing:
        if self._file is None:
            self._file = safe_open(self.path, "numpy")
        return Drawing(**{name: _unpacked(name, self._file.get_tensor(_key(index, name))) for name in NAMES})

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self.path, "_file": None}


def packed(name: str, value: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(cv2.imencode(".png", value)[1]).ravel() if name in _PICTURES else value


def _unpacked(name: str, value: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(cv2.imdecode(value, cv2.IMREAD_UNCHANGED)) if name in _PICTURES else value


def _key(index: int, name: str) -> str:
    return f"{index:06d}.{name}"


def made_of_what(path: Path) -> dict[str, str] | None:
    """What the file of tensors ``path`` was told to be made of."""
    with safe_open(path, "numpy") as file:
        found: dict[str, str] | None = file.metadata()
        return found


def _same(found: dict[str, str] | None, wanted: dict[str, str], learned_since: bool) -> bool:
    return found is not None and (found | {"encoder": wanted["encoder"]} if learned_since else found) == wanted


def pairs_of(pack: Pack) -> str:
    """A hash of the pairs' names and sides, in their order."""
    names = "\n".join(f"{i} {info.id} {info.split}" for i, info in enumerate(pack.infos))
    return hashlib.sha256(names.encode()).hexdigest()


def weights_of(model: Path, counts: Callable[[str], bool]) -> str:
    """A hash of the weights of the file ``model`` whose names ``counts`` says yes to."""
    digest = hashlib.sha256()
    with safe_open(model, "numpy") as file:
        for name in sorted(filter(counts, file.keys())):
            digest.update(file.get_tensor(name).tobytes())
    return digest.hexdigest()


_reader: tuple[Pages, Generator] | None = None


def _reader_of(pack: Path, model: Path) -> tuple[Pages, Generator]:
    return Pages.of(Pack.open(pack)), ModelFolder(model.parent).load(model.stem)


def _start(pack: Path, model: Path) -> None:
    """Called once in every process."""
    global _reader
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    _reader = _reader_of(pack, model)


def _read(how: How[T], index: int) -> T:
    assert _reader is not None
    return _read_by(_reader, how, index)


def _read_by(reader: tuple[Pages, Generator], how: How[T], index: int) -> T:
    """What is degraded, and how, depends on the number alone."""
    pages, generator = reader
    rng, pairs = np.random.default_rng([7, index]), len(pages.pack.infos)
    pair = pages.pack[index] if index < pairs else pages[index - pairs].pair
    return how(pair, generator, rng, rng.random() < 0.5)


def true_colors(
    labels: NDArray[np.int32], n: int, color: Image, line: Image
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """`Drawing.colors`, ``shares``, ``pixels`` and ``inside`` of the ``n`` regions ``labels``, int32 (H, W)."""
    off = ~near_line(line)
    index = palette_index(np.asarray(cv2.medianBlur(color, 3), np.uint8), off)
    where = labels[off]
    keys, of, count = np.unique(where.astype(np.int64) * 256 + index[off], return_inverse=True, return_counts=True)
    mean = np.stack([np.bincount(of, color[off][:, c], len(keys)) / count for c in range(3)], 1)
    order = np.lexsort((-count, keys // 256))
    region = (keys // 256)[order]
    rank = np.arange(len(order)) - np.searchsorted(region, region)
    kept = rank < COLORS
    colors, shares = np.zeros((n, COLORS, 3), np.uint8), np.zeros((n, COLORS), np.float32)
    colors[region[kept], rank[kept]] = mean[order][kept].round()
    shares[region[kept], rank[kept]] = count[order][kept]
    shares /= np.maximum(shares.sum(1, keepdims=True), 1)
    pixels = np.bincount(where, minlength=n).astype(np.float32)
    inside = np.bincount(labels[off & ~_background(color, line)], minlength=n).astype(np.float32)
    return colors, shares, pixels, inside


def _background(color: Image, line: Image) -> NDArray[np.bool_]:
    """Near-white paper that is joined to the picture's rim."""
    white = ((color.min(2) > 238) & (line >= 230)).astype(np.uint8)
    _, areas = cv2.connectedComponents(white, connectivity=4)
    rim = np.unique(np.concatenate([areas[0], areas[-1], areas[:, 0], areas[:, -1]]))
    return np.isin(areas, rim[rim > 0])


def strokes(
    labels: NDArray[np.int32], pair: Pair, rng: Random, open_air: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
    """`Drawing.stroke_color`, ``stroke_region``, ``stroke_area`` and ``stroke_depth``; the last sequence is of long and
    careless strokes. ``open_air``: `manner.room` at working size."""
    where = fields(pair.color, pair.line)
    colors = np.zeros((SEQUENCES, LONGEST, 3), np.uint8)
    regions = np.full((SEQUENCES, LONGEST, _CELLS), -1, np.int32)
    area, depth = np.zeros((2, SEQUENCES, LONGEST), np.float32)
    h, w = labels.shape
    for s in range(SEQUENCES):
        for k, dab in enumerate(dabs(pair.color, where, LONGEST, rng, careless=s == SEQUENCES - 1)):
            colors[s, k] = dab.color
            of, held = np.unique(labels[dab.patch][dab.marked], return_counts=True)
            speaks = of[(held >= _SHARE * held.sum()) | (held == held.max())][:_CELLS]
            regions[s, k, : len(speaks)] = speaks
            y, x = (at + part.start for at, part in zip(np.nonzero(dab.marked), dab.patch, strict=True))
            area[s, k] = len(y)
            depth[s, k] = open_air[y * open_air.shape[0] // h, x * open_air.shape[1] // w].max()
    return colors, regions, area, depth
