"""A running editor with a test driver in it, which plays scripts: what Krita's and GIMP's have in common."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any


class ScriptFailed(AssertionError):
    """The script raised; the text is its traceback."""


class EditorDied(AssertionError):
    """The editor ended while a script ran; the text has the last it said."""


class EditorHangs(AssertionError):
    """No answer from the editor in time; the text has the last it said."""


class Editor:
    """``name``: with its version, for messages. ``folder``: where scripts put files, and the editor's output goes."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.process = process
        self._number = 0

    def play(self, script: Path, function: str, limit: float = 60.0, **args: Any) -> dict[str, Any]:
        """Run ``function`` of the file ``script`` inside the editor, with ``args`` (JSON-able) as ``stage.args``."""
        self.begin(script, function, **args)
        return self.end(limit)

    def begin(self, script: Path, function: str, **args: Any) -> None:
        """Start a script; the test goes on beside it."""
        self._number += 1
        order = {"script": str(script.resolve()), "function": function, "folder": str(self.folder), "args": args}
        draft = self.folder / "order.draft"
        draft.write_text(json.dumps(order), "utf-8")
        draft.rename(self.folder / f"order-{self._number}.json")

    def end(self, limit: float = 60.0) -> dict[str, Any]:
        """Wait for the script that was begun; its ``stage.result``."""
        answer = self.answer(self._number, limit)
        for name in ("order", "result"):
            (self.folder / f"{name}-{self._number}.json").unlink()
        if answer["error"]:
            raise ScriptFailed(f"in {self.name}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def answer(self, number: int, limit: float) -> dict[str, Any]:
        """Wait for the answer to an order; number 0 is given when the editor stands."""
        path = self.folder / f"result-{number}.json"
        deadline = time.monotonic() + limit
        while not path.exists():
            if self.process.poll() is not None:
                raise EditorDied(f"{self.name} ended with {self.process.returncode}:\n{self.said()}")
            if time.monotonic() > deadline:
                raise EditorHangs(f"{self.name} gave no answer in {limit:g} s:\n{self.said()}")
            time.sleep(0.02)
        answer: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return answer

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def said(self) -> str:
        """The end of what the editor wrote to its standard error."""
        return (self.folder / "editor.log").read_text("utf-8", "replace")[-3000:]
