"""Plays test scripts inside a running Krita: see ``tests/editors/krita/run.py`` for what a script may do."""

from __future__ import annotations

from krita import Extension, Krita
from PyQt5.QtCore import QTimer

from .player import Player


class TestDriver(Extension):  # type: ignore[misc, unused-ignore]
    """Starts once the first window stands."""

    def __init__(self, parent: object) -> None:
        super().__init__(parent)
        self.player: Player | None = None

    def setup(self) -> None: ...

    def createActions(self, window: object) -> None:  # noqa: N802
        if self.player is None:
            self.player = Player()
            QTimer.singleShot(0, self.player.start)


Krita.instance().addExtension(TestDriver(Krita.instance()))
