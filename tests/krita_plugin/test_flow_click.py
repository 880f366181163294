"""One click on *Auto color*: what it sends, what it puts into the document, what it leaves alone."""

from __future__ import annotations

import pytest

from linewash_krita.flow import Flow
from linewash_krita.linewash.editor.choices import Choices

from .studio import BLUE, INK, PAPER, RED, Studio, groups, looks


def test_one_click_puts_one_group_directly_under_the_line_art(studio: Studio) -> None:
    document = studio.open()
    studio.choose(layers=("flats", "shading", "highlights", "color"))
    studio.color()
    assert document.names() == ["Background", "Auto color", "Lines"]
    (group,) = groups(document)
    assert document.names(group) == ["Flats", "Shading", "Highlights", "Colour"]
    assert [node.blendingMode() for node in group.children_nodes] == ["normal", "multiply", "screen", "color"]
    assert group.children_nodes[0].rgba(20, 20) == (255, 0, 0, 255)
    assert studio.code == ""


def test_one_undo_takes_it_all_away_and_one_redo_brings_it_back(studio: Studio) -> None:
    document = studio.open()
    before = looks(document)
    studio.color()
    after = looks(document)
    assert len(document.undo_steps) == 1
    document.undo()
    assert looks(document) == before
    document.redo()
    assert looks(document) == after


