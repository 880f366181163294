"""The history of an image, in the real GIMP with its window, undone by the keys that an artist presses."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.editors.krita.scripted_daemon import end_daemon

from .console import SCRIPTS
from .gui import GimpWindow
from .telling_daemon import command

UNDOING = SCRIPTS / "undoing.py"
UNDO, REDO = "ctrl+z", "ctrl+y"
LIMIT_S = 5.0
MESSAGE = "GIMP Message"


@pytest.fixture(scope="module")
def plugins(built_zip: Path) -> Sequence[Path]:
    return [built_zip]


@pytest.fixture(scope="module")
def environment(runtime_folder: Path) -> Iterator[Mapping[str, str]]:
    yield {
        "LINEWASH_RUNTIME_DIR": str(runtime_folder),
        "LINEWASH_STATE_DIR": str(runtime_folder / "state"),
        "LINEWASH_DAEMON": command(),
    }
    end_daemon(runtime_folder)


def look(window: GimpWindow) -> dict[str, Any]:
    state: dict[str, Any] = window.play(UNDOING, "look")["state"]
    return state


def press(window: GimpWindow, keys: str, wanted: dict[str, Any], what: str) -> None:
    """Press the keys once; the image is then exactly as ``wanted``. What is done again has GIMP's choice of the
    selected layers, as with every layer that comes back.
    """

    def found() -> dict[str, Any]:
        state = look(window)
        return {**state, "selected": wanted["selected"]} if keys == REDO else state

    window.keys(keys)
    deadline = time.monotonic() + LIMIT_S
    while found() != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found() == wanted, what


def dismiss(window: GimpWindow, words: str) -> None:
    """Read GIMP's message, and close it."""
    told = window.wait(lambda: [one for one in window.widgets(MESSAGE) if words in one.name + one.text], words)
    assert len(told) == 1
    window.keys("Escape")
    window.wait(lambda: MESSAGE not in window.windows(), "the message is gone")


def show(window: GimpWindow, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """An image with one step in its history; its state before and after that step."""
    shown = window.play(UNDOING, "show", kind=kind)
    window.wait(lambda: any("160x60" in name for name in window.windows()), "the image's window")
    return shown["before"], shown["state"]


@pytest.mark.parametrize("kind", ["rgb", "gray", "indexed"])
def test_colours_are_one_step_back_and_one_forth(window: GimpWindow, kind: str) -> None:
    first, second = show(window, kind)
    everything = dict.fromkeys(("shading", "highlights", "color", "per_color", "selection_only"), True)
    assert window.play(UNDOING, "color", values=everything)["said"] == []
    if kind != "rgb":
        dismiss(window, "this one was converted")
    colored = look(window)
    assert len(colored["layers"]) == len(second["layers"]) + 7
    press(window, UNDO, second, "the colours are gone, and nothing else")
    press(window, UNDO, first, "the step before is undone")
    press(window, REDO, second, "the step before is done again")
    press(window, REDO, colored, "the colours are back")


def test_a_hint_layer_is_one_step_back(window: GimpWindow) -> None:
    _, before = show(window, "gray")
    window.play(UNDOING, "hints")
    dismiss(window, "this one was converted")
    after = look(window)
    assert len(after["layers"]) == len(before["layers"]) + 1
    press(window, UNDO, before, "the hint layer is gone")
    press(window, REDO, after, "the hint layer is back")


@pytest.mark.parametrize("kind", ["rgb", "indexed"])
def test_a_refusal_and_a_daemon_that_fails_leave_the_history_alone(window: GimpWindow, kind: str) -> None:
    first, second = show(window, kind)
    press(window, UNDO, first, "the only step is undone")
    for values in ({"style": "memory"}, {"style": "crash"}, dict.fromkeys(("flats", "shading", "highlights"), False)):
        assert window.play(UNDOING, "color", values=values)["said"] != []
    dismiss(window, "No kind of layer is chosen")
    assert look(window) == first
    press(window, REDO, second, "the step that was undone is still there to be done again")
    assert window.play(UNDOING, "color", values={"style": "memory"})["said"] != []
    dismiss(window, "memory does not suffice")
    press(window, UNDO, first, "the last step is the artist's own")


def test_an_image_closed_at_work_is_gone_and_its_colours_with_it(window: GimpWindow, runtime_folder: Path) -> None:
    hold, asked = runtime_folder / "hold", runtime_folder / "asked.json"
    asked.unlink(missing_ok=True)
    show(window, "rgb")
    window.choose("Filters", "Colors", "Auto color (Linewash)…")
    window.find("OK", "button", window="Auto color")
    window.wait(asked.exists, "the preview was asked for")
    hold.touch()
    try:
        asked.unlink()
        window.press("OK", window="Auto color")
        window.wait(asked.exists, "the colours were asked for")
        window.play(UNDOING, "close")
    finally:
        hold.unlink()
    window.wait(
        lambda: [one for one in window.widgets() if "The image was closed" in one.name + one.text], "the sentence"
    )
