"""*Live*: notices that a stroke has ended, without asking much of the editor."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .linewash.editor.choices import Choices
from .memory import Memory

if TYPE_CHECKING:
    from .application import OpenDocument

_SOON = 0.1  # seconds between two looks at the hint layer
_SHARE = 8  # looks may take one part in so many of the editor's time


class Live:
    """The drawings that are followed, each by a `Watch` of its own: going to another one neither colours that one nor
    ends it for the first."""

    def __init__(self, pen_is_down: Callable[[], bool]) -> None:
        self._pen_is_down = pen_is_down
        self._watches: dict[OpenDocument, Watch] = {}

    def switch(self, document: OpenDocument, on: bool) -> None:
        """On: whatever is there counts as changed."""
        self._watches.pop(document, None)
        if on:
            self._watches[document] = Watch(self._pen_is_down)

    def watch(self, document: OpenDocument) -> Watch | None:
        """``None``: it is not followed."""
        return self._watches.get(document)

    def sweep(self) -> None:
        """Forget documents that were closed."""
        self._watches = {document: watch for document, watch in self._watches.items() if document.is_open()}


class Watch:
    """Compares the hint layer and the choices with what was coloured last.

    Krita's scripts aren't told about strokes, so the layer's stamp is taken again and again, the more seldom the
    longer it takes, and never while the pen is down.
    """

    def __init__(self, pen_is_down: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._pen_is_down, self._clock = pen_is_down, clock
        self._seen: tuple[object, ...] | None = None
        self._frame: int | None = None  # of ``_seen``
        self._line: int | None = None  # stamp of the line art, from when it was last drawn on
        self._next = 0.0

    def changed(self, document: OpenDocument, memory: Memory, choices: Choices) -> bool:
        """Whether it is time to colour anew. Another frame alone is no reason: each one that is merely looked at
        would get a group."""
        now = self._clock()
        if now < self._next or self._pen_is_down():
            return False
        before, self._frame = self._frame, document.frame()
        state = self._state(document, memory, choices)
        took = self._clock() - now
        self._next = now + max(_SOON, took * _SHARE)
        looks_on = self._seen is not None and before != self._frame
        changed = state != self._seen and not looks_on
        self._seen = state
        return changed

    def _state(self, document: OpenDocument, memory: Memory, choices: Choices) -> tuple[object, ...]:
        hints = None
        if memory.hints is not None and document.has_layer(memory.hints):
            hints = document.stamp(memory.hints)
        if memory.line is not None and document.active_layer() == memory.line:
            self._line = document.stamp(memory.line)
        return memory.line, memory.hints, document.size(), choices, hints, self._line
