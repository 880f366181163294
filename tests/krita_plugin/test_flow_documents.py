"""Whatever happens to documents and layers while colours are on their way, nothing is lost and nothing goes astray."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .studio import BLUE, INK, Studio, groups, looks


def start(studio: Studio, gate: str = "go") -> Callable[[], None]:
    """Click and leave the daemon at work; what is returned lets it end, and the click with it."""
    number = len(studio.daemon.jobs()) + 1
    studio.choose(style=f"wait {gate}")
    studio.flow.color()
    studio.until_job(number)

    def end() -> None:
        studio.daemon.open_gate(gate)
        studio.finish()

    return end


# While the daemon works.


def test_a_line_layer_that_was_renamed_and_moved_is_found(studio: Studio) -> None:
    document = studio.open()
    end = start(studio)
    lines, folder = document.layer("Lines"), document.createNode("Figures", "grouplayer")
    document.root.addChildNode(folder, None)
    lines.setName("Ink")
    lines.remove()
    folder.addChildNode(document.createNode("Ground", "paintlayer"), None)
    folder.addChildNode(lines, None)
    studio.look()
    end()
    assert document.names(folder) == ["Ground", "Auto color", "Ink"]


def test_a_line_layer_that_was_deleted_ends_the_colouring(studio: Studio) -> None:
    document = studio.open()
    end = start(studio)
    document.layer("Lines").remove()
    before = looks(document)
    end()
    assert studio.code == "layer_gone"
    assert looks(document) == before


def test_an_update_without_its_line_layer_repaints_nothing(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    studio.choose(seed=BLUE)
    end = start(studio)
    document.layer("Lines").remove()
    before = looks(document)
    end()
    assert studio.code == "layer_gone"
    assert looks(document) == before


def test_a_hint_layer_that_was_deleted_changes_nothing(studio: Studio) -> None:
    document = studio.open()
    hints = studio.hints(document)
    hints.stroke(5, 5, 3, 3, (255, 0, 0, 255))
    end = start(studio)
    hints.remove()
    end()
    assert len(groups(document)) == 1
    assert studio.flow.view().hints is None
    studio.color()
    assert studio.code == ""
    assert studio.daemon.pixels(len(studio.daemon.jobs()), "hints") == b""


def test_a_hint_layer_that_was_renamed_and_moved_is_still_the_hint_layer(studio: Studio) -> None:
    document = studio.open()
    hints = studio.hints(document)
    hints.setName("Strokes")
    hints.remove()
    document.root.addChildNode(hints, document.layer("Background"))
    assert studio.look().hints == hints.key()


def test_strokes_on_the_line_art_meanwhile_stay(studio: Studio) -> None:
    document = studio.open()
    end = start(studio)
    document.layer("Lines").stroke(20, 2, 4, 4, INK)
    drawn = document.layer("Lines").looks()
    end()
    assert document.layer("Lines").looks() == drawn
    assert len(groups(document)) == 1


def test_a_resized_canvas_gets_no_colours_that_no_longer_fit(studio: Studio) -> None:
    document = studio.open()
    end = start(studio)
    document.resizeImage(0, 0, 64, 64)
    before = looks(document)
    end()
    assert studio.code == "document_resized"
    assert looks(document) == before
    studio.color()
    assert len(groups(document)) == 1 and studio.code == ""


def test_a_document_that_was_closed_leaves_its_result_in_the_history(studio: Studio) -> None:
    document = studio.open("Kitchen")
    end = start(studio)
    studio.close(document)
    end()
    assert studio.code == "document_closed"
    assert studio.krita.documents() == []
    (row,) = studio.until(lambda: studio.flow.view().history).history
    assert row.caption.startswith("Kitchen")


def test_a_click_on_the_result_of_a_closed_document_opens_it_as_a_new_one(studio: Studio) -> None:
    document = studio.open("Kitchen")
    end = start(studio)
    studio.close(document)
    end()
    (row,) = studio.until(lambda: studio.flow.view().history).history
    studio.flow.apply_again(row.key)
    studio.finish()
    (opened,) = studio.krita.documents()
    assert (opened.name(), opened.width(), opened.height()) == ("Kitchen", 32, 24)
    assert len(groups(opened)) == 1
    assert studio.krita.activeDocument() is opened


def test_a_file_that_is_opened_again_gets_its_results_back(studio: Studio, tmp_path: Path) -> None:
    document = studio.open("Kitchen")
    path = str(tmp_path / "kitchen.kra")
    document.saveAs(path)
    studio.look()
    end = start(studio)
    studio.close(document)
    end()
    again = studio.krita.openDocument(path)
    assert again is not None
    studio.krita.activeWindow().addView(again)
    (row,) = studio.until(lambda: studio.flow.view().history).history
    studio.flow.apply_again(row.key)
    studio.finish()
    assert len(groups(again)) == 1


def test_a_result_never_lands_in_another_document(studio: Studio) -> None:
    first = studio.open("first")
    end = start(studio)
    second = studio.open("second")
    before = looks(second)
    end()
    assert len(groups(first)) == 1
    assert looks(second) == before and not second.undo_steps


def test_a_result_for_a_closed_document_does_not_land_in_the_one_in_front(studio: Studio) -> None:
    first = studio.open("first")
    second = studio.open("second")
    before = looks(second)
    studio.front(first)
    end = start(studio)
    studio.close(first)
    end()
    assert looks(second) == before and not second.undo_steps
    assert studio.flow.view().history == ()


def test_a_click_right_after_changing_documents_colours_the_one_in_front(studio: Studio) -> None:
    first = studio.open("first")
    second = studio.open("second")
    before = looks(second)
    studio.krita.front = first
    studio.flow.color()
    studio.finish()
    assert len(groups(first)) == 1
    assert looks(second) == before


def test_each_document_has_its_own_layers_and_history(studio: Studio) -> None:
    first = studio.open("first")
    hints = studio.hints(first)
    studio.color()
    second = studio.open("second")
    view = studio.look()
    assert (view.document, view.hints, view.history, view.can_update) == ("second", None, (), False)
    assert view.line == second.layer("Lines").key()
    studio.front(first)
    view = studio.look()
    assert (view.document, view.hints, view.can_update) == ("first", hints.key(), True)


def test_two_views_of_a_document_are_one_document(studio: Studio) -> None:
    document = studio.open()
    hints = studio.hints(document)
    studio.krita.activeWindow().addView(document)
    assert studio.look().hints == hints.key()
    assert len(studio.application.documents()) == 1


# Cancel.


def test_cancel_ends_the_daemon_s_work_and_leaves_the_document_as_it_was(studio: Studio) -> None:
    document = studio.open()
    before = looks(document)
    start(studio, "never")
    studio.flow.cancel()
    assert studio.flow.view().running is None
    assert studio.code == "cancelled"
    studio.until(lambda: studio.daemon.status().running == 0)
    assert looks(document) == before and not document.undo_steps


def test_cancel_while_the_drawing_is_read_leaves_nothing_behind(studio: Studio) -> None:
    document = studio.open()
    jobs = len(studio.daemon.jobs())
    before = looks(document)
    studio.flow.color()
    studio.flow.cancel()
    studio.look()
    assert looks(document) == before
    assert len(studio.daemon.jobs()) == jobs
    assert studio.krita.documents() == [document]


def test_cancel_while_layers_are_built_leaves_nothing_behind(studio: Studio) -> None:
    document = studio.open()
    before = looks(document)
    studio.flow.color()
    studio.until(lambda: len(studio.krita.documents()) > 1)  # the hidden one, in which the group is built
    studio.flow.cancel()
    studio.look()
    assert looks(document) == before and not document.undo_steps
    assert studio.krita.documents() == [document]


def test_cancel_with_nothing_to_cancel_says_nothing(studio: Studio) -> None:
    studio.open()
    studio.flow.cancel()
    assert studio.flow.view().message is None


def test_a_second_click_takes_the_first_one_s_place(studio: Studio) -> None:
    document = studio.open()
    start(studio, "never")
    studio.choose(style="", seed=BLUE)
    studio.color()
    assert [group.children_nodes[0].rgba(0, 0) for group in groups(document)] == [(0, 0, 255, 255)]
    assert len(document.undo_steps) == 1


# Choosing layers.


def test_the_line_chooser_follows_the_active_layer_until_it_is_settled(studio: Studio) -> None:
    document = studio.open()
    ground, lines = document.layer("Background"), document.layer("Lines")
    assert studio.look().line == lines.key()
    document.activate(ground)
    assert studio.look().line == ground.key()
    studio.flow.choose_line(lines.key())
    document.activate(ground)
    assert studio.look().line == lines.key()


def test_the_first_colouring_settles_the_line_art(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    document.activate(document.layer("Background"))
    assert studio.look().line == document.layer("Lines").key()


def test_a_settled_line_layer_that_is_deleted_makes_the_chooser_follow_again(studio: Studio) -> None:
    document = studio.open()
    studio.flow.choose_line(document.layer("Lines").key())
    document.layer("Lines").remove()
    document.activate(document.layer("Background"))
    assert studio.look().line == document.layer("Background").key()


def test_a_new_hint_layer_lies_above_the_line_art_active_and_chosen(studio: Studio) -> None:
    document = studio.open()
    lines = document.layer("Lines")
    hints = studio.hints(document)
    assert document.names() == ["Background", "Lines", "Hints"]
    assert document.active is hints
    view = studio.look()
    assert (view.line, view.hints) == (lines.key(), hints.key())
    assert len(document.undo_steps) == 1


def test_our_own_layers_are_offered_as_neither_line_art_nor_hints(studio: Studio) -> None:
    studio.open()
    studio.color()
    assert [row.name for row in studio.look().layers] == ["Lines", "Background"]


def test_choices_of_layers_come_back_with_the_file(studio: Studio, tmp_path: Path) -> None:
    document = studio.open()
    hints = studio.hints(document)
    studio.color()
    studio.choose(seed=0x00FF00)
    studio.color()
    path = str(tmp_path / "page.kra")
    document.saveAs(path)
    studio.close(document)
    studio.flow.close()
    next_day = Studio(studio.krita, studio.daemon)
    again = studio.krita.openDocument(path)
    assert again is not None
    studio.krita.activeWindow().addView(again)
    view = next_day.look()
    assert (view.hints, view.can_update) == (hints.key(), True)
    assert [row.name for row in view.layers] == ["Hints", "Lines", "Background"]
    next_day.choose(seed=BLUE)
    next_day.color()
    assert len(groups(again)) == 1 and groups(again)[0].children_nodes[0].rgba(0, 0) == (0, 0, 255, 255)
    next_day.flow.close()


# No document.


@pytest.mark.parametrize("was_open", [False, True])
def test_every_command_is_harmless_without_a_document(studio: Studio, was_open: bool) -> None:
    if was_open:
        studio.close(studio.open())
    flow = studio.flow
    for command in (
        flow.color,
        flow.cancel,
        flow.new_hint_layer,
        flow.roll_seed,
        flow.dismiss,
        lambda: flow.set_live(True),
        lambda: flow.set_live(False),
        lambda: flow.show_regions(True),
        lambda: flow.show_regions(False),
        lambda: flow.choose_line("nothing"),
        lambda: flow.choose_hints(None),
        lambda: flow.apply_again(7),
    ):
        command()
        assert studio.look().document is None
        assert studio.code in ("", "no_document")
    flow.color()
    assert studio.code == "no_document"
    assert "Document: none" in flow.diagnostics()
