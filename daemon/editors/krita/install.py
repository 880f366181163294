"""Putting the plug-in into a Krita profile and switching it on: wholly, or not at all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from linewash.errors import BadInput
from linewash.launch import COMMAND_NOTE

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
    replaced = _installed_version(profile)
    try:
        with _folders(profile), ExitStack() as leftovers:
            _take_places(_written(profile, leftovers))
    except OSError as error:
        raise _unwritable(profile, error) from error
    return Installed(profile, replaced)


def krita_runs() -> bool:
    """Whether a Krita runs on this machine, whichever package it comes from."""
    names = [str(process.info["name"] or "").lower() for process in psutil.process_iter(["name"])]
    return any(name in ("krita", "krita.exe") or name.startswith("krita-") for name in names)


def _installed_version(profile: Profile) -> str | None:
    if not os.path.lexists(profile.package):
        return None
    version = f"{package.CLIENT}/version.py"
    try:
        files = {version: (profile.package / version).read_bytes()}
    except OSError:
        files = {}
    return package.version_of(files) or "unknown"


@contextmanager
def _folders(profile: Profile) -> Iterator[None]:
    """The profile's folders, made where they lack; on failure those that were made go again."""
    made: list[Path] = []
    try:
        for folder in (profile.package.parent, profile.action.parent, profile.kritarc.resolve().parent):
            for path in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
                path.mkdir()
                made.append(path)
        yield
    except BaseException:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir()
        raise


@dataclass(frozen=True)
class _Replacement:
    """Something that is written and waits for its place; ``old`` is where what is there now goes meanwhile."""

    place: Path
    new: Path
    old: Path


def _written(profile: Profile, leftovers: ExitStack) -> list[_Replacement]:
    """Write all that is new; what switches the plug-in on comes last."""
    files = package.package_files()
    if not profile.sandboxed:  # a checkout's program is on no PATH, so *Start daemon* is told where it is
        files[f"{package.CLIENT}/{COMMAND_NOTE}"] = json.dumps([sys.executable, "-m", "linewash_daemon"]).encode()
    replacements = [
        _beside(profile.package, files, leftovers),
        _beside(profile.desktop, {"": package.desktop_file()}, leftovers),
        _beside(profile.action, {"": package.action_file()}, leftovers),
    ]
    settings = profile.settings()
    switched_on = with_plugin_enabled(settings)
    if switched_on != settings:
        kritarc = profile.kritarc.resolve()  # some keep it elsewhere and link to it
        replacements.append(_beside(kritarc, {"": switched_on}, leftovers))
        if kritarc.exists():
            shutil.copymode(kritarc, replacements[-1].new)
    return replacements


def _beside(place: Path, files: dict[str, bytes], leftovers: ExitStack) -> _Replacement:
    """Write ``files`` (paths below ``place``; "" is ``place`` itself) into a folder of our own on the same disk."""
    folder = Path(tempfile.mkdtemp(prefix=f".{package.NAME}-", dir=place.parent))
    leftovers.callback(shutil.rmtree, folder, ignore_errors=True)
    new = folder / "new"
    for name, data in files.items():
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return _Replacement(place, new, folder / "old")


def _take_places(replacements: list[_Replacement]) -> None:
    """All of them, or on failure none."""
    begun: list[_Replacement] = []
    try:
        for replacement in replacements:
            begun.append(replacement)
            _keep_old(replacement)
            os.replace(replacement.new, replacement.place)
    except BaseException:
        for replacement in reversed(begun):
            _put_back(replacement)
        raise


def _keep_old(replacement: _Replacement) -> None:
    place, old = replacement.place, replacement.old
    if place.is_file() and not place.is_symlink():
        shutil.copy2(place, old)  # a file is replaced in one step: at no time is there none
    elif os.path.lexists(place):
        os.rename(place, old)


def _put_back(replacement: _Replacement) -> None:
    place, new, old = replacement.place, replacement.new, replacement.old
    if not new.exists():
        os.rename(place, new)
    if os.path.lexists(old):
        os.replace(old, place)


def _unwritable(profile: Profile, error: OSError) -> BadInput:
    where = error.filename or profile.data
    if error.errno == errno.ENOSPC:
        return BadInput(
            f"The plug-in does not fit onto the disk of {profile.data}; nothing was changed there.",
            "Make room and run this again.",
            "output_unwritable",
        )
    return BadInput(
        f"The plug-in can't be put into {profile.data}, as {where} can't be written ({error.strerror}); "
        "nothing was changed there.",
        "Make that folder yours, or change who may write to it, and run this again.",
        "output_unwritable",
    )