def test_the_active_layer_stays_active(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    assert document.active is document.layer("Lines")


def test_another_layer_that_the_artist_goes_to_meanwhile_stays_active(studio: Studio) -> None:
    document = studio.open()
    studio.flow.color()
    studio.until(lambda: groups(document))
    document.activate(document.layer("Background"))
    studio.finish()
    assert document.active is document.layer("Background")


def test_an_update_in_place_repaints_without_an_undo_step(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    flats = document.layer("Flats")
    studio.choose(seed=BLUE)
    studio.color()
    assert document.layer("Flats") is flats
    assert flats.rgba(20, 20) == (0, 0, 255, 255)
    assert len(document.undo_steps) == 1 and len(groups(document)) == 1


def test_one_update_after_the_other_stays_in_place(studio: Studio) -> None:
    document = studio.open()
    for seed in (RED, BLUE, RED, BLUE):
        studio.choose(seed=seed)
        studio.color()
        assert studio.code == ""
    assert len(groups(document)) == 1 and len(document.undo_steps) == 1
    assert document.layer("Flats").rgba(20, 20) == (0, 0, 255, 255)


def test_a_new_group_is_put_beside_the_old_one_if_that_was_chosen(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    studio.choose(seed=BLUE, placement="new_group")
    studio.color()
    assert [document.names(group) for group in groups(document)] == [["Flats", "Shading"]] * 2
    assert document.names()[-1] == "Lines"
    assert len(document.undo_steps) == 2


def test_an_update_that_wants_other_layers_makes_a_new_group(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    studio.choose(layers=("flats", "highlights"))
    studio.color()
    assert [document.names(group) for group in groups(document)] == [["Flats", "Shading"], ["Flats", "Highlights"]]


def test_a_layer_that_the_artist_painted_on_is_never_overwritten(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    painted = document.layer("Shading")
    painted.stroke(0, 0, 3, 3, (9, 8, 7, 255))
    kept = painted.looks()
    studio.choose(seed=BLUE)
    studio.color()
    assert painted.looks() == kept
    assert len(groups(document)) == 2
    assert studio.code == "layer_edited"


def test_after_an_undo_an_update_makes_a_new_group(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    document.undo()
    studio.color()
    assert len(groups(document)) == 1 and len(document.undo_steps) == 1


def test_an_update_after_undo_and_redo_finds_its_layers_again(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    document.undo()
    document.redo()
    studio.choose(seed=BLUE)
    studio.color()
    assert document.layer("Flats").rgba(20, 20) == (0, 0, 255, 255)
    assert len(groups(document)) == 1


def test_colours_of_opaque_line_art_go_above_it_and_multiply(studio: Studio) -> None:
    document = studio.open()
    document.fill(document.layer("Lines"), PAPER)
    studio.color()
    assert document.names() == ["Background", "Lines", "Auto color"]
    assert groups(document)[0].blendingMode() == "multiply"


def test_line_art_at_the_very_bottom_has_its_colours_behind_it(studio: Studio) -> None:
    document = studio.open()
    document.layer("Background").remove()
    document.undo_steps.clear()
    studio.color()
    assert document.names() == ["Lines", "Auto color"]
    assert groups(document)[0].blendingMode() == "behind"
    assert len(document.undo_steps) == 1


def test_line_art_in_a_group_has_its_colours_there(studio: Studio) -> None:
    document = studio.open()
    folder = document.createNode("Figures", "grouplayer")
    document.root.addChildNode(folder, None)
    for name in ("Ground", "Ink"):
        node = document.createNode(name, "paintlayer")
        folder.addChildNode(node, None)
    node.stroke(2, 2, 9, 9, INK)
    studio.look()
    studio.flow.choose_line(node.key())
    studio.color()
    assert document.names(folder) == ["Ground", "Auto color", "Ink"]


def test_line_art_is_sent_as_it_is_seen_on_the_canvas(studio: Studio) -> None:
    document = studio.open()
    document.layer("Lines").move(3, 2)
    document.layer("Lines").setVisible(False)
    document.layer("Lines").setLocked(True)
    before = len(studio.daemon.jobs())
    studio.color()
    pixels = studio.daemon.pixels(before + 1, "lineart")
    inside = [(x, y) for y in range(24) for x in range(32) if pixels[(y * 32 + x) * 4 + 3]]
    assert (min(inside), max(inside), len(inside)) == ((7, 6), (14, 13), 64)


def test_hints_are_sent_as_they_were_painted(studio: Studio) -> None:
    document = studio.open()
    hints = studio.hints(document)
    hints.stroke(6, 6, 2, 1, (10, 200, 30, 255))
    before = len(studio.daemon.jobs())
    studio.color()
    pixels = studio.daemon.pixels(before + 1, "hints")
    assert [pixels[(6 * 32 + x) * 4 : (6 * 32 + x) * 4 + 4] for x in (5, 6, 7, 8)] == [
        bytes(4), bytes([10, 200, 30, 255]), bytes([10, 200, 30, 255]), bytes(4)
    ]  # fmt: skip
    assert sum(pixels[3::4]) == 2 * 255


def test_without_a_hint_layer_none_is_sent(studio: Studio) -> None:
    studio.open()
    before = len(studio.daemon.jobs())
    studio.color()
    assert studio.daemon.pixels(before + 1, "hints") == b""


@pytest.mark.parametrize("placement", ["new_group", "update"])
def test_with_a_selection_only_what_is_inside_is_coloured(studio: Studio, placement: str) -> None:
    from .stand_in import Selection

    document = studio.open()
    if placement == "update":
        studio.color()
    selection = Selection()
    selection.select(10, 5, 6, 4, 255)
    document.setSelection(selection)
    studio.choose(seed=BLUE, placement=placement)
    studio.color()
    flats = groups(document)[-1].children_nodes[0]
    blue = (0, 0, 255, 255)
    outside = (0, 0, 255, 0) if placement == "new_group" else (255, 0, 0, 255)  # transparent, or as it was
    assert [flats.rgba(x, 6) for x in (9, 10, 15, 16)] == [outside, blue, blue, outside]
    assert [flats.rgba(12, y) for y in (4, 5, 8, 9)] == [outside, blue, blue, outside]


@pytest.mark.parametrize(("model", "depth"), [("RGBA", "U16"), ("RGBA", "F32"), ("RGBA", "F16"), ("CMYKA", "U8")])
def test_colours_are_kept_in_the_document_s_own_space(studio: Studio, model: str, depth: str) -> None:
    document = studio.open(model=model, depth=depth)
    before = looks(document)
    studio.color()
    flats = document.layer("Flats")
    assert (flats.colorModel(), flats.colorDepth(), flats.colorProfile()) == (model, depth, document.colorProfile())
    assert flats.rgba(20, 20) == (255, 0, 0, 255)
    assert studio.daemon.jobs()[-1]["depth"] == (8 if depth == "U8" else 16)
    document.undo()
    assert looks(document) == before


def test_the_seed_rolls_unless_it_is_locked(studio: Studio) -> None:
    studio.open()
    studio.choose(seed_locked=True, seed=RED)
    studio.color()
    studio.choose(seed_locked=False)
    studio.color()
    studio.color()
    first, second, third = (job["seed"] for job in studio.daemon.jobs()[-3:])
    assert first == RED and len({first, second, third}) == 3
    assert studio.flow.view().choices.seed == third


def test_the_chosen_palette_s_colours_are_sent(studio: Studio) -> None:
    studio.open()
    studio.palette("Autumn", (200, 100, 0), (90, 20, 10))
    studio.choose(palette="Autumn")
    assert studio.flow.view().palettes == ("Autumn",)
    studio.color()
    assert studio.daemon.jobs()[-1]["palette"] == [[200, 100, 0], [90, 20, 10]]


def test_a_palette_that_is_gone_means_any_colour(studio: Studio) -> None:
    studio.open()
    studio.choose(palette="Spring")
    studio.color()
    assert studio.daemon.jobs()[-1]["palette"] == []


def test_choices_are_there_again_in_the_next_session(studio: Studio) -> None:
    studio.choose(strength=1.5, empty=(1, 2, 3), layers=("flats",))
    assert Flow(studio.application).view().choices == studio.flow.view().choices


@pytest.mark.parametrize(
    "damaged",
    ["", "{", "[]", '{"seed": "x", "gap": 1e9}', '{"layers": []}', "\0", pytest.param("[" * 100_000, id="deep")],
)
def test_damaged_settings_mean_the_usual_choices(studio: Studio, damaged: str) -> None:
    studio.application.write_setting("choices", damaged)
    assert Flow(studio.application).view().choices == Choices()


def test_empty_line_art_is_said_and_nothing_is_inserted(studio: Studio) -> None:
    document = studio.open()
    before = looks(document)
    studio.choose(style="empty")
    studio.color()
    assert studio.code == "lineart_empty"
    assert looks(document) == before and not document.undo_steps


def test_line_art_that_is_also_the_hints_is_refused(studio: Studio) -> None:
    document = studio.open()
    studio.flow.choose_line(document.layer("Lines").key())
    studio.flow.choose_hints(document.layer("Lines").key())
    before = looks(document)
    studio.color()
    assert studio.code == "hints_are_line"
    assert looks(document) == before


def test_a_canvas_that_is_too_small_is_refused(studio: Studio) -> None:
    document = studio.open(size=(1, 1))
    before = looks(document)
    studio.color()
    assert studio.code == "bad_size"
    assert looks(document) == before


def test_earlier_results_can_be_inserted_again(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    studio.choose(seed=BLUE)
    studio.color()
    studio.until(lambda: len(studio.flow.view().history) == 2)
    newest, oldest = studio.flow.view().history
    assert (newest.width > 0, len(newest.thumbnail)) == (True, newest.width * newest.height * 4)
    studio.flow.apply_again(oldest.key)
    studio.finish()
    assert [group.children_nodes[0].rgba(20, 20) for group in groups(document)] == [
        (0, 0, 255, 255),
        (255, 0, 0, 255),
    ]
    assert len(document.undo_steps) == 2


def test_an_earlier_result_does_not_go_into_a_canvas_of_another_size(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    (row,) = studio.until(lambda: studio.flow.view().history).history
    document.resizeImage(0, 0, 50, 50)
    before = looks(document)
    studio.flow.apply_again(row.key)
    studio.finish()
    assert studio.code == "document_resized"
    assert looks(document) == before


def test_a_grey_document_gets_greys_and_is_told_why(studio: Studio) -> None:
    document = studio.open(model="GRAYA")
    studio.color()
    red, green, blue, alpha = document.layer("Flats").rgba(20, 20)
    assert red == green == blue and alpha == 255
    shown = studio.flow.view().message
    assert shown is not None and (shown.code, shown.calm) == ("document_gray", True)
    assert shown.remedy


def test_an_update_of_a_grey_document_does_not_tell_it_again(studio: Studio) -> None:
    studio.open(model="GRAYA")
    studio.color()
    studio.choose(seed=BLUE)
    studio.color()
    assert studio.code == ""
