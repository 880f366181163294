"""Watches that the main thread is never away for long."""

from __future__ import annotations

import faulthandler
import tempfile
import threading
import time

from PyQt5.QtCore import QTimer

PERIOD_MS = 5
SUSPICIOUS_S = 0.08


class Watchdog:
    """The longest time, in ms, between two turns of the event loop since the last `mark`, and where Python stood then.

    A turn is due every 5 ms: that much of a gap is none of the main thread's doing and is left out.
    """

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self.where = ""
        self._last = time.monotonic()
        self._main = threading.get_ident()
        self._seen: tuple[float, str] = (0.0, "")
        self._timer = QTimer()
        self._timer.timeout.connect(self._turn)
        self._timer.start(PERIOD_MS)
        threading.Thread(target=self._watch, daemon=True).start()

    def mark(self) -> None:
        self.longest_ms, self.where, self._last = 0.0, "", time.monotonic()

    def _turn(self) -> None:
        last, self._last = self._last, time.monotonic()
        gap_ms = (self._last - last) * 1000 - PERIOD_MS
        if gap_ms > self.longest_ms:
            seen_at, where = self._seen
            self.longest_ms = gap_ms
            self.where = where if seen_at == last else ""

    def _watch(self) -> None:
        # Sees Python code that is slow; while Krita's own code runs there may be no Python frame at all.
        while True:
            time.sleep(SUSPICIOUS_S / 4)
            last = self._last
            if time.monotonic() - last > SUSPICIOUS_S and self._seen[0] != last:
                self._seen = (last, self._place())

    def _place(self) -> str:
        """The main thread's innermost Python frames. Read without a reference to any: one that is kept keeps its
        painter, and Krita dies of a painter that outlives its paint event."""
        with tempfile.TemporaryFile("w+") as file:
            faulthandler.dump_traceback(file, all_threads=True)
            file.seek(0)
            threads = file.read().split("\n\n")
        return next((text for text in threads if f"{self._main:x} (" in text.partition("\n")[0]), "")
