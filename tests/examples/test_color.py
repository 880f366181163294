"""`make color`: every drawing coloured twice, and one sheet that shows it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from examples import color
from linewash import Client

ROOT = Path(__file__).parents[2]


@contextmanager
def painting_daemon() -> Iterator[Client]:
    with Client() as client:
        try:
            yield client
        finally:
            client.stop()


def test_every_drawing_is_coloured_and_stands_on_the_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), str(ROOT)]))
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("LINEWASH_DAEMON", f'"{sys.executable}" -m tests.daemon.cli.painting_daemon')
    monkeypatch.setattr(color, "own_daemon", painting_daemon)
    drawings = tmp_path / "drawings"
    drawings.mkdir()
    for name, size in (("wide", (900, 500)), ("tall", (300, 640))):
        Image.new("L", size, 255).save(drawings / f"{name}.line.png")
        Image.new("RGBA", size, (0, 0, 255, 255)).save(drawings / f"{name}.hints.png")
    monkeypatch.setattr(color, "FOLDER", drawings)

    color.main(tmp_path / "out")

    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *(f"{name}{kind}.png" for name in ("wide", "tall") for kind in ("", ".no-hints")),
        "contact-sheet.png",
    }
    with Image.open(tmp_path / "out" / "wide.png") as coloured:
        assert coloured.size == (900, 500)
    with Image.open(tmp_path / "out" / "contact-sheet.png") as picture:
        sheet = np.asarray(picture)
    assert (sheet == (0, 0, 255)).all(axis=-1).any(), "the hints are shown"
    assert (sheet[..., 0].astype(int) - sheet[..., 1] > 100).any(), "the red paint is shown"
    assert "contact-sheet.png" in capsys.readouterr().out


def test_own_daemon_is_another_than_the_users_and_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", "/nonexistent")
    monkeypatch.setenv("LINEWASH_DAEMON", "false")
    with color.own_daemon() as client:
        folder = Path(os.environ["LINEWASH_RUNTIME_DIR"])
        assert (folder / "connection.json").exists()
        assert client.status().pid != os.getpid()
    assert not (folder / "connection.json").exists()
