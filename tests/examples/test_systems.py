"""The sheets of a folder of styles: small model files and a small drawing in, sheets out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from examples import systems
from linewash.errors import BadInput, ModelError
from tests.daemon.model_files import UNET, write_grey, write_painter

SIDE = systems.CELL


@pytest.fixture(autouse=True)
def small_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ring with a blue dab in it, as large as a cell, as the only drawing."""
    folder = tmp_path / "drawings"
    folder.mkdir()
    ring = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(ring).ellipse((40, 40, 160, 160), outline=0, width=4)
    ring.save(folder / "ring.line.png")
    dab = Image.new("RGBA", (SIDE, SIDE))
    dab.paste((0, 0, 255, 255), (90, 90, 110, 110))
    dab.save(folder / "ring.hints.png")
    monkeypatch.setattr(systems, "FOLDER", folder)
    monkeypatch.setattr(systems, "DRAWINGS", ("ring",))


def hinted_painter(folder: Path, name: str) -> Path:
    return write_painter(folder, name, settings=UNET | {"into": 4}, paints={"hints": "blurred"})


def cells(path: Path) -> list[NDArray[np.int16]]:
    """The cells of a sheet of one row."""
    with Image.open(path) as picture:
        sheet = np.asarray(picture.convert("RGB"), np.int16)
    top, step = systems.MARGIN + systems.HEADS, systems.CELL + systems.GAP
    count = (sheet.shape[1] - 2 * systems.MARGIN + systems.GAP) // step
    lefts = [systems.MARGIN + nth * step for nth in range(count)]
    return [sheet[top : top + SIDE, left : left + SIDE] for left in lefts]


def blueness(cell: NDArray[np.int16]) -> float:
    return float((cell[..., 2] - cell[..., 0]).mean())


def test_a_folder_of_styles_makes_sheets_with_a_column_for_each_that_has_to_do_with_them(tmp_path: Path) -> None:
    hinted_painter(tmp_path / "models", "painter")
    write_painter(tmp_path / "models", "without")
    write_grey(tmp_path / "models")
    out = tmp_path / "new" / "sheet.png"

    written = systems.main(tmp_path / "models", out)

    assert [path.name for path in written] == ["sheet.png", "sheet-no-hints.png", "sheet-grey.png"]
    given, painter, default = cells(out)
    bare, bare_painter, _, _ = cells(written[1])
    assert 1 < blueness(given) < 10 and abs(blueness(bare)) < 0.1, "the dab is on one sheet only"
    assert np.abs(painter - bare_painter).max() > 5, "the hint was given to the style"
    assert blueness(default[80:120, 80:120]) > 100, "the default style obeys it"
    grey, tinted, original = cells(written[2])
    assert np.abs(grey - grey.mean(-1, keepdims=True)).max() < 3
    assert np.abs(tinted - tinted.mean(-1, keepdims=True)).max() > 3
    assert np.abs(original - default).max() < 30, "what was made grey is what the default style made"


def test_runs_go_by_the_names_of_their_folders(tmp_path: Path) -> None:
    run = tmp_path / "painter-of-films"
    write_painter(run, "painter")
    (run / "log.jsonl").write_text("")
    painter, default = systems.styles(tmp_path)
    assert systems.title(painter) == ("painter-of-films", "takes no hints")
    assert systems.title(default)[0] == "linewash"


def test_many_styles_stand_in_blocks_below_each_other() -> None:
    cell = Image.new("RGB", (SIDE, SIDE), (200, 30, 30))
    one, two, four = (
        systems.sheet(systems.Column("", "", (cell,)), [systems.Column("", "", (cell,))] * n) for n in (1, 7, 8)
    )
    assert one.height == two.height
    assert four.width < two.width and four.height > 1.8 * two.height


def test_a_folder_without_styles_a_torn_one_and_a_place_that_is_none_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no model files in"):
        systems.main(tmp_path, tmp_path / "out.png")
    model = write_painter(tmp_path / "models")
    with pytest.raises(BadInput, match="can't be written"):
        systems.save(Image.new("RGB", (8, 8)), tmp_path / "out.nothing")
    model.write_bytes(model.read_bytes()[:-1])
    with pytest.raises(ModelError, match="truncated"):
        systems.main(tmp_path / "models", tmp_path / "out.png")
