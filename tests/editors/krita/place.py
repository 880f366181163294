"""The two Kritas of the tests."""

from __future__ import annotations

from tests.editors.install import native_krita, trixie_krita
from tests.editors.place import Place

OLDEST = "5.1.5"
USUAL = "5.2.9"
VERSIONS = (OLDEST, USUAL)


def place_of(version: str) -> Place:
    """Installs or unpacks what is missing. Raises `NotAvailable`."""
    if version == OLDEST:
        native_krita()
        return Place(version, None)
    return Place(version, trixie_krita())
