"""Every picture of docs/gimp.md is of the real GIMP, and `make pictures` makes it anew."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from tests.editors.install import NotAvailable
from tests.editors.place import CHECKOUT

from .pictures import make

IMAGES = CHECKOUT / "docs" / "images"
BUDGET = 600_000  # bytes of all of them together


def test_the_pictures_in_the_docs_are_those_that_gimp_gives_in_their_sizes() -> None:
    with tempfile.TemporaryDirectory(prefix="lw-", dir="/tmp") as folder:
        try:
            make(Path(folder), Path(folder) / "out")
        except NotAvailable as reason:
            pytest.skip(f"no GIMP here: {reason}")
        assert _sizes(Path(folder) / "out") == _sizes(IMAGES)


def test_every_picture_is_shown_and_every_one_that_is_shown_is_there() -> None:
    pages = [CHECKOUT / "README.md", CHECKOUT / "docs" / "gimp.md"]
    shown = {name for page in pages for name in re.findall(r"images/(gimp[\w-]*\.png)", page.read_text("utf-8"))}
    assert shown == {path.name for path in IMAGES.glob("gimp*.png")}


def test_the_pictures_are_small_enough_to_be_cloned_with_the_code() -> None:
    assert sum(path.stat().st_size for path in IMAGES.glob("gimp*.png")) < BUDGET


def _sizes(folder: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for path in folder.glob("gimp*.png"):
        with Image.open(path) as picture:
            found[path.name] = picture.size
    return found
