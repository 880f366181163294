"""What the docker promises, with real widgets. test_docker.py runs this file once in PyQt5 and once in PyQt6."""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from xml.etree import ElementTree

import pytest

from linewash_krita import docker as docker_module
from linewash_krita.actions import add_actions
from linewash_krita.docker import DockerPanel
from linewash_krita.linewash.editor import texts
from linewash_krita.linewash.editor.choices import ROLES, Choices
from linewash_krita.linewash.editor.remedies import Message
from linewash_krita.qt import QAction, Qt, QtCore, QtGui, QtWidgets
from linewash_krita.view import View
from linewash_krita.widgets.inputs import Bar, Chooser, Number

from .scripted_flow import EVERYTHING, FLAT_ONLY, ScriptedFlow, drawing

QTest: Any = importlib.import_module(QtCore.__name__.partition(".")[0] + ".QtTest").QTest
TROUBLE = Message(
    "The Linewash daemon, the program that works out the colours, is not running.",
    "Press Start daemon.",
    mends=("start_daemon", "free_gpu", "copy_diagnostics"),
    code="daemon_unreachable",
)
STATES = {
    "no document": View(status="The daemon is not running"),
    "no styles yet": replace(drawing(), styles=(), history=()),
    "idle": drawing(),
    "running": replace(drawing(), running="Choosing colours…", fraction=0.4),
    "live": replace(drawing(), live=True, running="Choosing colours…", fraction=0.4),
    "trouble": replace(drawing(), message=TROUBLE),
    "everything else": replace(
        drawing(),
        regions=True,
        hints=None,
        message=Message("Cancelled; nothing was changed.", calm=True),
        choices=Choices(
            style="comic-flats",
            seed=7,
            seed_locked=not Choices().seed_locked,
            variety=0.25,
            palette="A palette that was deleted",
            strength=1.5,
            gap=12.0,
            empty=(1, 2, 3),
            layers=("flats", "per_color"),
            placement="new_group",
        ),
    ),
}
DARK, LIGHT = ((239, 240, 241), (49, 49, 49)), ((31, 31, 31), (214, 214, 214))  # ink, ground
W = TypeVar("W", bound=QtCore.QObject)
application = QtWidgets.QApplication([])
application.setFont(QtGui.QFont("DejaVu Sans", 9))  # as wide as fonts get


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    texts.set_language("en")


@pytest.fixture
def flow() -> ScriptedFlow:
    return ScriptedFlow(drawing())


@pytest.fixture
def panel(flow: ScriptedFlow) -> Iterator[DockerPanel]:
    yield from _shown(flow)


def _shown(flow: ScriptedFlow, width: int = 240) -> Iterator[DockerPanel]:
    panel = DockerPanel(flow)
    panel.setStyle(QtWidgets.QStyleFactory.create("Fusion"))
    panel.resize(width, 900)
    for section in ("colors", "lines", "layers", "history"):
        _find(panel, QtWidgets.QAbstractButton, section).setChecked(True)
    panel.show()
    _settle()
    yield panel
    panel.hide()
    panel.deleteLater()
    _settle()


def _settle() -> None:
    for _ in range(10):
        application.processEvents()


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        application.processEvents(QtCore.QEventLoop.ProcessEventsFlag.AllEvents, 20)


def _find(panel: QtWidgets.QWidget, kind: type[W], name: str) -> W:
    found = panel.findChild(kind, name)
    assert found is not None, name
    return found


def _press(panel: DockerPanel, name: str) -> None:
    _find(panel, QtWidgets.QAbstractButton, name).click()


def _text(panel: DockerPanel, name: str) -> str:
    return _find(panel, QtWidgets.QLabel, name).text()


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
    for panel in _shown(flow):
        _press(panel, name)
        _settle()
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
    for panel in _shown(flow):
        _press(panel, name)
        _settle()
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
    QTest.keyClick(_find(panel, Chooser, name), key)
    assert flow.commands == [command]


@pytest.mark.parametrize(
    ("name", "field", "value"), [("variety", "variety", 0.51), ("strength", "strength", 1.01), ("gap", "gap", 1.0)]
)
def test_an_arrow_key_on_a_bar_changes_its_value_by_one(
    flow: ScriptedFlow, panel: DockerPanel, name: str, field: str, value: Any
) -> None:
    QTest.keyClick(_find(panel, Bar, name), Qt.Key.Key_Right)
    assert flow.commands == [("change", replace(drawing().choices, **{field: value}))]


