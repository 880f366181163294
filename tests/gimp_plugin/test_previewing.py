"""The preview: what is asked while the artist chooses, what shows, and what is said when it can't be had."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from linewash_gimp import previewing
from linewash_gimp.linewash.connection import ConnectionInfo, write_connection
from linewash_gimp.linewash.editor.choices import Choices
from linewash_gimp.linewash.errors import BadInput
from linewash_gimp.linewash.pictures import Picture, Result
from linewash_gimp.previewing import Previewer, Sketch
from tests.fakes.daemon import FakeDaemon, Header, Reply, error, layers, paint

SIDE = 16
PLAIN = Picture(1, 1, "rgb", 8, b"pla")


class FakeMiniature:
    """Stands in for GIMP's small image; ``made`` counts them, ``open`` those that are not closed."""

    made = 0
    open = 0

    def __init__(self, line: int, hints: int | None) -> None:
        if line < 0:
            raise BadInput("The layer is gone.", "Choose another one.", "layer_gone")
        self.scale = 0.5
        self.lineart = Picture(SIDE, SIDE, "rgba", 8, bytes([line % 256]) * (SIDE * SIDE * 4))
        self.hints = None if hints is None else Picture(SIDE, SIDE, "rgba", 8, bytes(SIDE * SIDE * 4))
        FakeMiniature.made += 1
        FakeMiniature.open += 1

    def plain(self) -> Picture:
        return PLAIN

    def colored(self, result: Result, within_selection: bool) -> Picture:
        seed = result.record.options.seed
        return Picture(1, 1, "rgb", 8, bytes([seed, len(result.layers), within_selection]))

    def close(self) -> None:
        FakeMiniature.open -= 1


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(previewing, "_SETTLED", 0.0)
    FakeMiniature.made = FakeMiniature.open = 0


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path) as daemon:
        write_connection(ConnectionInfo(**vars(daemon.info)))
        yield daemon


@pytest.fixture
def preview() -> Iterator[Previewer]:
    preview = Previewer(cast(Any, FakeMiniature))
    yield preview
    preview.close()
    assert FakeMiniature.open == 0, "a small image is left behind in GIMP"


def _sketch(line: int = 1, hints: int | None = None, within: bool = False, **choices: Any) -> Sketch:
    return Sketch((line, hints), Choices(**choices), (), within)


