"""Where GIMP 3 keeps a user's plug-ins: its own package, Flatpak, Snap, macOS and Windows differ, and each 3.x has a
folder of its own.

Only folders that are there count, and none is ever made: GIMP brings over the settings of an older GIMP, and makes
the folders for brushes and palettes, only where it finds no folder at all.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .package import NAME, PACKAGE, SCRIPT

LAST_START = f"{PACKAGE}_last_start.json"
"""What the plug-in writes into `Profile.folder` when GIMP starts it; see linewash/editor/last_start.py."""


@dataclass(frozen=True)
class Profile:
    """One user's folder of one GIMP 3. ``label`` tells them apart: ``GIMP 3.0``, ``GIMP 3.0 (Flatpak)`` …"""

    label: str
    folder: Path  # holds plug-ins/
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
    sandboxed: bool = False

    def versions(self, major: str) -> list[str]:
        names = [path.name for path in self.folder.glob(f"{major}.*") if path.is_dir()]
        return sorted((name for name in names if re.fullmatch(r"\d+\.\d+", name)), key=lambda name: int(name[2:]))


def profiles(
    platform: str = sys.platform, environment: Mapping[str, str] | None = None, home: Path | None = None
) -> list[Profile]:
    """Those of every GIMP 3 that was started here, of GIMP's own packages first."""
    environment = os.environ if environment is None else environment
    home = Path.home() if home is None else home
    chosen = environment.get("GIMP3_DIRECTORY")
    found: list[Profile] = []
    for kind in _kinds(platform, environment, home):
        if not chosen or kind.sandboxed:
            names = kind.versions("3")
            found += [Profile(f"GIMP {name}{kind.label}", kind.folder / name, kind.sandboxed) for name in names]
        elif (home / chosen).is_dir():
            found.append(Profile("GIMP 3", home / chosen))
    return found


def old_profiles(
    platform: str = sys.platform, environment: Mapping[str, str] | None = None, home: Path | None = None
) -> list[Path]:
    """Folders of GIMP 2.x, whose plug-ins are of another kind."""
    environment = os.environ if environment is None else environment
    home = Path.home() if home is None else home
    return [kind.folder / name for kind in _kinds(platform, environment, home) for name in kind.versions("2")]


def _kinds(platform: str, environment: Mapping[str, str], home: Path) -> Iterator[_Kind]:
    if platform == "win32":
        yield _Kind("", Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "GIMP")
    elif platform == "darwin":
        yield _Kind("", home / "Library" / "Application Support" / "GIMP")
    else:
        config = Path(environment.get("XDG_CONFIG_HOME", ""))
        yield _Kind("", (config if config.is_absolute() else home / ".config") / "GIMP")
        yield _Kind(" (Flatpak)", home / ".var" / "app" / "org.gimp.GIMP" / "config" / "GIMP", sandboxed=True)
        yield _Kind(" (Snap)", home / "snap" / "gimp" / "current" / ".config" / "GIMP", sandboxed=True)
