"""A home of the test's own, with the profiles of editors that the test puts there."""

from __future__ import annotations

from pathlib import Path

import pytest

from linewash_daemon.editors.krita.profiles import Profile, known_profiles


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "GIMP3_DIRECTORY"):
        monkeypatch.delenv(variable, raising=False)
    return folder


@pytest.fixture
def profile(home: Path) -> Profile:
    """Krita's own on Linux, as it is before Krita's first start."""
    return known_profiles("linux", {}, home)[0]


def tree(folder: Path) -> dict[str, bytes | str]:
    """Everything below ``folder``: what files hold, where links lead, "" for folders."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink())
        else:
            found[name] = path.read_bytes() if path.is_file() else ""
    return found
