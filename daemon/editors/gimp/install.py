"""Putting the plug-in into a GIMP profile: wholly, or not at all."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from dataclasses import dataclass

import psutil

from linewash.launch import COMMAND_NOTE

from .. import placing
from ..shipping import CLIENT, installed_version
from .package import PACKAGE, SCRIPT, plug_in_files
from .profiles import Profile


@dataclass(frozen=True)
class Installed:
    """One profile that has the plug-in now. ``replaced``: the version that was there, None when there was none."""

    profile: Profile
    replaced: str | None


def install(profile: Profile) -> Installed:
    """Put this version's plug-in into ``profile``, in place of any other version.

    It is written under another name first and then renamed, so that a full disk or a folder that is read-only leaves
    the profile as it was. Raises `BadInput` (``output_unwritable``).
    """
    replaced = installed_version(profile.package) if os.path.lexists(profile.plug_in) else None
    files = plug_in_files()
    if not profile.sandboxed:
        files[f"{PACKAGE}/{CLIENT}/{COMMAND_NOTE}"] = placing.daemon_note()
    try:
        with placing.folders([profile.plug_in.parent]), ExitStack() as leftovers:
            placing.take_places([placing.beside(profile.plug_in, files, leftovers, programs=[SCRIPT])])
    except OSError as error:
        raise placing.unwritable(profile.folder, error) from error
    return Installed(profile, replaced)


def gimp_runs() -> bool:
    """Whether a GIMP 3 runs on this machine, whichever package it comes from."""
    names = [str(process.info["name"] or "").lower() for process in psutil.process_iter(["name"])]
    return any(re.fullmatch(r"gimp(-console)?(-3(\.\d+)?)?(\.exe)?", name) for name in names)
