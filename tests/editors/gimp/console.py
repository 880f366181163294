"""A GIMP that runs without a window."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.editors.display import screen
from tests.editors.editor import Editor, EditorHangs
from tests.editors.install import SCREEN, install, trixie_gimp
from tests.editors.place import Place

from .profile import Profile, new_profile

VERSION = "3.0.4"
SCRIPTS = Path(__file__).parent / "scripts"
HOUSEKEEPING = SCRIPTS / "housekeeping.py"
START_LIMIT_S = 60.0
COLD_LIMIT_S = 180.0
CONSOLE = ("gimp-console-3.0", "-i")


class Gimp(Editor):
    """A running GIMP."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, profile: Profile) -> None:
        super().__init__(process, folder, f"GIMP {VERSION}")
        self.profile = profile

    def close_images(self) -> None:
        self.play(HOUSEKEEPING, "close_images")

    def quit(self) -> None:
        """End without a question about images that are open. Raises when GIMP doesn't."""
        self.begin(HOUSEKEEPING, "leave")
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            raise EditorHangs(f"{self.name} does not quit:\n{self.said()}") from None


@contextmanager
def running_gimp(
    folder: Path,
    plugins: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Gimp]:
    """GIMP's console, with a profile of its own in ``folder`` and ``plugins`` (zips, or folders with a zip's contents)
    in it; quit in the end. ``environment`` is set for GIMP; LINEWASH_RUNTIME_DIR in it should be below /tmp, and
    short. Raises `NotAvailable`.
    """
    place = gimp_place()
    profile = gimp_profile(folder, plugins)
    with started(place, CONSOLE, folder, profile, environment or {}) as gimp:
        yield gimp


def gimp_place() -> Place:
    """Unpacked when missing. Raises `NotAvailable`."""
    return Place(VERSION, trixie_gimp())


def gimp_profile(folder: Path, plugins: Sequence[Path] = ()) -> Profile:
    """A new profile in ``folder`` with ``plugins`` (zips, or folders with a zip's contents) in it."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = new_profile(folder / "home", VERSION, lambda cold: _warm_up(gimp_place(), cold))
    for plugin in plugins:
        profile.install(plugin)
    return profile


@contextmanager
def started(
    place: Place,
    program: Sequence[str],
    folder: Path,
    profile: Profile,
    environment: Mapping[str, str],
    limit: float = START_LIMIT_S,
) -> Iterator[Gimp]:
    """GIMP with a profile that is there already; with that of an earlier run it is the artist's next session."""
    for old in (*folder.glob("order-*.json"), *folder.glob("result-*.json")):
        old.unlink()
    everything = {**surroundings(profile), **environment, "LINEWASH_TEST_ORDERS": str(folder)}
    with (folder / "editor.log").open("ab") as log:
        process = subprocess.Popen(
            place.command(program, [folder, profile.home]),
            env=everything,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    gimp = Gimp(process, folder, profile)
    try:
        gimp.answer(0, limit)
        yield gimp
        if gimp.is_alive():
            gimp.quit()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def batch(
    profile: Profile,
    command: str,
    environment: Mapping[str, str] | None = None,
    interpreter: str = "python-fu-eval",
    limit: float = 120.0,
) -> subprocess.CompletedProcess[str]:
    """One run of the console as a pipeline has it: ``command`` is executed, then GIMP ends."""
    program = [*CONSOLE, f"--batch-interpreter={interpreter}", "-b", command, "--quit"]
    return subprocess.run(
        gimp_place().command(program, [profile.home]),
        env={**surroundings(profile), **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=limit,
    )


def surroundings(profile: Profile) -> dict[str, str]:
    """Nothing of a desktop, of another Python, or of the daemon of whoever runs the tests."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        **profile.environment(),
    }


def _warm_up(place: Place, profile: Profile) -> None:
    with tempfile.TemporaryDirectory(prefix="lw-warm-") as folder:
        home = Path(folder) / "home"
        shutil.copytree(profile.home, home)
        install(SCREEN)
        with screen() as display:  # some plug-ins answer only where there is one
            console = started(place, CONSOLE, Path(folder), Profile(home), {"DISPLAY": display}, COLD_LIMIT_S)
            with console:
                pass
        shutil.rmtree(profile.home)
        shutil.copytree(home, profile.home, symlinks=True)
