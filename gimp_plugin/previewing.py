"""Colours the reduced copy for the dialog, without ever blocking it: call `tick` from a timer."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .linewash.connection import read_connection
from .linewash.contract import HelloReply, ModelInfo, ModelsReply, Rgb
from .linewash.editor.choices import Choices, offered
from .linewash.editor.remedies import Message, message_of
from .linewash.editor.stages import stage_text
from .linewash.editor.texts import tr
from .linewash.errors import Cancelled, InternalError, LinewashError
from .linewash.jobs import Job
from .linewash.launch import end_daemon
from .linewash.pictures import Picture, Result
from .linewash.session import Session

if TYPE_CHECKING:
    from .application.miniature import Miniature

_SETTLED = 0.08  # seconds without another change after which the daemon is asked
_LIMIT = 30.0  # seconds that an answer but a colouring may take


@dataclasses.dataclass(frozen=True)
class Sketch:
    """What the preview is to show."""

    layers: tuple[int, int | None]  # keys of line art and hints
    choices: Choices
    palette: tuple[Rgb, ...]
    within_selection: bool


class Previewer:
    """Asks for one thing at a time; a newer wish takes an older one's place.

    ``miniature``: makes the reduced copy for the keys of line art and hints; may raise `BadInput`.
    """

    def __init__(self, miniature: Callable[[int, int | None], Miniature]) -> None:
        self._make = miniature
        self._session = Session(start=False, name="GIMP preview")
        self._miniature: Miniature | None = None
        self._of: tuple[int, int | None] | None = None  # keys that the miniature was made for
        self._wish: Sketch | None = None  # what is to be shown at last
        self._fresh = False  # it has not been asked for yet
        self._due = 0.0
        self._job: Job[Result] | None = None
        self._asked: Sketch | None = None  # what ``_job`` is for
        self._models: Job[ModelsReply] | None = None
        self._command: Job[Any] | None = None
        self.picture: Picture | None = None  # "rgb", 8 bit
        self.message: Message | None = None
        self.doing = ""  # what is being done, in the artist's language
        self.styles: tuple[ModelInfo, ...] = ()  # empty until the daemon told

    def show(self, sketch: Sketch) -> None:
        """Have this on the preview before long."""
        self._wish, self._fresh, self._due = sketch, True, time.monotonic() + _SETTLED

    def start_daemon(self, anew: bool) -> None:
        """``anew``: the one that runs is of another version; end it first."""
        info = read_connection() if anew else None
        if info is not None:
            end_daemon(info)
        self._renew(start=True)
        self._command = self._session.hello(_LIMIT)
        self.message, self.doing = None, tr("Starting the daemon…")

    def free_gpu(self) -> None:
        self._command = self._session.unload(_LIMIT)
        self.message, self.doing = None, tr("Freeing memory…")

    def tick(self) -> None:
        """Do what can be done now; never raises on account of daemon or drawing."""
        try:
            self._session.poll()
            self._take()
            self._ask()
        except Cancelled:
            pass
        except LinewashError as error:
            self.message, self.doing = message_of(error), ""
        except Exception as error:  # in a timer of GTK's it would be printed and forgotten
            self.message, self.doing = message_of(InternalError(f"{type(error).__name__}: {error}")), ""

    def pause(self) -> None:
        """Leave the daemon to another job, and GIMP without the reduced copy, should this process be ended."""
        if self._job is not None:
            self._session.cancel(self._job)
            self._session.poll()
        self._job = self._asked = None
        self._fresh, self.doing = False, ""
        self._drop()

    def resume(self) -> None:
        """Go on after `pause`."""
        self._fresh = True

    def close(self) -> None:
        self._session.close()
        self._drop()

    def _renew(self, start: bool) -> None:
        """A fresh session; what was asked of the old one is asked again."""
        self._session.close()
        self._session = Session(start=start, name="GIMP preview")
        self._job = self._models = self._command = None
        self._fresh, self._asked = True, None

    def _take(self) -> None:
        command, job, models = self._command, self._job, self._models
        if command is not None and command.over:
            self._command, self.doing = None, ""
            self._fresh = True
            if isinstance(command.result, HelloReply):
                self._renew(start=False)  # a later one is not to be started behind the artist's back
        if models is not None and models.over:
            self._models = None
            if models.error is None:  # else the picture tells why not
                self.styles = offered(models.result.models)
        if job is None:
            return
        if job.over:
            self._job, self.doing = None, ""
            asked, self._asked = self._asked, None
            self._paint(job.result, asked)
        elif job.progress is not None:
            self.doing = stage_text(job.progress.stage)

    def _paint(self, result: Result, asked: Sketch | None) -> None:
        if self._miniature is None or asked is None:
            return
        self.picture = self._miniature.colored(result, asked.within_selection)
        self.message = message_of(result.notices[0]) if result.notices else None

    def _ask(self) -> None:
        wish = self._wish
        if wish is None or not self._fresh or self._command is not None or time.monotonic() < self._due:
            return
        self._fresh = False
        miniature = self._reduced(wish.layers)
        choices = dataclasses.replace(wish.choices, gap=wish.choices.gap * miniature.scale)
        options = choices.options(wish.palette)
        self._asked = wish
        self._job = self._session.submit(miniature.lineart, miniature.hints, options, stream="preview")
        if not self.styles and self._models is None:
            self._models = self._session.models(_LIMIT)

    def _reduced(self, layers: tuple[int, int | None]) -> Miniature:
        if self._miniature is not None and self._of == layers:
            return self._miniature
        self._drop()
        self._miniature, self._of = self._make(*layers), layers
        self.picture = self._miniature.plain()
        return self._miniature

    def _drop(self) -> None:
        if self._miniature is not None:
            self._miniature.close()
        self._miniature = self._of = None
