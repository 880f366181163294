"""What the harness itself asks of Krita."""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import QTimer


def first_start(stage: Any) -> Any:
    """Let Krita finish what it does only once: thumbnails of brushes, its list of resources."""
    yield 2.0


def close_documents(stage: Any) -> Any:
    yield from stage.close_documents()


def leave(stage: Any) -> Any:
    yield from stage.close_documents()
    quit_action = stage.app.action("file_quit")
    QTimer.singleShot(500, quit_action.trigger)  # after the answer to this order is written
