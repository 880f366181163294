"""The stage ``frames``: a film to a pack of coloring-book pages and the frames they were made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash.errors import BadInput

from . import pack, split
from .extract import coloring_book
from .movie import Frame, frames
from .pack import Credit
from .prepare import LOOKALIKE

Image = NDArray[np.uint8]

#: a frame whose grey varies by less, of 255, is black, white or all but faded out
BLANK = 3.0


@dataclass
class FilmSummary:
    """What became of a film: scenes, frames for training, frames held out, frames dropped by reason; bytes of the
    pack."""

    scenes: int
    kept: int = 0
    held: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    size: int = 0


@dataclass(frozen=True)
class _Page:
    """One frame, encoded; and what it looks like, for `split.lookalikes`."""

    seconds: float
    group: str
    encoded: pack.Encoded
    shape: tuple[int, ...]
    thumbnail: NDArray[np.float32]


def credit(title: str, authors: str, licence: str) -> Credit:
    """The source that a film's pack names. Raises `BadInput` (bad_option) when one of the three is blank."""
    for name, text in (("title", title), ("authors", authors), ("licence", licence)):
        if not text.strip():
            raise BadInput(
                f"The film's {name} is not given.",
                f"Give --{name}: weights name everything they were trained on.",
                "bad_option",
            )
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "untitled"
    return Credit(f"film-{name}", title.strip(), authors.strip(), licence.strip())


def pack_film(
    movie: Path, out: Path, source: Credit, every: float = 0.5, long_side: int = 256, held_out: float = 0.1
) -> FilmSummary:
    """Writes the frames of `movie`, one every `every` seconds and `long_side` px at most, as a pack at `out`.

    A pair's colours are the whole frame, its line art is the coloring-book filter's. Scenes are split as a whole:
    about `held_out` of them are held out, at least one of them and not all where there are two, and training frames
    that look like a held-out one are dropped.

    Raises:
        BadInput: the film cannot be read (see `movie.frames`), or gives fewer than two frames that are not alike
            (bad_input); `held_out` is no share between 0 and 1 (bad_option).
    """
    if not 0 < held_out < 1:
        raise BadInput(f"{held_out:g} of the scenes can't be held out.", "Give a share, as 0.1.", "bad_option")
    taken = 0
    groups: dict[str, None] = {}
    pages: list[_Page] = []
    summary = FilmSummary(0)
    for frame in frames(movie, every):
        taken += 1
        if float(frame.color.mean(2).std()) < BLANK:
            summary.dropped["blank"] += 1
            continue
        pages.append(_page(frame, long_side))
        groups[pages[-1].group] = None
    _check(movie, taken, len(pages), every)
    summary.scenes = len(groups)
    sides = _sides(pages, _held(source.id, list(groups), held_out))
    summary.kept, summary.held = sides.count("train"), sides.count("held")
    summary.dropped[LOOKALIKE] += sides.count("")
    if not summary.kept:
        raise BadInput(
            f"All scenes of the film {movie} look alike: none is left to learn from.",
            "Give a film that shows more than one picture.",
        )
    pack.write(out, [(_info(p, source, s), p.encoded) for p, s in zip(pages, sides, strict=True) if s], [source])
    summary.size = out.stat().st_size
    return summary


def _check(movie: Path, taken: int, usable: int, every: float) -> None:
    if usable > 1:
        return
    if taken == 1:
        said = f"The film {movie} gives one frame, and one frame can't be both learned from and held out."
    else:
        said = f"Of {taken} frames of the film {movie} {usable or 'none'} shows anything; at least two are needed."
    raise BadInput(said, f"Give a longer film, or take frames more often than every {every:g} s.")


def _page(frame: Frame, long_side: int) -> _Page:
    color = _shrunk(frame.color, long_side)
    line = coloring_book(color)
    encoded = pack.Encoded(pack.encode_line(line), pack.encode_color(color))
    return _Page(frame.seconds, f"scene-{frame.scene:04d}", encoded, line.shape, split.thumbnail(color))


def _shrunk(rgb: Image, long_side: int) -> Image:
    scale = long_side / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _held(source: str, groups: Iterable[str], share: float) -> set[str]:
    """The scenes held out: those at the low end of the split's order; none of a single scene, never all."""
    order = sorted(groups, key=lambda group: split.place(source, group))
    low = sum(split.place(source, group) < share for group in order)
    return set(order[: min(max(low, 1), len(order) - 1)])


def _sides(pages: list[_Page], held: set[str]) -> list[str]:
    """``held`` or ``train`` for each page; empty for a training page that looks like a held-out one."""
    theirs = [page.thumbnail for page in pages if page.group in held]
    ours = [page for page in pages if page.group not in held]
    alike = {id(p) for p, same in zip(ours, split.lookalikes([p.thumbnail for p in ours], theirs), strict=True) if same}
    return ["held" if p.group in held else "" if id(p) in alike else "train" for p in pages]


def _info(page: _Page, source: Credit, side: str) -> pack.PairInfo:
    name = f"{source.id}/{page.group}/{page.seconds:08.2f}"
    return pack.PairInfo(name, source.id, page.group, pack.FILM, side, 1.0, page.shape[1], page.shape[0])
