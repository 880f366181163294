"""Earlier results are kept small, whole and in bounds."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from linewash_krita.history import MAX_ENTRIES, Entry, History, PackedLayer
from linewash_krita.linewash.pictures import PaintedLayer, Picture
from linewash_krita.thumbnail import Thumbnail


def entry(key: int, nbytes: int = 10, live: bool = False) -> Entry:
    layer = PackedLayer("Flats", "flats", "normal", 1, 1, "rgba", 8, 0, 0, 1.0, bytes(nbytes))
    return Entry(key, "", (1, 1), None, live, (layer,), Thumbnail(1, 1, bytes(4)))


def keys(history: History) -> list[int]:
    return [entry.key for entry in history.entries]


def test_a_packed_layer_comes_back_as_it_was() -> None:
    picture = Picture(5, 3, "rgba", 16, os.urandom(5 * 3 * 8))
    layer = PaintedLayer("Shading", "shading", "multiply", picture, 2, 7, 0.5)
    back = PackedLayer.of(layer).unpacked()
    assert bytes(back.picture.bytes) == bytes(picture.bytes)
    assert (back.picture.width, back.picture.height, back.picture.channels, back.picture.depth) == (5, 3, "rgba", 16)
    assert (back.name, back.role, back.blend, back.x, back.y, back.opacity) == (
        "Shading",
        "shading",
        "multiply",
        2,
        7,
        0.5,
    )


def test_flat_colours_pack_to_a_hundredth() -> None:
    layer = PaintedLayer("Flats", "flats", "normal", Picture(256, 256, "rgba", 8, bytes((200, 30, 40, 255)) * 65536))
    assert len(PackedLayer.of(layer).data) < 256 * 256 * 4 / 100


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40), st.integers(0, 200))
def test_the_newest_stay_within_the_bounds_and_the_last_always(sizes: list[int], room: int) -> None:
    history = History()
    for key, size in enumerate(sizes):
        history.add(entry(key, size), room)
    kept = keys(history)
    assert kept[-1] == len(sizes) - 1
    assert kept == list(range(kept[0], len(sizes)))
    assert len(kept) <= MAX_ENTRIES
    assert len(kept) == 1 or history.nbytes <= room


def test_a_live_result_replaces_the_live_one_before_it_and_no_other() -> None:
    history = History()
    for key, live in enumerate([False, True, True, True, False, True, True]):
        history.add(entry(key, live=live))
    assert keys(history) == [0, 3, 4, 6]


def test_an_entry_that_is_gone_is_not_found() -> None:
    history = History()
    history.add(entry(3))
    assert history.find(3) is not None
    assert history.find(4) is None
