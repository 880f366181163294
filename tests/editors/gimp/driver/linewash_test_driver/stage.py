"""What a script has at hand inside GIMP."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gi.repository import Gimp

MOST_DISPLAYS = 1000  # libgimp has no list of them; their numbers count up


class CallFailed(Exception):
    """A procedure ended with anything but success: ``status`` is its `Gimp.PDBStatusType`'s nick, ``message`` what it
    said.
    """

    def __init__(self, status: str, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status, self.message = status, message


class Stage:
    """``args``: what the test passed. ``result``: what the test gets back, JSON-able. ``folder``: for the test's files,
    at the same path inside and outside.
    """

    def __init__(self, folder: Path, args: dict[str, Any], rest: Callable[[float], None]) -> None:
        self.folder = folder
        self.args = args
        self.result: dict[str, Any] = {}
        self.rest = rest

    def call(self, name: str, **values: Any) -> list[Any]:
        """Run a procedure with arguments by name (``_`` for ``-``), defaults for the rest; what it returned, without
        the status. Raises `CallFailed`.
        """
        procedure = Gimp.get_pdb().lookup_procedure(name)
        if procedure is None:
            raise CallFailed("missing", f"there is no procedure {name}")
        config = procedure.create_config()
        for key, value in values.items():
            argument = key.replace("_", "-")
            if isinstance(value, (list, tuple)):
                config.set_core_object_array(argument, list(value))
            else:
                config.set_property(argument, value)
        returned = procedure.run(config)
        status = returned.index(0)
        if status != Gimp.PDBStatusType.SUCCESS:
            said = Gimp.get_pdb().get_last_error()
            raise CallFailed(status.value_nick, said or "")
        return [returned.index(number) for number in range(1, returned.length())]

    def until(self, condition: Callable[[], Any], seconds: float = 10.0, what: str = "") -> Any:
        """Wait; what ``condition()`` gave when it was true. Raises `TimeoutError`."""
        deadline = time.monotonic() + seconds
        while not (met := condition()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {seconds:g} s: {what or 'what the script waited for'}")
            self.rest(0.02)
        return met

    def close_images(self) -> None:
        """Close all of them, changed or not, without a question."""
        for number in range(1, MOST_DISPLAYS):
            if Gimp.Display.id_is_valid(number):
                Gimp.Display.get_by_id(number).delete()  # takes its image along
        for image in Gimp.get_images():
            image.delete()
