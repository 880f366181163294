"""Where Krita keeps a user's plug-ins and settings: its own package, Flatpak, Snap, macOS and Windows differ."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from .kritarc import resource_folder
from .package import ACTION, DESKTOP, NAME

LAST_START = f"{NAME}_last_start.json"
"""What the plug-in writes into `Profile.data` at each start of Krita; see krita_plugin/last_start.py."""


@dataclass(frozen=True)
class Profile:
    """One user's folders of one kind of Krita. ``label`` tells the kinds apart: ``Krita``, ``Krita (Flatpak)`` …"""

    label: str
    data: Path  # holds pykrita/ and actions/
    kritarc: Path
    home: Path  # exists when this kind of Krita is or was in use
    sandboxed: bool = False  # it can't start programs of the system

    @property
    def exists(self) -> bool:
        return any(path.exists() for path in (self.home, self.data, self.kritarc))

    @property
    def package(self) -> Path:
        return self.data / "pykrita" / NAME

    @property
    def desktop(self) -> Path:
        return self.data / "pykrita" / DESKTOP

    @property
    def action(self) -> Path:
        return self.data / "actions" / ACTION

    @property
    def last_start(self) -> Path:
        return self.data / LAST_START

    def settings(self) -> bytes:
        """The contents of kritarc, none when there is no such file. Raises `OSError`."""
        return self.kritarc.read_bytes() if self.kritarc.exists() else b""


def known_profiles(
    platform: str = sys.platform, environment: Mapping[str, str] | None = None, home: Path | None = None
) -> list[Profile]:
    """Every kind of Krita that this system may have, the one of Krita's own installer first; none need exist."""
    environment = os.environ if environment is None else environment
    home = Path.home() if home is None else home
    return [_with_chosen_folder(profile) for profile in _standard(platform, environment, home)]


def profiles_to_use(known: list[Profile]) -> list[Profile]:
    """Those that exist; without any the first, where a Krita that was never started will look."""
    return [profile for profile in known if profile.exists] or known[:1]


def _standard(platform: str, environment: Mapping[str, str], home: Path) -> Iterator[Profile]:
    if platform == "win32":
        roaming = Path(environment.get("APPDATA") or home / "AppData" / "Roaming")
        local = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
        yield _profile("Krita", roaming, local)
        for store in sorted(local.glob("Packages/49800Krita_*")):
            yield _profile("Krita (Store)", store / "LocalCache" / "Roaming", store / "LocalCache" / "Local")
    elif platform == "darwin":
        library = home / "Library"
        yield _profile("Krita", library / "Application Support", library / "Preferences")
    else:
        data = _absolute(environment, "XDG_DATA_HOME") or home / ".local" / "share"
        config = _absolute(environment, "XDG_CONFIG_HOME") or home / ".config"
        yield _profile("Krita", data, config)
        flatpak = home / ".var" / "app" / "org.kde.krita"
        yield _profile("Krita (Flatpak)", flatpak / "data", flatpak / "config", sandbox=flatpak)
        snap = home / "snap" / "krita" / "current"
        yield _profile("Krita (Snap)", snap / ".local" / "share", snap / ".config", sandbox=snap)


def _profile(label: str, data: Path, config: Path, sandbox: Path | None = None) -> Profile:
    return Profile(label, data / "krita", config / "kritarc", sandbox or data / "krita", sandbox is not None)


def _absolute(environment: Mapping[str, str], name: str) -> Path | None:
    """A folder of the XDG specification, by which relative ones are to be ignored."""
    path = Path(environment.get(name, ""))
    return path if path.is_absolute() else None


def _with_chosen_folder(profile: Profile) -> Profile:
    """Krita looks for plug-ins in the folder that was chosen for resources, if one was."""
    try:
        chosen = resource_folder(profile.settings())
    except OSError:  # whoever uses the settings says why
        chosen = None
    return replace(profile, data=chosen or profile.data)
