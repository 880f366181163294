"""The dialog: GIMP's own `ProcedureDialog`, with a preview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..application.drawing import Drawing
from .window import Window

__all__ = ["ask"]


def ask(procedure: Any, config: Any, drawing: Drawing, paint: Callable[[str], Any]) -> Any | None:
    """Let the artist choose until ``paint(told)`` gave something, which is returned; ``None``: they cancelled.

    ``config``: the `Gimp.ProcedureConfig` that is edited. ``paint``: colours after it, when the dialog has told
    the notice of that code ("": none); the dialog is hidden meanwhile, and shows again with the sentence of the
    `LinewashError` that it raised. That of an image that was closed is raised.
    """
    window = Window(procedure, config, drawing)
    try:
        return window.run(paint)
    finally:
        window.close()
