"""What is known of the daemon without asking it to colour: whether it is there, its styles, its device."""

from __future__ import annotations

import time
from typing import Any

from .courier import Courier, Errand
from .linewash.connection import read_connection
from .linewash.contract import HelloReply, ModelInfo, ModelsReply, StatusReply
from .linewash.editor.choices import offered
from .linewash.editor.texts import tr
from .linewash.errors import LinewashError
from .linewash.jobs import Job
from .linewash.launch import end_daemon
from .linewash.session import Session

_AGAIN = 3.0  # seconds between two looks for a daemon that may have come up
_LIMIT = 30.0  # seconds that an answer may take


class DaemonWatch:
    """Looks for a daemon that runs and asks it who it is; starts none unless told to."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._next, self._stale = 0.0, True
        self._models: Errand[ModelsReply] | None = None
        self._status: Errand[StatusReply] | None = None
        self._command: Errand[Any] | None = None
        self.running: str | None = None  # what is being done for the artist
        self.styles: tuple[ModelInfo, ...] = ()  # as of the last answer
        self.status: StatusReply | None = None  # likewise

    def start(self, anew: bool = False) -> None:
        """*Start daemon*. ``anew``: the one that runs is of another version; end it first."""

        def begin(session: Session) -> Job[HelloReply]:
            if anew:
                _end_running()
            return session.hello(_LIMIT)

        self._command = self._courier.send(begin, start=True)
        self.running = tr("Starting the daemon…")

    def unload(self) -> None:
        """*Free GPU*: let the daemon give its model's memory back."""
        self._command = self._courier.send(lambda session: session.unload(_LIMIT), start=False)
        self.running = tr("Freeing memory…")

    def cancel(self) -> None:
        """Wait no longer for what was told to it; `look` then raises `Cancelled`."""
        if self._command is not None:
            self._courier.cancel(self._command)

    def ask_anew(self) -> None:
        """Something may have changed, such as the model that is loaded: ask at the next `look`."""
        self._stale, self._next = True, 0.0

    def look(self) -> None:
        """Take what has come, and ask when it is time. Raises the `LinewashError` that `start` or `unload` met."""
        if self._models is not None and self._models.over:
            self.styles = offered(self._models.result.models) if self._models.error is None else self.styles
            self._models = None
        if self._status is not None and self._status.over:
            self.status = self._status.result if self._status.error is None else None
            self._status = None
        if self._command is not None and self._command.over:
            error, self._command, self.running = self._command.error, None, None
            self.ask_anew()
            if error is not None:
                raise error
        if self._models is None and self._status is None:
            self._ask(time.monotonic())

    def _ask(self, now: float) -> None:
        """Once, as long as there is no answer and something may answer: asking on would keep an idle daemon awake."""
        if (self.status is not None and not self._stale) or now < self._next:
            return
        self._next = now + _AGAIN
        if _may_run():
            self._stale = False
            self._models = self._courier.send(lambda session: session.models(_LIMIT), start=False)
            self._status = self._courier.send(lambda session: session.status(_LIMIT), start=False)


def _end_running() -> None:
    info = read_connection()
    if info is not None:
        end_daemon(info)


def _may_run() -> bool:
    try:
        return read_connection() is not None
    except LinewashError:  # the artist hears of it when they ask for something
        return False
