"""What every other test in GIMP stands on."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from tests.editors.editor import EditorDied, EditorHangs, ScriptFailed
from tests.editors.place import CHECKOUT

from .console import SCRIPTS, Gimp, batch, gimp_profile, running_gimp
from .gui import GimpWindow

PAINT = SCRIPTS / "paint.py"
MISHAPS = SCRIPTS / "mishaps.py"
DAEMON = SCRIPTS / "daemon.py"
GREETING = Path(__file__).with_name("greeting.py")


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """A plug-in that works, and one without its run bit."""
    package = tmp_path_factory.mktemp("zip") / "plugins.zip"
    with zipfile.ZipFile(package, "w") as archive:
        for name, mode in (("greeting", 0o755), ("greyed", 0o644)):
            entry = zipfile.ZipInfo(f"{name}/{name}.py")
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, GREETING.read_text("utf-8").replace("plug-in-greeting", f"plug-in-{name}"))
    return [package]


def test_what_a_script_left_open_is_there_for_the_next_and_gone_for_the_next_test(gimp: Gimp) -> None:
    result = gimp.play(PAINT, "fill", width=64)
    assert result == {"images": 1, "pixel": [10, 20, 30, 255]}
    assert gimp.play(PAINT, "look")["images"] == 1
    gimp.close_images()
    assert gimp.play(PAINT, "look")["images"] == 0


def test_a_script_that_raises_fails_with_its_traceback(gimp: Gimp) -> None:
    with pytest.raises(ScriptFailed, match=r"(?s)mishaps\.py.*in raises.*ValueError: no such brush"):
        gimp.play(MISHAPS, "raises")


def test_a_script_that_waits_in_vain_says_what_for(gimp: Gimp) -> None:
    with pytest.raises(ScriptFailed, match=r"not within 0\.1 s: the moon is full"):
        gimp.play(MISHAPS, "waits")


def test_a_procedure_that_says_no_is_an_error_with_its_words(gimp: Gimp) -> None:
    with pytest.raises(ScriptFailed, match=r"CallFailed: execution-error"):
        gimp.play(MISHAPS, "calls")


def test_a_plug_in_is_there_only_with_its_run_bit(gimp: Gimp) -> None:
    names = ["plug-in-greeting", "plug-in-greyed"]
    assert gimp.play(MISHAPS, "procedures", names=names)["known"] == ["plug-in-greeting"]


def test_the_daemon_can_be_started_from_inside(gimp: Gimp, runtime_folder: Path) -> None:
    result = gimp.play(DAEMON, "start", command=[sys.executable, "-m", "linewash_daemon"])
    assert str(runtime_folder) in result["connection"]


def test_torch_can_be_loaded_inside(gimp: Gimp) -> None:
    result = gimp.play(DAEMON, "load", limit=120, command=[sys.executable, "-c", "import torch, cv2, zmq; print(1)"])
    assert result == {"code": 0, "said": "1\n"}


def test_the_checkout_can_not_be_written_from_inside(gimp: Gimp) -> None:
    with pytest.raises(ScriptFailed, match="Read-only file system"):
        gimp.play(MISHAPS, "writes", path=str(CHECKOUT / "written"))


def test_a_batch_command_that_raises_ends_with_64(tmp_path: Path) -> None:
    profile = gimp_profile(tmp_path)
    fine = batch(profile, "print('six', 2 * 3)")
    assert (fine.returncode, "six 6" in fine.stdout) == (0, True)
    assert batch(profile, "1 / 0").returncode == 64


def test_a_gimp_that_dies_or_hangs_is_reported(tmp_path: Path) -> None:
    with pytest.raises(EditorDied, match="ended with -9"), running_gimp(tmp_path / "dies") as gimp:
        gimp.play(MISHAPS, "dies")
    with pytest.raises(EditorHangs, match="no answer in 1 s"), running_gimp(tmp_path / "hangs") as gimp:
        gimp.play(MISHAPS, "hangs", limit=1)


def test_a_filter_chosen_in_the_menu_is_undone_by_ctrl_z(window: GimpWindow, tmp_path: Path) -> None:
    drawing = tmp_path / "drawing.png"
    Image.new("RGB", (300, 200), "white").save(drawing)
    with Image.open(drawing) as picture:
        picture.putpixel((5, 5), (0, 0, 0))
        picture.save(drawing)
    window.open(drawing)

    def pixel() -> list[int]:
        seen: list[int] = window.play(PAINT, "look", x=5, y=5)["pixel"]
        return seen

    window.choose("Colors", "Invert")
    window.wait(lambda: pixel() == [255, 255, 255, 255], "the picture is inverted")
    window.keys("ctrl+z")
    window.wait(lambda: pixel() == [0, 0, 0, 255], "the picture is as it was")


def test_a_plug_in_s_dialog_is_seen_and_used(window: GimpWindow) -> None:
    drawing = CHECKOUT / "examples" / "comic.line.png"
    window.open(drawing)
    window.choose("Filters", "Colors", "Greeting...")
    name = window.find("hello", window="Greeting")
    assert name.role == "text"
    with Image.open(window.shot("dialog")) as screen:
        colors = screen.convert("RGB").getcolors(1 << 24)
        assert colors is not None and len(colors) > 100
    window.press("OK", window="Greeting")
    window.find("hello", "table cell")  # the list of layers


def test_a_dialog_that_a_script_opened_can_be_cancelled(window: GimpWindow) -> None:
    window.open(CHECKOUT / "examples" / "comic.line.png")
    window.begin(PAINT, "ask")
    window.press("Cancel", window="Greeting")
    assert window.end() == {"status": "cancel"}
