"""An artist at work: the stand-in for Krita, the plug-in's flow on top of it, and a daemon of the test's own."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from linewash.connection import read_connection
from linewash.contract import StatusReply
from linewash.errors import DaemonError
from linewash.session import Session
from linewash_krita.flow import Flow
from linewash_krita.view import View

from .stand_in import Document, Krita, ManagedColor, Node, Resource, Swatch
from .stand_in.pixels import Space

SRGB = "sRGB-elle-V2-srgbtrc.icc"
ROOT = Path(__file__).parents[2]
RED, BLUE = 0xFF0000, 0x0000FF
PAPER, INK, CLEAR = (255, 255, 255, 255), (0, 0, 0, 255), (0, 0, 0, 0)
LIMIT_S = 30.0


def daemon_environment(folder: Path) -> dict[str, str]:
    """The plug-in finds, or starts, its daemon in ``folder``."""
    return {
        "LINEWASH_RUNTIME_DIR": str(folder),
        "LINEWASH_DAEMON": f'"{sys.executable}" -m tests.krita_plugin.painter',
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "OMP_NUM_THREADS": "1",
    }


class Daemon:
    """The daemon that the plug-in starts in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open_gate(self, name: str) -> None:
        (self.folder / f"{name}.gate").touch()

    def jobs(self) -> list[dict[str, Any]]:
        """The options of all jobs that began, in order."""
        found = sorted(self.folder.glob("*.json"), key=lambda path: (len(path.name), path.name))
        return [json.loads(path.read_text("utf-8")) for path in found if path.stem.isdigit()]

    def pixels(self, number: int, what: str) -> bytes:
        """``what`` a job brought: "lineart" or "hints"; "" if it brought none."""
        path = self.folder / f"{number}.{what}"
        return path.read_bytes() if path.exists() else b""

    def status(self) -> StatusReply:
        with Session(start=False) as session:
            job = session.status(LIMIT_S)
            while not job.over:
                session.poll()
                session.wait(0.02)
            return job.result

    def pid(self) -> int:
        info = read_connection()
        assert info is not None
        return info.pid

    def stop(self) -> None:
        with contextlib.suppress(DaemonError), Session(start=False) as session:
            job = session.stop(LIMIT_S)
            while not job.over:
                session.poll()
                session.wait(0.02)


@contextlib.contextmanager
def own_daemon() -> Iterator[Daemon]:
    """A folder in which no daemon runs yet; the one that the plug-in starts there ends with it."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="lw-", dir="/tmp") as folder:
        for name, value in daemon_environment(Path(folder)).items():
            patch.setenv(name, value)
        daemon = Daemon(Path(folder))
        yield daemon
        daemon.stop()


class Studio:
    """``krita``: where documents are made and painted on. ``flow``: what the docker's buttons call."""

    def __init__(self, krita: Krita, daemon: Daemon) -> None:
        from linewash_krita.application import Application

        self.krita, self.daemon = krita, daemon
        self.faults_expected = False
        self.application = Application()
        self.flow = Flow(self.application)
        self.choose(seed=RED, layers=("flats", "shading"))

    # The artist.

    def open(
        self, name: str = "page", size: tuple[int, int] = (32, 24), model: str = "RGBA", depth: str = "U8"
    ) -> Document:
        """A document in front of all others: white paper, and "Lines" above it, a square of ink; "Lines" is active."""
        document = self.krita.createDocument(*size, name, model, depth, SRGB if model == "RGBA" else "", 72.0)
        lines = document.createNode("Lines", "paintlayer")
        document.root.addChildNode(lines, None)
        lines.stroke(4, 4, 8, 8, INK)
        document.undo_steps.clear()
        document.setModified(False)
        document.activate(lines)
        self.krita.activeWindow().addView(document)
        self.look()
        return document

    def front(self, document: Document) -> None:
        """Click on the document's tab."""
        self.krita.front = document
        self.look()

    def palette(self, name: str, *colors: tuple[int, int, int]) -> None:
        space = Space("RGBA", "U8", SRGB)
        swatches = [Swatch(ManagedColor(space, bytes([blue, green, red, 255]))) for red, green, blue in colors]
        self.krita.palettes[name] = Resource([Swatch(None), *swatches])

    def choose(self, **choices: Any) -> None:
        """Change something in the docker; the style is the daemon's script."""
        self.flow.change(replace(self.flow.view().choices, **choices))

    def color(self) -> None:
        """*Auto color*, until it is over."""
        self.flow.color()
        self.finish()

    def hints(self, document: Document) -> Node:
        """*New hint layer*."""
        self.flow.new_hint_layer()
        self.look()
        return document.layer("Hints")

    def close(self, document: Document) -> None:
        """Close a document, whether it was saved or not."""
        document.setModified(False)
        document.close()
        self.look()

    # Time.

    def look(self) -> View:
        """Let the docker see what is new."""
        for _ in range(2):
            self.krita.turn()
            self.flow.tick()
        return self.flow.view()

    def until(self, condition: Callable[[], object]) -> View:
        """Let time go by."""
        deadline = time.monotonic() + LIMIT_S
        while not condition():
            assert time.monotonic() < deadline, f"it never came: {self.flow.view()}"
            time.sleep(min(self.flow.tick(), 0.005))
            self.krita.turn()
        return self.look()

    def finish(self) -> View:
        """Until nothing is running any more."""
        return self.until(lambda: self.flow.view().running is None)

    def until_job(self, number: int) -> None:
        """Until the daemon works at its job of this number."""
        self.until(lambda: len(self.daemon.jobs()) >= number)

    @property
    def code(self) -> str:
        """Of the message that is shown, "" when there is none."""
        shown = self.flow.view().message
        return "" if shown is None else shown.code


def groups(document: Document) -> list[Node]:
    """Ours, bottom to top."""
    return [node for node in document.root.all() if node.type() == "grouplayer" and node.name() == "Auto color"]


def looks(document: Document) -> list[tuple[object, ...]]:
    """All layers as they are, bottom to top."""
    return [(node.key(), *node.looks()) for node in document.root.all()]
