"""Sheets of wishes without strokes, for eyes: varieties, palettes, references."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from linewash.contract import Options, Rgb

from ..flats import Image
from ..pack import Pack, Pair
from .cases import finished
from .sheets import CELL, cell, headings, write
from .sweep import held_out
from .wishes import FEWEST_COLORS, MOST_COLORS, SEEDS, Painter, other, palette_of, reference_of

_DRAWINGS = 8
_SHOWN = ((0.0, 1), *((0.5, seed) for seed in SEEDS), (1.0, 1), (1.0, 2))  # variety and seed


def sheets(pack: Pack, out: Path, painter: Painter) -> list[Path]:
    """variety.png, palettes.png and references.png in the folder ``out``, which is there; 8 held-out drawings each."""
    chosen, held = held_out(pack, "held", _DRAWINGS), pack.indices("held")
    pairs = [(pack[i], pack[other(pack, held, i)]) for i in chosen]
    heads = ["line", *(f"variety {variety:g}, seed {seed}" for variety, seed in _SHOWN), "truth"]
    varieties = [_varieties(pair, painter) for pair, _ in pairs]
    palettes = [_palettes(pair, pattern, painter) for pair, pattern in pairs]
    references = [_reference(pair, pattern, painter) for pair, pattern in pairs]
    return [
        _sheet(out / "variety.png", heads, varieties),
        _sheet(out / "palettes.png", ["line", "palette", "with it", "palette", "with it"], palettes),
        _sheet(out / "references.png", ["line", "without", "reference", "like it"], references),
    ]


def _sheet(path: Path, heads: Sequence[str], rows: Sequence[Sequence[Image]]) -> Path:
    cells = [np.concatenate([cell(picture) for picture in pictures], axis=1) for pictures in rows]
    return write(path, np.concatenate([headings(heads), *cells]))


def _varieties(pair: Pair, painter: Painter) -> list[Image]:
    asked = [Options(layers=("composite",), variety=variety, seed=seed) for variety, seed in _SHOWN]
    return [_grey(pair.line), *(painter(pair.line, options) for options in asked), finished(pair)]


def _palettes(pair: Pair, pattern: Pair, painter: Painter) -> list[Image]:
    row = [_grey(pair.line)]
    for palette in (palette_of(pattern, FEWEST_COLORS), palette_of(pattern, MOST_COLORS)):
        row += [_swatches(palette), painter(pair.line, Options(layers=("composite",), palette=palette))]
    return row


def _reference(pair: Pair, pattern: Pair, painter: Painter) -> list[Image]:
    without, like = (Options(layers=("composite",), like=like) for like in ((), reference_of(pattern)))
    return [_grey(pair.line), painter(pair.line, without), finished(pattern), painter(pair.line, like)]


def _grey(line: Image) -> Image:
    return np.repeat(line[..., None], 3, axis=2)


def _swatches(palette: Sequence[Rgb]) -> Image:
    """Its colours as bars one above another in a grey frame, half as wide as a cell."""
    bars = np.array(palette, np.uint8)[np.arange(CELL) * len(palette) // CELL]
    return np.pad(np.repeat(bars[:, None], CELL // 2, axis=1), ((2, 2), (2, 2), (0, 0)), constant_values=150)