def test_a_drag_asks_once_when_it_ends(flow: ScriptedFlow, panel: DockerPanel) -> None:
    bar = _find(panel, Bar, "variety")
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
    bar = _find(panel, Bar, "variety")
    end = QtCore.QPoint(bar.width() - 2, 8)
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    flow.shown = replace(flow.shown, status="another")
    _until(lambda: _text(panel, "status") == "another")
    assert bar.sliderPosition() == 100


def test_a_seed_is_taken_when_it_was_typed_to_its_end(flow: ScriptedFlow, panel: DockerPanel) -> None:
    number = _find(panel, Number, "seed")
    number.selectAll()
    QTest.keyClicks(number, "42")
    assert flow.commands == []
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert flow.commands == [("change", replace(drawing().choices, seed=42))]


def test_the_last_layer_cannot_be_unticked(flow: ScriptedFlow, panel: DockerPanel) -> None:
    flow.shown = replace(flow.shown, choices=replace(flow.shown.choices, layers=("flats",)))
    flats = _find(panel, QtWidgets.QCheckBox, "layer_flats")
    shading = _find(panel, QtWidgets.QCheckBox, "layer_shading")
    _until(lambda: not shading.isChecked())
    flats.click()
    assert flow.commands == [] and flats.isChecked()


def test_a_colour_that_leaves_empty_is_picked_in_a_dialog(flow: ScriptedFlow, panel: DockerPanel) -> None:
    _press(panel, "empty_color")
    dialog = _find(panel, QtWidgets.QColorDialog, "color_dialog")
    dialog.setCurrentColor(QtGui.QColor(10, 200, 30))
    dialog.accept()
    assert flow.commands == [("change", replace(drawing().choices, empty=(10, 200, 30)))]


def test_diagnostics_go_to_the_clipboard() -> None:
    for panel in _shown(ScriptedFlow(STATES["trouble"])):
        _press(panel, "copy_diagnostics")
        clipboard = QtWidgets.QApplication.clipboard()
        assert clipboard is not None and clipboard.text() == "linewash 0, krita 5"


def test_history_is_applied_again_by_click_and_by_enter(flow: ScriptedFlow, panel: DockerPanel) -> None:
    strip = _find(panel, QtWidgets.QListWidget, "strip")
    third = strip.visualItemRect(strip.item(2)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, third)
    assert flow.commands == [("apply_again", 3)]
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert flow.commands == [("apply_again", 3), ("apply_again", 2)]


def test_the_wheel_changes_only_what_has_the_focus(flow: ScriptedFlow, panel: DockerPanel) -> None:
    panel.activateWindow()
    _find(panel, QtWidgets.QWidget, "color").setFocus()
    for name in ("variety", "gap", "line", "style", "seed"):
        _wheel(_find(panel, QtWidgets.QWidget, name))
    assert flow.commands == []
    bar = _find(panel, Bar, "variety")
    bar.setFocus()
    _until(bar.hasFocus)
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
            _until(lambda: _find(panel, QtWidgets.QLabel, "status").toolTip() == flow.shown.status)
    assert flow.commands == []


def test_a_choice_that_the_flow_refuses_is_taken_back(flow: ScriptedFlow, panel: DockerPanel) -> None:
    line, live = _find(panel, Chooser, "line"), _find(panel, QtWidgets.QAbstractButton, "live")
    QTest.keyClick(line, Qt.Key.Key_Down)
    live.click()
    _until(lambda: line.currentText().strip() == "Ink" and not live.isChecked())


def test_layers_that_the_style_does_not_make_are_disabled_and_say_so() -> None:
    for panel in _shown(ScriptedFlow(STATES["everything else"])):
        for role in ROLES:
            box = _find(panel, QtWidgets.QCheckBox, f"layer_{role}")
            assert box.isEnabled() == (role in FLAT_ONLY.provides)
            assert ("comic-flats" in box.toolTip()) == (role not in FLAT_ONLY.provides)


def test_a_style_that_cannot_be_used_cannot_be_picked(flow: ScriptedFlow, panel: DockerPanel) -> None:
    broken = replace(FLAT_ONLY, problem="Its file is damaged.")
    flow.shown = replace(flow.shown, styles=(EVERYTHING, broken))
    style = _find(panel, Chooser, "style")
    _until(lambda: style.itemData(1, Qt.ItemDataRole.ToolTipRole) == broken.problem)
    QTest.keyClick(style, Qt.Key.Key_Down)
    assert flow.commands == []


