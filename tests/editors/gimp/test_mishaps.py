"""What can't be coloured, and what goes wrong on the way: a sentence for the artist, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.editors.krita.scripted_daemon import end_daemon

from .console import SCRIPTS, Gimp
from .telling_daemon import command

REFUSALS = SCRIPTS / "refusals.py"
MEANWHILE = Path(__file__).with_name("meanwhile.py")
COLORED = ["Notes", "Ink", ["Auto color", ["Highlights", "Shading", "Flats"]], "Sketch", "Background"]
ORIGINAL = ["Notes", "Ink", "Sketch", "Background"]


@pytest.fixture(scope="module")
def plugins(built_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    package = tmp_path_factory.mktemp("zip") / "meanwhile.zip"
    with zipfile.ZipFile(package, "w") as archive:
        entry = zipfile.ZipInfo("meanwhile/meanwhile.py")
        entry.external_attr = 0o100755 << 16
        archive.writestr(entry, MEANWHILE.read_text("utf-8"))
    return [built_zip, package]


@pytest.fixture(scope="module")
def environment(runtime_folder: Path) -> Iterator[Mapping[str, str]]:
    yield {
        "LINEWASH_RUNTIME_DIR": str(runtime_folder),
        "LINEWASH_STATE_DIR": str(runtime_folder / "state"),
        "LINEWASH_DAEMON": command(),
    }
    end_daemon(runtime_folder)


def check(said: list[str], words: str) -> None:
    """It is a refusal, in sentences that an artist can read."""
    status, text = said
    assert status == "execution-error"
    assert re.search(words, text)
    assert re.fullmatch(r"[A-Z].*[.)]", text)  # one line, of sentences
    assert not re.search(r"Traceback|Error:|Exception|None", text)


REFUSED = [
    ("no layer", "No layer is chosen as line art"),
    ("a channel", "No layer is chosen as line art"),
    ("hints of another image", "belongs to another image"),
    ("line art of another image", "belongs to another image"),
    ("hints are the line art", "same layer is chosen"),
    ("empty line art", "line art is empty"),
    ("empty group", "line art is empty"),
    ("nothing selected", "selection covers nothing"),
    ("selected beside the canvas", "selection covers nothing"),
    ("no kind of layer", "No kind of layer is chosen"),
    ("30,000 px wide", "up to 16384 px"),
    ("tiny", r"8 × 8|16 and 16,?384"),
    ("a palette too large", "256"),
]


@pytest.mark.parametrize(("case", "words"), REFUSED, ids=[case for case, _ in REFUSED])
def test_what_can_not_be_coloured_is_refused_with_a_sentence(gimp: Gimp, case: str, words: str) -> None:
    result = gimp.play(REFUSALS, "refused", case=case)
    check(result["said"], words)
    assert result["kept"]
    assert result["images_left"] == 0


FAILED = [
    ("memory", "memory"),
    ("crash", "a fault of its own"),
    ("fail no_such_model", "as it was told"),
]


@pytest.mark.parametrize("base", ["rgb", "gray"])
@pytest.mark.parametrize(("style", "words"), FAILED, ids=[style for style, _ in FAILED])
def test_a_daemon_that_fails_costs_nothing_and_colours_the_next_time(
    gimp: Gimp, style: str, words: str, base: str
) -> None:
    result = gimp.play(REFUSALS, "style", style=style, base=base, again=True)
    check(result["said"], words)
    assert result["kept"]
    assert result["images_left"] == 0
    assert result["again"] == []
    assert result["names"] == COLORED


def test_an_image_resized_meanwhile_stays_without_colours(gimp: Gimp) -> None:
    result = gimp.play(REFUSALS, "meanwhile", what="resize")
    assert result["done"]
    check(result["said"], "changed its size")
    assert result["names"] == ORIGINAL


def test_line_art_deleted_meanwhile_is_told_of(gimp: Gimp) -> None:
    result = gimp.play(REFUSALS, "meanwhile", what="delete")
    assert result["done"]
    check(result["said"], "layer was deleted")
    assert result["names"] == ["Notes", "Sketch", "Background"]


def test_line_art_moved_meanwhile_has_its_colours_where_it_is_now(gimp: Gimp) -> None:
    result = gimp.play(REFUSALS, "meanwhile", what="move")
    assert result["done"]
    assert result["said"] == []
    assert result["names"] == ["Notes", "Sketch", "Background", "Ink", COLORED[2]]


def test_a_plug_in_that_is_ended_as_by_cancel_leaves_the_image_as_it_was(gimp: Gimp, runtime_folder: Path) -> None:
    asked = runtime_folder / "asked.json"
    asked.unlink(missing_ok=True)
    gimp.begin(REFUSALS, "style", style="sleep 20", again=True)
    deadline = time.monotonic() + 30
    while not asked.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(plug_in_process(gimp), signal.SIGKILL)
    result = gimp.end(30)
    assert result["said"] != []
    assert result["kept"]
    assert result["images_left"] == 0
    assert (result["again"], result["names"]) == ([], COLORED)


def plug_in_process(gimp: Gimp) -> int:
    """The number of the process in which this GIMP runs our plug-in."""
    script = str(gimp.profile.plug_ins / "linewash" / "linewash.py").encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if script in (folder / "cmdline").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    assert len(found) == 1, found
    return found[0]


def test_gimp_never_shows_a_traceback(gimp: Gimp) -> None:
    gimp.play(REFUSALS, "refused", case="no layer")
    gimp.play(REFUSALS, "style", style="crash")
    log = (gimp.folder / "editor.log").read_text("utf-8", "replace")
    assert "Traceback" not in log
