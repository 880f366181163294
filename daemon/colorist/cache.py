"""The pictures that are held ready, least recently used ones let go first, bounded by their bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict

from .greypicture import GreyPicture
from .prepare import Prepared

Held = Prepared | GreyPicture
Key = tuple[str, str]


class PreparedCache:
    """Maps a picture's mode and hash to what was prepared for it. Safe to use from several threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[Key, Held] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Key) -> Held | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Key, prepared: Held) -> None:
        """Keep ``prepared``; one that is larger than the whole limit is not kept."""
        with self._lock:
            self._drop(key)
            if prepared.nbytes > self._limit:
                return
            self._held[key] = prepared
            self._bytes += prepared.nbytes
            while self._bytes > self._limit:
                self._drop(next(iter(self._held)))

    def clear(self) -> None:
        with self._lock:
            self._held.clear()
            self._bytes = 0

    @property
    def nbytes(self) -> int:
        return self._bytes

    def __len__(self) -> int:
        return len(self._held)

    def _drop(self, key: Key) -> None:
        old = self._held.pop(key, None)
        if old is not None:
            self._bytes -= old.nbytes
