"""Where GIMP 3 keeps a user's plug-ins: its own package, Flatpak, Snap, macOS and Windows differ, and each 3.x has a
folder of its own."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .package import NAME, PACKAGE, SCRIPT

FIRST = "3.0"
LAST_START = f"{PACKAGE}_last_start.json"
"""What the plug-in writes into `Profile.folder` when GIMP starts it; see linewash/editor/last_start.py."""


@dataclass(frozen=True)
class Profile:
    """One user's folder of one GIMP 3. ``label`` tells them apart: ``GIMP 3.0``, ``GIMP 3.0 (Flatpak)`` …"""

    label: str
    folder: Path  # holds plug-ins/
    exists: bool
    sandboxed: bool = False  # it can't start programs of the system

    @property
    def plug_in(self) -> Path:
        return self.folder / "plug-ins" / NAME

    @property
    def script(self) -> Path:
        return self.plug_in / SCRIPT

    @property
    def package(self) -> Path:
        return self.plug_in / PACKAGE

    @property
    def last_start(self) -> Path:
        return self.folder / LAST_START

    @property
    def known_plug_ins(self) -> Path:
        """Written by GIMP when it starts and finds a plug-in that is new or was changed."""
        return self.folder / "pluginrc"


@dataclass(frozen=True)
class _Kind:
    """One way to get GIMP. ``folder`` holds a folder for each version that was started."""

    label: str  # " (Flatpak)", say
    folder: Path
    sandbox: Path | None = None  # exists when this kind is or was in use

    def versions(self, major: str) -> list[str]:
        names = [path.name for path in self.folder.glob(f"{major}.*") if path.is_dir()]
        return sorted((name for name in names if re.fullmatch(r"\d+\.\d+", name)), key=lambda name: int(name[2:]))


def known_profiles(
    platform: str = sys.platform, environment: Mapping[str, str] | None = None, home: Path | None = None
) -> list[Profile]:
    """Those of every kind of GIMP 3 that this system may have, the one of GIMP's own installer first; none need
    exist."""
    environment = os.environ if environment is None else environment
    home = Path.home() if home is None else home
    chosen = environment.get("GIMP3_DIRECTORY")
    found: list[Profile] = []
    for kind in _kinds(platform, environment, home):
        if chosen and kind.sandbox is None:
            found.append(Profile("GIMP 3", home / chosen, (home / chosen).is_dir()))
        else:
            found += _profiles(kind)
    return found


def profiles_to_use(known: list[Profile]) -> list[Profile]:
    """Those that exist; without any the first, where a GIMP 3.0 that was never started will look."""
    return [profile for profile in known if profile.exists] or known[:1]


def old_profiles(
    platform: str = sys.platform, environment: Mapping[str, str] | None = None, home: Path | None = None
) -> list[Path]:
    """Folders of GIMP 2.x, whose plug-ins are of another kind."""
    environment = os.environ if environment is None else environment
    home = Path.home() if home is None else home
    return [kind.folder / name for kind in _kinds(platform, environment, home) for name in kind.versions("2")]


def _profiles(kind: _Kind) -> Iterator[Profile]:
    versions = kind.versions("3")
    unstarted = kind.sandbox is not None and kind.sandbox.is_dir() and not kind.versions("2")
    for name in versions or [FIRST]:
        label, sandboxed = f"GIMP {name}{kind.label}", kind.sandbox is not None
        yield Profile(label, kind.folder / name, bool(versions) or unstarted, sandboxed)


def _kinds(platform: str, environment: Mapping[str, str], home: Path) -> Iterator[_Kind]:
    if platform == "win32":
        yield _Kind("", Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "GIMP")
    elif platform == "darwin":
        yield _Kind("", home / "Library" / "Application Support" / "GIMP")
    else:
        config = Path(environment.get("XDG_CONFIG_HOME", ""))
        yield _Kind("", (config if config.is_absolute() else home / ".config") / "GIMP")
        flatpak = home / ".var" / "app" / "org.gimp.GIMP"
        yield _Kind(" (Flatpak)", flatpak / "config" / "GIMP", flatpak)
        snap = home / "snap" / "gimp" / "current"
        yield _Kind(" (Snap)", snap / ".config" / "GIMP", snap)
