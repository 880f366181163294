"""Putting the plug-in into a Krita profile and switching it on: wholly, or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass

import psutil

from linewash.launch import COMMAND_NOTE

from .. import placing
from ..shipping import CLIENT, installed_version
from . import package
from .kritarc import with_plugin_enabled
from .profiles import Profile


@dataclass(frozen=True)
class Installed:
    """One profile that has the plug-in now. ``replaced``: the version that was there, None when there was none."""

    profile: Profile
    replaced: str | None


def install(profile: Profile) -> Installed:
    """Put this version's plug-in into ``profile`` and switch it on, in place of any other version.

    Everything is written under other names first and then renamed, so that a full disk or a folder that is read-only
    leaves the profile as it was. Raises `BadInput` (``output_unwritable``).
    """
    replaced = installed_version(profile.package) if os.path.lexists(profile.package) else None
    wanted = (profile.package.parent, profile.action.parent, profile.kritarc.resolve().parent)
    try:
        with placing.folders(wanted), ExitStack() as leftovers:
            placing.take_places(_written(profile, leftovers))
    except OSError as error:
        raise placing.unwritable(profile.data, error) from error
    return Installed(profile, replaced)


def krita_runs() -> bool:
    """Whether a Krita runs on this machine, whichever package it comes from."""
    names = [str(process.info["name"] or "").lower() for process in psutil.process_iter(["name"])]
    return any(name in ("krita", "krita.exe") or name.startswith("krita-") for name in names)


def _written(profile: Profile, leftovers: ExitStack) -> list[placing.Replacement]:
    """Write all that is new; what switches the plug-in on comes last."""
    files = package.package_files()
    if not profile.sandboxed:
        files[f"{CLIENT}/{COMMAND_NOTE}"] = placing.daemon_note()
    replacements = [
        placing.beside(profile.package, files, leftovers),
        placing.beside(profile.desktop, {"": package.desktop_file()}, leftovers),
        placing.beside(profile.action, {"": package.action_file()}, leftovers),
    ]
    settings = profile.settings()
    switched_on = with_plugin_enabled(settings)
    if switched_on != settings:
        kritarc = profile.kritarc.resolve()  # some keep it elsewhere and link to it
        replacements.append(placing.beside(kritarc, {"": switched_on}, leftovers))
        if kritarc.exists():
            shutil.copymode(kritarc, replacements[-1].new)
    return replacements