def test_the_palette_in_use_comes_first_and_a_missing_one_is_named(panel: DockerPanel) -> None:
    palette = _find(panel, Chooser, "palette")
    assert [palette.itemText(row) for row in range(3)] == ["Any colour", "Autumn (in use)", "Default"]
    for other in _shown(ScriptedFlow(STATES["everything else"])):
        assert _find(other, Chooser, "palette").currentText() == "A palette that was deleted (missing)"


def test_without_a_document_everything_waits_and_one_sentence_says_for_what() -> None:
    view = replace(STATES["no document"], message=TROUBLE)
    for panel in _shown(ScriptedFlow(view)):
        assert _find(panel, QtWidgets.QLabel, "no_document").isVisible()
        enabled = {w.objectName() for w in _controls(panel) if w.isEnabled()}
        assert enabled == {"dismiss", "start_daemon", "free_gpu", "copy_diagnostics"}


def test_progress_appears_in_place_of_the_button_and_moves_nothing(flow: ScriptedFlow, panel: DockerPanel) -> None:
    def places() -> dict[str, QtCore.QPoint]:
        names = ("line", "live", "style", "gap", "layer_flats", "strip", "status")
        return {name: _find(panel, QtWidgets.QWidget, name).mapTo(panel, QtCore.QPoint(0, 0)) for name in names}

    color, cancel = (_find(panel, QtWidgets.QAbstractButton, name) for name in ("color", "cancel"))
    before = places()
    flow.shown = STATES["running"]
    _until(cancel.isVisible)
    assert not color.isVisible() and places() == before
    flow.shown = STATES["live"]
    _until(color.isVisible)
    assert not cancel.isVisible() and places() == before


def test_a_message_shows_its_sentence_its_remedy_and_only_its_buttons(flow: ScriptedFlow, panel: DockerPanel) -> None:
    notice = _find(panel, QtWidgets.QScrollArea, "notice")
    assert not notice.isVisible()
    flow.shown = replace(drawing(), message=replace(TROUBLE, mends=("free_gpu",)))
    _until(notice.isVisible)
    assert _text(panel, "sentence") == f"{TROUBLE.sentence} {TROUBLE.remedy}"
    mends = ("start_daemon", "free_gpu", "copy_diagnostics")
    assert [_find(panel, QtWidgets.QWidget, name).isVisible() for name in mends] == [False, True, False]
    flow.shown = drawing()
    _until(lambda: not notice.isVisible())


def test_the_history_is_newest_first_with_a_caption_each(panel: DockerPanel) -> None:
    strip = _find(panel, QtWidgets.QListWidget, "strip")
    items = [strip.item(row) for row in range(strip.count())]
    assert [item.toolTip() for item in items if item] == [row.caption for row in drawing().history]


# Fit and looks.


def _controls(panel: QtWidgets.QWidget) -> list[QtWidgets.QWidget]:
    kinds = (QtWidgets.QAbstractButton, QtWidgets.QComboBox, QtWidgets.QAbstractSlider, QtWidgets.QAbstractSpinBox)
    found = [w for w in panel.findChildren(QtWidgets.QWidget) if isinstance(w, (*kinds, QtWidgets.QListWidget))]
    return [w for w in found if w.isVisible() and not isinstance(w, QtWidgets.QScrollBar)]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("state", STATES)
def test_nothing_is_cut_at_240_px(state: str, language: str) -> None:
    texts.set_language(language)
    for panel in _shown(ScriptedFlow(STATES[state])):
        assert panel.minimumSizeHint().width() <= 240
        for control in _controls(panel):
            right = control.mapTo(panel, QtCore.QPoint(control.width(), 0)).x()
            assert right <= 240, control.objectName()
            words = isinstance(control, QtWidgets.QAbstractButton) and control.text()
            wanted = control.sizeHint().width() if words else control.minimumSizeHint().width()
            assert control.width() >= wanted, control.objectName()


