"""Krita's settings and resources of one test: a copy of a profile that has been started once."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.editors.install import cached

DRIVER = Path(__file__).parent / "driver"
SETTINGS = """\
[General]
SessionOnStartup=0
showStartupWizard=false
"""
DISPLAY_SETTINGS = """\
[General]
OpenGLRenderer=none
canvasState=OPENGL_FAILED
useOpenGL=false
"""


@dataclass(frozen=True)
class Profile:
    """A home folder with all that Krita keeps."""

    home: Path

    def environment(self) -> dict[str, str]:
        folders = {"CONFIG": ".config", "DATA": ".local/share", "CACHE": ".cache", "STATE": ".local/state"}
        return {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self._made("run")),
            **{f"XDG_{name}_HOME": str(self._made(folder)) for name, folder in folders.items()},
        }

    @property
    def config(self) -> Path:
        return self._made(".config")

    @property
    def resources(self) -> Path:
        """Krita's folder of resources, with ``pykrita`` in it."""
        return self._made(".local/share/krita")

    def install(self, plugin: Path) -> None:
        """Do what an artist does by hand: put a plug-in (its zip, or a folder with the zip's contents) into
        ``pykrita`` and switch it on.
        """
        into = self.resources / "pykrita"
        if plugin.is_dir():
            shutil.copytree(plugin, into, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            names = [path.stem for path in plugin.glob("*.desktop")]
        else:
            with zipfile.ZipFile(plugin) as archive:
                archive.extractall(into)
                names = [Path(name).stem for name in archive.namelist() if name.endswith(".desktop")]
        for name in names:
            self.enable(name)

    def enable(self, name: str) -> None:
        """Tick a plug-in in Krita's settings."""
        self.set("kritarc", "python", f"enable_{name}", "true")

    def set(self, file: str, section: str, key: str, value: str) -> None:
        """One setting of ``kritarc`` or another file of settings."""
        path = self.config / file
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        if f"[{section}]" not in lines:
            lines.append(f"[{section}]")
        lines.insert(lines.index(f"[{section}]") + 1, f"{key}={value}")  # KDE takes the first of two
        path.write_text("\n".join(lines) + "\n", "utf-8")

    def _made(self, name: str) -> Path:
        path = self.home / name
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path


def new_profile(home: Path, version: str, warm_up: Callable[[Profile], None]) -> Profile:
    """A profile in ``home`` (made here) with the test driver in it. ``warm_up`` starts and ends Krita once with a
    profile: the cold start takes half a minute, so its outcome is kept for all later tests.
    """
    settings = hashlib.sha256((SETTINGS + DISPLAY_SETTINGS).encode()).hexdigest()[:8]

    def make(folder: Path) -> None:
        cold = _cold(folder)
        warm_up(cold)
        shutil.rmtree(folder / "run", ignore_errors=True)

    shutil.copytree(cached(f"krita-{version}-{settings}", make), home, symlinks=True)
    shutil.rmtree(home / ".local/share/krita/pykrita", ignore_errors=True)
    profile = Profile(home)
    profile.install(DRIVER)
    return profile


def _cold(home: Path) -> Profile:
    profile = Profile(home)
    (profile.config / "kritarc").write_text(SETTINGS)
    (profile.config / "kritadisplayrc").write_text(DISPLAY_SETTINGS)
    profile.install(DRIVER)
    return profile
