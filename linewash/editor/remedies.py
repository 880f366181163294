"""From a code to what a plug-in shows: a sentence and a remedy in the artist's words and language, and the button."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ..contract import MAX_PALETTE, MAX_SIDE, MIN_SIDE, Notice
from ..errors import BadInput, LinewashError
from .texts import speaks_english, tr

Mend = Literal["start_daemon", "free_gpu", "copy_diagnostics"]
"""What the button beside a message does."""

OTHER_VERSION = frozenset({"wrong_protocol", "unknown_op", "bad_message"})
"""Codes that tell of a daemon of another version: *Start daemon* is then to end that one first."""

_MENDS: dict[str, tuple[Mend, ...]] = {
    "daemon_unreachable": ("start_daemon",),
    "daemon_gone": ("start_daemon",),
    "stopping": ("start_daemon",),
    "daemon_not_started": ("start_daemon", "copy_diagnostics"),
    "daemon_refused": ("copy_diagnostics",),
    "connection_file_foreign": ("copy_diagnostics",),
    "connection_file_damaged": ("copy_diagnostics",),
    "wrong_protocol": ("start_daemon", "copy_diagnostics"),
    "model_unusable": ("copy_diagnostics",),
    "torch_missing": ("copy_diagnostics",),
    "out_of_memory": ("free_gpu",),
    "timed_out": ("copy_diagnostics",),
    "bad_message": ("start_daemon", "copy_diagnostics"),
    "unknown_op": ("start_daemon", "copy_diagnostics"),
    "internal": ("copy_diagnostics",),
    "error": ("copy_diagnostics",),
}
_CALM = frozenset({
    "cancelled", "superseded", "hints_empty", "around_ignored", "layers_limited", "layer_unavailable", "layer_edited",
    "document_closed", "document_gray", "document_converted",
})  # fmt: skip
# Their own sentence has numbers, names or paths that ours can't have.
_OWN_WORDS = frozenset({
    "bad_input", "bad_size", "size_mismatch", "bad_option", "no_such_file", "not_an_image", "unsupported_image",
    "truncated_image", "image_too_large", "output_exists", "output_unwritable", "daemon_not_started",
    "connection_file_foreign", "connection_file_damaged", "wrong_protocol", "no_such_model", "model_unusable",
    "out_of_memory", "layers_limited",
})  # fmt: skip


_OF_PLUG_INS = frozenset({
    "no_document", "no_line_layer", "hints_are_line", "layer_gone", "layer_edited", "layer_elsewhere",
    "layer_unreadable", "document_closed", "document_gray", "document_converted", "document_resized",
    "document_too_large", "nothing_selected", "nothing_to_insert",
})  # fmt: skip


@dataclass(frozen=True)
class Message:
    """A sentence for the artist. ``calm``: it only informs; else something went wrong."""

    sentence: str
    remedy: str = ""
    calm: bool = False
    mends: tuple[Mend, ...] = ()
    code: str = ""


def message_of(trouble: LinewashError | Notice) -> Message:
    """What to show of an error, or of a notice that came with a result."""
    return message(trouble.code, trouble.sentence, trouble.remedy if isinstance(trouble, LinewashError) else "")


def message(code: str, sentence: str = "", remedy: str = "") -> Message:
    """What to show for a code of `errors.CODES`, of a notice, or of the plug-ins themselves.

    ``sentence``, ``remedy``: what came with it, in English; shown where it says more, or where the code is unknown.
    With a code of the plug-ins they are in the artist's language, and shown.
    """
    texts = _texts()
    ours, what_to_do = texts.get(code, (sentence or texts["error"][0], remedy))
    if sentence and code in _OF_PLUG_INS:
        ours, what_to_do = sentence, remedy or what_to_do
    elif sentence and code in _OWN_WORDS:
        ours = sentence if speaks_english() else f"{ours} ({sentence})"
    if remedy and code == "out_of_memory":  # it tells what would fit
        what_to_do = f"{what_to_do} ({remedy})"
    return Message(ours, what_to_do, code in _CALM, mends(code), code)


def message_for_script(error: LinewashError) -> Message:
    """What to tell a script, which has no buttons: the error's own remedy, in English, where ours names one."""
    shown = message_of(error)
    if not any(button(mend) in shown.remedy for mend in shown.mends):
        return shown
    return replace(shown, remedy=error.remedy or tr("Try again. If it comes back, report it."), mends=())


