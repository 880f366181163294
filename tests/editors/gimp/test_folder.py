"""The pipelines of docs/gimp.md, as they stand there: GIMP's console, the zip as it is shipped, the real program."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PIL import Image

from tests.editors.install import NotAvailable
from tests.editors.place import CHECKOUT

from .console import batch, gimp_profile
from .profile import Profile

PAGE = (CHECKOUT / "docs" / "gimp.md").read_text("utf-8")
EXAMPLES = CHECKOUT / "examples"
TREE = """
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path({path!r}))
for layer in image.get_layers():
    print("LAYER", layer.get_name(), [child.get_name() for child in layer.get_children() or []])
"""

COLORED = ["Auto color ['Highlights', 'Shading', 'Flats']", "Background []"]


@pytest.fixture(scope="module")
def variables(runtime_folder: Path) -> Iterator[Mapping[str, str]]:
    found = {
        "LINEWASH_RUNTIME_DIR": str(runtime_folder),
        "LINEWASH_STATE_DIR": str(runtime_folder / "state"),
        "LINEWASH_DAEMON": f'"{sys.executable}" -m linewash_daemon',
    }
    yield found
    command = [sys.executable, "-c", "from linewash_daemon.cli import main; main()", "daemon", "stop"]
    subprocess.run(command, env={**os.environ, **found}, timeout=60)


@pytest.fixture
def profile(built_zip: Path, tmp_path: Path) -> Profile:
    try:
        return gimp_profile(tmp_path, [built_zip])
    except NotAvailable as reason:
        pytest.skip(f"no GIMP here: {reason}")


@pytest.fixture
def inks(profile: Profile) -> Path:
    """Two small drawings, one of them with strokes."""
    folder = profile.home / "inks"
    folder.mkdir()
    for name in ("animal.line", "animal.hints", "face.line"):
        with Image.open(EXAMPLES / f"{name}.png") as picture:
            picture.resize((320, 300)).save(folder / f"{name}.png")
    return folder


def layers(profile: Profile, path: Path) -> list[str]:
    """Of an .xcf, from top to bottom, with those in a group."""
    said = batch(profile, "from gi.repository import Gio\n" + TREE.format(path=str(path))).stdout
    return [line.removeprefix("LAYER ") for line in said.splitlines() if line.startswith("LAYER ")]


def test_the_script_colours_all_drawings_of_a_folder(
    profile: Profile, inks: Path, variables: Mapping[str, str]
) -> None:
    out = profile.home / "out"
    command = f"exec(open({str(EXAMPLES / 'gimp_folder.py')!r}).read())"
    done = batch(profile, command, {**variables, "INKS": str(inks), "COLORED": str(out)})
    assert done.returncode == 0, done.stderr
    assert layers(profile, out / "animal.xcf")[1:] == COLORED
    assert layers(profile, out / "face.xcf") == COLORED


def test_a_drawing_that_can_t_be_coloured_is_named_and_the_others_are_done(
    profile: Profile, inks: Path, variables: Mapping[str, str]
) -> None:
    Image.new("L", (64, 64), 255).save(inks / "blank.line.png")
    out = profile.home / "out"
    command = f"exec(open({str(EXAMPLES / 'gimp_folder.py')!r}).read())"
    done = batch(profile, command, {**variables, "INKS": str(inks), "COLORED": str(out)})
    assert done.returncode == 64
    assert "blank.line.png: The line art is empty" in done.stdout + done.stderr
    assert sorted(path.name for path in out.iterdir()) == ["animal.xcf", "face.xcf"]


@pytest.mark.parametrize(
    ("language", "interpreter"), [("python", "python-fu-eval"), ("scheme", "plug-in-script-fu-eval")]
)
def test_the_calls_of_the_page_work_as_they_stand_there(
    language: str, interpreter: str, profile: Profile, inks: Path, variables: Mapping[str, str]
) -> None:
    block = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    command = block[1].replace("/home/me/fox.png", str(inks / "animal.line.png"))
    command = command.replace("/home/me/fox.xcf", str(profile.home / "fox.xcf"))
    done = batch(profile, command, variables, interpreter)
    assert done.returncode == 0, done.stderr
    assert layers(profile, profile.home / "fox.xcf") == COLORED
