"""A GIMP profile in the test's own home."""

from __future__ import annotations

from pathlib import Path

import pytest

from linewash_daemon.editors.gimp.profiles import Profile, known_profiles


@pytest.fixture
def profile(home: Path) -> Profile:
    """GIMP's own on Linux, as it is before GIMP's first start."""
    return known_profiles("linux", {}, home)[0]
