"""Putting files and folders into their places in an editor's profile: all of them, or none."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from linewash.errors import BadInput


@dataclass(frozen=True)
class Replacement:
    """Something that is written and waits for its place; ``old`` is where what is there now goes meanwhile."""

    place: Path
    new: Path
    old: Path


def daemon_note() -> bytes:
    """How this program's daemon is started, for `linewash.launch.COMMAND_NOTE` in a plug-in's client: a checkout's
    program is on no PATH."""
    return json.dumps([sys.executable, "-m", "linewash_daemon"]).encode()


@contextmanager
def folders(wanted: Iterable[Path]) -> Iterator[None]:
    """These folders, made where they lack; on failure those that were made go again."""
    made: list[Path] = []
    try:
        for folder in wanted:
            for path in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
                path.mkdir()
                made.append(path)
        yield
    except BaseException:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir()
        raise


def beside(
    place: Path, files: Mapping[str, bytes], leftovers: ExitStack, programs: Collection[str] = ()
) -> Replacement:
    """Write ``files`` (paths below ``place``; "" is ``place`` itself) into a folder of our own on the same disk.
    ``programs`` among them get the run bit."""
    folder = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    leftovers.callback(shutil.rmtree, folder, ignore_errors=True)
    new = folder / "new"
    for name, data in files.items():
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if name in programs:
            path.chmod(path.stat().st_mode | 0o111)
    return Replacement(place, new, folder / "old")


def take_places(replacements: Iterable[Replacement]) -> None:
    """All of them, or on failure none."""
    begun: list[Replacement] = []
    try:
        for replacement in replacements:
            begun.append(replacement)
            _keep_old(replacement)
            os.replace(replacement.new, replacement.place)
    except BaseException:
        for replacement in reversed(begun):
            _put_back(replacement)
        raise


def unwritable(profile: Path, error: OSError) -> BadInput:
    """The sentence for a plug-in that can't be put into the folder ``profile``."""
    where = error.filename or profile
    if error.errno == errno.ENOSPC:
        return BadInput(
            f"The plug-in does not fit onto the disk of {profile}; nothing was changed there.",
            "Make room and run this again.",
            "output_unwritable",
        )
    return BadInput(
        f"The plug-in can't be put into {profile}, as {where} can't be written ({error.strerror}); "
        "nothing was changed there.",
        "Make that folder yours, or change who may write to it, and run this again.",
        "output_unwritable",
    )


def _keep_old(replacement: Replacement) -> None:
    place, old = replacement.place, replacement.old
    if place.is_file() and not place.is_symlink():
        shutil.copy2(place, old)  # a file is replaced in one step: at no time is there none
    elif os.path.lexists(place):
        os.rename(place, old)


def _put_back(replacement: Replacement) -> None:
    place, new, old = replacement.place, replacement.new, replacement.old
    if not new.exists():
        os.rename(place, new)
    if os.path.lexists(old):
        os.replace(old, place)
