"""Colour every drawing of this folder, without and with its hints, and lay all results out on one sheet.

    python examples/color.py [OUT]

OUT is the folder ``out`` of the checkout unless given. It gets NAME.png (with hints), NAME.no-hints.png and
contact-sheet.png. A daemon of this checkout is started for it and stopped afterwards; one that already runs is left
alone.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from linewash import Client
from linewash.connection import FOLDER_VARIABLE
from linewash.errors import LinewashError
from linewash.launch import COMMAND_VARIABLE
from linewash_daemon.pictures.document import layered
from linewash_daemon.pictures.flatten import over_white
from linewash_daemon.pictures.pixels import Pixels, to_picture, to_rgba
from linewash_daemon.pictures.read import read_picture
from linewash_daemon.pictures.save import save

FOLDER = Path(__file__).resolve().parent
COLUMNS = ("line art", "line art and hints", "coloured without hints", "coloured with hints")
CELL, GAP, MARGIN, CAPTION = 420, 20, 36, 30  # px of the sheet
PAPER, INK, FRAME = (247, 246, 243), (40, 40, 44), (222, 220, 214)


@dataclass(frozen=True)
class Row:
    """One drawing's four pictures, in the order of `COLUMNS`."""

    name: str
    cells: tuple[Image.Image, ...]


def main(out: Path) -> None:
    """Colour all and say how long it took. Raises `LinewashError`."""
    out.mkdir(parents=True, exist_ok=True)
    lines = sorted(FOLDER.glob("*.line.png"))
    begin = time.monotonic()
    with own_daemon() as client:
        rows = [color(client, path, out) for path in lines]
        device = client.status().device
    took = time.monotonic() - begin
    sheet = out / "contact-sheet.png"
    contact_sheet(rows).save(sheet)
    print(f"{len(rows)} drawings, each without and with hints: {took:.1f} s on {device}, start of the daemon included.")
    print(f"Look at {sheet}")


@contextmanager
def own_daemon() -> Iterator[Client]:
    """A client of a daemon of this checkout, in a runtime folder of its own that goes with it."""
    with tempfile.TemporaryDirectory(prefix="linewash-", ignore_cleanup_errors=True) as folder:
        os.environ[FOLDER_VARIABLE] = str(Path(folder) / "run")
        os.environ.pop(COMMAND_VARIABLE, None)
        with Client(name="examples") as client:
            try:
                yield client
            finally:
                client.stop()


def color(client: Client, path: Path, out: Path) -> Row:
    """Colour the drawing ``path`` twice, save both pictures and keep small ones for the sheet."""
    name = path.name.removesuffix(".line.png")
    line = read_picture(path).pixels
    hints = read_picture(path.with_name(f"{name}.hints.png")).pixels
    cells = [small(line), small(line, hints)]
    seconds = []
    for given, file in ((None, out / f"{name}.no-hints.png"), (hints, out / f"{name}.png")):
        start = time.monotonic()
        result = client.color(to_picture(line), None if given is None else to_picture(given))
        seconds.append(time.monotonic() - start)
        save(layered(line, result.layers), result.record, file, overwrite=True)
        cells.append(small(read_picture(file).pixels))
        for notice in result.notices:
            print(f"  {name}: {notice.sentence}")
    print(f"  {name}: {seconds[0]:.1f} s, then with hints {seconds[1]:.1f} s")
    return Row(name, tuple(cells))


def small(pixels: Pixels, above: Pixels | None = None) -> Image.Image:
    """A picture on white, with another one over it, scaled down to fit a cell."""
    picture = Image.fromarray(np.ascontiguousarray(over_white(to_rgba(pixels))))
    if above is not None:
        picture.paste(Image.fromarray(above), (0, 0), Image.fromarray(above))
    picture.thumbnail((CELL, CELL), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return picture


def contact_sheet(rows: list[Row]) -> Image.Image:
    """All rows below each other, a caption over each column and the drawing's name under each row."""
    heights = [max(cell.height for cell in row.cells) + CAPTION + GAP for row in rows]
    width = 2 * MARGIN + len(COLUMNS) * (CELL + GAP) - GAP
    sheet = Image.new("RGB", (width, 2 * MARGIN + CAPTION + sum(heights) - GAP), PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(18)
    lefts = [MARGIN + column * (CELL + GAP) for column in range(len(COLUMNS))]
    for left, title in zip(lefts, COLUMNS, strict=True):
        draw.text((left + CELL // 2, MARGIN), title, INK, font, anchor="ma")
    top = MARGIN + CAPTION
    for row, height in zip(rows, heights, strict=True):
        for left, cell in zip(lefts, row.cells, strict=True):
            place(sheet, cell, left + (CELL - cell.width) // 2, top)
        draw.text((width // 2, top + height - GAP - CAPTION + 6), row.name, INK, font, anchor="ma")
        top += height
    return sheet


def place(sheet: Image.Image, cell: Image.Image, left: int, top: int) -> None:
    """Paste with a hairline around, so that white paper has an edge."""
    sheet.paste(FRAME, (left - 1, top - 1, left + cell.width + 1, top + cell.height + 1))
    sheet.paste(cell, (left, top))


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER.parent / "out")
    except LinewashError as error:
        sys.exit(str(error))
