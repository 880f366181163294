"""Takes the harness's orders one by one and plays them."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

LOOK_S = 0.02
FOLDER_VARIABLE = "LINEWASH_TEST_ORDERS"


class Player:
    """Orders are ``order-N.json`` in the folder of orders; each is answered by ``result-N.json``. ``stage(folder,
    args)`` makes what a script gets, ``rest(seconds)`` waits and lets others have a word meanwhile.
    """

    def __init__(self, stage: Callable[[Path, dict[str, Any]], Any], rest: Callable[[float], None]) -> None:
        self._folder = Path(os.environ[FOLDER_VARIABLE])
        self._stage = stage
        self._rest = rest

    def play_all(self) -> None:
        """Until GIMP ends, and this process with it."""
        self._answer(0, {})
        number = 1
        while True:
            order = self._folder / f"order-{number}.json"
            while not order.exists():
                self._rest(LOOK_S)
            self._answer(number, self._play(json.loads(order.read_text("utf-8"))))
            number += 1

    def _play(self, order: dict[str, Any]) -> dict[str, Any]:
        stage = self._stage(Path(order["folder"]), order["args"])
        try:
            _load(order["script"], order["function"])(stage)
        except Exception:
            return {"result": stage.result, "error": traceback.format_exc()}
        return {"result": stage.result, "error": None}

    def _answer(self, number: int, answer: dict[str, Any]) -> None:
        draft = self._folder / "result.draft"
        try:
            draft.write_text(json.dumps(answer), "utf-8")
        except TypeError:
            answer = {"result": {}, "error": f"result is not JSON-able: {answer!r}\n"}
            draft.write_text(json.dumps(answer), "utf-8")
        draft.rename(self._folder / f"result-{number}.json")


def _load(path: str, function: str) -> Callable[[Any], None]:
    """A fresh copy of the script, so that a changed file is played as it is now; its neighbours can be imported."""
    folder = str(Path(path).parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[Any], None] = getattr(module, function)
    return found
