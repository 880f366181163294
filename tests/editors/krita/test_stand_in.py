"""The real Krita does what its stand-in in the fast tests is made after."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.krita_plugin.promises_of_krita import PROMISES

from .run import Krita

SCRIPT = Path(__file__).parents[2] / "krita_plugin" / "promises_of_krita.py"


@pytest.mark.parametrize("name", PROMISES)
def test_krita_does_as_its_stand_in(krita: Krita, name: str) -> None:
    krita.play(SCRIPT, name)
