"""The stand-in does what the plug-in takes for granted of Krita; the real one is asked in tests/editors/krita."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from . import promises_of_documents, promises_of_pixels
from .promising import SRGB
from .stand_in import Document, Krita, ManagedColor, Resource, Swatch
from .stand_in.pixels import Space

PROMISES = promises_of_documents.PROMISES | promises_of_pixels.PROMISES


class Stage:
    """Stands in for the harness's stage; see tests/editors/krita/driver."""

    def __init__(self, app: Krita, folder: Path) -> None:
        self.app, self.folder = app, folder

    def show(self, document: Document) -> Any:
        self.app.activeWindow().addView(document)
        yield 0.3


@pytest.mark.parametrize("name", PROMISES)
def test_it_does_as_krita_does(name: str, tmp_path: Path) -> None:
    krita = Krita()
    red = ManagedColor(Space("RGBA", "U8", SRGB), bytes([0, 0, 255, 255]))
    krita.palettes["Reds"] = Resource([Swatch(None), Swatch(red)])
    for _ in PROMISES[name](Stage(krita, tmp_path)):
        krita.turn()
    assert krita.crashes == []
