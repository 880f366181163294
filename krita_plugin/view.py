"""Everything the docker shows, as plain values: flow.py makes a `View` of the state, docker.py draws it."""

from __future__ import annotations

from dataclasses import dataclass, field

from .linewash.contract import ModelInfo
from .linewash.editor.choices import Choices
from .linewash.editor.remedies import Message


@dataclass(frozen=True)
class LayerRow:
    """One layer that may be chosen as line art or hints; ``key`` stays the same when it is renamed or moved."""

    key: str
    name: str
    depth: int = 0  # how many groups it lies in


@dataclass(frozen=True)
class HistoryRow:
    """One earlier result of the document. ``thumbnail``: RGBA, 8 bit, straight alpha, packed rows."""

    key: int
    caption: str
    width: int
    height: int
    thumbnail: bytes


@dataclass(frozen=True)
class View:
    document: str | None = None  # its title; None: no document is open
    layers: tuple[LayerRow, ...] = ()  # top to bottom
    line: str | None = None  # key of the line art
    hints: str | None = None  # key of the hint layer; None: no hints
    running: str | None = None  # what is being done, translated; None: nothing is
    fraction: float = 0.0  # of the job, 0…1
    live: bool = False
    regions: bool = False  # the overlay is shown
    can_update: bool = False  # the document has a group of ours to update
    styles: tuple[ModelInfo, ...] = ()  # empty until the daemon told
    palettes: tuple[str, ...] = ()
    active_palette: str = ""
    choices: Choices = field(default_factory=Choices)
    history: tuple[HistoryRow, ...] = ()  # newest first
    status: str = ""  # device, model, time of the last run; "" before any
    message: Message | None = None
