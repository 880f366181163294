"""Why an editor would not load a plug-in that lies in its profile: what can be told from the files."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from linewash.version import __version__

from .shipping import installed_files, version_of


@dataclass(frozen=True)
class Reason:
    """Why it would not show up, and what to do about it."""

    detail: str
    remedy: str


def wrong_owner(profile: Path, paths: Iterable[Path], top: Path) -> Reason | None:
    """Files that came by ``sudo``, say, and that the owner of the folder ``profile`` can't read or replace.
    ``top``: what to give back to that owner."""
    if os.name != "posix":
        return None
    owner = profile.stat().st_uid
    for path in paths:
        status = path.stat() if path.exists() else path.lstat()
        if status.st_uid != owner:
            detail = f"{path} belongs to another user than {profile} does."
            return Reason(detail, f"Run: sudo chown -R {owner} '{top}'")
        if not status.st_mode & 0o400:
            return unreadable(path, top)
    return None


def unreadable(path: Path | str, top: Path) -> Reason:
    return Reason(f"{path} can't be read, so it can't be loaded.", f"Run: chmod -R u+rwX '{top}'")


def other_version(package: Path, remedy: str) -> Reason | None:
    """Whether the package in that folder is of another version than this program. Raises `OSError`."""
    version = version_of(installed_files(package))
    if version == __version__:
        return None
    return Reason(f"The plug-in is of version {version or 'unknown'}; this program is {__version__}.", remedy)


def changed(folder: Path, shipped: Mapping[str, bytes], remedy: str) -> Reason | None:
    """Whether every file of ``folder`` is as this version ships it; a syntax error of the editor's Python can only come
    of a change. Raises `OSError`."""
    installed = installed_files(folder)
    missing = [name for name in shipped if name not in installed]
    if missing:
        return Reason(f"{_some(missing)} of {folder} {_are(missing)} missing.", remedy)
    other = [name for name in shipped if installed[name] != shipped[name]]
    for name in other:
        mistake = _syntax_error(name, installed[name])
        if mistake:
            return Reason(f"{folder / name} is not valid Python ({mistake}), so it can't be loaded.", remedy)
    if other:
        return Reason(f"{_some(other)} of {folder} {_are(other)} not as this version ships it.", remedy)
    return None


def last_start(record: Path, installed: Path) -> dict[str, object]:
    """What the plug-in wrote into ``record`` when its editor last started it (linewash/editor/last_start.py); {} when
    it has not since the file ``installed`` was put there."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(record.read_text(encoding="utf-8"))
        if isinstance(found, dict) and isinstance(found.get("time"), (int, float)):
            return found if found["time"] >= put_there(installed) else {}
    return {}


def put_there(path: Path) -> float:
    """When that file came to its place, in seconds since 1970; what a zip holds has a date of its own. Raises
    `OSError`."""
    status = path.stat()
    return max(status.st_mtime, status.st_ctime)


def started(record: Mapping[str, object], editor: str) -> str:
    """``Krita 5.2.9 (Python 3.10.7) started it on …``."""
    day = time.strftime("%Y-%m-%d %H:%M", time.localtime(float(str(record["time"]))))
    version = record.get(editor.lower()) or "of an unknown version"
    return f"{editor} {version} (Python {record.get('python') or 'unknown'}) started it on {day}"


def _syntax_error(name: str, source: bytes) -> str:
    if not name.endswith(".py"):
        return ""
    try:
        compile(source, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return f"line {getattr(error, 'lineno', None) or '?'}"
    return ""


def _some(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"
