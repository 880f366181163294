"""``linewash install``: the plug-ins for the editors."""

from __future__ import annotations

import typer

from linewash.errors import BadInput
from linewash.version import __version__

from ..editors.krita.install import Installed, install, krita_runs
from ..editors.krita.profiles import known_profiles, profiles_to_use
from .show import print_json


def krita(json: bool) -> None:
    """Install the plug-in into every Krita profile of this user.

    Raises `BadInput` (``output_unwritable``) for the first that can't be written, when the others are done.
    """
    known = known_profiles()
    started = any(profile.exists for profile in known)
    done, failures = [], []
    for profile in profiles_to_use(known):
        try:
            done.append(install(profile))
        except BadInput as error:
            failures.append(error)
    if not json:
        _tell(done, started)
    if failures:
        raise failures[0]
    if json:
        profiles = [_profile(installed) for installed in done]
        print_json({"version": __version__, "profiles": profiles, "krita_runs": krita_runs()})


def _profile(installed: Installed) -> dict[str, str | None]:
    profile = installed.profile
    folder, kritarc = str(profile.package.parent), str(profile.kritarc)
    return {"krita": profile.label, "folder": folder, "kritarc": kritarc, "replaced": installed.replaced}


def _tell(done: list[Installed], started: bool) -> None:
    for installed in done:
        before = f" in place of {installed.replaced}" if installed.replaced else ""
        folder = installed.profile.package.parent
        typer.echo(f"{installed.profile.label}: Linewash {__version__} is in {folder} now{before}, and switched on.")
    if not done:
        return
    if not started:
        typer.echo("No Krita was ever started here. If yours is a Flatpak or a Snap, start it once and run this again.")
    if krita_runs():
        typer.echo("Krita is running: close it and start it again, then look under Settings > Dockers > Linewash.")
    else:
        typer.echo("Start Krita and look under Settings > Dockers > Linewash.")
