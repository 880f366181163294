"""The colorist's front: one call colours, everything that depends on the line art alone is kept for the next."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from linewash.contract import (
    Color,
    Layer,
    ModelInfo,
    Notice,
    Options,
    Plane,
    Record,
    Rgb,
    check_options,
    check_planes,
)
from linewash.errors import BadInput, Cancelled, ProtocolError
from linewash.pictures import Picture as Frame
from linewash.pictures import lineart_hash

from ..generator import Generator, Model, Tinter
from . import memory
from .cache import Held, PreparedCache
from .dots import no_dots, read_dots
from .grey import build_grey, tint
from .greypicture import GreyPicture, read_grey
from .ladder import INK
from .law import decide
from .layers import Picture, Stack, build_layers, build_regions
from .light import lighting
from .linemap import LineArt, read_lineart
from .marking import working_hints
from .paint import paint
from .pixels import Pixels, as_array
from .prepare import Prepared, prepare
from .split import divide
from .strokes import Strokes, read_strokes
from .votes import count_votes

Report = Callable[[str, float], None]
_SAME_EMPTY = 2 * 257  # of 65535 a channel: how near a stroke's colour must be to `Options.empty`


class Models(Protocol):
    """What is needed of `linewash_daemon.models.ModelFolder`."""

    def infos(self) -> tuple[ModelInfo, ...]: ...
    @overload
    def load(self, style: str, mode: Literal["lines"]) -> Generator: ...
    @overload
    def load(self, style: str, mode: Literal["grey"]) -> Tinter: ...


@dataclass(frozen=True)
class Painted:
    """A result: layers from bottom to top, ``planes[layer.plane.frame]`` the pixels of each, C-contiguous."""

    layers: tuple[Layer, ...]
    planes: list[Pixels]
    record: Record
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class ColoristStatus:
    device: str
    model: str
    prepared: int
    prepared_bytes: int


class Colorist:
    """Colours pictures with the models of a folder. One call at a time; ``free`` tells how many bytes may be taken."""

    def __init__(
        self, models: Models, cache_bytes: int = 512 << 20, free: Callable[[], int] = memory.available
    ) -> None:
        self._models = models
        self._cache = PreparedCache(cache_bytes)
        self._free = free
        self._generator: Generator | None = None  # one of these two at a time is loaded
        self._tinter: Tinter | None = None
        self._style: str | None = None

    def color(self, request: Color, lineart: Any, hints: Any, report: Report, cancelled: Callable[[], bool]) -> Painted:
        """``lineart``, ``hints``: the frames' bytes, or None where none came.

        ``report``: stage and fraction of the whole; ``cancelled`` is asked between stages. Raises `BadInput`
        (lineart_unknown, bad_option, bad_size, size_mismatch), `ProtocolError`, `ModelError`, `OutOfMemory` and
        `Cancelled`.
        """

        def stage(name: str, fraction: float) -> None:
            if cancelled():
                raise Cancelled("The job was cancelled.")
            report(name, fraction)

        clock = _Clock()
        _check(request, lineart, hints)
        memory.check(request, self._free)
        stage("loading", 0.0)
        if request.options.mode == "grey":
            return self._tinted(request, lineart, hints, stage, clock)
        generator = self._load_generator(request.options.style)
        stage("prepare", 0.1)
        clock.mark("loading")
        prepared, cached = self._prepared(request, lineart, generator)
        clock.mark("prepare")
        stage("color", 0.6)
        stack, notices = self._colored(request, prepared, hints, generator, stage)
        clock.mark("color")
        return _painted(request, generator, cached, clock, stack, [*_lineart_notices(prepared.lineart), *notices])

    def models(self) -> tuple[ModelInfo, ...]:
        return self._models.infos()

    def status(self) -> ColoristStatus:
        model: Model | None = self._generator or self._tinter
        device, name = ("not chosen yet", "") if model is None else (model.device, model.info.name)
        return ColoristStatus(device, name, len(self._cache), self._cache.nbytes)

    def unload(self) -> None:
        """Give the model's memory back, and what it kept of each line art; the next job loads it again."""
        self._generator = self._tinter = self._style = None
        self._cache.clear()

    def _load_generator(self, style: str) -> Generator:
        if self._generator is None or self._style != style:
            self._generator = self._tinter = None  # the old one's memory goes before the new one's is taken
            self._generator, self._style = self._models.load(style, "lines"), style
        return self._generator

    def _load_tinter(self, style: str) -> Tinter:
        if self._tinter is None or self._style != style:
            self._generator = self._tinter = None
            self._tinter, self._style = self._models.load(style, "grey"), style
        return self._tinter

    def _held(self, request: Color) -> Held | None:
        held = self._cache.get((request.options.mode, request.hash))
        shape = None if held is None else held.lineart.shape if isinstance(held, Prepared) else held.shape
        return held if shape == (request.lineart.height, request.lineart.width) else None

    def _prepared(self, request: Color, lineart: Any, generator: Generator) -> tuple[Prepared, bool]:
        """What is held for this line art and fits gap and model, else made anew: (it, whether it was held)."""
        held = self._held(request)
        gap, model = request.options.gap, generator.info.hash
        if isinstance(held, Prepared) and held.gap == gap and held.model == model:
            return held, True
        if lineart is not None:
            drawing = read_lineart(as_array(request.lineart, lineart))
        elif isinstance(held, Prepared):
            drawing = held.lineart
        else:
            raise _unknown()
        prepared = prepare(drawing, generator, gap)
        self._cache.put(("lines", request.hash), prepared)
        return prepared, False

    def _colored(
        self, request: Color, prepared: Prepared, hints: Any, generator: Generator, stage: Report
    ) -> tuple[Stack, list[Notice]]:
        options = request.options if generator.takes_like else replace(request.options, like=())
        pixels = _hint_pixels(request, hints)
        strokes = read_strokes(pixels, prepared.regions)
        dots = read_dots(pixels, prepared.regions, strokes)
        notices = _hint_notices(strokes.empty and dots.empty and hints is not None)
        if not generator.cells:
            notices += _dot_notices(dots, generator)
            dots = no_dots(strokes)
        votes = count_votes(strokes, prepared.regions, prepared.lineart.line)
        division = divide(prepared.regions, prepared.lineart.line, strokes, votes)
        if strokes.empty and set(options.layers) == {"regions"}:
            return build_regions(prepared, division, options), notices
        strokes = replace(strokes, colors=dots.colors)
        empty = left_empty(options.empty, strokes.colors)
        around = count_votes(dots, prepared.regions, prepared.lineart.line)
        working, marks = working_hints(prepared, strokes, votes, around, empty)
        colorless = bool(empty[strokes.color].all())
        proposal = paint(generator, prepared, working, marks, options, colorless)
        stage("color", 0.8)
        flats = decide(prepared, strokes, votes, division, empty, proposal, options)
        light = lighting(generator, prepared, division, flats, options)
        stage("layers", 0.9)
        return build_layers(Picture(prepared, division, flats, proposal, options, light), self._free), notices

    def _tinted(self, request: Color, lineart: Any, hints: Any, stage: Report, clock: _Clock) -> Painted:
        """The same for a greyscale picture."""
        options = request.options
        tinter = self._load_tinter(options.style)
        stage("prepare", 0.1)
        clock.mark("loading")
        held = self._held(request)
        if not isinstance(held, GreyPicture) and lineart is None:
            raise _unknown()
        picture = held if isinstance(held, GreyPicture) else read_grey(as_array(request.lineart, lineart))
        self._cache.put(("grey", request.hash), picture)
        clock.mark("prepare")
        stage("color", 0.4)
        pixels = None if request.hints is None else as_array(request.hints, hints)
        tinted = tint(tinter, picture, pixels, partial(left_empty, options.empty), options)
        notices = _hint_notices(pixels is not None and not tinted.strokes)
        stage("layers", 0.7)
        stack = build_grey(picture, tinted, options, lambda done: stage("layers", 0.7 + 0.3 * done))
        clock.mark("color")
        return _painted(request, tinter, picture is held, clock, stack, notices)


