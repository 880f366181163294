"""Animated documents: colours belong to one frame, and others are never touched."""

from __future__ import annotations

from .stand_in import Document
from .studio import BLUE, INK, Studio, groups, looks


def animated(studio: Studio, *frames: int) -> Document:
    """Lines on each of these frames; the first of them is the current one."""
    document = studio.open()
    document.layer("Lines").animate(*frames)
    for time in reversed(frames):
        document.setCurrentTime(time)
        document.layer("Lines").stroke(2, 2, 9, 9, INK)
    document.undo_steps.clear()
    studio.look()
    return document


def seen(document: Document, *frames: int) -> list[tuple[int, ...]]:
    """The topmost flats, pixel by pixel, on each of these frames."""
    flats, found = groups(document)[-1].children_nodes[0], []
    for time in frames:
        document.setCurrentTime(time)
        found.append(flats.rgba(20, 20))
    return found


def test_colours_of_one_frame_show_on_that_frame_only(studio: Studio) -> None:
    document = studio.open()
    document.layer("Lines").animate(3, 6)
    for time in (0, 3, 6):
        document.setCurrentTime(time)
        document.layer("Lines").stroke(2, 2, 9, 9, INK)
    document.setCurrentTime(3)
    document.undo_steps.clear()
    studio.look()
    studio.color()
    flats = document.layer("Flats")
    seen = []
    for time in (0, 2, 3, 4, 6):
        document.setCurrentTime(time)
        seen.append(flats.rgba(20, 20)[3])
    assert seen == [0, 0, 255, 0, 0]
    assert len(document.undo_steps) == 1


def test_another_frame_gets_a_group_of_its_own(studio: Studio) -> None:
    document = studio.open()
    document.layer("Lines").animate(3)
    studio.color()
    first = document.layer("Flats").looks()
    document.setCurrentTime(3)
    document.layer("Lines").stroke(2, 2, 9, 9, INK)
    studio.choose(seed=BLUE)
    studio.color()
    assert len(groups(document)) == 2
    assert studio.code == ""
    assert groups(document)[0].children_nodes[0].looks() == first


def test_back_at_a_frame_its_own_group_is_updated(studio: Studio) -> None:
    document = studio.open()
    document.layer("Lines").animate(2, 5)
    for time in (2, 5, 2):
        document.setCurrentTime(time)
        document.layer("Lines").stroke(2, 2, 9, 9, INK)
        studio.look()
        studio.color()
        assert studio.code == ""
    assert len(groups(document)) == 2


def test_colours_for_a_frame_that_the_artist_left_meanwhile_show_on_that_frame(studio: Studio) -> None:
    document = animated(studio, 3, 6)
    number = len(studio.daemon.jobs()) + 1
    studio.choose(style="wait left")
    studio.flow.color()
    studio.until_job(number)
    document.setCurrentTime(6)
    studio.daemon.open_gate("left")
    studio.finish()
    assert seen(document, 3, 6) == [(255, 0, 0, 255), (0, 0, 0, 0)]
    assert len(document.undo_steps) == 1


def test_an_update_for_a_frame_that_the_artist_left_repaints_no_other(studio: Studio) -> None:
    document = animated(studio, 3, 6)
    studio.color()
    document.setCurrentTime(6)
    studio.look()
    studio.color()
    on_six = seen(document, 6)
    number = len(studio.daemon.jobs()) + 1
    studio.choose(seed=BLUE, style="wait gone")
    studio.flow.color()
    studio.until_job(number)
    document.setCurrentTime(3)
    before = groups(document)[0].children_nodes[0].rgba(20, 20)
    studio.daemon.open_gate("gone")
    studio.finish()
    assert groups(document)[0].children_nodes[0].rgba(20, 20) == before
    assert seen(document, 3, 6) == [(0, 0, 0, 0), (0, 0, 255, 255)]
    assert on_six == [(255, 0, 0, 255)]
    assert studio.code == ""


def test_live_inserts_nothing_for_a_frame_that_the_artist_left(studio: Studio) -> None:
    document = animated(studio, 3, 6)
    studio.flow.set_live(True)
    studio.until(lambda: groups(document))
    studio.finish()
    number = len(studio.daemon.jobs()) + 1
    studio.choose(seed=BLUE, style="wait flown")
    studio.until_job(number)
    document.setCurrentTime(6)
    before = looks(document)
    studio.daemon.open_gate("flown")
    studio.finish()
    assert looks(document) == before
    assert seen(document, 3, 6) == [(255, 0, 0, 255), (0, 0, 0, 0)]
