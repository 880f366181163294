"""What the daemon is doing, in the artist's language."""

from __future__ import annotations

from .texts import tr


def stage_text(stage: str) -> str:
    """``stage``: as in `contract.Progress`."""
    stages = {
        "queued": tr("Waiting for another job…"),
        "loading": tr("Loading the style…"),
        "prepare": tr("Looking at the lines…"),
        "color": tr("Choosing colours…"),
        "layers": tr("Painting layers…"),
    }
    return stages.get(stage, stage)
