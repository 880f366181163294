"""How the docker looks and fits, and its menu entries. test_docker.py runs this file in PyQt5 and in PyQt6."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from linewash_krita import docker as docker_module
from linewash_krita.actions import add_actions
from linewash_krita.docker import DockerPanel
from linewash_krita.linewash.editor import texts
from linewash_krita.qt import QAction, Qt, QtCore, QtGui, QtWidgets

from .docker_stage import STATES, application, controls, find, settle, shown, until
from .scripted_flow import ScriptedFlow, drawing

DARK, LIGHT = ((239, 240, 241), (49, 49, 49)), ((31, 31, 31), (214, 214, 214))  # ink, ground


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    texts.set_language("en")


@pytest.fixture
def flow() -> ScriptedFlow:
    return ScriptedFlow(drawing())


@pytest.fixture
def panel(flow: ScriptedFlow) -> Iterator[DockerPanel]:
    yield from shown(flow)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("state", STATES)
def test_nothing_is_cut_at_240_px(state: str, language: str) -> None:
    texts.set_language(language)
    for panel in shown(ScriptedFlow(STATES[state])):
        assert panel.minimumSizeHint().width() <= 240
        for control in controls(panel):
            right = control.mapTo(panel, QtCore.QPoint(control.width(), 0)).x()
            assert right <= 240, control.objectName()
            words = isinstance(control, QtWidgets.QAbstractButton) and control.text()
            wanted = control.sizeHint().width() if words else control.minimumSizeHint().width()
            assert control.width() >= wanted, control.objectName()


@pytest.mark.parametrize("height", [200, 320, 560])
def test_a_message_is_whole_or_scrolls_in_a_low_dock(height: int) -> None:
    for panel in shown(ScriptedFlow(STATES["trouble"])):
        panel.resize(240, height)
        settle()
        sentence = find(panel, QtWidgets.QLabel, "sentence")
        assert sentence.height() >= sentence.heightForWidth(sentence.width())
        notice = find(panel, QtWidgets.QScrollArea, "notice")
        card, bar = notice.widget(), notice.verticalScrollBar()
        assert card is not None and bar is not None
        assert card.height() <= notice.height() + bar.maximum()


def test_every_control_says_what_it_is() -> None:
    for state, view in STATES.items():
        for panel in shown(ScriptedFlow(view)):
            for control in controls(panel):
                if control.objectName() in ("", "qt_spinbox_lineedit"):
                    raise AssertionError(f"{state}: a control without a name: {control}")
                assert control.accessibleName() and control.toolTip(), control.objectName()


def test_every_control_is_reached_by_the_keyboard(panel: DockerPanel) -> None:
    for control in controls(panel):
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.objectName()


def test_icons_take_the_colours_of_a_new_theme(panel: DockerPanel) -> None:
    for ink, ground in (DARK, LIGHT, DARK):
        panel.setPalette(_theme(ink, ground))
        settle()
        for name in ("new_hint_layer", "dice", "lock"):
            icon = find(panel, QtWidgets.QAbstractButton, name).icon()
            image = icon.pixmap(QtCore.QSize(16, 16)).toImage()
            pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
            solid = [color.getRgb()[:3] for color in pixels if color.alpha() > 150]
            assert solid, name
            assert all(abs(a - b) <= 2 for color in solid for a, b in zip(color, ink, strict=True)), name


def test_a_panel_made_in_a_dark_theme_shows_no_light_ground(flow: ScriptedFlow, panel: DockerPanel) -> None:
    ink, ground = DARK
    panel.setPalette(_theme(ink, ground))
    flow.shown = replace(STATES["trouble"], history=())
    until(lambda: find(panel, QtWidgets.QScrollArea, "notice").isVisible())
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
    for name in ("auto_color", "cancel", "live", "new_hint_layer", "show_regions", "roll_seed", "free_gpu"):
        made[f"linewash_{name}"][0].trigger()
    assert flow.commands[:5] == [
        ("color",), ("cancel",), ("set_live", False), ("new_hint_layer",), ("show_regions", True),
    ]  # fmt: skip
    assert flow.commands[5:] == [("roll_seed",), ("free_gpu",)]


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