@pytest.mark.parametrize("height", [200, 320, 560])
def test_a_message_is_whole_or_scrolls_in_a_low_dock(height: int) -> None:
    for panel in _shown(ScriptedFlow(STATES["trouble"])):
        panel.resize(240, height)
        _settle()
        sentence = _find(panel, QtWidgets.QLabel, "sentence")
        assert sentence.height() >= sentence.heightForWidth(sentence.width())
        notice = _find(panel, QtWidgets.QScrollArea, "notice")
        card, bar = notice.widget(), notice.verticalScrollBar()
        assert card is not None and bar is not None
        assert card.height() <= notice.height() + bar.maximum()


def test_every_control_says_what_it_is() -> None:
    for state, view in STATES.items():
        for panel in _shown(ScriptedFlow(view)):
            for control in _controls(panel):
                if control.objectName() in ("", "qt_spinbox_lineedit"):
                    raise AssertionError(f"{state}: a control without a name: {control}")
                assert control.accessibleName() and control.toolTip(), control.objectName()


def test_every_control_is_reached_by_the_keyboard(panel: DockerPanel) -> None:
    for control in _controls(panel):
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.objectName()


def test_icons_take_the_colours_of_a_new_theme(panel: DockerPanel) -> None:
    for ink, ground in (DARK, LIGHT, DARK):
        panel.setPalette(_theme(ink, ground))
        _settle()
        for name in ("new_hint_layer", "dice", "lock"):
            icon = _find(panel, QtWidgets.QAbstractButton, name).icon()
            image = icon.pixmap(QtCore.QSize(16, 16)).toImage()
            pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
            solid = [color.getRgb()[:3] for color in pixels if color.alpha() > 150]
            assert solid, name
            assert all(abs(a - b) <= 2 for color in solid for a, b in zip(color, ink, strict=True)), name


def test_a_panel_made_in_a_dark_theme_shows_no_light_ground(flow: ScriptedFlow, panel: DockerPanel) -> None:
    ink, ground = DARK
    panel.setPalette(_theme(ink, ground))
    flow.shown = replace(STATES["trouble"], history=())
    _until(lambda: _find(panel, QtWidgets.QScrollArea, "notice").isVisible())
    image = panel.grab().toImage()
    pixels = [image.pixelColor(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)]
    assert sum(color.lightness() > 170 for color in pixels) < len(pixels) * 0.1


def _theme(ink: tuple[int, int, int], ground: tuple[int, int, int]) -> QtGui.QPalette:
    palette = QtGui.QPalette(QtGui.QColor(*ground), QtGui.QColor(*ground))
    for role in ("WindowText", "Text", "ButtonText"):
        palette.setColor(getattr(QtGui.QPalette.ColorRole, role), QtGui.QColor(*ink))
    palette.setColor(QtGui.QPalette.ColorRole.Base, QtGui.QColor(*ground))
    return palette


# Menu entries.


def _entries(flow: ScriptedFlow) -> dict[str, tuple[QAction, str, str]]:
    made: dict[str, tuple[QAction, str, str]] = {}

    def create(name: str, text: str, place: str) -> QAction:
        action = QAction(text, application)
        made[name] = (action, text, place)
        return action

    add_actions(flow, create)
    return made


def test_menu_entries_give_their_commands_and_toggle_what_is() -> None:
    flow = ScriptedFlow(replace(drawing(), live=True))
    made = _entries(flow)
    for name in ("auto_color", "cancel", "live", "new_hint_layer", "show_regions"):
        made[f"linewash_{name}"][0].trigger()
    assert flow.commands == [("color",), ("cancel",), ("set_live", False), ("new_hint_layer",), ("show_regions", True)]


def test_the_menu_ticks_what_is_on_when_it_opens() -> None:
    flow = ScriptedFlow(drawing())
    made = _entries(flow)
    menu: Any = made["linewash"][0].menu()  # PyQt6 knows an action's menu as a plain object
    flow.shown = STATES["live"]
    menu.aboutToShow.emit()
    assert made["linewash_live"][0].isChecked() and not made["linewash_show_regions"][0].isChecked()
    assert flow.commands == []


def test_the_action_file_lists_the_entries_and_gives_none_a_shortcut() -> None:
    made = _entries(ScriptedFlow(drawing()))
    path = Path(docker_module.__file__).with_name("actions") / "linewash_krita.action"
    listed = {entry.get("name"): entry for entry in ElementTree.parse(path).iter("Action")}
    assert set(listed) == {name for name in made if name != "linewash"}
    for name, entry in listed.items():
        assert name is not None and not entry.findtext("shortcut")
        assert json.loads(entry.findtext("isCheckable") or "") == made[name][0].isCheckable()