def _until(preview: Previewer, condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, f"{preview.doing!r}, {preview.message}"
        preview.tick()
        time.sleep(0.005)


def _shows(preview: Previewer, *pixel: int) -> Callable[[], bool]:
    return lambda: preview.picture is not None and bytes(preview.picture.bytes) == bytes(pixel)


def _colorings(daemon: FakeDaemon) -> list[Header]:
    return [header for header, _ in daemon.seen if header["op"] == "color"]


def test_the_drawing_shows_colored_as_it_was_chosen(daemon: FakeDaemon, preview: Previewer) -> None:
    preview.show(_sketch(seed=9, within=True))
    _until(preview, _shows(preview, 9, 1, True))
    assert preview.message is None
    assert preview.doing == ""


def test_another_choice_sends_the_drawing_no_second_time(daemon: FakeDaemon, preview: Previewer) -> None:
    for seed in (1, 2, 3):
        preview.show(_sketch(seed=seed))
        _until(preview, _shows(preview, seed, 1, False))
    assert FakeMiniature.made == 1
    assert [header["lineart"]["frame"] for header in _colorings(daemon)] == [0, None, None]


def test_another_layer_is_read_anew(daemon: FakeDaemon, preview: Previewer) -> None:
    preview.show(_sketch(line=1, seed=1))
    _until(preview, _shows(preview, 1, 1, False))
    preview.show(_sketch(line=2, hints=3, seed=2))
    _until(preview, _shows(preview, 2, 1, False))
    assert FakeMiniature.made == 2
    assert FakeMiniature.open == 1


def test_lengths_are_those_of_the_reduced_drawing(daemon: FakeDaemon, preview: Previewer) -> None:
    preview.show(_sketch(gap=10.0, seed=1))
    _until(preview, _shows(preview, 1, 1, False))
    assert _colorings(daemon)[0]["options"]["gap"] == 5.0


def test_a_slider_in_motion_asks_only_for_where_it_stops(
    daemon: FakeDaemon, preview: Previewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewing, "_SETTLED", 1.0)
    for seed in range(20):
        preview.show(_sketch(seed=seed))
        preview.tick()
    _until(preview, _shows(preview, 19, 1, False))
    assert len(_colorings(daemon)) == 1


def test_the_styles_are_asked_for_along_with_the_first_picture(daemon: FakeDaemon, preview: Previewer) -> None:
    preview.show(_sketch())
    _until(preview, lambda: "models" in daemon.ops())


def test_a_style_that_colours_photos_only_is_not_offered(daemon: FakeDaemon, preview: Previewer) -> None:
    def told(header: Header, frames: list[bytes]) -> Iterable[Reply]:
        if header["op"] != "models":
            yield from paint(header, frames)
            return
        style = {"hash": "", "recipe": "", "network": "", "provides": ["flats"]}
        modes: dict[str, dict[str, Any]] = {
            "old": {},
            "photos": {"modes": ["grey"]},
            "both": {"modes": ["grey", "lines"]},
        }
        yield {"op": "models", "models": [{"name": name, **style, **more} for name, more in modes.items()]}, []

    daemon.script = told
    preview.show(_sketch())
    _until(preview, lambda: preview.styles)
    assert [style.name for style in preview.styles] == ["old", "both"]


def test_without_a_daemon_the_line_art_shows_and_a_button_starts_one(preview: Previewer, tmp_path: Path) -> None:
    preview.show(_sketch(seed=4))
    _until(preview, lambda: preview.message)
    assert preview.message is not None
    assert preview.message.mends == ("start_daemon",)
    assert preview.picture is PLAIN
    with FakeDaemon(tmp_path) as daemon:
        write_connection(ConnectionInfo(**vars(daemon.info)))
        preview.start_daemon(anew=False)
        _until(preview, _shows(preview, 4, 1, False))
        assert preview.message is None


def test_a_daemon_of_another_version_is_named_and_the_button_offered(preview: Previewer, tmp_path: Path) -> None:
    with FakeDaemon(tmp_path, protocol=99) as daemon:
        write_connection(ConnectionInfo(**vars(daemon.info)))
        preview.show(_sketch())
        _until(preview, lambda: preview.message)
        assert preview.message is not None
        assert preview.message.code == "wrong_protocol"
        assert "start_daemon" in preview.message.mends


def test_a_layer_that_is_gone_is_told_of(daemon: FakeDaemon, preview: Previewer) -> None:
    preview.show(_sketch(line=-1))
    _until(preview, lambda: preview.message)
    assert preview.message is not None
    assert preview.message.code == "layer_gone"
    assert "color" not in daemon.ops()


def test_what_the_daemon_refuses_shows_with_its_remedy(daemon: FakeDaemon, preview: Previewer) -> None:
    daemon.script = _without_memory
    preview.show(_sketch())
    _until(preview, lambda: preview.message)
    assert preview.message is not None
    assert preview.message.mends == ("free_gpu",)
    daemon.script = paint
    preview.free_gpu()
    _until(preview, _shows(preview, 0, 1, False))
    assert "unload" in daemon.ops()


def _without_memory(header: Header, frames: list[bytes]) -> Iterable[Reply]:
    yield from [error("out_of_memory")] if header["op"] == "color" else paint(header, frames)


def test_a_notice_of_the_result_shows(daemon: FakeDaemon, preview: Previewer) -> None:
    daemon.script = _without_strokes
    preview.show(_sketch(hints=2))
    _until(preview, lambda: preview.message)
    assert preview.message is not None
    assert preview.message.code == "hints_empty"
    assert preview.message.calm


def _without_strokes(header: Header, frames: list[bytes]) -> Iterable[Reply]:
    if header["op"] != "color":
        yield from paint(header, frames)
        return
    reply, pixels = layers(header)
    yield {**reply, "notices": [{"code": "hints_empty", "sentence": "No strokes."}]}, pixels


def test_paused_it_asks_for_nothing_and_keeps_no_image_in_gimp_until_it_goes_on(
    daemon: FakeDaemon, preview: Previewer
) -> None:
    preview.show(_sketch(seed=1))
    _until(preview, _shows(preview, 1, 1, False))
    preview.pause()
    for _ in range(20):
        preview.tick()
    assert FakeMiniature.open == 0
    assert len(_colorings(daemon)) == 1
    preview.resume()
    _until(preview, lambda: len(_colorings(daemon)) == 2)
