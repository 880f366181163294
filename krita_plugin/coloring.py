"""One colouring from the click to the layers, in steps small enough that the editor never stops between them."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .courier import Courier
from .history import Entry, pack
from .inserting import Inserter, Steps
from .linewash.contract import MAX_SIDE, Notice, Options, Progress, Record, Rgb
from .linewash.editor.choices import Choices
from .linewash.editor.layer_names import named
from .linewash.editor.lineart import is_opaque
from .linewash.editor.remedies import refusal
from .linewash.editor.stages import stage_text
from .linewash.editor.texts import tr
from .linewash.errors import BadInput
from .linewash.jobs import Job
from .linewash.pictures import Picture, Result
from .linewash.session import Session
from .memory import Memories, Memory
from .pixels import bounds_of
from .thumbnail import thumbnail

if TYPE_CHECKING:
    from .application import Application, OpenDocument

Purpose = Literal["click", "live"]

_LOOK = 0.02  # seconds between two looks at an errand
_READ, _ANSWERED = 0.1, 0.8  # of the progress bar: the drawing is read; the daemon has answered


@dataclass
class Shown:
    """What the docker tells while steps run, and after them. ``inserter``: what changes the document, in the end."""

    text: str = ""
    fraction: float = 0.0
    inserter: Inserter | None = None
    record: Record | None = None
    seconds: float = 0.0  # from the click to the last layer
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Desk:
    """What every colouring of one document works with."""

    courier: Courier
    memories: Memories
    document: OpenDocument
    memory: Memory
    shown: Shown


def color_steps(desk: Desk, choices: Choices, palette: tuple[Rgb, ...], purpose: Purpose) -> Steps:
    """Colour the line art and put the layers in place. Raises `LinewashError`, the document as it was."""
    started = time.monotonic()
    document, shown = desk.document, desk.shown
    line, hints = _checked_layers(desk)
    size, frame = document.size(), document.frame()
    shown.text = tr("Reading the drawing…")
    yield 0.0
    lineart = yield from document.read(line)
    yield 0.0
    strokes = None if hints is None else (yield from document.read(hints))
    mask = document.selection()
    if mask is not None and bounds_of(mask) is None:
        raise refusal("nothing_selected")
    yield 0.0
    options = choices.options(palette, document.depth())
    result = yield from _painted(desk, lineart, strokes, options, "" if purpose == "click" else purpose)
    shown.record, shown.notices = result.record, result.notices
    if any(notice.code == "lineart_empty" for notice in result.notices):
        raise refusal("lineart_empty")
    try:
        _check_unchanged(document, line, size)
        if purpose == "live" and document.frame() != frame:
            return  # the artist went on; on the frame they are on now these colours have no place
        inserter = Inserter(document, desk.memory, line, is_opaque(lineart), frame)
        shown.text, shown.fraction, shown.inserter = tr("Inserting layers…"), _ANSWERED, inserter
        update = purpose == "live" or choices.placement == "update"
        layers = tuple(named(layer) for layer in result.layers)
        yield from inserter.update(layers, mask) if update else inserter.place(layers, mask)
        shown.notices += tuple(inserter.notices)
        shown.seconds = time.monotonic() - started
    finally:
        _keep(desk, result, lineart, choices.seed, size, frame, purpose)


def region_steps(desk: Desk, choices: Choices) -> Steps:
    """Show what the program takes for regions as a temporary layer. Raises `LinewashError`."""
    document, shown = desk.document, desk.shown
    line, hints = _checked_layers(desk)
    size = document.size()
    shown.text = tr("Reading the drawing…")
    yield 0.0
    lineart = yield from document.read(line)
    yield 0.0
    strokes = None if hints is None else (yield from document.read(hints))
    yield 0.0
    options = Options(style=choices.style, gap=choices.gap, empty=choices.empty, layers=("regions",))
    result = yield from _painted(desk, lineart, strokes, options, "regions")
    _check_unchanged(document, line, size)
    yield from document.show_overlay(result.layer("regions"), tr("Regions (temporary)"))


def again_steps(desk: Desk, entry: Entry) -> Steps:
    """Insert an earlier result once more, as a new group. Raises `LinewashError`, the document as it was."""
    document, shown = desk.document, desk.shown
    line, _ = _checked_layers(desk)
    if document.size() != entry.size:
        width, height = entry.size
        raise BadInput(
            tr("This result was made for a drawing of {width} × {height} px.", width=width, height=height),
            tr("Colour the drawing anew."),
            "document_resized",
        )
    shown.text, shown.fraction = tr("Inserting layers…"), _ANSWERED
    yield 0.0
    lineart, frame = (yield from document.read(line)), document.frame()
    inserter = Inserter(document, desk.memory, line, is_opaque(lineart), frame)
    yield from inserter.place((named(layer.unpacked()) for layer in entry.layers), None)
    shown.notices = tuple(inserter.notices)


def reopen_steps(application: Application, memories: Memories, title: str, entry: Entry) -> Steps:
    """Open an earlier result of a document that was closed as a document of its own. Raises `LinewashError`."""
    yield 0.0
    document = application.new_document(title, *entry.size)
    yield 0.0
    inserter = Inserter(document, memories.of(document), None, False, None)
    yield from inserter.place((named(layer.unpacked()) for layer in entry.layers), None)


def _checked_layers(desk: Desk) -> tuple[str, str | None]:
    """The keys of line art and hints. Raises `BadInput` when they can't be used."""
    line, hints = desk.memory.line, desk.memory.hints
    if line is None or not desk.document.has_layer(line):
        raise refusal("no_line_layer")
    if line == hints:
        raise refusal("hints_are_line")
    if max(desk.document.size()) > MAX_SIDE:  # told before gigabytes are read
        raise refusal("document_too_large")
    return line, hints if hints is not None and desk.document.has_layer(hints) else None


