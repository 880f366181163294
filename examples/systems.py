"""Colour some drawings of this folder by every style of a folder, and lay all results out on sheets.

    python examples/systems.py MODELS OUT.png

MODELS is a folder of model files, or of runs of ``linewash-train``. OUT.png gets the drawings with their hints, by the
styles that take some, OUT-no-hints.png without, by all. Styles for greyscale pictures are given what the default style
made of the drawings, without its colours, and stand in OUT-grey.png. Of styles that paint a picture directly that
picture is shown, before regions and hints decide. No daemon is needed: the colorist works in this process.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from linewash.errors import BadInput, LinewashError
from linewash_daemon.models import read_metadata
from linewash_training.evaluation import cases, systems
from linewash_training.evaluation.ours import Ours
from linewash_training.evaluation.scoring import System
from linewash_training.flats import Image as Pixels

FOLDER = Path(__file__).resolve().parent
DRAWINGS = ("face", "still-life", "landscape")
CELL, GAP, MARGIN, BETWEEN = 200, 18, 44, 40  # px: a cell's long side, between cells, around all, between blocks
HEADS = 46  # px above a column
ACROSS = 7  # columns beside the first, at most
PAPER, INK, FAINT, FRAME = (247, 246, 243), (40, 40, 44), (128, 126, 122), (222, 220, 214)


@dataclass(frozen=True)
class Drawing:
    """``line`` uint8 (H, W), 0 ink to 255 paper; ``hints`` uint8 (H, W, 4) RGBA."""

    line: Pixels
    hints: Pixels

    @classmethod
    def of(cls, name: str) -> Drawing:
        with Image.open(FOLDER / f"{name}.line.png") as line, Image.open(FOLDER / f"{name}.hints.png") as hints:
            return cls(np.asarray(line.convert("L")), np.asarray(hints.convert("RGBA")))

    @property
    def no_hints(self) -> Pixels:
        return np.zeros_like(self.hints)


@dataclass(frozen=True)
class Column:
    """A heading, a line in small below it, and a picture of each drawing."""

    head: str
    below: str
    cells: tuple[Image.Image, ...]


def main(models: Path, out: Path) -> list[Path]:
    """Colour all, write the sheets, and give their paths. Raises `LinewashError`."""
    judged = styles(models)
    drawings = [Drawing.of(name) for name in DRAWINGS]
    written = []
    if lines := [system for system in judged if system.mode == "lines"]:
        hinted: list[Column] = []
        without: list[Column] = []
        for system in lines:
            pair = line_columns(drawings, system)
            hinted += pair[:1] if takes_hints(system) else []
            without.append(pair[1])
        first = Column("line art and hints", "", tuple(given(d.line, d.hints) for d in drawings))
        written.append(save(sheet(first, hinted), out))
        first = Column("line art", "", tuple(given(d.line, d.no_hints) for d in drawings))
        written.append(save(sheet(first, without), beside(out, "no-hints")))
    if greys := [system for system in judged if system.mode == "grey"]:
        columns = grey_columns(drawings, greys)
        written.append(save(sheet(columns[0], columns[1:]), beside(out, "grey")))
    return written


def beside(out: Path, what: str) -> Path:
    return out.with_stem(f"{out.stem}-{what}")


def styles(folder: Path) -> list[System]:
    """What is in the folder, by name, and the default style last. Raises `BadInput` for a folder without models, and
    `ModelError` for files that can't be used."""
    default, *others = systems.files([], folder)
    return [system for path in (*others, default) for system in systems.of_models([path], law=False)]


def title(system: System) -> tuple[str, str]:
    """What stands above a column: the run's folder or else the file, and how long it was trained."""
    assert system.model is not None
    parent = system.model.parent
    run = (parent / "log.jsonl").is_file()
    metadata = read_metadata(system.model)
    told = [f"{metadata['budget']['minutes']:.0f} min"] if "budget" in metadata else []
    if not takes_hints(system):
        told.append("takes no hints")
    return (parent.name if run else system.model.stem), ", ".join(told)


def takes_hints(system: System) -> bool:
    assert system.model is not None
    return bool(read_metadata(system.model)["paints"].get("hints") != "none")


def line_columns(drawings: Sequence[Drawing], system: System) -> tuple[Column, Column]:
    """The drawings by one style, with hints and without. Raises `LinewashError`."""
    pictures = painted(system, [(d.line, hints) for d in drawings for hints in (d.hints, d.no_hints)])
    head, below = title(system)
    with_hints, without = (tuple(map(small, pictures[nth::2])) for nth in (0, 1))
    return Column(head, below, with_hints), Column(head, below, without)


