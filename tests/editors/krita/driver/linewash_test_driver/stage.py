"""What a script has at hand inside Krita."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from krita import Krita
from PyQt5.QtCore import QProcess
from PyQt5.QtWidgets import QApplication, QWidget

from .watchdog import Watchdog

Step = Generator[Any, Any, None]
"""A script, or a part of one that it enters by ``yield from``."""


class Until:
    """A condition to wait for; ``seconds`` at most."""

    def __init__(self, condition: Callable[[], Any], seconds: float, what: str) -> None:
        self.condition, self.seconds, self.what = condition, seconds, what


class Stage:
    """``app``: Krita itself. ``args``: what the test passed. ``result``: what the test gets back, JSON-able.
    ``folder``: for the test's files, at the same path inside and outside.
    """

    def __init__(self, folder: Path, args: dict[str, Any], watchdog: Watchdog) -> None:
        self.app = Krita.instance()
        self.folder = folder
        self.args = args
        self.result: dict[str, Any] = {}
        self._watchdog = watchdog
        self._processes: list[QProcess] = []

    @property
    def window(self) -> Any:
        """Krita's main window, a QMainWindow."""
        return self.app.activeWindow().qwindow()

    def until(self, condition: Callable[[], Any], seconds: float = 10.0, what: str = "") -> Until:
        """``yield stage.until(…)`` goes on when ``condition()`` is true, or raises `TimeoutError` in the script."""
        return Until(condition, seconds, what)

    def run(self, *command: str) -> Until:
        """``yield stage.run("xdotool", "key", "ctrl+z")``: a program that goes on beside Krita, until it has ended."""
        process = QProcess()
        process.start(command[0], list(command[1:]))
        self._processes.append(process)  # a QProcess dies with its Python object
        return Until(lambda: process.state() == QProcess.ProcessState.NotRunning, 20.0, " ".join(command))

    def keys(self, *keys: str) -> Until:
        """``yield stage.keys("ctrl+z")``: real key presses, by xdotool's names."""
        return self.run("xdotool", "key", "--delay", "20", *keys)

    def click(self, x: int, y: int) -> Until:
        """A real click of the left button at a place on the screen, see `place`."""
        return self.run("xdotool", "mousemove", str(x), str(y), "sleep", "0.05", "click", "1")

    def place(self, widget: Any) -> tuple[int, int]:
        """Where on the screen the middle of a widget is."""
        middle = widget.mapToGlobal(widget.rect().center())
        return middle.x(), middle.y()

    def stroke(self, *points: tuple[int, int]) -> Until:
        """Drag the left button through these points of the screen."""
        (x, y), *rest = points
        words = ["mousemove", str(x), str(y), "sleep", "0.1", "mousedown", "1"]
        for x, y in rest:
            words += ["sleep", "0.05", "mousemove", str(x), str(y)]
        return self.run("xdotool", *words, "sleep", "0.1", "mouseup", "1")

    def canvas(self) -> Any:
        """The visible canvas widget: a stroke in its middle lands on the open document."""
        kinds = ("KisOpenGLCanvas2", "KisQPainterCanvas")
        for widget in self.window.findChildren(QWidget):
            if widget.metaObject().className() in kinds and widget.isVisible():
                return widget
        raise LookupError("no canvas is on the screen")

    def at(self, x: float, y: float) -> tuple[int, int]:
        """Where on the screen the pixel (x, y) of the open document is, in `show`'s fitted view."""
        document = self.app.activeDocument()
        # Krita's zoomLevel is relative to 72 dots per inch, whatever the screen has.
        scale = self.app.activeWindow().activeView().canvas().zoomLevel() * 72 / document.resolution()
        left, top = self.place(self.canvas())
        return round(left + (x - document.width() / 2) * scale), round(top + (y - document.height() / 2) * scale)

    def show(self, document: Any) -> Step:
        """``yield from stage.show(document)``: open a document in the window, in front; Krita fits it."""
        window = self.app.activeWindow()
        window.addView(document)
        yield self.until(lambda: self.app.activeDocument() == document, what="the document is in front")
        self.window.activateWindow()
        yield 0.3

    def close_documents(self) -> Step:
        """``yield from``: close all of them, changed or not, without a question."""
        for document in self.app.documents():
            document.setModified(False)
            document.close()
        yield 0.5  # Krita deletes the views when control is back in the event loop

    def shot(self, name: str, widget: Any = None) -> Path:
        """The whole screen, or one widget, as ``name.png`` in the folder."""
        path = self.folder / f"{name}.png"
        screen: Any = QApplication.primaryScreen()
        picture = widget.grab() if widget is not None else screen.grabWindow(0)
        if not picture.save(str(path)):
            raise OSError(f"{path} could not be written")
        return path

    def mark(self) -> None:
        """From here on `blocked_ms` counts."""
        self._watchdog.mark()

    def blocked_ms(self) -> float:
        """The longest time since `mark` in which the main thread did not come back to its event loop."""
        return round(self._watchdog.longest_ms, 1)

    def blocked_where(self) -> str:
        """Where Python stood in that longest time, if it was above 80 ms and Python was running."""
        return self._watchdog.where
