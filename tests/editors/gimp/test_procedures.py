"""The procedures as a script calls them: what can be asked for arrives at the daemon, what comes back in the image."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.editors.krita.scripted_daemon import end_daemon

from .console import SCRIPTS, Gimp
from .telling_daemon import command

ASKING = SCRIPTS / "asking.py"
COLORED = ["Notes", "Ink", ["Auto color", ["Highlights", "Shading", "Flats"]], "Sketch", "Background"]


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


def asked(runtime_folder: Path) -> dict[str, Any]:
    """The options of the last job."""
    options: dict[str, Any] = json.loads((runtime_folder / "asked.json").read_text())
    return options


def test_every_kind_of_layer_has_its_name_mode_place_and_opacity(gimp: Gimp) -> None:
    result = gimp.play(ASKING, "layers", shown=["Flats", "Shading"], at=[[5, 5], [25, 5]])
    assert result["group"] == ["Auto color", "normal", 100.0, True]
    assert result["layers"] == [
        ["Flats", "normal", [0, 0], 100.0],
        ["Shading", "multiply", [0, 0], 100.0],
        ["Highlights", "screen", [0, 0], 100.0],
        ["Colour", "lch-color", [0, 0], 100.0],
        ["#fa141e", "normal", [10, 20], 100.0],
        ["#1e5afa", "normal", [60, 25], 50.0],
    ]
    assert result["sizes"][-2:] == [[40, 30], [40, 30]]
    assert result["as_encoded"] == [True, True, False]
    wanted = [[round(value * 200 / 255) for value in color] for color in ((200, 120, 110), (120, 160, 110))]
    for seen, color in zip(result["seen"], wanted, strict=True):
        assert max(abs(a - b) for a, b in zip(seen, color, strict=True)) <= 1


@pytest.mark.parametrize(("precision", "depth"), [("u8_non_linear", 8), ("float_linear", 16)])
def test_what_a_script_chooses_is_what_the_daemon_is_asked_for(
    gimp: Gimp, runtime_folder: Path, precision: str, depth: int
) -> None:
    palette = [[250, 20, 30], [30, 90, 250]]
    gimp.play(ASKING, "options", palette=palette, precision=precision)
    found = asked(runtime_folder)
    assert found["palette"] == palette
    assert found["layers"] == ["flats", "shading"]
    assert [found[name] for name in ("style", "seed", "variety", "strength", "gap")] == ["sleep 0", 7, 0.25, 1.5, 3.0]
    assert found["depth"] == depth
    assert found["hints"] is True


def test_a_call_with_image_and_layer_only_takes_the_defaults(gimp: Gimp, runtime_folder: Path) -> None:
    assert gimp.play(ASKING, "defaults")["layers"] == ["Highlights", "Shading", "Flats"]
    found = asked(runtime_folder)
    assert [found[name] for name in ("style", "seed", "variety", "strength", "gap")] == ["", 0, 0.5, 1.0, 0.0]
    assert (found["palette"], found["hints"]) == ([], None)


def test_the_line_art_may_be_named_or_be_the_layer_of_a_mask(gimp: Gimp) -> None:
    result = gimp.play(ASKING, "line_art")
    assert result["by_argument"] == COLORED
    assert result["by_mask"] == COLORED


def test_colouring_again_adds_a_group_and_touches_no_older_one(gimp: Gimp) -> None:
    assert gimp.play(ASKING, "twice") == {"kept": True, "groups": 2}


def test_values_out_of_range_never_get_through_gimp(gimp: Gimp) -> None:
    values = {"seed": -1, "variety": 1.5, "strength": -0.5, "gap": 65.0}
    result = gimp.play(ASKING, "out_of_range", values=values)
    assert {name: within for name, (_, within) in result.items()} == dict.fromkeys(values, True)


def test_the_procedure_browser_has_words_for_everything(gimp: Gimp) -> None:
    result = gimp.play(ASKING, "described")
    for told in result.values():
        assert told["blurb"] and told["help"]
        assert told["menus"] == ["<Image>/Filters/Colors"]
        assert all(blurb and nick for blurb, nick in told["arguments"].values())
    color, hints = result["plug-in-linewash-color"], result["plug-in-linewash-hints"]
    assert {"line-art", "hints", "style", "palette", "seed", "strength", "gap", "selection-only"} <= set(
        color["arguments"]
    )
    assert (color["returns"], hints["returns"]) == (["group"], ["hints"])


@pytest.mark.parametrize("base", ["rgb", "gray"])
def test_a_hint_layer_comes_above_the_line_art_ready_to_be_painted_on(gimp: Gimp, base: str) -> None:
    result = gimp.play(ASKING, "hints", base=base)
    assert result["names"] == ["Notes", "Hints", "Ink", "Sketch", "Background"]
    assert result["selected"] == [True]
    assert result["empty"]
    assert result["size"] == [160, 60, 0, 0]
    assert result["rgb"]
    assert result["kept"] == (base == "rgb")
    assert result["brush"] == ["2. Hardness 100", 100.0]
    assert result["colored"][1:4] == ["Hints", "Ink", ["Auto color", ["Highlights", "Shading", "Flats"]]]


def test_a_hint_layer_for_no_layer_is_refused(gimp: Gimp) -> None:
    result = gimp.play(ASKING, "no_hints")
    assert result["said"][0] == "execution-error"
    assert "No layer is chosen" in result["said"][1]
    assert result["layers"] == 0
