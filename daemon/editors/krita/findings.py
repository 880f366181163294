"""Why the plug-in would not show up in Krita: for each profile the first reason there is, and what to do about it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from linewash.version import __version__

from ...finding import Finding
from . import package
from .kritarc import enabled
from .profiles import Profile, known_profiles

INSTALL = "Run: linewash install krita"
RESTART = "close Krita, and start it again."


def findings() -> list[Finding]:
    """One for each profile of this user, or the one that there is none."""
    profiles = [profile for profile in known_profiles() if profile.exists]
    if profiles:
        return [examine(profile) for profile in profiles]
    if shutil.which("krita"):
        return [Finding("Krita", True, "It was never started by you, so the plug-in is not installed.", INSTALL)]
    return [Finding("Krita", True, "Krita was not found here")]


def examine(profile: Profile) -> Finding:
    """What keeps the plug-in from showing up in this profile, or that it works."""
    if not os.path.lexists(profile.package) and not os.path.lexists(profile.desktop):
        detail = f"The plug-in is not installed in {profile.data}"
        return Finding(profile.label, True, detail, f"To colour in Krita, run: linewash install krita, {RESTART}")
    try:
        reasons = (check(profile) for check in _CHECKS)
        reason = next((reason for reason in reasons if reason), None)
    except OSError as error:
        reason = _unreadable(profile, error.filename or profile.data)
    if reason:
        return Finding(profile.label, False, reason.detail, reason.remedy)
    return Finding(profile.label, True, f"{__version__} in {profile.package.parent}; {_last_start(profile)}")


@dataclass(frozen=True)
class _Reason:
    """Why it would not show up."""

    detail: str
    remedy: str = f"{INSTALL}, {RESTART}"


def _parts(profile: Profile) -> _Reason | None:
    """Krita needs the folder with its ``__init__.py`` and the file beside it that names it."""
    for path in (profile.desktop, profile.package, profile.package / "__init__.py"):
        if not path.exists():
            return _Reason(f"{path} is missing, so Krita does not see the plug-in.")
    return None


def _owners(profile: Profile) -> _Reason | None:
    """Files that came by ``sudo``, say, and that the owner of the profile can't read or replace."""
    if os.name != "posix":
        return None
    owner = profile.data.stat().st_uid
    cure = f"Run: sudo chown -R {owner} '{profile.package.parent}'"
    for path in (profile.package.parent, profile.desktop, profile.package, *sorted(profile.package.rglob("*"))):
        status = path.stat() if path.exists() else path.lstat()
        if status.st_uid != owner:
            return _Reason(f"{path} belongs to another user than {profile.data} does.", cure)
        if not status.st_mode & 0o400:
            return _unreadable(profile, path)
    return None


def _unreadable(profile: Profile, path: Path | str) -> _Reason:
    return _Reason(f"{path} can't be read, so Krita can't load it.", f"Run: chmod -R u+rwX '{profile.package.parent}'")


def _version(profile: Profile) -> _Reason | None:
    version = package.version_of(_installed_files(profile.package))
    if version == __version__:
        return None
    return _Reason(f"The plug-in is of version {version or 'unknown'}; this program is {__version__}.")


def _contents(profile: Profile) -> _Reason | None:
    """Whether every file is as this version ships it; a syntax error of Krita's Python can only come of a change."""
    installed, shipped = _installed_files(profile.package), package.package_files()
    missing = [name for name in shipped if name not in installed]
    if missing:
        return _Reason(f"{_some(missing)} of {profile.package} {_are(missing)} missing.")
    changed = [name for name in shipped if installed[name] != shipped[name]]
    for name in changed:
        mistake = _syntax_error(name, installed[name])
        if mistake:
            return _Reason(f"{profile.package / name} is not valid Python ({mistake}), so Krita can't load it.")
    if changed:
        return _Reason(f"{_some(changed)} of {profile.package} {_are(changed)} not as this version ships it.")
    if profile.desktop.read_bytes() != package.desktop_file():
        return _Reason(f"{profile.desktop} is not as this version ships it.")
    return None


def _switch(profile: Profile) -> _Reason | None:
    on = enabled(profile.settings())
    if on:
        return None
    detail = f"It is switched off in {profile.kritarc}." if on is False else f"{profile.kritarc} does not switch it on."
    tick = "tick Linewash in Krita under Settings > Configure Krita > Python Plugin Manager"
    return _Reason(detail, f"{INSTALL} (or {tick}), {RESTART}")


def _load(profile: Profile) -> _Reason | None:
    record = _record(profile)
    if not record.get("error"):
        return None
    report = f"If that does not help, please report this, with {profile.last_start}."
    return _Reason(f"{_started(record)}: it failed to load: {record['error']}", f"{INSTALL}, {RESTART} {report}")


_CHECKS: tuple[Callable[[Profile], _Reason | None], ...] = (_parts, _owners, _version, _contents, _switch, _load)


def _last_start(profile: Profile) -> str:
    record = _record(profile)
    return f"{_started(record)}: it works" if record else "Krita has not started it since it was installed"


def _started(record: dict[str, object]) -> str:
    day = time.strftime("%Y-%m-%d %H:%M", time.localtime(float(str(record["time"]))))
    python = f"Python {record.get('python') or 'unknown'}"
    return f"Krita {record.get('krita') or 'of an unknown version'} ({python}) started it on {day}"


def _record(profile: Profile) -> dict[str, object]:
    """What the plug-in wrote when Krita last started it; {} when it has not since the package was put there."""
    with contextlib.suppress(OSError, ValueError):
        record = json.loads(profile.last_start.read_text(encoding="utf-8"))
        installed = (profile.package / "__init__.py").stat().st_mtime
        if isinstance(record, dict) and isinstance(record.get("time"), (int, float)) and record["time"] >= installed:
            return record
    return {}


def _installed_files(folder: Path) -> dict[str, bytes]:
    """By their path in ``folder``, compiled ones left out. Raises `OSError`."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


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
