"""Tells the harness what is on the screen, as a screen reader would: a process beside GIMP, for a dialog that is open
keeps the test driver itself waiting.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent))
from player import Player  # noqa: E402

STATES = ("SENSITIVE", "CHECKED", "FOCUSED", "ACTIVE", "EXPANDED", "SELECTED", "MODAL")


class View:
    """The stage of scripts that only look."""

    def __init__(self, folder: Path, args: dict[str, Any]) -> None:
        self.folder = folder
        self.args = args
        self.result: dict[str, Any] = {}

    def widgets(self) -> list[dict[str, Any]]:
        """All that show, top window by window, each before its children."""
        desktop = Atspi.get_desktop(0)
        desktop.clear_cache()
        found: list[dict[str, Any]] = []
        for number in range(desktop.get_child_count()):
            for window in _windows(desktop, number):
                self._collect(window, "", found)
        return found

    def _collect(self, item: Any, window: str, found: list[dict[str, Any]]) -> None:
        try:
            states = item.get_state_set()
            if not states.contains(Atspi.StateType.SHOWING):
                return
            window = window or item.get_name()
            found.append({**_described(item, states), "window": window})
            children = [item.get_child_at_index(number) for number in range(item.get_child_count())]
        except (AttributeError, GLib.Error):
            return  # gone while we looked
        for child in children:
            self._collect(child, window, found)


def _windows(desktop: Any, number: int) -> list[Any]:
    """Of one application; none when it has just ended, as a plug-in does."""
    try:
        application = desktop.get_child_at_index(number)
        return [application.get_child_at_index(window) for window in range(application.get_child_count())]
    except (AttributeError, GLib.Error):
        return []


def _described(item: Any, states: Any) -> dict[str, Any]:
    place = item.get_component_iface()
    extents = place.get_extents(Atspi.CoordType.SCREEN) if place else None
    text, value = item.get_text_iface(), item.get_value_iface()
    return {
        "role": item.get_role_name(),
        "name": item.get_name() or _label(item),
        "box": [extents.x, extents.y, extents.width, extents.height] if extents else [0, 0, 0, 0],
        "states": [name.lower() for name in STATES if states.contains(getattr(Atspi.StateType, name))],
        "text": Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text)) if text else "",
        "value": value.get_current_value() if value else None,
    }


def _label(item: Any) -> str:
    for relation in item.get_relation_set():
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
            return str(relation.get_target(0).get_name())
    return ""


def _rest(seconds: float) -> None:
    if os.getppid() != PARENT:
        sys.exit()
    GLib.MainContext.default().iteration(False)
    time.sleep(seconds)


PARENT = os.getppid()
Atspi.init()
Player(View, _rest).play_all()
