"""The filter's dialog, used as an artist does."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageStat

from .console import SCRIPTS
from .gui import GimpWindow, Widget

MENU = ("Filters", "Colors", "Auto color (Linewash)…")
TITLE = "Auto color"
DRAWING = SCRIPTS / "drawing.py"
COLORED = 20.0  # mean saturation (0…255) that no uncoloured drawing has
START_LIMIT_S = 60.0
_SETTLED = 0.3  # seconds in which a change is on its way to the daemon
_BUTTONS = 40  # px of the two at the right end of a slider


class Dialog:
    def __init__(self, window: GimpWindow) -> None:
        self.window = window

    def open(self) -> None:
        """By the menu."""
        self.window.choose(*MENU)
        self.window.find("OK", "button", TITLE)

    def press(self, name: str) -> None:
        """Once it stands still: the dialog grows and shrinks with what it has to say."""
        boxes = [self.window.find(name, window=TITLE).box]

        def rests() -> bool:
            time.sleep(_SETTLED)
            boxes.append(self.window.find(name, window=TITLE).box)
            return boxes[-1] == boxes[-2]

        self.window.wait(rests, f"{name!r} stands still")
        self.window.press(name, window=TITLE)

    def closes_with(self, name: str) -> None:
        self.press(name)
        self.window.wait(lambda: TITLE not in self.window.windows(), f"the dialog is gone after {name}")

    def tick(self, name: str, on: bool) -> None:
        box = self.window.find(name, "check box", TITLE)
        if ("checked" in box.states) != on:
            self.press(name)

    def choose(self, label: str, entry: str) -> None:
        """In the list beside the label."""
        x, y = self._beside(label).middle
        self.window.click(x, y)
        self.window.wait(lambda: self._entry(entry), f"{entry!r} in the list {label!r}")
        time.sleep(_SETTLED)  # the list opens, and a click at once would only close it
        found = self.window.wait(lambda: self._entry(entry), f"{entry!r} in the list {label!r}")
        self.window.click(*found.middle)

    def set(self, number: int, value: str) -> None:
        """Write it over the number of a slider, counted from 0 at the top."""
        scales = sorted((w for w in self._spin_buttons() if w.box[3] < 30), key=lambda w: w.box[1])
        x, y, width, height = scales[number].box
        self.window.click(x + width - _BUTTONS - 10, y + height // 2)
        self.window.keys("ctrl+a")
        self.window.write(value)
        self.window.keys("Tab")

    def saturation(self) -> float:
        """Mean of the preview, 0…255."""
        return float(ImageStat.Stat(self.picture().convert("HSV")).mean[1])

    def picture(self) -> Image.Image:
        """The preview as it is on the screen."""
        return self.viewer()()

    def viewer(self) -> Callable[[], Image.Image]:
        """Looks at the preview as long as the dialog stays where it is, sooner than `picture`."""
        icons = [widget for widget in self.window.widgets(TITLE) if widget.role == "icon"]
        x, y, width, height = max(icons, key=lambda widget: widget.box[2]).box

        def look() -> Image.Image:
            with Image.open(self.window.shot("preview")) as screen:
                return screen.convert("RGB").crop((x + 2, y + 2, x + width - 2, y + height - 2))

        return look

    def shows_colors(self, limit: float = START_LIMIT_S) -> None:
        """Wait for a coloured preview; the pointer lies beside it."""
        self.window.wait(lambda: self.saturation() > COLORED, "the preview is coloured", limit)

    def settles(self) -> None:
        """Wait until the preview is what was chosen."""
        pictures = [self.picture()]

        def same() -> bool:
            pictures.append(self.picture())
            return pictures[-1] == pictures[-2] and not self._is_at_work()

        time.sleep(_SETTLED)
        self.window.wait(same, "the preview stands still")

    def _is_at_work(self) -> bool:
        spinner = self.window.find("Spinner", "animation", TITLE)
        _, y, _, _ = spinner.box
        return any(w.text for w in self.window.widgets(TITLE) if w.role == "label" and w.box[1] == y)

    def _spin_buttons(self) -> list[Widget]:
        return [widget for widget in self.window.widgets(TITLE) if widget.role == "spin button"]

    def _beside(self, label: str) -> Widget:
        _, y, _, _ = self.window.find(label, "label", TITLE).box
        return next(w for w in self.window.widgets(TITLE) if w.role == "combo box" and w.box[1] == y)

    def _entry(self, name: str) -> Widget | None:
        entries = [w for w in self.window.widgets() if w.role.endswith("menu item") and min(w.box) >= 0]
        return next((w for w in entries if w.name.strip() == name and w.box[2] > 20), None)


def show(window: GimpWindow, line: Path, hints: Path | None = None) -> None:
    """Open a drawing, its lines active."""
    window.play(DRAWING, "show", line=str(line), hints=str(hints or ""))
    window.wait(lambda: any(name.endswith("GIMP") and "layer" in name for name in window.windows()), "its window")


def look(window: GimpWindow) -> dict[str, Any]:
    """See scripts/drawing.py."""
    return window.play(DRAWING, "look")
