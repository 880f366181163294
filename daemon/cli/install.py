"""``linewash install``: the plug-ins for the editors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import typer

from linewash.errors import BadInput
from linewash.version import __version__

from ..editors.gimp import install as into_gimp
from ..editors.gimp import profiles as of_gimp
from ..editors.krita import install as into_krita
from ..editors.krita import profiles as of_krita
from .show import print_json

Profile = TypeVar("Profile")
Installed = TypeVar("Installed")


def krita(json: bool) -> None:
    """Install the plug-in into every Krita profile of this user.

    Raises `BadInput` (``output_unwritable``) for the first that can't be written, when the others are done.
    """
    known = of_krita.known_profiles()
    started = any(profile.exists for profile in known)
    done, failures = _each(of_krita.profiles_to_use(known), into_krita.install)
    if not json:
        _tell_of_krita(done, started)
    if failures:
        raise failures[0]
    if json:
        profiles = [_krita_profile(installed) for installed in done]
        print_json({"version": __version__, "profiles": profiles, "krita_runs": into_krita.krita_runs()})


def gimp(json: bool) -> None:
    """Install the plug-in into every GIMP 3 profile of this user.

    Raises as `krita` does, and `BadInput` (``gimp_not_started``) when there is no profile.
    """
    found = of_gimp.profiles()
    if not found:
        raise _not_started()
    done, failures = _each(found, into_gimp.install)
    if not json:
        _tell_of_gimp(done)
    if failures:
        raise failures[0]
    if json:
        profiles = [_gimp_profile(installed) for installed in done]
        print_json({"version": __version__, "profiles": profiles, "gimp_runs": into_gimp.gimp_runs()})


def _not_started() -> BadInput:
    """Only GIMP itself makes a profile well: with the settings of the GIMP before, and with folders for brushes.

    The code is the command line's own (docs/cli.md): no daemon sends it, and no plug-in shows it.
    """
    old = " GIMP 2.10, which was, is not supported." if of_gimp.old_profiles() else ""
    return BadInput(
        f"GIMP 3 was never started here, so there is no profile yet that the plug-in could go into.{old}",
        "Start GIMP 3 once, close it, and run this again.",
        "gimp_not_started",
    )


def _each(
    profiles: Iterable[Profile], install: Callable[[Profile], Installed]
) -> tuple[list[Installed], list[BadInput]]:
    done, failures = [], []
    for profile in profiles:
        try:
            done.append(install(profile))
        except BadInput as error:
            failures.append(error)
    return done, failures


def _krita_profile(installed: into_krita.Installed) -> dict[str, str | None]:
    profile = installed.profile
    folder, kritarc = str(profile.package.parent), str(profile.kritarc)
    return {"krita": profile.label, "folder": folder, "kritarc": kritarc, "replaced": installed.replaced}


def _gimp_profile(installed: into_gimp.Installed) -> dict[str, str | None]:
    profile = installed.profile
    return {"gimp": profile.label, "folder": str(profile.plug_in), "replaced": installed.replaced}


def _tell_of_krita(done: list[into_krita.Installed], started: bool) -> None:
    for installed in done:
        where = f"Linewash {__version__} is in {installed.profile.package.parent} now{_before(installed.replaced)}"
        typer.echo(f"{installed.profile.label}: {where}, and switched on.")
    if not done:
        return
    if not started:
        typer.echo("No Krita was ever started here. If yours is a Flatpak or a Snap, start it once and run this again.")
    if into_krita.krita_runs():
        typer.echo("Krita is running: close it and start it again, then look under Settings > Dockers > Linewash.")
    else:
        typer.echo("Start Krita and look under Settings > Dockers > Linewash.")


def _tell_of_gimp(done: list[into_gimp.Installed]) -> None:
    for installed in done:
        where = f"{installed.profile.plug_in} now{_before(installed.replaced)}"
        typer.echo(f"{installed.profile.label}: Linewash {__version__} is in {where}.")
    if not done:
        return
    if into_gimp.gimp_runs():
        typer.echo("GIMP is running: close it and start it again, then look under Filters > Colors > Auto color.")
    else:
        typer.echo("Start GIMP, open a drawing and look under Filters > Colors > Auto color.")


def _before(replaced: str | None) -> str:
    return f" in place of {replaced}" if replaced else ""
