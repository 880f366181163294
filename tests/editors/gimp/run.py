"""Real GIMP in tests: in the console or with its window on a hidden screen, driven by scripts that run inside it.

By hand, in the folder of the checkout (``--gui`` for the window):

    .venv/bin/python -m tests.editors.gimp.run tests/editors/gimp/scripts/paint.py:fill
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.editors.editor import Editor, EditorHangs
from tests.editors.install import trixie_gimp
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
    """GIMP's console, with a profile of its own in ``folder``."""
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
        with started(place, CONSOLE, Path(folder), Profile(home), {}, limit=COLD_LIMIT_S):
            pass
        shutil.rmtree(profile.home)
        shutil.copytree(home, profile.home, symlinks=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.editors.gimp.run", description="Play a script in GIMP.")
    parser.add_argument("script", help="FILE.py or FILE.py:FUNCTION (else the function `script`)")
    parser.add_argument("--plugin", action="append", default=[], type=Path, metavar="ZIP|FOLDER")
    parser.add_argument("--arg", action="append", default=[], metavar="NAME=JSON")
    parser.add_argument("--folder", type=Path, help="for pictures, the profile and the log (else a new one in /tmp)")
    options = parser.parse_args(arguments)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="lw-gimp-"))
    file, _, function = options.script.partition(":")
    args = {name: json.loads(value) for name, _, value in (word.partition("=") for word in options.arg)}
    with ExitStack() as stack:
        ours = {name: value for name, value in os.environ.items() if name.startswith("LINEWASH_")}
        gimp = stack.enter_context(running_gimp(folder.resolve(), options.plugin, ours))
        print(json.dumps(gimp.play(Path(file), function or "script", 600, **args), indent=2))
    print(f"Files: {folder}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
