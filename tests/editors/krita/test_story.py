"""The whole story in the real Krita: the zip as built, the real daemon, a real mouse."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from .run import SCRIPTS, Krita

STORY = SCRIPTS / "story.py"
LINE = str(Path(__file__).parents[3] / "examples" / "face.line.png")
MOST = 0.7  # of a stroke's pixels; what spills over a line counts for the region that holds most of it
GROUP = [
    "Auto color",
    "grouplayer",
    "normal",
    [
        ["Flats", "paintlayer", "normal", []],
        ["Shading", "paintlayer", "multiply", []],
        ["Highlights", "paintlayer", "screen", []],
    ],
]


@pytest.fixture(scope="module")
def plugins(built_zip: Path) -> Sequence[Path]:
    return [built_zip]


@pytest.fixture(scope="module")
def environment(runtime_folder: Path) -> Iterator[Mapping[str, str]]:
    variables = {
        "LINEWASH_RUNTIME_DIR": str(runtime_folder),
        "LINEWASH_STATE_DIR": str(runtime_folder / "state"),
        "LINEWASH_DAEMON": f'"{sys.executable}" -m linewash_daemon',
    }
    yield variables
    subprocess.run(
        [sys.executable, "-c", "from linewash_daemon.cli import main; main()", "daemon", "stop"],
        env=variables,
        timeout=60,
    )


def names(layers: list[Any]) -> list[str]:
    return [layer[0] for layer in layers]


def test_strokes_and_a_click_give_a_group_under_the_line_art_and_one_step_takes_it_away(krita: Krita) -> None:
    result = krita.play(STORY, "first", 120, line=LINE)
    assert (result["line"], result["hints"], result["active"]) == ("Ink", "Hints", "Hints")
    assert names(result["layers"]) == ["Background", "Auto color", "Ink", "Hints"]
    assert result["layers"][1] == GROUP
    assert result["untouched"]
    assert result["undone"]
    assert result["redone"] == result["layers"]
    assert result["told"] == ""
    assert result["under_strokes"].keys() == {"#c83c28", "#5aa05a"}
    assert min(result["under_strokes"].values()) > MOST


def test_live_follows_the_strokes_until_it_is_switched_off(krita: Krita) -> None:
    result = krita.play(STORY, "live", 120, line=LINE)
    assert result["layers"][1] == GROUP
    assert result["under_strokes"].keys() == {"#fa7814"}
    assert result["under_strokes"]["#fa7814"] > MOST
    assert result["still"]
    assert result["running"] is None
    assert result["told"] == ""
    assert result["undone"] == ["Background", "Auto color", "Ink", "Hints"]


def test_a_second_click_repaints_in_place_and_never_what_the_artist_painted(krita: Krita) -> None:
    result = krita.play(STORY, "again", 120, line=LINE)
    assert result["repainted"]
    assert names(result["in_place"]) == ["Background", "Auto color", "Ink"]
    assert result["kept"]
    assert "new group" in result["told"]


def test_cancel_leaves_the_drawing_as_it_was_and_the_next_click_works(krita: Krita) -> None:
    result = krita.play(STORY, "cancelled", 120, line=LINE)
    assert result["layers"] == ["Background", "Ink"]
    assert result["untouched"]
    assert "ancelled" in result["told"]


def test_a_result_for_a_closed_drawing_is_kept_and_lands_nowhere_else(krita: Krita) -> None:
    result = krita.play(STORY, "closed", 120, line=LINE)
    assert "closed" in result["told"]
    assert result["others"] == ["Background", "Ink"]
    assert result["untouched"]
    assert result["kept"] >= 1
