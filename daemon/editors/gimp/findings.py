"""Why the menu entry would be missing in GIMP: for each profile the first reason there is, and what to do about it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from linewash.version import __version__

from ...finding import Finding
from .. import reasons
from ..reasons import Reason
from .package import NAME, PACKAGE, SCRIPT, plug_in_files
from .profiles import Profile, old_profiles, profiles

INSTALL = "Run: linewash install gimp"
RESTART = "close GIMP, and start it again."
AGAIN = f"{INSTALL}, {RESTART}"
_FIRST = "Start it once, close it, and run: linewash install gimp"


def findings() -> list[Finding]:
    """One for each profile of this user, or the one that there is none."""
    found = profiles()
    if found:
        return [examine(profile) for profile in found]
    old = [str(path) for path in old_profiles()] or _programs("gimp-2")
    if old and not _programs("gimp-3"):
        detail = f"GIMP 2.10 is not supported ({old[0]})"
        return [Finding("GIMP", True, detail, f"To colour in GIMP, install GIMP 3. {_FIRST}")]
    if _programs("gimp"):
        return [Finding("GIMP", True, "It was never started by you, so the plug-in is not installed.", _FIRST)]
    return [Finding("GIMP", True, "GIMP was not found here")]


def examine(profile: Profile) -> Finding:
    """What keeps the menu entry away from this GIMP, or that it works."""
    try:
        astray = _astray(profile)
        if not os.path.lexists(profile.plug_in) and not astray:
            detail = f"The plug-in is not installed in {profile.folder}"
            return Finding(profile.label, True, detail, f"To colour in GIMP, run: linewash install gimp, {RESTART}")
        found = (check(profile) for check in _CHECKS)
        reason = next((reason for reason in found if reason), None)
    except OSError as error:
        reason = reasons.unreadable(error.filename or profile.folder, profile.plug_in)
    if reason:
        return Finding(profile.label, False, reason.detail, reason.remedy)
    return Finding(profile.label, True, f"{__version__} in {profile.plug_in}; {_last_start(profile)}")


def _programs(start: str) -> list[str]:
    """The programs on the PATH whose name, links followed, starts so."""
    names = ("gimp", "gimp-2.10", "gimp-3", *(f"gimp-3.{minor}" for minor in range(0, 10, 2)))
    found = [path for path in map(shutil.which, names) if path]
    return [path for path in found if Path(path).resolve().name.startswith(start)]


def _astray(profile: Profile) -> Path | None:
    """A copy that GIMP does not look at: the zip unpacked a folder too deep, or not into a folder at all."""
    plug_ins = profile.plug_in.parent
    deeper = (path for path in plug_ins.glob(f"*/*/{PACKAGE}") if path.parent.parent != profile.plug_in)
    beside = (path for path in plug_ins.glob(f"*/{PACKAGE}") if path.parent != profile.plug_in)
    return next((path.parent for path in (plug_ins / PACKAGE, *deeper, *beside) if path.is_dir()), None)


def _place(profile: Profile) -> Reason | None:
    """GIMP starts the file that bears its folder's name, and looks no deeper."""
    if profile.script.is_file():
        return None
    astray = _astray(profile)
    if astray:
        detail = f"It lies in {astray}; GIMP only looks for {NAME}/{SCRIPT} in {profile.plug_in.parent}."
        return Reason(detail, f"Remove it from there. {AGAIN}")
    return Reason(f"{profile.script} is missing, so GIMP does not see the plug-in.", AGAIN)


def _run_bit(profile: Profile) -> Reason | None:
    if os.name != "posix" or profile.script.stat().st_mode & 0o100:
        return None
    detail = f"{profile.script} lacks the run bit, so GIMP passes over it."
    return Reason(detail, f"Run: chmod +x '{profile.script}', {RESTART}")


def _owners(profile: Profile) -> Reason | None:
    paths = (profile.plug_in, *sorted(profile.plug_in.rglob("*")))
    return reasons.wrong_owner(profile.folder, paths, profile.plug_in)


def _version(profile: Profile) -> Reason | None:
    return reasons.other_version(profile.package, AGAIN)


def _contents(profile: Profile) -> Reason | None:
    return reasons.changed(profile.plug_in, plug_in_files(), AGAIN)


def _load(profile: Profile) -> Reason | None:
    record = _record(profile)
    if not record.get("error"):
        return None
    report = f"If that does not help, please report this, with {profile.last_start}."
    return Reason(f"{reasons.started(record, 'GIMP')}: it failed to load: {record['error']}", f"{AGAIN} {report}")


def _python(profile: Profile) -> Reason | None:
    """GIMP has listed its plug-ins since this one came, and this one's Python got nowhere: it would have left word."""
    listed = profile.known_plug_ins
    if _record(profile) or not listed.is_file() or listed.stat().st_mtime < reasons.put_there(profile.script):
        return None
    return Reason(
        "GIMP has looked at its plug-ins since, but could not start this one: its Python is missing or does not work.",
        "Install GIMP's support for Python plug-ins (see whether its menu has Filters > Development > Python-Fu), "
        f"{RESTART}",
    )


_CHECKS: tuple[Callable[[Profile], Reason | None], ...] = (
    _place,
    _run_bit,
    _owners,
    _version,
    _contents,
    _load,
    _python,
)


def _last_start(profile: Profile) -> str:
    record = _record(profile)
    return (
        f"{reasons.started(record, 'GIMP')}: it works"
        if record
        else "GIMP has not started it since it was installed, so which Python it would get is not known"
    )


def _record(profile: Profile) -> dict[str, object]:
    return reasons.last_start(profile.last_start, profile.script)
