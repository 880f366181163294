"""GIMP with its window, used as an artist does: by mouse and keys, looking at what is on the screen."""

from __future__ import annotations

import functools
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.editors.display import screen
from tests.editors.editor import Editor
from tests.editors.install import SCREEN, install

from .console import HOUSEKEEPING, SCRIPTS, START_LIMIT_S, Gimp, gimp_place, gimp_profile, started
from .profile import Profile

Found = TypeVar("Found")
PROGRAM = ("dbus-run-session", "--", "gimp-3.0", "--no-splash", "--new-instance")
MAIN_WINDOW = "GNU Image Manipulation Program"
EYES = SCRIPTS / "eyes.py"
MAXIMIZE = "alt+F10"
WINDOWS = """\
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew></focus>
  <keyboard><keybind key="A-F10"><action name="Maximize"/></keybind></keyboard>
</openbox_config>
"""


@dataclass(frozen=True)
class Widget:
    """What a screen reader knows of a part of a window. ``box``: x, y, width, height on the screen."""

    role: str
    name: str
    box: tuple[int, int, int, int]
    states: tuple[str, ...]
    text: str
    value: float | None
    window: str

    @property
    def middle(self) -> tuple[int, int]:
        x, y, width, height = self.box
        return x + width // 2, y + height // 2

    @property
    def is_enabled(self) -> bool:
        return "sensitive" in self.states


class GimpWindow(Gimp):
    """A running GIMP with its window."""

    def __init__(self, gimp: Gimp, eyes: Editor, display: str) -> None:
        super().__init__(gimp.process, gimp.folder, gimp.profile)
        self.display = display
        self._eyes = eyes

    def open(self, picture: Path) -> None:
        """Load an image and show it."""
        self.play(HOUSEKEEPING, "open_image", path=str(picture))
        self.wait(lambda: any(name.endswith("GIMP") for name in self.windows()), f"the image window of {picture.name}")

    def widgets(self, window: str = "") -> list[Widget]:
        """All that show, each before its parts; only those in windows with ``window`` in their title."""
        found = self._eyes.play(EYES, "widgets")["widgets"]
        all_of_them = [Widget(**{**one, "box": tuple(one["box"]), "states": tuple(one["states"])}) for one in found]
        return [widget for widget in all_of_them if window in widget.window]

    def windows(self) -> list[str]:
        """Titles of the windows that show."""
        return list(dict.fromkeys(widget.window for widget in self.widgets()))

    def find(self, name: str, role: str = "", window: str = "", limit: float = 10.0) -> Widget:
        """The first widget of that name (its label's, when it has none) or with that text in it, once it shows."""

        def look() -> Widget | None:
            for widget in self.widgets(window):
                if name in (widget.name, widget.text) and role in ("", widget.role):
                    return widget
            return None

        return self.wait(look, f"{role or 'widget'} {name!r} in {window or 'any window'}", limit)

    def press(self, name: str, role: str = "", window: str = "", limit: float = 10.0) -> None:
        """Click on the widget, once it shows and is enabled."""

        def look() -> Widget | None:
            widget = self.find(name, role, window, limit)
            return widget if widget.is_enabled else None

        self.click(*self.wait(look, f"{name!r} is enabled", limit).middle)

    def choose(self, *path: str) -> None:
        """Click through a menu of the main window; the names as they stand there, dots too."""
        self.press(path[0], "menu")
        for depth in range(1, len(path)):
            x, y = self.wait(functools.partial(self._entry, path[: depth + 1]), f"{path[depth]!r} in the menu").middle
            if depth < len(path) - 1:
                self.point(x, y)  # opens by itself; a click would close it again
            else:
                self.click(x, y)

    def _entry(self, path: Sequence[str]) -> Widget | None:
        """What the path leads to through menus that are open: each name is looked for behind the one before."""
        behind = iter([widget for widget in self.widgets() if widget.role.endswith(("menu", "menu item"))])
        found = None
        for name in path:
            found = next((widget for widget in behind if widget.name == name), None)
        return found if found and found.is_enabled and min(found.box) >= 0 else None

    def keys(self, *keys: str) -> None:
        """Real key presses, by xdotool's names: ``"ctrl+z"``."""
        self._xdotool("key", "--delay", "20", *keys)

    def write(self, text: str) -> None:
        self._xdotool("type", "--delay", "20", text)

    def point(self, x: int, y: int) -> None:
        """Move the mouse there."""
        self._xdotool("mousemove", str(x), str(y))

    def click(self, x: int, y: int) -> None:
        """A real click of the left button at a place on the screen."""
        self._xdotool("mousemove", str(x), str(y), "sleep", "0.1", "click", "1")

    def shot(self, name: str, title: str = "") -> Path:
        """The whole screen as ``name.png`` in the folder, or the window of that ``title``, without the frame that a
        window manager gives it: how thick that is depends on the fonts of the machine."""
        path = self.folder / f"{name}.png"
        search = ("xdotool", "search", "--onlyvisible", "--name", f"^{title}$")
        self._on_screen("import", "-window", self._on_screen(*search).split()[0] if title else "root", str(path))
        return path

    def wait(self, condition: Callable[[], Found | None], what: str, limit: float = 10.0) -> Found:
        """Until ``condition()`` gives something; an `AssertionError` with ``what`` and a picture when it doesn't."""
        deadline = time.monotonic() + limit
        while not (found := condition()):
            if time.monotonic() > deadline:
                picture = self.shot("missed")
                raise AssertionError(f"not within {limit:g} s: {what}; windows {self.windows()}, see {picture}")
            time.sleep(0.1)
        return found

    def _xdotool(self, *words: str) -> None:
        self._on_screen("xdotool", *words)

    def _on_screen(self, *command: str) -> str:
        display = {**os.environ, "DISPLAY": self.display}
        return subprocess.run(command, check=True, env=display, timeout=60, stdout=subprocess.PIPE, text=True).stdout


@contextmanager
def gimp_window(
    folder: Path, plugins: Sequence[Path] = (), environment: Mapping[str, str] | None = None
) -> Iterator[GimpWindow]:
    """GIMP with its window on a screen of its own, with a profile of its own in ``folder``. Raises `NotAvailable`."""
    with opened(folder, gimp_profile(folder, plugins), environment or {}) as gimp:
        yield gimp


@contextmanager
def opened(
    folder: Path, profile: Profile, environment: Mapping[str, str], limit: float = START_LIMIT_S
) -> Iterator[GimpWindow]:
    """The same with a profile that is there already."""
    install(SCREEN)
    sight = folder / "eyes"
    sight.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        display = stack.enter_context(screen())
        stack.enter_context(_window_manager(display, sight))
        theirs = {**environment, "DISPLAY": display, "LINEWASH_TEST_EYES": str(sight), "GDK_BACKEND": "x11"}
        gimp = stack.enter_context(started(gimp_place(), PROGRAM, folder, profile, theirs, limit))
        eyes = Editor(gimp.process, sight, f"the eyes beside {gimp.name}")
        eyes.answer(0, limit)
        window = GimpWindow(gimp, eyes, display)
        window.find(MAIN_WINDOW, "frame", limit=limit)
        window.keys(MAXIMIZE)
        yield window
        if window.is_alive():
            window.quit()  # by the one that has counted the orders


@contextmanager
def _window_manager(display: str, folder: Path) -> Iterator[None]:
    """Dialogs get the keys, and the main window fills the screen."""
    settings = folder / "openbox.xml"
    settings.write_text(WINDOWS)
    command = ["openbox", "--sm-disable", "--config-file", str(settings)]
    process = subprocess.Popen(command, env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
