"""Images as people have them, coloured in the real GIMP without its window: their kinds, layers and selections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.editors.krita.scripted_daemon import end_daemon

from .console import SCRIPTS, Gimp
from .telling_daemon import COLORS, FINE, command

IMAGES = SCRIPTS / "images.py"
COLORED = ["Notes", "Ink", ["Auto color", ["Highlights", "Flats"]], "Sketch", "Background"]
INTEGERS, FLOATS = ("u8", "u16", "u32"), ("half", "float", "double")
WITHIN = {  # 1/255: what a precision can't tell apart
    "u8_linear": 7.0,
    "half_linear": 0.2,
    "half_non_linear": 0.1,
    "half_perceptual": 0.1,
}


@pytest.fixture(scope="module")
def plugins(built_zip: Path) -> Sequence[Path]:
    return [built_zip]


@pytest.fixture(scope="module")
def environment(runtime_folder: Path) -> Iterator[Mapping[str, str]]:
    yield {
        "LINEWASH_RUNTIME_DIR": str(runtime_folder),
        "LINEWASH_STATE_DIR": str(runtime_folder / "state"),
        "LINEWASH_DAEMON": command(),
    }
    end_daemon(runtime_folder)


def furthest(found: list[list[int]], fine: bool) -> float:
    """The largest difference of a colour to what the daemon painted, in 1/255, over all columns that have one."""
    worst = 0.0
    for sample, (*color, alpha) in zip(found, COLORS, strict=True):
        wanted = [257 * value + (FINE if fine else 0) for value in color] if alpha else sample[:3]
        worst = max([worst, *(abs(a - b) / 257 for a, b in zip(sample, [*wanted, 257 * alpha], strict=True))])
    return worst


@pytest.mark.parametrize("coding", ["linear", "non_linear", "perceptual"])
@pytest.mark.parametrize("numbers", [*INTEGERS, *FLOATS])
def test_colours_arrive_in_every_precision(gimp: Gimp, numbers: str, coding: str) -> None:
    precision = f"{numbers}_{coding}"
    result = gimp.play(IMAGES, "kind", base="rgb", precision=precision)
    assert furthest(result["colors"], fine=numbers != "u8") <= WITHIN.get(precision, 0.01)
    assert result["line_art_off"] <= 1
    assert result["precision"] == [True, True]
    assert result["names"] == COLORED
    assert result["kept"]
    assert result["selected"] == ["Ink"]


@pytest.mark.parametrize("precision", ["u8_non_linear", "u16_linear", "float_linear"])
def test_an_embedded_profile_stays_and_its_colours_are_the_painted_ones(gimp: Gimp, precision: str) -> None:
    result = gimp.play(IMAGES, "kind", base="rgb", precision=precision, profile="rgb_adobe")
    assert result["profile_kept"]
    assert furthest(result["colors"], fine=not precision.startswith("u8")) <= (1.6 if precision[1] == "8" else 0.1)
    assert result["line_art_off"] <= 1
    assert result["kept"]


@pytest.mark.parametrize("precision", ["u8_non_linear", "u16_non_linear", "float_linear"])
def test_a_grey_image_becomes_rgb_and_gets_its_colours(gimp: Gimp, precision: str) -> None:
    result = gimp.play(IMAGES, "kind", base="gray", precision=precision)
    assert result["rgb"]
    assert result["names"] == COLORED
    assert furthest(result["colors"], fine=not precision.startswith("u8")) <= 0.01
    assert result["precision"] == [True, True]
    assert result["selected"] == ["Ink"]


def test_an_indexed_image_becomes_rgb_and_gets_its_colours(gimp: Gimp) -> None:
    result = gimp.play(IMAGES, "indexed")
    assert result["rgb"]
    assert result["kept"]
    assert furthest(result["colors"], fine=False) == 0
    assert "converted" in gimp.said()


KINDS = [
    ("negative", ["Line", "Auto color", "Background"], "normal"),
    ("beyond", ["Line", "Auto color", "Background"], "normal"),
    ("hidden", ["Line", "Auto color", "Background"], "normal"),
    ("group", ["Line", "Auto color", "Background"], "normal"),
    ("group passing through", ["Line", "Auto color", "Background"], "normal"),
    ("nested", ["Line", "Auto color", "Below"], "normal"),
    ("masked", ["Line", "Auto color", "Background"], "normal"),
    ("mask off", ["Line", "Auto color", "Background"], "normal"),
    ("text", ["LINE", "Auto color", "Background"], "normal"),
    ("opaque", ["Auto color", "Line", "Background"], "multiply"),
    ("bottom", ["Background", "Line", "Auto color"], "normal"),
    ("locked", ["Line", "Auto color", "Background"], "normal"),
    ("in a locked group", ["Line", "Auto color", "Below"], "normal"),
    ("faint", ["Line", "Auto color", "Background"], "normal"),
]


@pytest.mark.parametrize(("kind", "siblings", "mode"), KINDS, ids=[kind for kind, *_ in KINDS])
def test_any_layer_may_be_the_line_art(gimp: Gimp, kind: str, siblings: list[str], mode: str) -> None:
    result = gimp.play(IMAGES, "line_art", kind=kind)
    assert result["siblings"] == siblings
    assert result["mode"] == mode
    assert result["inked"]
    assert result["off"] <= 1
    assert result["kept"]
    assert result["selected_kept"]
    assert result["images"] == 1  # none that the plug-in worked in is left


@pytest.mark.parametrize(
    ("base", "precision"), [("rgb", "u8_non_linear"), ("rgb", "u16_non_linear"), ("gray", "u8_non_linear")]
)
@pytest.mark.parametrize("soft", [0, 8])
def test_colours_stay_inside_of_the_selection(gimp: Gimp, soft: int, base: str, precision: str) -> None:
    result = gimp.play(IMAGES, "selection", soft=soft, base=base, precision=precision)
    assert result["parts"][1:] == [True, soft > 0]
    assert result["parts"][0] or precision.startswith("u16")  # feathering leaves nothing fully selected there
    assert result["exact"]
    assert result["empty"]
    assert result["off"] <= 1
    assert result["masks"] == [False, False]
    assert result["kept"]


def test_of_several_images_only_the_one_that_was_asked_for_changes(gimp: Gimp) -> None:
    result = gimp.play(IMAGES, "several")
    assert result["kept"]
    assert result["images"] == 2
    assert result["names"][2][0] == "Auto color"


def test_a_piece_that_floats_stays_so(gimp: Gimp) -> None:
    result = gimp.play(IMAGES, "floating")
    assert result["floats"]
    assert result["kept"]
    assert result["still"]
    assert result["names"] == ["Notes", "Ink copy", *COLORED[1:]]
