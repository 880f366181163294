"""Texts kept with a document and saved in its .kra file: no undo step, and no change that asks to be saved."""

from __future__ import annotations

from typing import Any

from ..qt import QtCore

_GROUPS, _OVERLAY = "linewash-groups", "linewash-overlay"


def annotate(document: Any, kind: str, text: str) -> None:
    document.setAnnotation(kind, "Linewash", QtCore.QByteArray(text.encode()))


def annotation(document: Any, kind: str) -> str:
    """What was kept under this name, "" if nothing was."""
    found = kind in document.annotationTypes()
    return bytes(document.annotation(kind)).decode(errors="replace") if found else ""


def our_groups(document: Any) -> list[str]:
    """Keys of the groups that we placed."""
    return annotation(document, _GROUPS).split()


def add_our_group(document: Any, key: str) -> None:
    annotate(document, _GROUPS, " ".join([*our_groups(document), key]))


def overlay(document: Any) -> str:
    """Key of the overlay, "" when none is shown; kept with the document lest one that was saved with it stays."""
    return annotation(document, _OVERLAY)


def set_overlay(document: Any, key: str) -> None:
    annotate(document, _OVERLAY, key)