def refusal(code: str) -> BadInput:
    """What a plug-in raises where it can't go on, in the artist's language."""
    shown = message(code)
    return BadInput(shown.sentence, shown.remedy, code)


def mends(code: str) -> tuple[Mend, ...]:
    """The buttons that help, the likeliest first; an error that nobody knows can at least be reported."""
    return _MENDS.get(code, () if code in _texts() else ("copy_diagnostics",))


def button(mend: Mend) -> str:
    """What the button says; remedies name it so."""
    return {
        "start_daemon": tr("Start daemon"),
        "free_gpu": tr("Free GPU"),
        "copy_diagnostics": tr("Copy diagnostics"),
    }[mend]


def _texts() -> dict[str, tuple[str, str]]:
    """Sentence and remedy of every code, in the artist's language."""
    return {**_of_the_drawing(), **_of_the_daemon(), **_of_styles(), **_of_files(), **_of_jobs()}


def _of_the_drawing() -> dict[str, tuple[str, str]]:
    return {
        "no_document": (tr("No drawing is open."), tr("Open one, then choose the layer with its line art.")),
        "no_line_layer": (
            tr("No layer is chosen as line art."),
            tr("Choose the layer that holds the lines."),
        ),
        "hints_are_line": (
            tr("The same layer is chosen as line art and as hints."),
            tr("Choose another layer for the hints, or make one with New hint layer."),
        ),
        "lineart_empty": (
            tr("The line art is empty, so there is nothing to colour inside of."),
            tr("Choose the layer that holds the lines."),
        ),
        "lineart_black": (
            tr("The line art is black all over, so there is nothing to colour inside of."),
            tr("Choose the layer that holds the lines: ink on white, or ink on transparency."),
        ),
        "hints_empty": (
            tr("The hint layer has no stroke that is at least half opaque, so the colours are Linewash's own."),
            tr("Paint on the hint layer with an opaque brush."),
        ),
        "around_ignored": (
            tr("This style takes no strokes of less than half opacity, so they were ignored."),
            tr("Choose another style, or paint them opaque."),
        ),
        "layer_gone": (
            tr("The layer was deleted while it was needed."),
            tr("Undo the deletion, or choose another layer, then colour again."),
        ),
        "layer_elsewhere": (
            tr("A layer that was chosen belongs to another image."),
            tr("Choose layers of the image that is to be coloured."),
        ),
        "layer_unreadable": (
            tr("The editor gives no pixels of this layer."),
            tr("Choose another layer, or convert it to a paint layer."),
        ),
        "layer_edited": (tr("You painted on Linewash's layers, so the new colours went into a new group."), ""),
        "document_gray": (
            tr("This document holds greys only, so the colours show as greys."),
            tr("Image > Convert Image Color Space… to RGB shows them."),
        ),
        "document_converted": (
            tr("Colours need an RGB image, so this one was converted."),
            tr("Undo takes that back together with the colours."),
        ),
        "document_closed": (
            tr("The drawing was closed before its colours were ready, so nothing was inserted."),
            tr("The result is kept in the history."),
        ),
        "document_resized": (
            tr("The canvas changed its size while the colours were on their way, so they no longer fit."),
            tr("Press Auto color again."),
        ),
        "document_too_large": (
            tr("The canvas is too large: Linewash colours up to {side} px on a side.", side=MAX_SIDE),
            tr("Make a smaller copy of the drawing, or cut it into parts."),
        ),
        "nothing_selected": (
            tr("The selection covers nothing of the drawing, so no colour has a place."),
            tr("Select something else, or nothing at all."),
        ),
        "nothing_to_insert": (tr("No kind of layer is chosen."), tr("Choose at least one under Layers.")),
        "bad_input": (tr("This drawing can't be used as it is."), ""),
        "bad_size": (
            tr(
                "The canvas has a size that can't be coloured: {low} to {high} px on a side.",
                low=MIN_SIDE,
                high=MAX_SIDE,
            ),
            tr("Resize the drawing, or cut it into parts."),
        ),
        "size_mismatch": (
            tr("Hints and line art are not of the same size."),
            tr("Press Auto color again; if it stays so, make a new hint layer."),
        ),
    }


