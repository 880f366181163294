"""One colouring from the wish to the layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .linewash.client import Client
from .linewash.contract import Notice, Rgb
from .linewash.editor.choices import Choices
from .linewash.editor.layer_names import named
from .linewash.editor.lineart import is_opaque
from .linewash.editor.remedies import refusal
from .linewash.editor.stages import stage_text
from .linewash.editor.texts import tr

if TYPE_CHECKING:
    from .application.drawing import Drawing

Report = Callable[[str, float], None]
"""Is told what is being done, and how far it got (0…1); may raise to cancel."""

_READ, _ANSWERED = 0.1, 0.85  # of the progress bar: the drawing is read; the daemon has answered


@dataclass(frozen=True)
class Wish:
    """What is to be coloured, and how. ``line``, ``hints``: keys of layers."""

    line: int | None
    hints: int | None = None
    choices: Choices = field(default_factory=Choices)
    palette: tuple[Rgb, ...] = ()  # the colours of the palette that ``choices`` names
    within_selection: bool = False


@dataclass(frozen=True)
class Colored:
    group: Any  # the `Gimp.GroupLayer` that was placed
    notices: tuple[Notice, ...] = ()


def color(drawing: Drawing, wish: Wish, client: Client, report: Report) -> Colored:
    """Colour the line art into a group of layers under it, in one undo step. Raises `LinewashError`, or whatever
    ``report`` does, the image as it was (but see `Group.place`)."""
    line = check(drawing, wish)
    size = drawing.size()
    report(tr("Reading the drawing…"), 0.0)
    lineart = drawing.read(line)
    strokes = None if wish.hints is None else drawing.read(wish.hints)
    report(tr("Sending the drawing…"), _READ)
    options = wish.choices.options(wish.palette, drawing.depth())

    def progress(stage: str, fraction: float) -> None:
        report(stage_text(stage), _READ + (_ANSWERED - _READ) * fraction)

    result = client.color(lineart, strokes, options=options, progress=progress)
    if any(notice.code == "lineart_empty" for notice in result.notices):
        raise refusal("lineart_empty")
    report(tr("Inserting layers…"), _ANSWERED)
    drawing.check(size)
    was_rgb = drawing.is_rgb()
    group = drawing.built_group([named(layer) for layer in result.layers], wish.within_selection)
    try:
        placed = group.place(tr("Auto color"), line, is_opaque(lineart))
    finally:
        group.drop()
    converted = () if was_rgb else (Notice("document_converted", ""),)
    return Colored(placed, (*result.notices, *converted))


def check(drawing: Drawing, wish: Wish) -> int:
    """The key of the line art. Raises `BadInput` where there is no use in asking the daemon."""
    drawing.check_open()
    if wish.line is None:
        raise refusal("no_line_layer")
    if wish.line == wish.hints:
        raise refusal("hints_are_line")
    if not wish.choices.layers:
        raise refusal("nothing_to_insert")
    if wish.within_selection and not drawing.has_selection():
        raise refusal("nothing_selected")
    return wish.line
