"""Colour some drawings of this folder without a stroke: by seeds, palettes and a reference, on one sheet.

    python -m examples.wishes OUT.png

Above, one number after another at variety 0.5 and 1; below, what is wished for over each pair of columns: a palette, or
another drawing of this folder, coloured from its strokes. The default style is used. No daemon is needed: the
colorist works in this process.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from examples.systems import CELL, INK, PAPER, Column, Drawing, given, save, sheet, small
from linewash.contract import Options, Rgb
from linewash.errors import LinewashError
from linewash_daemon.cli.color import swatches
from linewash_daemon.pictures.read import FilePicture
from linewash_training.evaluation import systems
from linewash_training.evaluation.ours import Ours
from linewash_training.flats import Image as Pixels

DRAWINGS = ("face", "figure", "landscape")
REFERENCE = "animal"
VARIETIES = ((0.5, 1), (0.5, 2), (0.5, 3), (0.5, 4), (1.0, 1), (1.0, 2))  # and seeds
PALETTES = {
    "autumn": ("#fff8e7", "#f2c14e", "#e07a3f", "#a63d40", "#5b8c5a", "#33415c"),
    "seaside": ("#ffffff", "#cfe8ef", "#7fb7d4", "#3c6e9f", "#f2b8a0", "#6b4e71"),
}
SEEDS = (1, 2)  # of a wish
WISH = 110  # px, the height of the row that shows the wishes


def main(out: Path) -> Path:
    """Colour all, write the sheet, and give its path. Raises `LinewashError`."""
    (style,) = systems.files([], None)
    colored = Ours(style).layer
    pattern = Drawing.of(REFERENCE)
    numbers = [("no strokes", Options(layers=("composite",), variety=v, seed=seed)) for v, seed in VARIETIES]
    wishes = list(_wishes(colored(pattern.line, Options(layers=("composite",)), pattern.hints)))
    asked = [*numbers, *((head, options) for head, options, _ in wishes)]
    drawings = [Drawing.of(name) for name in DRAWINGS]
    rows = [[small(colored(drawing.line, options)) for _, options in asked] for drawing in drawings]
    columns = [
        Column(head, f"variety {options.variety:g}, seed {options.seed}", cells)
        for (head, options), cells in zip(asked, zip(*rows, strict=True), strict=True)
    ]
    above, below = columns[: len(numbers)], columns[len(numbers) :]
    below = [replace(column, cells=(shown, *column.cells)) for column, (_, _, shown) in zip(below, wishes, strict=True)]
    lines = tuple(given(drawing.line, drawing.no_hints) for drawing in drawings)
    parts = sheet(Column("line art", "", lines), above), sheet(Column("line art", "", (_label(), *lines)), below)
    return save(_stacked(*parts), out)


def _wishes(reference: Pixels) -> Iterator[tuple[str, Options, Image.Image]]:
    """A heading, the options and what shows the wish, for each column; ``reference`` uint8 (H, W, 3)."""
    for name, colors in PALETTES.items():
        palette = tuple(rgb(color) for color in colors)
        for seed in SEEDS:
            yield f"palette: {name}", Options(layers=("composite",), palette=palette, seed=seed), bars(palette)
    like = swatches(FilePicture(Path(REFERENCE), reference))
    shown = small(reference)
    shown.thumbnail((CELL, WISH), Image.Resampling.LANCZOS)
    for seed in SEEDS:
        yield "like this picture", Options(layers=("composite",), like=like, seed=seed), shown


def rgb(color: str) -> Rgb:
    """The text #rrggbb as sRGB 0…255."""
    red, green, blue = ImageColor.getrgb(color)[:3]
    return red, green, blue


def bars(palette: Sequence[Rgb]) -> Image.Image:
    """The colours of a palette side by side, as wide as a cell."""
    stripes = np.array(palette, np.uint8)[np.arange(CELL) * len(palette) // CELL]
    return Image.fromarray(np.ascontiguousarray(np.broadcast_to(stripes, (WISH // 2, CELL, 3))))


def _label() -> Image.Image:
    cell = Image.new("RGB", (CELL, WISH // 2), PAPER)
    ImageDraw.Draw(cell).text((CELL // 2, WISH // 4), "wished for:", INK, ImageFont.load_default(15), anchor="mm")
    return cell


def _stacked(above: Image.Image, below: Image.Image) -> Image.Image:
    out = Image.new("RGB", (max(above.width, below.width), above.height + below.height), PAPER)
    out.paste(above, (0, 0))
    out.paste(below, (0, above.height))
    return out


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say: python -m examples.wishes OUT.png")
    try:
        print(main(Path(sys.argv[1])))
    except LinewashError as problem:
        sys.exit(str(problem))
