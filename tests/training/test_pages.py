"""Pages of several drawings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from linewash_training.pack import Pack
from linewash_training.pages import Pages

from .small_run import write_pack


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Half of it of a source that names skin tones, half of one that does not, and some held out."""
    pack = Pack.open(write_pack(tmp_path_factory.mktemp("art") / "art.safetensors", 6, 2))
    pack.infos[:] = [
        replace(info, source="mulberry-symbols" if number % 2 else "art4apps") for number, info in enumerate(pack.infos)
    ]
    return pack


def test_a_page_is_the_same_whenever_it_is_asked_for_and_another_one_is_another(art: Pack) -> None:
    one, again, other = Pages.of(art)[0], Pages.of(art)[0], Pages.of(art)[1]
    assert np.array_equal(one.line, again.line) and np.array_equal(one.color, again.color)
    assert one.line.shape != other.line.shape or not np.array_equal(one.line, other.line)


def test_figures_come_from_drawings_to_learn_from_of_sources_with_named_tones(art: Pack) -> None:
    (group,) = Pages.of(art).groups
    assert group and all(art.infos[i].source == "mulberry-symbols" and art.infos[i].split == "train" for i in group)
    assert Pages.of(art)[0].meta.source == "mulberry-symbols"


def test_pages_hold_lines_and_colours_of_one_to_four_figures(art: Pack) -> None:
    for number in range(12):
        page = Pages.of(art)[number]
        assert page.line.dtype == page.color.dtype == np.uint8 and page.color.shape == (*page.line.shape, 3)
        assert max(page.line.shape) == 512 and (page.line < 128).mean() > 0.002
        assert len(np.unique(page.color.reshape(-1, 3), axis=0)) > 2


def test_without_such_a_source_there_are_none(art: Pack) -> None:
    others = Pack(art.path, [replace(info, source="art4apps") for info in art.infos], list(range(len(art))))
    assert Pages.of(others).groups == ()
