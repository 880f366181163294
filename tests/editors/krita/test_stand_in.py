"""The real Krita does what its stand-in in the fast tests is made after."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.krita_plugin import promises_of_documents, promises_of_pixels

from .run import Krita

FOLDER = Path(__file__).parents[2] / "krita_plugin"
SCRIPTS = {
    **dict.fromkeys(promises_of_documents.PROMISES, FOLDER / "promises_of_documents.py"),
    **dict.fromkeys(promises_of_pixels.PROMISES, FOLDER / "promises_of_pixels.py"),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_krita_does_as_its_stand_in(krita: Krita, name: str) -> None:
    krita.play(SCRIPTS[name], name)
