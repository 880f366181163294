"""Why the plug-in would not show up in Krita: for each profile the first reason there is, and what to do about it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from linewash.version import __version__

from ...finding import Finding
from .. import reasons
from ..reasons import Reason
from . import package
from .kritarc import enabled
from .profiles import Profile, known_profiles

INSTALL = "Run: linewash install krita"
RESTART = "close Krita, and start it again."
AGAIN = f"{INSTALL}, {RESTART}"


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
        found = (check(profile) for check in _CHECKS)
        reason = next((reason for reason in found if reason), None)
    except OSError as error:
        reason = reasons.unreadable(error.filename or profile.data, profile.package.parent)
    if reason:
        return Finding(profile.label, False, reason.detail, reason.remedy)
    return Finding(profile.label, True, f"{__version__} in {profile.package.parent}; {_last_start(profile)}")


def _parts(profile: Profile) -> Reason | None:
    """Krita needs the folder with its ``__init__.py`` and the file beside it that names it."""
    for path in (profile.desktop, profile.package, profile.package / "__init__.py"):
        if not path.exists():
            return Reason(f"{path} is missing, so Krita does not see the plug-in.", AGAIN)
    return None


def _owners(profile: Profile) -> Reason | None:
    top = profile.package.parent
    paths = (top, profile.desktop, profile.package, *sorted(profile.package.rglob("*")))
    return reasons.wrong_owner(profile.data, paths, top)


def _version(profile: Profile) -> Reason | None:
    return reasons.other_version(profile.package, AGAIN)


def _contents(profile: Profile) -> Reason | None:
    reason = reasons.changed(profile.package, package.package_files(), AGAIN)
    if reason is None and profile.desktop.read_bytes() != package.desktop_file():
        return Reason(f"{profile.desktop} is not as this version ships it.", AGAIN)
    return reason


def _switch(profile: Profile) -> Reason | None:
    on = enabled(profile.settings())
    if on:
        return None
    detail = f"It is switched off in {profile.kritarc}." if on is False else f"{profile.kritarc} does not switch it on."
    tick = "tick Linewash in Krita under Settings > Configure Krita > Python Plugin Manager"
    return Reason(detail, f"{INSTALL} (or {tick}), {RESTART}")


def _load(profile: Profile) -> Reason | None:
    record = _record(profile)
    if not record.get("error"):
        return None
    report = f"If that does not help, please report this, with {profile.last_start}."
    return Reason(f"{reasons.started(record, 'Krita')}: it failed to load: {record['error']}", f"{AGAIN} {report}")


_CHECKS: tuple[Callable[[Profile], Reason | None], ...] = (_parts, _owners, _version, _contents, _switch, _load)


def _last_start(profile: Profile) -> str:
    record = _record(profile)
    return (
        f"{reasons.started(record, 'Krita')}: it works" if record else "Krita has not started it since it was installed"
    )


def _record(profile: Profile) -> dict[str, object]:
    return reasons.last_start(profile.last_start, profile.package / "__init__.py")
