"""The filter with its dialog in the real GIMP: the zip as it is shipped, the program that works out the colours, and an
artist with mouse and keys.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.editors.place import CHECKOUT

from .dialog import TITLE, Dialog, look, show
from .gui import GimpWindow

EXAMPLES = CHECKOUT / "examples"
LINE, HINTS = EXAMPLES / "animal.line.png", EXAMPLES / "animal.hints.png"
STRENGTH = 1  # among the sliders
NOT_RUNNING = "The Linewash daemon, the program that works out the colours, is not running. Press Start daemon."
NO_ANSWER = "The Linewash daemon gave no answer in time. Your drawing is untouched."
WITH_GROUP = ["Hints", ["Auto color", ["Highlights", "Shading", "Flats"]], "Ink"]


@pytest.fixture(scope="module")
def plugins(built_zip: Path) -> Sequence[Path]:
    return [built_zip]


@pytest.fixture(scope="module")
def environment(runtime_folder: Path) -> Iterator[Mapping[str, str]]:
    variables = {
        "LINEWASH_RUNTIME_DIR": str(runtime_folder),
        "LINEWASH_STATE_DIR": str(runtime_folder / "state"),
        "LINEWASH_DAEMON": f'"{sys.executable}" -m linewash_daemon',
    }
    yield variables
    stop_daemon(variables)


def stop_daemon(variables: Mapping[str, str]) -> None:
    command = [sys.executable, "-c", "from linewash_daemon.cli import main; main()", "daemon", "stop"]
    subprocess.run(command, env={**os.environ, **variables}, timeout=60)


@pytest.fixture
def dialog(window: GimpWindow) -> Iterator[Dialog]:
    """Of the fox with its strokes; not open yet."""
    show(window, LINE, HINTS)
    used = Dialog(window)
    yield used
    if TITLE in window.windows():  # a test failed
        used.press("Cancel")


def test_without_a_daemon_the_dialog_says_so_and_its_button_starts_one(window: GimpWindow, dialog: Dialog) -> None:
    dialog.open()
    window.find(NOT_RUNNING, window=TITLE)
    dialog.press("Start daemon")
    dialog.shows_colors()
    assert NOT_RUNNING not in [widget.text for widget in window.widgets(TITLE)]
    dialog.closes_with("Cancel")


def test_ok_inserts_a_group_that_one_ctrl_z_takes_away(window: GimpWindow, dialog: Dialog) -> None:
    before = look(window)
    dialog.open()
    dialog.shows_colors()
    dialog.closes_with("OK")
    window.wait(lambda: look(window)["layers"] == WITH_GROUP, "the group is there", 60)
    after = look(window)
    assert after["active"] == before["active"]
    assert {name: after["pixels"][name] for name in before["pixels"]} == before["pixels"]
    window.keys("ctrl+z")
    window.wait(lambda: look(window) == before, "everything is as it was")
    window.keys("ctrl+y")
    window.wait(lambda: look(window)["pixels"] == after["pixels"], "the group is there again")


def test_cancel_leaves_the_image_as_it_was(window: GimpWindow, dialog: Dialog) -> None:
    before = look(window)
    dialog.open()
    dialog.shows_colors()
    dialog.closes_with("Cancel")
    assert look(window) == before
    assert not before["changed"]


def test_a_daemon_that_gives_no_answer_brings_the_dialog_back_with_a_sentence(
    window: GimpWindow, dialog: Dialog, runtime_folder: Path
) -> None:
    before = look(window)
    dialog.open()
    dialog.shows_colors()
    dialog.settles()
    daemon = json.loads((runtime_folder / "connection.json").read_text("utf-8"))["pid"]
    os.kill(daemon, signal.SIGSTOP)
    try:
        dialog.press("OK")
        window.wait(lambda: any(NO_ANSWER in widget.text for widget in window.widgets(TITLE)), "the sentence", 60)
    finally:
        os.kill(daemon, signal.SIGCONT)
    assert look(window) == before
    dialog.closes_with("OK")
    window.wait(lambda: look(window)["layers"] == WITH_GROUP, "the group is there", 60)


def test_the_preview_follows_lists_and_sliders(window: GimpWindow, dialog: Dialog) -> None:
    dialog.open()
    dialog.shows_colors()
    with_strokes = dialog.picture()
    dialog.choose("Hints", "None")
    window.wait(lambda: dialog.picture() != with_strokes, "other colours without the strokes")
    dialog.settles()
    lively = dialog.saturation()
    dialog.set(STRENGTH, "0")
    window.wait(lambda: dialog.saturation() < 0.5 * lively, "the preview is less colourful")
    dialog.set(STRENGTH, "100")
    window.wait(lambda: dialog.saturation() > 0.8 * lively, "the preview is colourful again")
    dialog.closes_with("Cancel")


def test_the_chosen_layers_are_the_ones_that_come(window: GimpWindow, dialog: Dialog) -> None:
    dialog.open()
    dialog.shows_colors()
    dialog.tick("Colour", True)
    dialog.tick("Flats", False)
    dialog.tick("Shading", False)
    dialog.tick("Highlights", False)
    dialog.settles()
    dialog.closes_with("OK")
    window.wait(lambda: look(window)["layers"] == ["Hints", ["Auto color", ["Colour"]], "Ink"], "the group", 60)
    window.keys("ctrl+z")
    dialog.open()
    dialog.tick("Flats", True)
    dialog.tick("Shading", True)
    dialog.tick("Highlights", True)
    dialog.tick("Colour", False)
    dialog.settles()
    dialog.closes_with("OK")
    window.wait(lambda: look(window)["layers"] == WITH_GROUP, "the group is there", 60)


def test_lines_that_are_their_own_hints_are_refused_before_anything_is_done(window: GimpWindow, dialog: Dialog) -> None:
    dialog.open()
    dialog.choose("Hints", "Ink")
    window.wait(lambda: not window.find("OK", "button", TITLE).is_enabled, "OK can't be pressed")
    assert any("same layer" in widget.text for widget in window.widgets(TITLE))
    dialog.choose("Hints", "None")
    window.wait(lambda: window.find("OK", "button", TITLE).is_enabled, "OK can be pressed")
    dialog.closes_with("Cancel")


def test_repeat_last_colours_another_drawing_without_a_question(window: GimpWindow, dialog: Dialog) -> None:
    dialog.open()
    dialog.closes_with("OK")
    window.wait(lambda: look(window)["layers"] == WITH_GROUP, "the group is there", 60)
    first = look(window)["pixels"]
    window.close_images()
    show(window, LINE, HINTS)
    window.keys("ctrl+f")
    window.wait(lambda: look(window)["layers"] == WITH_GROUP, "the group is there", 60)
    assert look(window)["pixels"] == first
    assert TITLE not in window.windows()


def test_ok_starts_a_daemon_that_does_not_run(
    window: GimpWindow, dialog: Dialog, environment: Mapping[str, str]
) -> None:
    stop_daemon(environment)
    dialog.open()
    window.find(NOT_RUNNING, window=TITLE)
    dialog.closes_with("OK")
    window.wait(lambda: look(window)["layers"] == WITH_GROUP, "the group is there", 60)
