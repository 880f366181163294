"""What every other test in Krita stands on."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from .place import place_of
from .run import SCRIPTS, Krita, KritaDied, KritaHangs, ScriptFailed, running_krita, started

PAINT = SCRIPTS / "paint.py"
MISHAPS = SCRIPTS / "mishaps.py"
DAEMON = SCRIPTS / "daemon.py"


def test_a_stroke_of_the_mouse_is_painted_and_undone_by_ctrl_z(krita: Krita) -> None:
    result = krita.play(PAINT, "stroke")
    assert result["before"] == 0
    assert result["painted"] > 500
    assert result["middle"] == pytest.approx([200, 75], abs=8)  # the brush leaves the last bit of a stroke out
    assert result["left"] == 0


def test_a_picture_of_the_screen_shows_the_window(krita: Krita) -> None:
    krita.play(PAINT, "picture")
    with Image.open(krita.folder / "screen.png") as screen:
        colors = screen.convert("RGB").getcolors(1 << 24)
        assert colors is not None and len(colors) > 100
        assert screen.convert("RGB").getpixel((screen.width - 3, 3)) != (0, 0, 0)  # the window fills the screen


def test_a_script_that_raises_fails_with_its_traceback(krita: Krita) -> None:
    with pytest.raises(ScriptFailed, match=r"(?s)mishaps\.py.*in raises.*ValueError: no such brush"):
        krita.play(MISHAPS, "raises")


def test_a_script_that_waits_in_vain_says_what_for(krita: Krita) -> None:
    with pytest.raises(ScriptFailed, match=r"not within 0\.1 s: the moon is full"):
        krita.play(MISHAPS, "waits")


def test_a_blocked_main_thread_is_noticed_and_located(krita: Krita) -> None:
    result = krita.play(MISHAPS, "blocks")
    assert result["blocked_ms"] > 250
    assert "fall_asleep" in result["where"]


def test_what_a_script_left_open_is_there_for_the_next_and_gone_for_the_next_test(krita: Krita) -> None:
    krita.play(PAINT, "picture")
    assert krita.play(PAINT, "count")["documents"] == 1
    krita.close_documents()
    assert krita.play(PAINT, "count")["documents"] == 0


def test_the_daemon_can_be_started_from_inside(krita: Krita, runtime_folder: Path) -> None:
    command = [sys.executable, "-m", "linewash_daemon"]
    result = krita.play(DAEMON, "start", command=command, runtime_folder=str(runtime_folder))
    assert str(runtime_folder) in result["connection"]


def test_torch_can_be_loaded_inside(krita: Krita) -> None:
    result = krita.play(DAEMON, "load", limit=120, command=[sys.executable, "-c", "import torch, cv2, zmq; print(1)"])
    assert result["said"].strip() == "1"


def test_what_krita_s_own_import_installed_runs_at_the_next_start(version: str, display: str, tmp_path: Path) -> None:
    plugin = tmp_path / "greeting.zip"
    with zipfile.ZipFile(plugin, "w") as archive:
        archive.writestr("greeting/", "")
        archive.writestr("greeting/__init__.py", "import os\nos.environ['GREETING'] = 'hello'\n")
        archive.writestr(
            "greeting.desktop",
            "[Desktop Entry]\nType=Service\nServiceTypes=Krita/PythonPlugin\nX-KDE-Library=greeting\nName=Greeting\n",
        )
    with running_krita(version, display, tmp_path) as krita:
        assert krita.import_plugin(plugin) == ["greeting"]
    with started(place_of(version), display, tmp_path, krita.profile) as krita:
        assert krita.play(MISHAPS, "variable", name="GREETING") == {"GREETING": "hello"}


def test_a_krita_that_dies_or_hangs_is_reported(version: str, display: str, tmp_path: Path) -> None:
    with pytest.raises(KritaDied, match="ended with -9"), running_krita(version, display, tmp_path / "dies") as krita:
        krita.play(MISHAPS, "dies")
    with pytest.raises(KritaHangs, match="no answer in 1 s"), running_krita(version, display, tmp_path / "h") as krita:
        krita.play(MISHAPS, "hangs", limit=1)
