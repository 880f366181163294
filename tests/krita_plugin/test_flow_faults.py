"""Faults of our own, full memory, clicks at the wrong moment: a sentence at most, and the next click works."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from linewash_krita.linewash.session import Session

from .stand_in import Node
from .studio import BLUE, Studio, groups, looks


def full(*arguments: object, **names: object) -> Any:
    raise MemoryError


def test_memory_that_is_full_while_the_drawing_is_read_is_said(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    document = studio.open()
    before = looks(document)
    with monkeypatch.context() as patch:
        patch.setattr("linewash_krita.application.layers.swapped", full)
        studio.color()
    assert studio.code == "out_of_memory"
    assert looks(document) == before and studio.krita.documents() == [document]
    studio.color()
    assert len(groups(document)) == 1
    studio.faults_expected = True


def test_memory_that_is_full_while_the_answer_comes_is_said(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    document = studio.open()
    studio.choose(style="wait full")
    studio.flow.color()
    studio.until_job(len(studio.daemon.jobs()) + 1)
    with monkeypatch.context() as patch:
        patch.setattr(Session, "poll", full)
        studio.finish()
    assert studio.code == "out_of_memory" and groups(document) == []
    studio.choose(style="")
    studio.color()
    assert studio.code == "" and len(groups(document)) == 1
    studio.faults_expected = True


def test_a_result_that_cannot_be_packed_away_is_inserted_all_the_same(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = studio.open()
    with monkeypatch.context() as patch:
        patch.setattr("linewash_krita.coloring.pack", full)
        studio.color()
        studio.until(lambda: "MemoryError" in studio.flow.diagnostics())
    assert studio.code == "" and len(groups(document)) == 1
    studio.choose(seed=BLUE)
    studio.color()
    studio.until(lambda: studio.flow.view().history)
    assert document.layer("Flats").rgba(20, 20) == (0, 0, 255, 255)
    studio.faults_expected = True


def test_a_fault_while_something_is_dropped_is_told_by_no_traceback(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = studio.open()
    studio.flow.color()
    studio.until(lambda: len(studio.krita.documents()) > 1)  # the hidden one, in which the group is built
    with monkeypatch.context() as patch:
        patch.setattr("linewash_krita.application.spaces.Bench.close", full)
        studio.flow.cancel()
    assert studio.flow.view().running is None
    assert groups(document) == []
    studio.faults_expected = True


def test_a_canvas_that_is_too_large_is_refused_before_it_is_read(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linewash_krita.coloring.MAX_SIDE", 31)  # one below the document's width
    monkeypatch.setattr("linewash_krita.application.layers.swapped", full)
    document = studio.open()
    before = looks(document)
    studio.color()
    assert studio.code == "document_too_large"
    assert looks(document) == before


def test_the_start_of_the_daemon_can_be_cancelled(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("LINEWASH_DAEMON", f'"{sys.executable}" -c "input()"')  # ends at once, and lets us wait for it
    studio.open()
    studio.flow.start_daemon()
    studio.flow.cancel()
    studio.finish()
    assert studio.code == "cancelled"


def test_what_is_interrupted_right_after_it_was_inserted_does_not_count_as_painted_on(studio: Studio) -> None:
    studio.choose(layers=("flats", "shading", "highlights", "color"))
    document = studio.open()
    studio.flow.color()
    studio.until(lambda: groups(document))
    studio.flow.cancel()
    studio.choose(seed=BLUE)
    studio.color()
    assert studio.code == "" and len(groups(document)) == 1


def test_a_click_on_a_result_right_after_changing_documents_lands_in_neither(studio: Studio) -> None:
    first = studio.open("first")
    studio.color()
    (row,) = studio.until(lambda: studio.flow.view().history).history
    second = studio.open("second")
    studio.front(first)
    before = looks(first), looks(second)
    studio.krita.front = second
    studio.flow.apply_again(row.key)
    studio.finish()
    assert (looks(first), looks(second)) == before


def test_a_click_on_a_result_right_after_its_document_was_closed_opens_it_as_a_new_one(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    (row,) = studio.until(lambda: studio.flow.view().history).history
    document.setModified(False)
    document.close()
    studio.flow.apply_again(row.key)
    studio.finish()
    (opened,) = studio.krita.documents()
    assert len(groups(opened)) == 1


def test_layers_that_were_chosen_come_back_with_a_file_that_was_never_coloured(studio: Studio, tmp_path: Path) -> None:
    document = studio.open()
    hints = studio.hints(document)
    studio.flow.choose_line(document.layer("Background").key())
    path = str(tmp_path / "page.kra")
    document.saveAs(path)
    studio.close(document)
    next_day = Studio(studio.krita, studio.daemon)
    again = studio.krita.openDocument(path)
    assert again is not None
    studio.krita.activeWindow().addView(again)
    view = next_day.look()
    assert (view.line, view.hints) == (again.layer("Background").key(), hints.key())
    next_day.flow.close()


@pytest.mark.parametrize("live", [False, True])
def test_repainting_that_has_begun_is_finished(studio: Studio, monkeypatch: pytest.MonkeyPatch, live: bool) -> None:
    document = studio.open()
    studio.choose(layers=("shading", "flats"))
    studio.color()
    first, last = document.layer("Shading").key(), document.layer("Flats")
    written, write = [], Node.setPixelData

    def noted(node: Node, *arguments: Any) -> bool:
        written.append(node.key())
        return write(node, *arguments)

    studio.choose(seed=BLUE)
    monkeypatch.setattr(Node, "setPixelData", noted)
    if live:
        studio.flow.set_live(True)
    else:
        studio.flow.color()
    while first not in written:
        studio.flow.tick()
    assert last.key() not in written
    if live:
        studio.flow.set_live(False)
    else:
        studio.flow.cancel()
    studio.finish()
    assert last.rgba(20, 20) == (0, 0, 255, 255)
    assert studio.code == ""
