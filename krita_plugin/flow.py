"""What happens when the artist presses what: one thing at a time, a small step each tick, never an exception."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from .coloring import Desk, Purpose, Shown, again_steps, color_steps, region_steps, reopen_steps
from .courier import Courier, fault_of
from .daemon_watch import DaemonWatch
from .diagnostics import diagnostics
from .inserting import Steps
from .linewash.contract import Rgb
from .linewash.editor.choices import Choices
from .linewash.editor.remedies import OTHER_VERSION, Message, message, message_of, refusal
from .linewash.editor.texts import tr
from .linewash.errors import LinewashError
from .linewash.session import Session
from .live import Live, Watch
from .memory import Memories, Memory
from .view import HistoryRow, LayerRow, View

if TYPE_CHECKING:
    from .application import Application, OpenDocument

Work = Literal["click", "live", "regions", "again"]

CHOICES = "choices"  # the setting under which the artist's choices are kept
MAX_FAULTS = 10
_LOOK = 0.25  # seconds between two looks at the document's layers
_LIVE = 0.05  # seconds between two ticks while *Live* is on


class Flow:
    """The docker's other half. Commands return at once; `tick` is to be called again after as long as it says."""

    def __init__(self, application: Application, open_session: Callable[[bool], Session] | None = None) -> None:
        self._application = application
        self._courier = Courier(open_session or _open_session, self._note)
        self._daemon = DaemonWatch(self._courier)
        self._memories = Memories()
        self._live = Live(application.pen_is_down)
        self._choices = Choices.from_json(application.read_setting(CHOICES))
        self._document: OpenDocument | None = None
        self._layers: tuple[LayerRow, ...] = ()
        self._steps: Steps | None = None
        self._shown = Shown()
        self._last: Shown | None = None  # of the last colouring
        self._work: Work = "click"
        self._at_work: OpenDocument | None = None  # what the steps change
        self._regions = False  # shown in the active document
        self._message: Message | None = None
        self._faults: list[str] = []
        self._viewed = View()
        self._look_at = 0.0

    # What the artist does.

    def color(self) -> None:
        """*Auto color*."""
        if not self._choices.seed_locked:
            self.roll_seed()
        self._guarded(lambda: self._start_coloring("click"))

    def cancel(self) -> None:
        """End what is running; the document keeps what it has. Repainting that has begun is finished."""
        if self._steps is not None and not self._repainting():
            self._end_steps()
            self._message = message("cancelled")
        self._daemon.cancel()

    def set_live(self, on: bool) -> None:
        """*Live*: the colours of this drawing follow its strokes. Off: the work at hand ends at once, save repainting
        that has begun."""
        desk = self._desk()
        if desk is not None:
            self._live.switch(desk.document, on)
            if not on and self._work == "live" and self._at_work == desk.document and not self._repainting():
                self._end_steps()

    def show_regions(self, on: bool) -> None:
        """Show or hide the temporary layer of regions."""
        self._guarded(self._hide_overlay)
        desk = self._desk() if on else None
        if desk is not None:
            self._begin("regions", region_steps(desk, self._choices), desk)

    def new_hint_layer(self) -> None:
        """An empty layer above the line art, chosen as hints and made active."""
        desk = self._desk()
        if desk is not None:
            self._guarded(lambda: self._add_hint_layer(desk.document, desk.memory))

    def choose_line(self, key: str) -> None:
        chosen = self._memory()
        if chosen is not None:
            chosen[1].line, chosen[1].line_chosen = key, True
            self._remember(*chosen)

    def choose_hints(self, key: str | None) -> None:
        """The hint layer; line art that only followed the active layer there makes way for the layer below it."""
        chosen = self._memory()
        if chosen is not None:
            memory = chosen[1]
            memory.hints = key
            if memory.line == key and not memory.line_chosen:
                keys = [row.key for row in self._layers]
                memory.line = next(iter(keys[keys.index(key) + 1 :] if key in keys else ()), None)
            self._remember(*chosen)

    def change(self, choices: Choices) -> None:
        if choices != self._choices:
            self._choices = choices
            self._application.write_setting(CHOICES, choices.to_json())

    def roll_seed(self) -> None:
        self.change(self._choices.rolled())

    def apply_again(self, key: int) -> None:
        """Insert the earlier result ``key`` of the history once more."""
        self._guarded(self._catch_up)
        found = self._memory()
        entry = None if found is None else found[1].history.find(key)
        if found is not None and entry is not None:
            desk = Desk(self._courier, self._memories, *found, Shown())
            self._begin("again", again_steps(desk, entry), desk)
        for title, history in self._memories.closed():
            entry = history.find(key)
            if entry is not None:
                self._begin("again", reopen_steps(self._application, self._memories, title, entry))

    def start_daemon(self) -> None:
        """*Start daemon*; in place of the one of another version, if that is what was told."""
        told, self._message = self._message, None
        self._daemon.start(anew=told is not None and told.code in OTHER_VERSION)

    def free_gpu(self) -> None:
        self._message = None
        self._daemon.unload()

    def diagnostics(self) -> str:
        """A text for a report: versions, the daemon, the document's kind, what went wrong; no pixels, no token."""
        found = self._memory()
        document = None if found is None else found[0]
        return diagnostics(self._application, document, self._daemon, self._choices, self._faults)

    def dismiss(self) -> None:
        """Hide the message."""
        self._message = None

    def close(self) -> None:
        self._end_steps()
        self._guarded(self._hide_overlays)
        self._courier.close()

    # What goes on by itself.

    def tick(self) -> float:
        """Do the next small thing; returns the seconds until the next call is wanted."""
        self._guarded(self._look)
        delays = [_LOOK]
        if self._following() is not None:
            self._guarded(self._follow)
            delays.append(_LIVE)
        if self._steps is not None:
            delays.append(self._advance(self._steps))
        return min(delays)

    def view(self) -> View:
        """All that is to be shown now; what was shown last, should a fault of ours be in the way."""
        try:
            self._viewed = self._view()
        except Exception as error:
            self._note(error)
        return self._viewed

    # Within.

    def _view(self) -> View:
        found = self._memory()
        memory = Memory() if found is None else found[1]
        keys = {row.key for row in self._layers}
        return View(
            document=None if self._document is None or found is None else self._document.title(),
            layers=self._layers,
            line=memory.line if memory.line in keys else None,
            hints=memory.hints if memory.hints in keys else None,
            running=self._shown.text if self._steps is not None else self._daemon.running,
            fraction=self._shown.fraction,
            live=self._following() is not None,
            regions=self._regions or (self._steps is not None and self._work == "regions"),
            can_update=bool(memory.groups),
            styles=self._daemon.styles,
            palettes=self._application.palettes(),
            active_palette=self._application.active_palette(),
            choices=self._choices,
            history=self._rows(memory),
            status=self._status(),
            message=self._message,
        )

    def _look(self) -> None:
        """Follow the editor: which document is active, which layers it has, which of them is chosen."""
        self._daemon.look()
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + _LOOK
            self._look_at_document()

    def _look_at_document(self) -> None:
        self._memories.sweep()
        self._live.sweep()
        self._document = document = self._application.active_document()
        self._layers = () if document is None else tuple(document.layers())
        self._regions = document is not None and document.has_overlay()
        if document is not None:
            self._follow_active(document, self._memories.of(document))

    def _follow_active(self, document: OpenDocument, memory: Memory) -> None:
        keys = {row.key for row in self._layers}
        if memory.hints not in keys:
            memory.hints = None
        if memory.line not in keys:
            memory.line, memory.line_chosen = None, False
        active = document.active_layer()
        if not memory.line_chosen and active in keys and active != memory.hints:
            memory.line = active

    def _following(self) -> Watch | None:
        """What watches the drawing in front, ``None`` when *Live* is off there."""
        return None if self._document is None else self._live.watch(self._document)

    def _follow(self) -> None:
        """*Live*: colour anew when something changed, in place of a job that is still with the daemon."""
        found, watch = self._memory(), self._following()
        busy = self._steps is not None and not self._replaceable()
        if found is None or watch is None or found[1].line is None or busy:
            return
        try:
            changed = watch.changed(*found, self._choices)
        except Exception:
            self._live.switch(found[0], False)
            raise
        if changed:
            self._start_coloring("live")

    def _replaceable(self) -> bool:
        return self._work == "live" and self._shown.inserter is None

    def _repainting(self) -> bool:
        return self._shown.inserter is not None and self._shown.inserter.repainting

    def _start_coloring(self, purpose: Purpose) -> None:
        desk = self._desk()
        if desk is not None:
            palette = self._palette()
            desk.memory.line_chosen = True
            self._begin(purpose, color_steps(desk, self._choices, palette, purpose), desk)

    def _palette(self) -> tuple[Rgb, ...]:
        name = self._choices.palette
        return self._application.palette_colors(name) if name in self._application.palettes() else ()

    def _begin(self, work: Work, steps: Steps, desk: Desk | None = None) -> None:
        self._end_steps()
        self._message = None
        self._work, self._steps = work, steps
        self._at_work = None if desk is None else desk.document
        self._shown = Shown() if desk is None else desk.shown
        self._advance(steps)  # which layers are meant is settled by what the artist saw at the click

    def _end_steps(self) -> None:
        """Leave what is running where it is; what it asked of the daemon is cancelled."""
        steps, self._steps = self._steps, None
        if steps is not None:
            self._guarded(steps.close)

    def _advance(self, steps: Steps) -> float:
        """One step of what is running; its end, good or bad, is told."""
        try:
            return next(steps)
        except StopIteration:
            self._steps = None
            self._tell_end()
        except Exception as error:
            self._steps = None
            if self._at_work is not None:
                self._live.switch(self._at_work, False)  # lest it fail at every stroke
            self._fail(error)
        return 0.0

    def _tell_end(self) -> None:
        self._daemon.ask_anew()
        if self._work == "regions":
            self._look_at = 0.0
            self._guarded(self._look)
        if self._shown.record is not None:
            self._last = self._shown
        if self._shown.notices:
            told = [message_of(notice) for notice in self._shown.notices]
            self._message = replace(told[0], sentence=" ".join(message.sentence for message in told))

    def _fail(self, error: Exception) -> None:
        """Tell the artist."""
        known = error if isinstance(error, LinewashError) else fault_of(error)
        if known is not error:
            self._note(error)
        self._message = message_of(known)

    def _note(self, error: Exception) -> None:
        """Keep a fault for the diagnostics, once however often it comes."""
        fault = "".join(traceback.format_exception(error))
        if fault not in self._faults:
            self._faults = [*self._faults, fault][-MAX_FAULTS:]

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self._fail(error)

    def _memory(self) -> tuple[OpenDocument, Memory] | None:
        """The active document, if it is still open, and what is known of it."""
        document = self._document
        return None if document is None or not document.is_open() else (document, self._memories.of(document))

    def _desk(self) -> Desk | None:
        """For work on the active document; where there is none, the artist is told."""
        self._guarded(self._catch_up)
        found = self._memory()
        if found is None:
            self._message = message("no_document")
            return None
        return Desk(self._courier, self._memories, *found, Shown())

    def _catch_up(self) -> None:
        """The artist may have gone to another document since the last look."""
        if self._application.active_document() != self._document:
            self._look_at_document()

    def _remember(self, document: OpenDocument, memory: Memory) -> None:
        self._guarded(lambda: document.remember(memory.to_json()))

    def _add_hint_layer(self, document: OpenDocument, memory: Memory) -> None:
        if memory.line is None:
            raise refusal("no_line_layer")
        memory.line_chosen = True
        memory.hints = document.add_hint_layer(memory.line, tr("Hints"))
        self._remember(document, memory)
        self._look_at = 0.0

    def _hide_overlay(self) -> None:
        document, self._regions = self._document, False
        if document is not None and document.is_open():
            document.hide_overlay()

    def _hide_overlays(self) -> None:
        for document in self._application.documents():
            document.hide_overlay()

    def _rows(self, memory: Memory) -> tuple[HistoryRow, ...]:
        """The document's results, newest first; while none is open those of the closed ones."""
        named = [("", entry) for entry in reversed(memory.history.entries)]
        if self._document is None:
            closed = self._memories.closed()
            named = [(f"{title}, ", entry) for title, history in closed for entry in reversed(history.entries)]
        return tuple(
            HistoryRow(entry.key, title + entry.caption, small.width, small.height, small.pixels)
            for title, entry in named
            for small in [entry.thumbnail]
        )

    def _status(self) -> str:
        last, daemon = self._last, self._daemon.status
        if last is not None and last.record is not None:
            seconds = tr("{seconds} s", seconds=f"{last.seconds:.1f}")
            return f"{last.record.device} · {last.record.model} · {seconds}"
        if daemon is None or not self._courier.connected():
            return tr("The daemon starts when it is needed.")
        if not daemon.model:  # which device it will take is settled when the first style is loaded
            return tr("Ready.")
        return tr("Ready: {device}", device=daemon.device)


def _open_session(start: bool) -> Session:
    return Session(start=start, name="krita")