def grey_columns(drawings: Sequence[Drawing], greys: Sequence[System]) -> list[Column]:
    """The greyscale pictures, what each style makes of them, and what they were made of."""
    default = systems.of_models(systems.files([], None), law=False)[0]
    originals = painted(default, [(d.line, d.hints) for d in drawings])
    grey = [cases.grey(picture) for picture in originals]
    columns = [Column("greyscale", "", tuple(small(np.repeat(g[..., None], 3, 2)) for g in grey))]
    for system in greys:
        pictures = painted(system, [(g, d.no_hints) for g, d in zip(grey, drawings, strict=True)])
        head, below = title(system)
        columns.append(Column(head, below.partition(",")[0], tuple(map(small, pictures))))
    return [*columns, Column("what it was", "the default style", tuple(map(small, originals)))]


def painted(system: System, pictures: Sequence[tuple[Pixels, Pixels]]) -> list[Pixels]:
    """What a style makes of pictures and their hints, uint8 (H, W, 3) each. Raises `LinewashError`."""
    assert system.model is not None
    model = Ours(system.model)
    return [model(drawn, hints, system.mode, system.role, system.lightness)[0] for drawn, hints in pictures]


def given(line: Pixels, hints: Pixels) -> Image.Image:
    """The line art with its hints over it, as a cell."""
    picture, strokes = Image.fromarray(line).convert("RGB"), Image.fromarray(hints)
    picture.paste(strokes, (0, 0), strokes)
    return small(np.asarray(picture))


def small(picture: Pixels) -> Image.Image:
    """``picture`` uint8 (H, W, 3) scaled down to a cell."""
    shrunk = Image.fromarray(np.ascontiguousarray(picture))
    shrunk.thumbnail((CELL, CELL), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return shrunk


def sheet(first: Column, others: Sequence[Column]) -> Image.Image:
    """Columns side by side, a row for each drawing; many of them in several blocks, each with ``first`` again."""
    blocks = -(-len(others) // ACROSS)
    per_block = -(-len(others) // blocks)
    all_cells = zip(*(column.cells for column in (first, *others)), strict=True)
    rows = [max(cell.height for cell in cells) + GAP for cells in all_cells]
    height = HEADS + sum(rows) - GAP
    size = 2 * MARGIN + (per_block + 1) * (CELL + GAP) - GAP, 2 * MARGIN + blocks * (height + BETWEEN) - BETWEEN
    out = Image.new("RGB", size, PAPER)
    for block in range(blocks):
        top = MARGIN + block * (height + BETWEEN)
        for nth, column in enumerate([first, *others[block * per_block : (block + 1) * per_block]]):
            lay(out, column, MARGIN + nth * (CELL + GAP), top, rows)
    return out


def lay(out: Image.Image, column: Column, left: int, top: int, rows: Sequence[int]) -> None:
    """One column below its heading, each cell in the middle of its place with a hairline around it."""
    draw, middle = ImageDraw.Draw(out), left + CELL // 2
    head = fitting(column.head)
    draw.text((middle, top + 16), column.head, INK, head, anchor="ms")
    draw.text((middle, top + 34), column.below, FAINT, ImageFont.load_default(12), anchor="ms")
    top += HEADS
    for cell, height in zip(column.cells, rows, strict=True):
        x, y = left + (CELL - cell.width) // 2, top + (height - GAP - cell.height) // 2
        out.paste(FRAME, (x - 1, y - 1, x + cell.width + 1, y + cell.height + 1))
        out.paste(cell, (x, y))
        top += height


def fitting(text: str) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The largest type in which ``text`` fits above a column."""
    fonts = [ImageFont.load_default(size) for size in (17, 16, 15, 14, 13, 12, 11)]
    return next((font for font in fonts if font.getlength(text) <= CELL), fonts[-1])


def save(picture: Image.Image, path: Path) -> Path:
    """Writes ``picture`` in 256 colours of its own, a third as many bytes. Raises `BadInput` (output_unwritable)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.quantize(256, kmeans=3).save(path, optimize=True)
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} can't be written: {error}.", "Choose another place.", "output_unwritable") from error
    return path


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Say: python examples/systems.py MODELS OUT.png")
    try:
        for done in main(Path(sys.argv[1]), Path(sys.argv[2])):
            print(done)
    except LinewashError as problem:
        sys.exit(str(problem))
