"""*Live*: colours follow the strokes, the latest wins, and switched off it stops at once."""

from __future__ import annotations

from .stand_in import Document, Node
from .studio import BLUE, Studio, groups, looks

STROKE = (250, 120, 0, 255)


def live(studio: Studio) -> tuple[Document, Node]:
    """A document with hints, coloured by *Live* for the first time."""
    document = studio.open()
    hints = studio.hints(document)
    document.undo_steps.clear()
    studio.flow.set_live(True)
    studio.until(lambda: groups(document))
    studio.finish()
    return document, hints


def flats(document: Document) -> tuple[int, ...]:
    return document.layer("Flats").rgba(20, 20)


def test_colours_come_when_it_is_switched_on(studio: Studio) -> None:
    document, _ = live(studio)
    assert studio.flow.view().live
    assert flats(document) == (255, 0, 0, 255)
    assert len(document.undo_steps) == 1


def test_a_stroke_of_hints_is_followed_without_an_undo_step_of_ours(studio: Studio) -> None:
    document, hints = live(studio)
    number = len(studio.daemon.jobs()) + 1
    hints.stroke(6, 6, 3, 3, STROKE)
    studio.until_job(number)
    studio.finish()
    assert studio.daemon.pixels(number, "hints")[(6 * 32 + 6) * 4 :][:4] == bytes(STROKE)
    assert len(document.undo_steps) == 2  # the first group, the stroke
    assert len(groups(document)) == 1


def test_other_choices_are_followed(studio: Studio) -> None:
    document, _ = live(studio)
    studio.choose(seed=BLUE)
    studio.until(lambda: flats(document) == (0, 0, 255, 255))


def test_lines_drawn_on_are_followed(studio: Studio) -> None:
    document, _ = live(studio)
    document.activate(document.layer("Lines"))
    studio.look()
    studio.finish()
    number = len(studio.daemon.jobs()) + 1
    document.layer("Lines").stroke(20, 2, 5, 5, (0, 0, 0, 255))
    studio.until_job(number)
    studio.finish()
    assert studio.daemon.pixels(number, "lineart")[(3 * 32 + 22) * 4 + 3] == 255


def test_where_nothing_changes_nothing_is_asked_for(studio: Studio) -> None:
    live(studio)
    number = len(studio.daemon.jobs())
    for _ in range(20):
        studio.look()
    assert studio.flow.view().running is None
    assert len(studio.daemon.jobs()) == number


def test_the_latest_stroke_wins(studio: Studio) -> None:
    document, hints = live(studio)
    number = len(studio.daemon.jobs()) + 1
    studio.choose(style="wait never", seed=BLUE)
    studio.until_job(number)
    studio.choose(style="", seed=0x00FF00)
    hints.stroke(6, 6, 3, 3, STROKE)
    studio.until_job(number + 1)
    studio.finish()
    assert flats(document) == (0, 255, 0, 255)
    studio.until(lambda: studio.daemon.status().running == 0)
    assert len(groups(document)) == 1


def test_switched_off_it_stops_at_once_and_nothing_comes_any_more(studio: Studio) -> None:
    document, _ = live(studio)
    number = len(studio.daemon.jobs()) + 1
    studio.choose(style="wait off", seed=BLUE)
    studio.until_job(number)
    studio.flow.set_live(False)
    assert studio.flow.view().running is None and not studio.flow.view().live
    before = looks(document)
    studio.daemon.open_gate("off")
    studio.until(lambda: studio.daemon.status().running == 0)
    for _ in range(20):
        studio.look()
    assert looks(document) == before
    assert len(studio.daemon.jobs()) == number


def test_switched_on_again_it_colours_what_is_there(studio: Studio) -> None:
    live(studio)
    studio.flow.set_live(False)
    number = len(studio.daemon.jobs())
    studio.flow.set_live(True)
    studio.until_job(number + 1)
    studio.finish()


def test_a_failure_switches_it_off_with_a_message(studio: Studio) -> None:
    document, _ = live(studio)
    before = looks(document)
    studio.choose(style="fail busy")
    studio.until(lambda: studio.code)
    assert studio.code == "busy"
    assert not studio.flow.view().live
    assert looks(document) == before


def test_layers_that_the_artist_paints_on_are_left_to_them(studio: Studio) -> None:
    document, hints = live(studio)
    painted = document.layer("Shading")
    painted.stroke(0, 0, 4, 4, (1, 2, 3, 255))
    kept = painted.looks()
    hints.stroke(6, 6, 3, 3, STROKE)
    studio.until(lambda: len(groups(document)) == 2)
    studio.finish()
    assert painted.looks() == kept


def test_a_click_while_it_is_on_is_obeyed(studio: Studio) -> None:
    document, _ = live(studio)
    studio.choose(style="", seed=BLUE)
    studio.color()
    assert flats(document) == (0, 0, 255, 255)
    assert studio.flow.view().live


def test_another_drawing_is_not_coloured_until_it_is_switched_on_there(studio: Studio) -> None:
    first, _ = live(studio)
    before = looks(first)
    second = studio.open("second")
    studio.choose(seed=BLUE)
    for _ in range(5):
        studio.look()
    assert not studio.flow.view().live
    assert groups(second) == [] and looks(first) == before
    studio.flow.set_live(True)
    studio.until(lambda: groups(second))
    studio.finish()
    assert flats(second) == (0, 0, 255, 255) and looks(first) == before


def test_back_at_the_first_drawing_its_strokes_are_followed_again(studio: Studio) -> None:
    first, hints = live(studio)
    studio.open("second")
    studio.look()
    studio.front(first)
    studio.look()
    assert studio.flow.view().live
    number = len(studio.daemon.jobs()) + 1
    hints.stroke(6, 6, 3, 3, STROKE)
    studio.until_job(number)
    studio.finish()
    assert len(groups(first)) == 1


def test_a_new_drawing_after_the_last_one_was_closed_is_not_followed(studio: Studio) -> None:
    document, _ = live(studio)
    studio.close(document)
    for _ in range(5):
        studio.look()
    assert studio.code in ("", "document_closed")
    again = studio.open()
    for _ in range(5):
        studio.look()
    assert groups(again) == [] and not studio.flow.view().live


def test_without_a_drawing_it_can_not_be_switched_on(studio: Studio) -> None:
    studio.flow.set_live(True)
    assert not studio.flow.view().live
    assert studio.code == "no_document"
