"""Takes the harness's orders one by one and plays them."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from krita import Krita
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication

from .stage import Stage, Until
from .watchdog import Watchdog

LOOK_MS = 20
FOLDER_VARIABLE = "LINEWASH_TEST_ORDERS"


class Player:
    """Orders are ``order-N.json`` in the folder of orders; each is answered by ``result-N.json``."""

    def __init__(self) -> None:
        self._folder = Path(os.environ[FOLDER_VARIABLE])
        self._number = 0
        self._watchdog = Watchdog()
        self._steps: Steps | None = None

    def start(self) -> None:
        window = Krita.instance().activeWindow().qwindow()
        screen: Any = QApplication.primaryScreen()
        window.setGeometry(screen.geometry())  # there is no window manager to do it
        window.activateWindow()
        self._answer(0, {})
        self._next()

    def _next(self) -> None:
        self._number += 1
        self._look()

    def _look(self) -> None:
        order = self._folder / f"order-{self._number}.json"
        if not order.exists():
            QTimer.singleShot(LOOK_MS, self._look)
            return
        self._play(json.loads(order.read_text("utf-8")))

    def _play(self, order: dict[str, Any]) -> None:
        stage = Stage(Path(order["folder"]), order["args"], self._watchdog)

        def end(error: str | None) -> None:
            self._answer(self._number, {"result": stage.result, "error": error})
            self._next()

        try:
            script = _load(order["script"], order["function"])(stage)
        except BaseException:
            end(traceback.format_exc())
            return
        self._steps = Steps(script, end)  # Qt's timers don't keep the object alive whose method they call
        self._steps.go_on()

    def _answer(self, number: int, answer: dict[str, Any]) -> None:
        draft = self._folder / "result.draft"
        try:
            draft.write_text(json.dumps(answer), "utf-8")
        except TypeError:
            answer = {"result": {}, "error": f"result is not JSON-able: {answer!r}\n"}
            draft.write_text(json.dumps(answer), "utf-8")
        draft.rename(self._folder / f"result-{number}.json")


class Steps:
    """One script, advanced from the event loop and never from within a step."""

    def __init__(self, script: Any, end: Callable[[str | None], None]) -> None:
        self._script = script
        self._end = end

    def go_on(self, error: Exception | None = None) -> None:
        try:
            wanted = self._script.throw(error) if error else self._script.send(None)
        except StopIteration:
            self._end(None)
        except BaseException:
            self._end(traceback.format_exc())
        else:
            self._wait(wanted)

    def _wait(self, wanted: Any) -> None:
        if callable(wanted):
            wanted = Until(wanted, 10.0, "")
        if isinstance(wanted, Until):
            self._check(wanted, time.monotonic() + wanted.seconds)
        else:
            QTimer.singleShot(int((wanted or 0) * 1000), self.go_on)

    def _check(self, wanted: Until, deadline: float) -> None:
        try:
            met = wanted.condition()
        except Exception as error:
            self.go_on(error)
            return
        if met:
            QTimer.singleShot(0, self.go_on)
        elif time.monotonic() > deadline:
            self.go_on(TimeoutError(f"not within {wanted.seconds:g} s: {wanted.what or 'what the script waited for'}"))
        else:
            QTimer.singleShot(LOOK_MS, lambda: self._check(wanted, deadline))


def _load(path: str, function: str) -> Callable[[Stage], Any]:
    """A fresh copy of the script, so that a changed file is played as it is now; its neighbours can be imported."""
    folder = str(Path(path).parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[Stage], Any] = getattr(module, function)
    return found