class _Clock:
    """``seconds``: since the mark before, by name; ``total`` since the beginning."""

    def __init__(self) -> None:
        self._begun = self._last = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def mark(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = now - self._last
        self._last = now

    @property
    def total(self) -> float:
        return self._last - self._begun


def _painted(request: Color, model: Model, cached: bool, clock: _Clock, stack: Stack, notices: list[Notice]) -> Painted:
    seconds = {"prepare": clock.seconds["prepare"], "color": clock.seconds["color"], "total": clock.total}
    record = Record(
        model.info.name, model.info.hash, request.options.seed, model.device, request.hash, cached,
        {k: round(v, 4) for k, v in seconds.items()}, request.options,
    )  # fmt: skip
    told = (*notices, *_like_notices(request.options, model), *stack.notices)
    return Painted(tuple(stack.layers), stack.planes, record, told)


def _unknown() -> BadInput:
    return BadInput(
        "The daemon does not hold this line art any more.", "Send it again with its pixels.", "lineart_unknown"
    )


def _like_notices(options: Options, model: Model) -> list[Notice]:
    if not options.like or model.takes_like:
        return []
    return [Notice("like_ignored", f"The style {model.info.name} takes no reference picture, so it was ignored.")]


def _hint_notices(without: bool) -> list[Notice]:
    text = "The hint layer holds no stroke that is at least half opaque."
    return [Notice("hints_empty", text)] if without else []


def _dot_notices(dots: Strokes, model: Model) -> list[Notice]:
    text = f"The style {model.info.name} takes no strokes of less than half opacity, so they were ignored."
    return [] if dots.empty else [Notice("around_ignored", text)]


def _check(request: Color, lineart: Any, hints: Any) -> None:
    """Everything about the request that can be told before memory is taken."""
    check_options(request.options)
    frames = [request.lineart] if request.hints is None else [request.lineart, request.hints]
    check_planes(request, [p.nbytes for p in sorted(frames, key=_frame) if p.frame is not None])
    if (request.hints is None) != (hints is None):
        raise ProtocolError("The hints were announced without their pixels, or came without being announced.")
    if lineart is None:
        return
    plane = request.lineart
    if lineart_hash(Frame(plane.width, plane.height, plane.channels, plane.depth, lineart)) != request.hash:
        raise ProtocolError("The line art's hash is not that of its pixels.")


def _frame(plane: Plane) -> int:
    return -1 if plane.frame is None else plane.frame


def _hint_pixels(request: Color, hints: Any) -> Pixels:
    if request.hints is None:
        return np.zeros((0, request.lineart.width, 4), np.uint8)
    return as_array(request.hints, hints)


def left_empty(empty: Rgb | None, colors: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Which of ``colors``, uint16 (n, 3), leave what they are drawn on unpainted; ``empty``: `Options.empty`."""
    if empty is None:
        return np.zeros(len(colors), bool)
    wanted = np.array(empty, np.int64) * 257
    return np.asarray((np.abs(colors.astype(np.int64) - wanted) <= _SAME_EMPTY).all(1))


def _lineart_notices(lineart: LineArt) -> list[Notice]:
    ink = int((lineart.line >= INK).sum())
    if ink == 0:
        return [Notice("lineart_empty", "The line art is empty, so there is nothing to colour inside of.")]
    if ink == lineart.line.size:
        return [Notice("lineart_black", "The line art is black all over, so there is nothing to colour inside of.")]
    return []