def _of_the_daemon() -> dict[str, tuple[str, str]]:
    start, copy = button("start_daemon"), button("copy_diagnostics")
    again = tr("Press {button}, then Auto color once more.", button=start)
    same = tr(
        "Press {button}: that ends the old one. If this comes back, install the same version of both.", button=start
    )
    report = tr("Restart the computer. If that does not help, press {button} and report it.", button=copy)
    return {
        "daemon_unreachable": (
            tr("The Linewash daemon, the program that works out the colours, is not running."),
            tr("Press {button}.", button=start),
        ),
        "daemon_gone": (tr("The Linewash daemon ended in the middle of the work. Your drawing is untouched."), again),
        "stopping": (tr("The Linewash daemon was just stopped. Your drawing is untouched."), again),
        "daemon_not_started": (
            tr("The Linewash daemon could not be started."),
            tr("Is Linewash installed, not only the plug-in? If so, press {button} and report it.", button=copy),
        ),
        "daemon_refused": (tr("The Linewash daemon that runs does not accept this editor."), report),
        "connection_file_foreign": (
            tr("The file that leads to the Linewash daemon is not yours alone, so it is not trusted."),
            tr("Delete that file, then press Auto color again."),
        ),
        "connection_file_damaged": (tr("The file that leads to the Linewash daemon is damaged."), report),
        "wrong_protocol": (
            tr("The plug-in and the Linewash daemon are of different versions."),
            same,
        ),
        "timed_out": (
            tr("The Linewash daemon gave no answer in time. Your drawing is untouched."),
            tr("Try again, perhaps with other programs closed. If it stays so, restart the computer."),
        ),
        "busy": (
            tr("The Linewash daemon has too much to do."),
            tr("Wait for other drawings to be ready, then try again."),
        ),
        "bad_message": (tr("The plug-in and the Linewash daemon did not understand each other."), same),
        "unknown_op": (
            tr("The Linewash daemon does not know what the plug-in asks for."),
            same,
        ),
        "internal": (
            tr("Linewash met a fault of its own. Your drawing is untouched."),
            tr("Try again. If it comes back, press {button} and report it.", button=copy),
        ),
        "error": (
            tr("Something went wrong in Linewash. Your drawing is untouched."),
            tr("Try again. If it comes back, press {button} and report it.", button=copy),
        ),
        "out_of_memory": (
            tr("There is not enough memory for this drawing."),
            tr(
                "Press {button}, close other programs, insert fewer layers, or colour a smaller copy.",
                button=button("free_gpu"),
            ),
        ),
    }


def _of_styles() -> dict[str, tuple[str, str]]:
    return {
        "no_such_model": (tr("The style that was chosen is not installed."), tr("Choose another style.")),
        "model_unusable": (
            tr("The style that was chosen is damaged or of another version."),
            tr("Choose another style, or install Linewash anew."),
        ),
        "torch_missing": (
            tr("PyTorch, which the Linewash daemon needs to work out colours, is not installed."),
            tr("Install Linewash anew, together with PyTorch."),
        ),
        "bad_option": (
            tr("One of the settings is out of its range."),
            tr("A palette may have up to {count} colours; set the others back to what they were.", count=MAX_PALETTE),
        ),
        "layer_unavailable": (
            tr("This style does not make the layers that were asked for."),
            tr("Choose other layers, or another style."),
        ),
        "layers_limited": (
            tr("There are more colours or regions than layers are made for, so the smallest share the last layer."),
            "",
        ),
    }


def _of_files() -> dict[str, tuple[str, str]]:
    other = tr("Choose another layer, or convert it to a paint layer.")
    return {
        "no_such_file": (tr("A file that is needed is not there."), tr("Check its name and folder.")),
        "not_an_image": (tr("A file that should be a picture is none."), other),
        "unsupported_image": (tr("A picture is of a kind that can't be read."), other),
        "truncated_image": (tr("A picture is damaged or was cut short."), other),
        "image_too_large": (tr("A picture is too large."), tr("Resize the drawing, or cut it into parts.")),
        "output_exists": (tr("There is a file of that name already."), tr("Choose another name.")),
        "output_unwritable": (tr("A file can't be written."), tr("Choose another folder.")),
    }


def _of_jobs() -> dict[str, tuple[str, str]]:
    return {
        "cancelled": (tr("Cancelled; nothing was changed."), ""),
        "superseded": (tr("A newer colouring took the place of this one."), ""),
        "lineart_unknown": (tr("The Linewash daemon has forgotten the line art."), tr("Press Auto color again.")),
    }
