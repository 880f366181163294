"""The stage ``prepare``: a folder of finished art to a pack of training pairs."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.progress import Progress

from . import pack, split
from .art import Picture, walk
from .pairs import Dropped, draw

#: so few pictures are not worth starting other processes for
FEW = 100
LOOKALIKE = "looks like a held-out one"


@dataclass
class Tally:
    """What became of one source's pictures: pairs for training, pairs held out, pictures dropped by reason."""

    kept: int = 0
    held: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


@dataclass
class Summary:
    """What became of the art; `size` of the pack in bytes."""

    sources: dict[str, Tally]
    size: int

    @property
    def kept(self) -> int:
        return sum(tally.kept for tally in self.sources.values())

    @property
    def held(self) -> int:
        return sum(tally.held for tally in self.sources.values())

    @property
    def dropped(self) -> int:
        return sum(tally.dropped.total() for tally in self.sources.values())


_Entry = tuple[pack.PairInfo, pack.Encoded]


@dataclass(frozen=True)
class _Coded:
    """One picture's pairs, encoded, on their way from a worker; or why there are none."""

    pairs: tuple[tuple[pack.Encoded, str, tuple[int, int]], ...]
    thumbnail: NDArray[np.float32] | None
    reason: str = ""


def _code(picture: Picture, long_side: int, quality: int) -> _Coded:
    drawn = draw(picture, long_side)
    if isinstance(drawn, Dropped):
        return _Coded((), None, drawn.reason)
    color = pack.encode_color(drawn[0].color, quality)
    pairs = [(pack.Encoded(pack.encode_line(pair.line), color), pair.kind, pair.line.shape) for pair in drawn]
    return _Coded(tuple(pairs), split.thumbnail(drawn[0].color))


def prepare(art: Path, out: Path, long_side: int = 512, quality: int = 90, progress: Progress | None = None) -> Summary:
    """Turns the pictures under `art` into a pack at `out`.

    Raises:
        BadInput: there is no art of a known source in `art`.
    """
    pictures = list(walk(art))
    tallies: dict[str, Tally] = defaultdict(Tally)
    coded = list(_coded(pictures, long_side, quality, progress))
    sides = _sides(pictures, coded)
    infos = []
    for picture, result, side in zip(pictures, coded, sides, strict=True):
        tally = tallies[picture.source.id]
        if not result.pairs or not side:
            tally.dropped[result.reason or LOOKALIKE] += 1
            continue
        tally.held += len(result.pairs) * (side == "held")
        tally.kept += len(result.pairs) * (side == "train")
        for encoded, kind, (height, width) in result.pairs:
            info = pack.PairInfo(
                picture.id, picture.source.id, picture.group, kind, side, picture.source.weight, width, height
            )
            infos.append((info, encoded))
    pack.write(out, _weighted(infos))
    return Summary(dict(tallies), out.stat().st_size)


def _coded(pictures: list[Picture], long_side: int, quality: int, progress: Progress | None) -> Iterator[_Coded]:
    task = progress.add_task("Reading art", total=len(pictures)) if progress else None
    code = partial(_code, long_side=long_side, quality=quality)
    with ExitStack() as stack:
        results: Iterator[_Coded] = map(code, pictures)
        if len(pictures) > FEW:
            pool = ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), cv2.setNumThreads, (1,))
            results = stack.enter_context(pool).map(code, pictures, chunksize=8)
        for result in results:
            if progress and task is not None:
                progress.advance(task)
            yield result


def _sides(pictures: list[Picture], coded: list[_Coded]) -> list[str]:
    """``held`` or ``train`` for each picture; empty for a training picture that looks like a held-out one."""
    held = [split.is_held(picture.source, picture.group) for picture in pictures]
    theirs = [c.thumbnail for c, h in zip(coded, held, strict=True) if h and c.thumbnail is not None]
    ours = [i for i, (c, h) in enumerate(zip(coded, held, strict=True)) if not h and c.thumbnail is not None]
    alike = split.lookalikes([t for i in ours if (t := coded[i].thumbnail) is not None], theirs)
    sides = ["held" if h else "train" for h in held]
    for index, same in zip(ours, alike, strict=True):
        if same:
            sides[index] = ""
    return sides


def _weighted(infos: list[_Entry]) -> list[_Entry]:
    """Shares each source's weight out among its pairs, so that weights are 1 on average on each side of the split."""
    counts = Counter((info.source, info.split) for info, _ in infos)
    pairs = Counter(info.split for info, _ in infos)
    sources = {(info.source, info.split): info.weight for info, _ in infos}
    total: dict[str, float] = defaultdict(float)
    for (_, side), weight in sources.items():
        total[side] += weight
    return [
        (replace(info, weight=round(info.weight / counts[info.source, info.split] * scale, 4)), encoded)
        for info, encoded in infos
        for scale in [pairs[info.split] / total[info.split]]
    ]
