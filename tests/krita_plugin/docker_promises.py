"""What the docker promises, with real widgets. test_docker.py runs this file once in PyQt5 and once in PyQt6."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from linewash_krita.docker import DockerPanel
from linewash_krita.linewash.editor.choices import ROLES, Choices
from linewash_krita.qt import Qt, QtCore, QtGui, QtWidgets
from linewash_krita.widgets.inputs import Bar, Chooser, Number

from .docker_stage import STATES, TROUBLE, controls, find, press, settle, shown, text, until
from .scripted_flow import EVERYTHING, FLAT_ONLY, ScriptedFlow, drawing

QTest: Any = importlib.import_module(QtCore.__name__.partition(".")[0] + ".QtTest").QTest


@pytest.fixture
def flow() -> ScriptedFlow:
    return ScriptedFlow(drawing())


@pytest.fixture
def panel(flow: ScriptedFlow) -> Iterator[DockerPanel]:
    yield from shown(flow)


# Commands.


@pytest.mark.parametrize(
    ("state", "name", "command"),
    [
        ("idle", "color", ("color",)),
        ("running", "cancel", ("cancel",)),
        ("idle", "live", ("set_live", True)),
        ("live", "live", ("set_live", False)),
        ("idle", "new_hint_layer", ("new_hint_layer",)),
        ("idle", "dice", ("roll_seed",)),
        ("idle", "regions", ("show_regions", True)),
        ("everything else", "regions", ("show_regions", False)),
        ("trouble", "start_daemon", ("start_daemon",)),
        ("trouble", "free_gpu", ("free_gpu",)),
        ("trouble", "dismiss", ("dismiss",)),
    ],
)
def test_every_button_gives_its_command_once(state: str, name: str, command: tuple[object, ...]) -> None:
    flow = ScriptedFlow(STATES[state])
    for panel in shown(flow):
        press(panel, name)
        settle()
        assert flow.commands == [command]


@pytest.mark.parametrize(
    ("state", "name", "field", "value"),
    [
        ("idle", "lock", "seed_locked", not Choices().seed_locked),
        ("idle", "leave_empty", "empty", (255, 0, 255)),
        ("everything else", "leave_empty", "empty", None),
        ("idle", "layer_per_color", "layers", ("flats", "shading", "highlights", "per_color")),
        ("idle", "layer_shading", "layers", ("flats", "highlights")),
        ("idle", "new_group", "placement", "new_group"),
        ("everything else", "update", "placement", "update"),
    ],
)
def test_every_toggle_changes_its_choice_and_no_other(state: str, name: str, field: str, value: Any) -> None:
    flow = ScriptedFlow(STATES[state])
    before = flow.shown.choices
    for panel in shown(flow):
        press(panel, name)
        settle()
        assert flow.commands == [("change", replace(before, **{field: value}))]


@pytest.mark.parametrize(
    ("name", "key", "command"),
    [
        ("line", Qt.Key.Key_Down, ("choose_line", "strokes")),
        ("hints", Qt.Key.Key_Down, ("choose_hints", "back")),
        ("hints", Qt.Key.Key_Home, ("choose_hints", None)),
        ("palette", Qt.Key.Key_Down, ("change", replace(drawing().choices, palette="Autumn"))),
        ("palette", Qt.Key.Key_End, ("change", replace(drawing().choices, palette="Kitchen"))),
        ("style", Qt.Key.Key_Down, ("change", replace(drawing().choices, style="comic-flats", layers=("flats",)))),
    ],
)
def test_a_pick_from_a_list_gives_its_command(
    flow: ScriptedFlow, panel: DockerPanel, name: str, key: Qt.Key, command: tuple[object, ...]
) -> None:
    QTest.keyClick(find(panel, Chooser, name), key)
    assert flow.commands == [command]


@pytest.mark.parametrize(
    ("name", "field", "value"), [("variety", "variety", 0.51), ("strength", "strength", 1.01), ("gap", "gap", 1.0)]
)
def test_an_arrow_key_on_a_bar_changes_its_value_by_one(
    flow: ScriptedFlow, panel: DockerPanel, name: str, field: str, value: Any
) -> None:
    QTest.keyClick(find(panel, Bar, name), Qt.Key.Key_Right)
    assert flow.commands == [("change", replace(drawing().choices, **{field: value}))]


def test_a_drag_asks_once_when_it_ends(flow: ScriptedFlow, panel: DockerPanel) -> None:
    bar = find(panel, Bar, "variety")
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(bar, left, Qt.KeyboardModifier.NoModifier, QtCore.QPoint(bar.width() // 4, 8))
    for x in (bar.width() // 2, bar.width() - 2):
        _drag(bar, QtCore.QPointF(x, 8))
    assert bar.sliderPosition() == 100
    assert flow.commands == []
    QTest.mouseRelease(bar, left, Qt.KeyboardModifier.NoModifier, QtCore.QPoint(bar.width() - 2, 8))
    assert flow.commands == [("change", replace(drawing().choices, variety=1.0))]


def _drag(widget: QtWidgets.QWidget, to: QtCore.QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    event = QtGui.QMouseEvent(QtCore.QEvent.Type.MouseMove, to, to, none, left, Qt.KeyboardModifier.NoModifier)
    QtWidgets.QApplication.sendEvent(widget, event)


def test_a_view_that_comes_during_a_drag_leaves_the_bar_in_the_hand(flow: ScriptedFlow, panel: DockerPanel) -> None:
    bar = find(panel, Bar, "variety")
    end = QtCore.QPoint(bar.width() - 2, 8)
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    flow.shown = replace(flow.shown, status="another")
    until(lambda: text(panel, "status") == "another")
    assert bar.sliderPosition() == 100


def test_a_seed_is_taken_when_it_was_typed_to_its_end(flow: ScriptedFlow, panel: DockerPanel) -> None:
    number = find(panel, Number, "seed")
    number.selectAll()
    QTest.keyClicks(number, "42")
    assert flow.commands == []
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert flow.commands == [("change", replace(drawing().choices, seed=42))]


def test_the_last_layer_cannot_be_unticked(flow: ScriptedFlow, panel: DockerPanel) -> None:
    flow.shown = replace(flow.shown, choices=replace(flow.shown.choices, layers=("flats",)))
    flats = find(panel, QtWidgets.QCheckBox, "layer_flats")
    shading = find(panel, QtWidgets.QCheckBox, "layer_shading")
    until(lambda: not shading.isChecked())
    flats.click()
    assert flow.commands == [] and flats.isChecked()


def test_a_colour_that_leaves_empty_is_picked_in_a_dialog(flow: ScriptedFlow, panel: DockerPanel) -> None:
    press(panel, "empty_color")
    dialog = find(panel, QtWidgets.QColorDialog, "color_dialog")
    dialog.setCurrentColor(QtGui.QColor(10, 200, 30))
    dialog.accept()
    assert flow.commands == [("change", replace(drawing().choices, empty=(10, 200, 30)))]


def test_diagnostics_go_to_the_clipboard() -> None:
    for panel in shown(ScriptedFlow(STATES["trouble"])):
        press(panel, "copy_diagnostics")
        clipboard = QtWidgets.QApplication.clipboard()
        assert clipboard is not None and clipboard.text() == "linewash 0, krita 5"


def test_history_is_applied_again_by_click_and_by_enter(flow: ScriptedFlow, panel: DockerPanel) -> None:
    strip = find(panel, QtWidgets.QListWidget, "strip")
    third = strip.visualItemRect(strip.item(2)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, third)
    assert flow.commands == [("apply_again", 3)]
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert flow.commands == [("apply_again", 3), ("apply_again", 2)]


def test_the_wheel_changes_only_what_has_the_focus(flow: ScriptedFlow, panel: DockerPanel) -> None:
    panel.activateWindow()
    find(panel, QtWidgets.QWidget, "color").setFocus()
    for name in ("variety", "gap", "line", "style", "seed"):
        _wheel(find(panel, QtWidgets.QWidget, name))
    assert flow.commands == []
    bar = find(panel, Bar, "variety")
    bar.setFocus()
    until(bar.hasFocus)
    _wheel(bar)
    assert [name for name, *_ in flow.commands] == ["change"]


def _wheel(widget: QtWidgets.QWidget) -> None:
    middle = QtCore.QPointF(widget.rect().center())
    event = QtGui.QWheelEvent(
        middle,
        QtCore.QPointF(widget.mapToGlobal(widget.rect().center())),
        QtCore.QPoint(0, 0),
        QtCore.QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QtWidgets.QApplication.sendEvent(widget, event)


# What is shown.


def test_showing_any_state_after_any_other_gives_no_command(flow: ScriptedFlow, panel: DockerPanel) -> None:
    for turn, (first, second) in enumerate((a, b) for a in STATES for b in STATES):
        for state in (first, second):
            flow.shown = replace(STATES[state], status=f"{turn} {state}"[:9])
            until(lambda: find(panel, QtWidgets.QLabel, "status").toolTip() == flow.shown.status)
    assert flow.commands == []


def test_a_choice_that_the_flow_refuses_is_taken_back(flow: ScriptedFlow, panel: DockerPanel) -> None:
    line, live = find(panel, Chooser, "line"), find(panel, QtWidgets.QAbstractButton, "live")
    QTest.keyClick(line, Qt.Key.Key_Down)
    live.click()
    until(lambda: line.currentText().strip() == "Ink" and not live.isChecked())


def test_layers_that_the_style_does_not_make_are_disabled_and_say_so() -> None:
    for panel in shown(ScriptedFlow(STATES["everything else"])):
        for role in ROLES:
            box = find(panel, QtWidgets.QCheckBox, f"layer_{role}")
            assert box.isEnabled() == (role in FLAT_ONLY.provides)
            assert ("comic-flats" in box.toolTip()) == (role not in FLAT_ONLY.provides)


def test_a_style_that_cannot_be_used_cannot_be_picked(flow: ScriptedFlow, panel: DockerPanel) -> None:
    broken = replace(FLAT_ONLY, problem="Its file is damaged.")
    flow.shown = replace(flow.shown, styles=(EVERYTHING, broken))
    style = find(panel, Chooser, "style")
    until(lambda: style.itemData(1, Qt.ItemDataRole.ToolTipRole) == broken.problem)
    QTest.keyClick(style, Qt.Key.Key_Down)
    assert flow.commands == []


def test_the_palette_in_use_comes_first_and_a_missing_one_is_named(panel: DockerPanel) -> None:
    palette = find(panel, Chooser, "palette")
    assert [palette.itemText(row) for row in range(3)] == ["Any colour", "Autumn (in use)", "Default"]
    for other in shown(ScriptedFlow(STATES["everything else"])):
        assert find(other, Chooser, "palette").currentText() == "A palette that was deleted (missing)"


def test_without_a_document_everything_waits_and_one_sentence_says_for_what() -> None:
    view = replace(STATES["no document"], message=TROUBLE)
    for panel in shown(ScriptedFlow(view)):
        assert find(panel, QtWidgets.QLabel, "no_document").isVisible()
        enabled = {w.objectName() for w in controls(panel) if w.isEnabled()}
        assert enabled == {"dismiss", "start_daemon", "free_gpu", "copy_diagnostics"}


def test_progress_appears_in_place_of_the_button_and_moves_nothing(flow: ScriptedFlow, panel: DockerPanel) -> None:
    def places() -> dict[str, QtCore.QPoint]:
        names = ("line", "live", "style", "gap", "layer_flats", "strip", "status")
        return {name: find(panel, QtWidgets.QWidget, name).mapTo(panel, QtCore.QPoint(0, 0)) for name in names}

    color, cancel = (find(panel, QtWidgets.QAbstractButton, name) for name in ("color", "cancel"))
    before = places()
    flow.shown = STATES["running"]
    until(cancel.isVisible)
    assert not color.isVisible() and places() == before
    flow.shown = STATES["live"]
    until(color.isVisible)
    assert not cancel.isVisible() and places() == before


def test_a_message_shows_its_sentence_its_remedy_and_only_its_buttons(flow: ScriptedFlow, panel: DockerPanel) -> None:
    notice = find(panel, QtWidgets.QScrollArea, "notice")
    assert not notice.isVisible()
    flow.shown = replace(drawing(), message=replace(TROUBLE, mends=("free_gpu",)))
    until(notice.isVisible)
    assert text(panel, "sentence") == f"{TROUBLE.sentence} {TROUBLE.remedy}"
    mends = ("start_daemon", "free_gpu", "copy_diagnostics")
    assert [find(panel, QtWidgets.QWidget, name).isVisible() for name in mends] == [False, True, False]
    flow.shown = drawing()
    until(lambda: not notice.isVisible())


def test_the_history_is_newest_first_with_a_caption_each(panel: DockerPanel) -> None:
    strip = find(panel, QtWidgets.QListWidget, "strip")
    items = [strip.item(row) for row in range(strip.count())]
    assert [item.toolTip() for item in items if item] == [row.caption for row in drawing().history]
