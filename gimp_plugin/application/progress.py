"""Progress in GIMP's way: in the image's status bar, with its *Cancel*, which ends this process."""

from __future__ import annotations

import time
from typing import Any

from ..linewash.editor.texts import tr
from .api import Gimp

_SELDOM = 0.05  # seconds between two messages to GIMP


class StatusBar:
    """Call it with what is being done and how far it got, 0…1."""

    def __enter__(self) -> StatusBar:
        Gimp.progress_init(tr("Auto color"))
        self._text, self._next = "", 0.0
        return self

    def __exit__(self, *_: Any) -> None:
        Gimp.progress_end()

    def __call__(self, text: str, fraction: float) -> None:
        now = time.monotonic()
        if text == self._text and now < self._next:
            return
        if text != self._text:
            Gimp.progress_set_text(text)
        Gimp.progress_update(min(1.0, fraction))
        self._text, self._next = text, now + _SELDOM
