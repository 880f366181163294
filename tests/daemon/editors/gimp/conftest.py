"""A GIMP profile in the test's own home."""

from __future__ import annotations

from pathlib import Path

import pytest

from linewash_daemon.editors.gimp.profiles import Profile, known_profiles


@pytest.fixture(autouse=True)
def no_chosen_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GIMP3_DIRECTORY", raising=False)


@pytest.fixture
def profile(home: Path) -> Profile:
    """GIMP's own on Linux, as it is before GIMP's first start."""
    return known_profiles("linux", {}, home)[0]