def _check_unchanged(document: OpenDocument, line: str, size: tuple[int, int]) -> None:
    """Raise `BadInput` when a result of ``size`` for the layer ``line`` has no place in ``document`` any more."""
    if not document.is_open():
        raise refusal("document_closed")
    if document.size() != size:
        raise refusal("document_resized")
    if not document.has_layer(line):
        raise refusal("layer_gone")


def _painted(
    desk: Desk, lineart: Picture, strokes: Picture | None, options: Options, stream: str
) -> Generator[float, None, Result]:
    """Wait for the daemon; the job is cancelled when this is closed before the answer came."""

    def begin(session: Session) -> Job[Result]:
        return session.submit(lineart, strokes, options, stream=stream)

    errand = desk.courier.send(begin, start=True)
    try:
        while not errand.over:
            progress = errand.progress
            desk.shown.text = _stage(desk.courier, progress)
            desk.shown.fraction = _READ + (_ANSWERED - _READ) * (0.0 if progress is None else progress.fraction)
            yield _LOOK
    finally:
        if not errand.over:
            desk.courier.cancel(errand)
    return errand.result


def _stage(courier: Courier, progress: Progress | None) -> str:
    if progress is None:
        return tr("Sending the drawing…") if courier.connected() else tr("Starting the daemon…")
    return stage_text(progress.stage)


def _keep(
    desk: Desk,
    result: Result,
    lineart: Picture,
    seed: int,
    size: tuple[int, int],
    frame: int | None,
    purpose: Purpose,
) -> None:
    """Put the result into the document's history, in the courier's thread."""
    history, key = desk.memory.history, desk.memories.next_number()
    room = desk.memories.room(history)
    caption = tr("{time}, seed {seed}", time=time.strftime("%H:%M"), seed=seed)

    def work() -> None:
        small = thumbnail(lineart, result.layers)
        history.add(Entry(key, caption, size, frame, purpose == "live", pack(result), small), room)

    desk.courier.aside(work)
