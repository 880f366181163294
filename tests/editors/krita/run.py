"""Real Krita in tests: started with its window on a hidden screen, and driven by scripts that run inside it.

By hand, in the folder of the checkout (``--version`` 5.1.5 or 5.2.9):

    .venv/bin/python -m tests.editors.krita.run --version 5.2.9 tests/editors/krita/scripts/paint.py:stroke

(variables named LINEWASH_… are handed on, ``--plugin`` installs a zip, ``--arg width=300`` sets ``stage.args``).
In a test, with the fixtures of ``conftest.py`` (one Krita for all tests of a file, in each version):

    def test_a_stroke_can_be_undone(krita: Krita) -> None:
        result = krita.play(SCRIPTS / "paint.py", "undo", width=300)
        assert result["left"] == 0

A script is a generator function. It runs in Krita's main thread, between two turns of its event loop, and must hand
control back by ``yield`` for anything to happen (never by a nested event loop, which crashes Krita):

    def undo(stage):
        document = stage.app.createDocument(stage.args["width"], 200, "test", "RGBA", "U8", "", 300.0)
        yield from stage.show(document)                 # a part of a script, with steps of its own
        yield 0.5                                       # seconds
        yield lambda: document.width() == 300           # until true, 10 s at most
        yield stage.until(lambda: …, 30, "the layers")  # until true, with a limit and what to say when it's over
        yield stage.stroke(stage.at(x, y), …)           # real mouse; stage.keys("ctrl+z") real keys; stage.click(x, y)
        stage.shot("after")                             # after.png in stage.folder
        stage.mark(); yield 2.0                         # watch the main thread from here …
        stage.result["ms"] = stage.blocked_ms()         # … and say how long it was away at most

`play` returns ``stage.result``; it raises `ScriptFailed` with the script's traceback, `KritaDied` or `KritaHangs`.
Documents that a script leaves open are there for the next script. `Krita.close_documents()` closes them.
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

from tests.editors.display import screen
from tests.editors.place import Place

from .place import USUAL, VERSIONS, place_of
from .profile import Profile, new_profile

SCRIPTS = Path(__file__).parent / "scripts"
HOUSEKEEPING = SCRIPTS / "housekeeping.py"
START_LIMIT_S = 60.0
COLD_LIMIT_S = 180.0


class ScriptFailed(AssertionError):
    """The script raised; the text is its traceback."""


class KritaDied(AssertionError):
    """Krita ended while a script ran; the text has the last it said."""


class KritaHangs(AssertionError):
    """No answer from Krita in time; the text has the last it said."""


class Krita:
    """A running Krita. ``folder``: where scripts put files."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, version: str, profile: Profile) -> None:
        self.folder = folder
        self.version = version
        self.profile = profile
        self._process = process
        self._number = 0

    def play(self, script: Path, function: str, limit: float = 60.0, **args: Any) -> dict[str, Any]:
        """Run ``function`` of the file ``script`` inside Krita, with ``args`` (JSON-able) as ``stage.args``."""
        self._number += 1
        order = {"script": str(script.resolve()), "function": function, "folder": str(self.folder), "args": args}
        draft = self.folder / "order.draft"
        draft.write_text(json.dumps(order), "utf-8")
        draft.rename(self.folder / f"order-{self._number}.json")
        answer = self.answer(self._number, limit)
        if answer["error"]:
            raise ScriptFailed(f"in Krita {self.version}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def answer(self, number: int, limit: float) -> dict[str, Any]:
        """Wait for the answer to an order; number 0 is given when Krita stands."""
        path = self.folder / f"result-{number}.json"
        deadline = time.monotonic() + limit
        while not path.exists():
            if self._process.poll() is not None:
                raise KritaDied(f"Krita {self.version} ended with {self._process.returncode}:\n{self.said()}")
            if time.monotonic() > deadline:
                raise KritaHangs(f"Krita {self.version} gave no answer in {limit:g} s:\n{self.said()}")
            time.sleep(0.02)
        answer: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return answer

    def close_documents(self) -> None:
        self.play(HOUSEKEEPING, "close_documents")

    def import_plugin(self, package: Path) -> list[str]:
        """*Tools > Scripts > Import Python Plugin from File*, with yes to all it asks. The names of what came in;
        Krita loads it when it is `started` again.
        """
        names: list[str] = self.play(HOUSEKEEPING, "import_plugin", package=str(package))["names"]
        return names

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def said(self) -> str:
        """The end of what Krita wrote to its standard error."""
        return (self.folder / "krita.log").read_text("utf-8", "replace")[-3000:]

    def quit(self) -> None:
        """Leave as an artist does. Raises when Krita doesn't, or dies on its way out."""
        self.play(HOUSEKEEPING, "leave")
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            raise KritaHangs(f"Krita {self.version} does not quit:\n{self.said()}") from None


@contextmanager
def running_krita(
    version: str,
    display: str,
    folder: Path,
    plugins: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Krita]:
    """Krita ``version`` on a screen, with a profile of its own in ``folder`` and ``plugins`` (zips, or folders with
    a zip's contents) in it; quit in the end. ``environment`` is set for Krita; LINEWASH_RUNTIME_DIR in it should
    be below /tmp, and short. Raises `NotAvailable`.
    """
    place = place_of(version)
    folder.mkdir(parents=True, exist_ok=True)
    profile = new_profile(folder / "home", version, lambda cold: _warm_up(place, display, cold))
    for plugin in plugins:
        profile.install(plugin)
    with started(place, display, folder, profile, environment) as krita:
        yield krita


@contextmanager
def started(
    place: Place,
    display: str,
    folder: Path,
    profile: Profile,
    environment: Mapping[str, str] | None = None,
    limit: float = START_LIMIT_S,
) -> Iterator[Krita]:
    """Krita with a profile that is there already; with that of an earlier run it is the artist's next session."""
    for old in (*folder.glob("order-*.json"), *folder.glob("result-*.json")):
        old.unlink()
    everything = {**_plain(os.environ), **profile.environment(), **(environment or {}), "DISPLAY": display}
    everything["LINEWASH_TEST_ORDERS"] = str(folder)
    command = place.command(["krita", "--nosplash"], [folder, profile.home])
    with (folder / "krita.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=everything, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    krita = Krita(process, folder, place.version, profile)
    try:
        krita.answer(0, limit)
        yield krita
        if krita.is_alive():
            krita.quit()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _plain(environment: Mapping[str, str]) -> dict[str, str]:
    """Krita's surroundings: nothing of a desktop, of another Python, or of the daemon of whoever runs the tests."""
    return {
        "PATH": environment.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "QT_QPA_PLATFORM": "xcb",
        "QT_SCALE_FACTOR": "1",
    }


def _warm_up(place: Place, display: str, profile: Profile) -> None:
    with tempfile.TemporaryDirectory(prefix="lw-warm-") as folder:
        home = Path(folder) / "home"
        shutil.copytree(profile.home, home)
        with started(place, display, Path(folder), Profile(home), limit=COLD_LIMIT_S) as krita:
            krita.play(HOUSEKEEPING, "first_start")
        shutil.rmtree(profile.home)
        shutil.copytree(home, profile.home, symlinks=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.editors.krita.run", description="Play a script in Krita.")
    parser.add_argument("script", help="FILE.py or FILE.py:FUNCTION (else the function `script`)")
    parser.add_argument("--version", choices=VERSIONS, default=USUAL)
    parser.add_argument("--plugin", action="append", default=[], type=Path, metavar="ZIP|FOLDER")
    parser.add_argument("--arg", action="append", default=[], metavar="NAME=JSON")
    parser.add_argument("--folder", type=Path, help="for pictures, the profile and the log (else a new one in /tmp)")
    options = parser.parse_args(arguments)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="lw-krita-"))
    file, _, function = options.script.partition(":")
    args = {name: json.loads(value) for name, _, value in (word.partition("=") for word in options.arg)}
    with ExitStack() as stack:
        display = stack.enter_context(screen())
        ours = {name: value for name, value in os.environ.items() if name.startswith("LINEWASH_")}
        krita = stack.enter_context(running_krita(options.version, display, folder.resolve(), options.plugin, ours))
        print(json.dumps(krita.play(Path(file), function or "script", 600, **args), indent=2))
    print(f"Files: {folder}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
