"""A GIMP profile in the test's own home."""

from __future__ import annotations

from pathlib import Path

import pytest

from linewash_daemon.editors.gimp.profiles import Profile, profiles


@pytest.fixture
def profile(home: Path) -> Profile:
    """GIMP's own on Linux, with nothing in it."""
    (home / ".config" / "GIMP" / "3.0").mkdir(parents=True)
    return profiles("linux", {}, home)[0]
