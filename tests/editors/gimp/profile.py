"""GIMP's settings and plug-ins of one test: a copy of a profile that has been started once."""

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
(config-version "3.0.4")
(check-updates no)
(save-session-info no)
(undo-levels 50)
(show-welcome-dialog no)
"""


@dataclass(frozen=True)
class Profile:
    """A home folder with all that GIMP keeps."""

    home: Path

    def environment(self) -> dict[str, str]:
        folders = {"CONFIG": ".config", "DATA": ".local/share", "CACHE": ".cache", "STATE": ".local/state"}
        return {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self._made("run")),
            "GIMP3_DIRECTORY": str(self.gimp),
            **{f"XDG_{name}_HOME": str(self._made(folder)) for name, folder in folders.items()},
        }

    @property
    def gimp(self) -> Path:
        """GIMP's own folder, where it would look for it without ``GIMP3_DIRECTORY`` as well."""
        return self._made(".config/GIMP/3.0")

    @property
    def plug_ins(self) -> Path:
        return self._made(".config/GIMP/3.0/plug-ins")

    def install(self, plugin: Path) -> None:
        """Do what an artist does by hand: unpack a zip, or copy what is in a folder, into ``plug-ins``."""
        if plugin.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(plugin, self.plug_ins, dirs_exist_ok=True, ignore=ignored)
            return
        with zipfile.ZipFile(plugin) as archive:
            for entry in archive.infolist():
                path = Path(archive.extract(entry, self.plug_ins))
                if path.is_file() and entry.external_attr >> 16:  # `extract` leaves out what `unzip` honours
                    path.chmod(entry.external_attr >> 16 & 0o777)

    def set_key(self, action: str, keys: str) -> None:
        """Give an action of GIMP's menus a key, as in its keyboard shortcuts: ``"<Primary><Alt>l"``."""
        path = self.gimp / "shortcutsrc"
        lines = path.read_text("utf-8").splitlines() if path.exists() else ["(file-version 1)"]
        path.write_text("\n".join([*lines, f'(action "{action}" "{keys}")']) + "\n", "utf-8")

    def set(self, name: str, value: str) -> None:
        """One setting of ``gimprc``; ``value`` as it is written there (text in quotes)."""
        with (self.gimp / "gimprc").open("a", encoding="utf-8") as settings:
            settings.write(f"({name} {value})\n")

    def _made(self, name: str) -> Path:
        path = self.home / name
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path


def new_profile(home: Path, version: str, warm_up: Callable[[Profile], None]) -> Profile:
    """A profile in ``home`` (made here) with the test driver in it. ``warm_up`` starts and ends GIMP once with a
    profile: at its first start GIMP asks every plug-in what it offers, which is kept for all later tests.
    """

    def make(folder: Path) -> None:
        cold = Profile(folder)
        cold.gimp.joinpath("gimprc").write_text(SETTINGS)
        cold.install(DRIVER)
        warm_up(cold)
        shutil.rmtree(folder / "run", ignore_errors=True)

    key = hashlib.sha256(SETTINGS.encode()).hexdigest()[:8]
    shutil.copytree(cached(f"gimp-{version}-{key}", make), home, symlinks=True)
    profile = Profile(home)
    shutil.rmtree(profile.plug_ins)
    profile.install(DRIVER)
    return profile
