"""From the wish to the layers: what is asked of the daemon, what is told, and that nothing is placed when it fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from linewash_gimp.coloring import Wish, color
from linewash_gimp.linewash.client import Client
from linewash_gimp.linewash.connection import ConnectionInfo
from linewash_gimp.linewash.editor.choices import Choices
from linewash_gimp.linewash.errors import BadInput, DaemonGone, LinewashError, OutOfMemory
from linewash_gimp.linewash.pictures import PaintedLayer, Picture
from tests.fakes.daemon import FakeDaemon, Header, Reply, Vanish, error, layers, paint, progress

SIDE = 20
INK, HINTS = 1, 2


class FakeGroup:
    def __init__(self, drawing: FakeDrawing, painted: Sequence[PaintedLayer]) -> None:
        self.drawing, self.painted, self.dropped = drawing, painted, False

    def place(self, name: str, key: int, over: bool) -> str:
        self.drawing.placed.append((name, key, over, [layer.name for layer in self.painted]))
        return "the group"

    def drop(self) -> None:
        self.dropped = True


class FakeDrawing:
    """Stands in for GIMP: an image with opaque line art, and what was placed in it."""

    def __init__(self, rgb: bool = True, depth: int = 8, selection: bool = False, opaque: bool = True) -> None:
        self.rgb, self.bits, self.selection = rgb, depth, selection
        self.pixels = (b"\0\0\0\xff" if opaque else b"\0\0\0\0") * (SIDE * SIDE)
        self.gone: BadInput | None = None
        self.placed: list[tuple[str, int, bool, list[str]]] = []
        self.within: list[bool] = []

    def size(self) -> tuple[int, int]:
        return SIDE, SIDE

    def depth(self) -> int:
        return self.bits

    def is_rgb(self) -> bool:
        return self.rgb

    def has_selection(self) -> bool:
        return self.selection

    def check_open(self) -> None:
        return

    def check(self, size: tuple[int, int]) -> None:
        assert size == (SIDE, SIDE)
        if self.gone is not None:
            raise self.gone

    def read(self, key: int) -> Picture:
        return Picture(SIDE, SIDE, "rgba", 8, self.pixels)

    def built_group(self, painted: Sequence[PaintedLayer], within: bool) -> FakeGroup:
        self.within.append(within)
        return FakeGroup(self, painted)


class Teller:
    def __init__(self) -> None:
        self.told: list[tuple[str, float]] = []

    def __call__(self, text: str, fraction: float) -> None:
        self.told.append((text, fraction))


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path) as daemon:
        yield daemon


def _color(daemon: FakeDaemon, drawing: Any, wish: Wish, report: Any = None) -> Any:
    info = ConnectionInfo(**vars(daemon.info))
    with Client(info) as client:
        return color(drawing, wish, client, report or Teller())


def _asked(daemon: FakeDaemon) -> Header:
    return next(header for header, _ in daemon.seen if header["op"] == "color")


def test_a_colouring_ends_in_one_group_beside_the_line_art(daemon: FakeDaemon) -> None:
    drawing = FakeDrawing()
    assert _color(daemon, drawing, Wish(INK, HINTS)).group == "the group"
    assert drawing.placed == [("Auto color", INK, True, ["Flats"])]


def test_colours_go_under_line_art_that_is_transparent(daemon: FakeDaemon) -> None:
    drawing = FakeDrawing(opaque=False)
    _color(daemon, drawing, Wish(INK))
    assert [over for _, _, over, _ in drawing.placed] == [False]


def test_what_was_chosen_is_asked_for(daemon: FakeDaemon) -> None:
    choices = Choices(seed=7, variety=0.25, strength=1.5, gap=3.0, layers=("color",))
    _color(daemon, FakeDrawing(depth=16), Wish(INK, HINTS, choices, ((1, 2, 3),)))
    options = _asked(daemon)["options"]
    named = {name: options[name] for name in ("seed", "variety", "strength", "gap", "depth")}
    assert named == {"seed": 7, "variety": 0.25, "strength": 1.5, "gap": 3.0, "depth": 16}
    assert [list(color) for color in options["palette"]] == [[1, 2, 3]]
    assert list(options["layers"]) == ["color"]
    assert _asked(daemon)["hints"] is not None


def test_the_selection_is_kept_to_only_when_asked_for(daemon: FakeDaemon) -> None:
    drawing = FakeDrawing(selection=True)
    _color(daemon, drawing, Wish(INK, within_selection=True))
    _color(daemon, drawing, Wish(INK))
    assert drawing.within == [True, False]


def test_progress_only_rises_and_names_what_is_done(daemon: FakeDaemon) -> None:
    teller = Teller()
    _color(daemon, FakeDrawing(), Wish(INK), teller)
    fractions = [fraction for _, fraction in teller.told]
    assert fractions == sorted(fractions)
    assert "Choosing colours…" in [text for text, _ in teller.told]
    assert teller.told[-1][0] == "Inserting layers…"


def test_an_image_without_colours_is_said_to_be_converted(daemon: FakeDaemon) -> None:
    assert [n.code for n in _color(daemon, FakeDrawing(rgb=False), Wish(INK)).notices] == ["document_converted"]
    assert not _color(daemon, FakeDrawing(), Wish(INK)).notices


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish(None), "no_line_layer"),
        (Wish(INK, INK), "hints_are_line"),
        (Wish(INK, choices=Choices(layers=())), "nothing_to_insert"),
        (Wish(INK, within_selection=True), "nothing_selected"),
    ],
)
def test_what_can_not_be_coloured_is_not_even_asked_for(daemon: FakeDaemon, wish: Wish, code: str) -> None:
    drawing = FakeDrawing()
    with pytest.raises(BadInput) as caught:
        _color(daemon, drawing, wish)
    assert caught.value.code == code
    assert caught.value.remedy
    assert "color" not in daemon.ops()
    assert not drawing.placed


def _empty(header: Header, frames: list[bytes]) -> Iterable[Reply]:
    reply, pixels = layers(header)
    yield {**reply, "notices": [{"code": "lineart_empty", "sentence": "No lines."}]}, pixels


def _without_memory(header: Header, frames: list[bytes]) -> Iterable[Reply]:
    yield error("out_of_memory")


def _dies(header: Header, frames: list[bytes]) -> Iterable[Reply]:
    yield progress("color", 0.5)
    raise Vanish


@pytest.mark.parametrize(
    ("script", "kind", "code"),
    [
        (_empty, BadInput, "lineart_empty"),
        (_without_memory, OutOfMemory, "out_of_memory"),
        (_dies, DaemonGone, "daemon_gone"),
    ],
)
def test_nothing_is_placed_when_there_are_no_colours(
    daemon: FakeDaemon, script: Any, kind: type[LinewashError], code: str
) -> None:
    daemon.script, drawing = script, FakeDrawing()
    with pytest.raises(kind) as caught:
        _color(daemon, drawing, Wish(INK))
    assert caught.value.code == code
    assert not drawing.placed


def test_nothing_is_placed_in_an_image_that_was_closed_meanwhile(daemon: FakeDaemon) -> None:
    drawing = FakeDrawing()
    drawing.gone = BadInput("It is closed.", code="document_closed")
    with pytest.raises(BadInput, match=r"It is closed\."):
        _color(daemon, drawing, Wish(INK))
    assert not drawing.placed


def test_whoever_is_told_of_the_progress_can_cancel(daemon: FakeDaemon) -> None:
    class Enough(Exception):
        pass

    def report(text: str, fraction: float) -> None:
        if text == "Choosing colours…":
            raise Enough

    def slow(header: Header, frames: list[bytes]) -> Iterable[Reply]:
        if header["op"] == "color":
            return [progress("color", 0.5)]
        return paint(header, frames)

    daemon.script, drawing = slow, FakeDrawing()
    with pytest.raises(Enough):
        _color(daemon, drawing, Wish(INK), report)
    assert "cancel" in daemon.ops()
    assert not drawing.placed
