"""Whatever an artist does before a click or while the daemon works: a sentence, or the colours, and nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from .place import USUAL
from .run import SCRIPTS, Krita
from .scripted_daemon import command, end_daemon

MISHAPS = SCRIPTS / "mishaps_of_artists.py"
GROUP = ["Auto color", "grouplayer", "normal", [["Flats", "paintlayer", "normal", []]]]


@pytest.fixture(scope="module", params=[USUAL])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


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


def test_without_a_document_the_artist_is_told_to_open_one(krita: Krita) -> None:
    result = krita.play(MISHAPS, "no_document")
    assert result["code"] == "no_document"
    assert result["told"].startswith("No drawing is open.")
    assert result["documents"] == 0


@pytest.mark.parametrize(
    ("mishap", "code"),
    [
        ("line_layer_just_deleted", "no_line_layer"),
        ("same_layer_twice", "hints_are_line"),
        ("empty_line_art", "lineart_empty"),
        ("one_pixel", "bad_size"),
        ("out_of_memory", "out_of_memory"),
        ("fault_of_the_daemon", "internal"),
    ],
)
def test_what_can_t_be_coloured_gives_a_sentence_and_every_layer_stays(krita: Krita, mishap: str, code: str) -> None:
    result = krita.play(MISHAPS, mishap)
    assert result["code"] == code
    assert re.fullmatch(r"[A-Z][^{}\n]+\.\)?", result["told"])
    assert "a detail that only the log may hold" not in result["told"]
    assert result["kept"]


def test_a_line_layer_deleted_meanwhile_gives_a_sentence_and_no_group(krita: Krita) -> None:
    result = krita.play(MISHAPS, "line_layer_deleted")
    assert result["still_running"]
    assert result["code"] == "layer_gone"
    assert result["kept"]


@pytest.mark.parametrize("how", ["scale", "crop", "resize"])
def test_a_canvas_resized_meanwhile_gives_a_sentence_and_the_next_click_fits(krita: Krita, how: str) -> None:
    result = krita.play(MISHAPS, "canvas_resized", how=how)
    assert result["still_running"]
    assert result["code"] == "document_resized"
    assert result["kept"]
    assert result["next"]


def test_a_line_layer_renamed_meanwhile_gets_its_colours(krita: Krita) -> None:
    result = krita.play(MISHAPS, "line_layer_renamed")
    assert result["still_running"]
    assert result["layers"][1] == GROUP
    assert result["line"] == "Lines"


def test_a_line_layer_moved_into_a_group_meanwhile_gets_its_colours_there(krita: Krita) -> None:
    result = krita.play(MISHAPS, "line_layer_moved_into_a_group")
    assert result["still_running"]
    _background, group = result["layers"]
    assert {layer[0] for layer in group[3]} == {"Ink", "Auto color"}


def test_a_hint_layer_deleted_meanwhile_still_had_its_say(krita: Krita) -> None:
    result = krita.play(MISHAPS, "hint_layer_deleted")
    assert result["still_running"]
    assert result["layers"][1] == GROUP
    assert result["told"] == ""
    assert result["hints"] is None


def test_a_result_lands_in_the_document_it_was_made_for(krita: Krita) -> None:
    result = krita.play(MISHAPS, "other_document_in_front")
    assert result["still_running"]
    assert result["first"] == ["Background", "Auto color", "Ink"]
    assert result["others_kept"]
    assert result["told"] == ""


def test_a_document_with_two_views_is_coloured_once_also_when_one_is_closed(krita: Krita) -> None:
    result = krita.play(MISHAPS, "two_views")
    assert result["views"] == 2
    assert result["still_running"]
    assert result["layers"][1] == GROUP
    assert result["told"] == ""


def test_a_canvas_of_12000_px_a_side_is_coloured_or_refused_in_a_sentence(krita: Krita) -> None:
    """Last in the file: Krita keeps the 3 GB for a while."""
    result = krita.play(MISHAPS, "huge", 150)
    assert result["kept"]
    colored = result["layers"] == ["Background", "Auto color", "Ink"] and result["size"] == [12_000, 12_000]
    refused = result["layers"] == ["Background", "Ink"] and result["told"].endswith(".")
    assert colored or refused
