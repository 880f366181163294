"""Documents as artists have them, in the real Krita: their spaces, layers, selections, frames, files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from .columns_daemon import COLORS, FINE, command
from .run import SCRIPTS, Krita
from .scripted_daemon import end_daemon

DOCUMENTS = SCRIPTS / "documents.py"
AT_WORK = SCRIPTS / "documents_at_work.py"
SRGB = "sRGB-elle-V2-srgbtrc.icc"


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
    differences = [0.0]
    for sample, (*color, alpha) in zip(found, COLORS, strict=True):
        wanted = [257 * value + (FINE if fine else 0) for value in color] if alpha else sample[:3]
        both = zip(sample, [*wanted, 257 * alpha], strict=True)
        differences += [abs(one - other) / 257 for one, other in both]
    return max(differences)


SPACES = [
    (("RGBA", "U8", SRGB), 0.0),
    (("RGBA", "U8", "ClayRGB-elle-V2-g22.icc"), 1.6),
    (("RGBA", "U16", ""), 0.1),
    (("RGBA", "U16", SRGB), 0.0),
    (("RGBA", "F16", ""), 0.5),
    (("RGBA", "F32", ""), 0.1),
    (("CMYKA", "U8", ""), 10.5),  # what the profile's gamut leaves of these colours
    (("CMYKA", "U16", ""), 10.5),
    (("LABA", "U8", ""), 3.0),
    (("LABA", "U16", ""), 1.5),
    (("LABA", "F32", ""), 0.5),
]
KINDS = [
    ("negative", ["Background", "Sketch", "Auto color", "Ink"], "normal"),
    ("beyond", ["Background", "Sketch", "Auto color", "Ink"], "normal"),
    ("half", ["Background", "Sketch", "Auto color", "Ink"], "normal"),
    ("hidden", ["Background", "Sketch", "Auto color", "Ink"], "normal"),
    ("nested", ["Below", "Auto color", "Ink"], "normal"),
    ("group", ["Background", "Sketch", "Auto color", "Lines"], "normal"),
    ("opaque", ["Background", "Sketch", "Scan", "Auto color"], "multiply"),
    ("bottom", ["Background", "Auto color", "Sketch"], "behind"),
    ("vector", ["Background", "Sketch", "Auto color", "Pen"], "normal"),
    ("file", ["Background", "Sketch", "Auto color", "Linked"], "normal"),
    ("masked", ["Background", "Sketch", "Auto color", "Ink"], "normal"),
]
OLDEST_TOO = {("RGBA", "U8", SRGB), ("RGBA", "U16", ""), ("CMYKA", "U8", ""), ("LABA", "U16", "")}
KINDS_OF_OLDEST = {"negative", "nested", "opaque", "bottom"}


usual_only = pytest.mark.usual_only


def cases(values: Iterable[Any], core: Callable[[Any], bool], name: Callable[[Any], str]) -> list[Any]:
    """Parameters, of which the oldest Krita gets those that are ``core``, to save time."""
    return [pytest.param(*value, id=name(value), marks=() if core(value) else usual_only) for value in values]


@pytest.mark.parametrize(
    ("space", "within"), cases(SPACES, lambda case: case[0] in OLDEST_TOO, lambda case: "-".join(case[0]))
)
def test_colours_arrive_in_the_documents_own_space(krita: Krita, space: tuple[str, str, str], within: float) -> None:
    result = krita.play(DOCUMENTS, "space", space=space)
    assert result["space"] == result["documents"]
    assert result["space"][:2] == list(space[:2])
    assert furthest(result["colors"], fine=space[1] != "U8") <= within
    assert result["names"] == ["Background", "Sketch", "Auto color", "Ink", "Hidden"]
    assert [layer[0] for layer in result["group"][3]] == ["Flats", "Shading"]
    assert result["told"] == ""
    assert result["active"] == "Ink"
    assert result["kept"]
    assert result["shows"]
    assert result["undone"]
    assert result["redone"] == [True, True]


@pytest.mark.parametrize("depth", ["U8", pytest.param("U16", marks=usual_only)])
def test_a_grey_document_gets_greys_and_the_artist_is_told(krita: Krita, depth: str) -> None:
    result = krita.play(DOCUMENTS, "space", space=("GRAYA", depth, ""))
    assert result["space"] == result["documents"]
    assert all(max(color[:3]) - min(color[:3]) < 257 for color in result["colors"])
    assert "greys" in result["told"]
    assert result["kept"]
    assert result["undone"]


# 5.1.5 itself crashes when a script makes a vector layer's shapes.
@pytest.mark.parametrize(
    ("kind", "siblings", "blend"), cases(KINDS, lambda case: case[0] in KINDS_OF_OLDEST, lambda case: case[0])
)
def test_any_layer_may_be_the_line_art(krita: Krita, kind: str, siblings: list[str], blend: str) -> None:
    result = krita.play(DOCUMENTS, "line_art", kind=kind)
    assert result["siblings"] == siblings
    assert result["blend"] == blend
    assert result["layers"] == ["Flats", "Highlights"]
    assert result["seen"] <= (100 if kind == "vector" else 0)  # Krita's edges of a shape differ from a painted one's
    assert result["told"] == ""
    assert result["kept"]
    assert result["active"] == siblings[siblings.index("Auto color") + (1 if blend == "normal" else -1)]
    assert result["composed"]
    assert result["undone"]


@pytest.mark.parametrize("soft", [pytest.param(0, marks=usual_only), 8])
def test_colours_stay_inside_of_the_selection(krita: Krita, soft: int) -> None:
    result = krita.play(AT_WORK, "selected", soft=soft)
    assert (result["soft"] > 0) == (soft > 0)
    assert result["empty"]
    assert result["exact"]
    assert result["off"] <= 1
    assert result["kept"]
    assert result["told"] == ""


def test_an_update_with_a_selection_leaves_what_is_outside(krita: Krita) -> None:
    result = krita.play(AT_WORK, "updated_within")
    assert result == {"groups": 1, "outside_kept": True, "inside_changed": 1.0}


@usual_only
def test_a_selection_beside_the_canvas_is_told_and_an_empty_one_is_none(krita: Krita) -> None:
    result = krita.play(AT_WORK, "selected_nothing")
    assert result["told"].startswith("The selection covers nothing")
    assert result["kept"]
    assert result["empty"] == [1, ""]


@usual_only
def test_a_line_layer_among_a_hundred_gets_its_colours(krita: Krita) -> None:
    result = krita.play(AT_WORK, "many_layers")
    assert result["choices"] > 100
    assert result["at"] == ["Auto color", "Ink"]
    assert result["kept"]


@usual_only
def test_of_two_documents_each_has_its_own_colours(krita: Krita) -> None:
    result = krita.play(AT_WORK, "two_documents")
    assert not result["can_update"]
    assert result["groups"] == result["after"] == [1, 1]
    assert result["changed"] == [True, False]


def test_colours_of_an_animation_show_on_the_frame_they_were_made_for(krita: Krita) -> None:
    result = krita.play(AT_WORK, "animated", 90)
    one, two = ["Background", "Sketch", "Walk", "Auto color", "Ink"], ["Auto color", "Auto color", "Ink"]
    assert result["before"] == [3, 3]
    assert result["first"] == one
    assert result["shown"] == [5]
    assert result["kept"] == [True, True]
    assert result["in_place"] == [one, ""]
    assert result["second"][-3:] == two
    assert result["shown_again"] == [10]
    assert result["frames"]
    assert result["live"] == [True, ""]
    assert result["told"] == result["told_again"] == ""


def test_one_step_back_after_an_update_takes_the_artists_stroke_only(krita: Krita) -> None:
    result = krita.play(AT_WORK, "undo_beside_an_update")
    assert result["stroke"]
    assert result["same_layers"]
    assert result["after_undo"] == [True, True]
    assert result["redone"]
    assert result["colors_again"]


@pytest.mark.parametrize("overlay", [pytest.param(0, id="hidden"), pytest.param(1, id="shown", marks=usual_only)])
def test_a_saved_document_remembers(krita: Krita, overlay: int) -> None:
    result = krita.play(AT_WORK, "saved", overlay=overlay)
    layers = ["Background", "Sketch", "Auto color", "Ink", "Hints", "Other"]
    saved = [*layers, "Regions (temporary)"] if overlay else layers
    assert result["names"] == saved
    assert result["rows"] == ["Background", "Hints", "Ink", "Other", "Sketch"]
    assert result["regions"] == bool(overlay)
    assert (result["line"], result["hints"], result["still"]) == ("Ink", "Hints", "Ink")
    assert result["told"] == ""
    assert result["updated"] == [saved, True]
    assert result["hidden"] == layers
