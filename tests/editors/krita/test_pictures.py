"""Every picture of docs/krita.md is of the real Krita, and `make pictures` makes it anew."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.editors.install import NotAvailable
from tests.editors.place import CHECKOUT

from .pictures import WIDTHS, make

IMAGES = CHECKOUT / "docs" / "images"
BUDGET = 1_500_000  # bytes of all of them together


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[Path, dict[str, Any]]]:
    """The folder with the pictures, and what the scripts found while they made them."""
    with tempfile.TemporaryDirectory(prefix="lw-", dir="/tmp") as folder:
        try:
            found = make(Path(folder), Path(folder) / "out")
        except NotAvailable as reason:
            pytest.skip(f"no Krita here: {reason}")
        yield Path(folder) / "out", found


def test_the_pictures_in_the_docs_are_those_that_krita_gives_in_their_sizes(
    made: tuple[Path, dict[str, Any]],
) -> None:
    assert _sizes(made[0]) == _sizes(IMAGES)


def test_nothing_went_wrong_while_they_were_made(made: tuple[Path, dict[str, Any]]) -> None:
    assert made[1]["told"] == ""


def test_the_docker_is_as_narrow_as_it_is_asked_to_be(made: tuple[Path, dict[str, Any]]) -> None:
    for theme in ("dark", "bright"):
        assert [made[1][f"{theme} {width}"] for width in WIDTHS] == list(WIDTHS)


def test_the_docker_s_buttons_follow_a_theme_that_is_changed_while_krita_runs(
    made: tuple[Path, dict[str, Any]],
) -> None:
    assert made[1]["dark"] < 100
    assert made[1]["bright"] > 180


def test_every_picture_is_shown_and_every_one_that_is_shown_is_there() -> None:
    pages = [CHECKOUT / "README.md", CHECKOUT / "docs" / "krita.md"]
    shown = {name for page in pages for name in re.findall(r"images/(krita[\w-]*\.png)", page.read_text("utf-8"))}
    assert shown == {path.name for path in IMAGES.glob("krita*.png")}


def test_the_pictures_are_small_enough_to_be_cloned_with_the_code() -> None:
    assert sum(path.stat().st_size for path in IMAGES.glob("krita*.png")) < BUDGET


def _sizes(folder: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for path in folder.glob("krita*.png"):
        with Image.open(path) as picture:
            found[path.name] = picture.size
    return found
