"""The colorist's front: one call colours, everything that depends on the line art alone is kept for the next."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from linewash.contract import Color, Layer, ModelInfo, Notice, Plane, Record, Rgb, check_options, check_planes
from linewash.errors import BadInput, Cancelled, ProtocolError
from linewash.pictures import Picture as Frame
from linewash.pictures import lineart_hash

from ..generator import Generator
from . import memory
from .cache import PreparedCache
from .ladder import INK
from .law import decide
from .layers import Picture, Stack, build_layers, build_regions
from .linemap import LineArt, read_lineart
from .paint import paint, working_hints
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
    def load(self, style: str) -> Generator: ...


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
    """Colours line art with the models of a folder. One call at a time; ``free`` tells how many bytes may be taken."""

    def __init__(
        self, models: Models, cache_bytes: int = 512 << 20, free: Callable[[], int] = memory.available
    ) -> None:
        self._models = models
        self._cache = PreparedCache(cache_bytes)
        self._free = free
        self._generator: Generator | None = None
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

        started = time.perf_counter()
        _check(request, lineart, hints)
        memory.check(request, self._free)
        stage("loading", 0.0)
        generator = self._load(request.options.style)
        stage("prepare", 0.1)
        loaded = time.perf_counter()
        prepared, cached = self._prepared(request, lineart, generator)
        ready = time.perf_counter()
        stage("color", 0.6)
        stack, hint_notices = self._colored(request, prepared, hints, generator, stage)
        done = time.perf_counter()
        seconds = {"prepare": ready - loaded, "color": done - ready, "total": done - started}
        record = Record(
            generator.info.name, generator.info.hash, request.options.seed, generator.device, request.hash, cached,
            {k: round(v, 4) for k, v in seconds.items()}, request.options,
        )  # fmt: skip
        notices = (*_lineart_notices(prepared.lineart), *hint_notices, *stack.notices)
        return Painted(tuple(stack.layers), stack.planes, record, notices)

    def models(self) -> tuple[ModelInfo, ...]:
        return self._models.infos()

    def status(self) -> ColoristStatus:
        device, model = "not chosen yet", ""
        if self._generator is not None:
            device, model = self._generator.device, self._generator.info.name
        return ColoristStatus(device, model, len(self._cache), self._cache.nbytes)

    def unload(self) -> None:
        """Give the model's memory back, and what it kept of each line art; the next job loads it again."""
        self._generator = self._style = None
        self._cache.clear()

    def _load(self, style: str) -> Generator:
        if self._generator is None or self._style != style:
            self._generator = None  # the old one's memory goes before the new one's is taken
            self._generator = self._models.load(style)
            self._style = style
        return self._generator

    def _prepared(self, request: Color, lineart: Any, generator: Generator) -> tuple[Prepared, bool]:
        """What is held for this line art and fits gap and model, else made anew: (it, whether it was held)."""
        held = self._cache.get(request.hash)
        gap, model = request.options.gap, generator.info.hash
        if held is not None and held.gap == gap and held.model == model and held.lineart.shape == _shape(request):
            return held, True
        if lineart is not None:
            drawing = read_lineart(as_array(request.lineart, lineart))
        elif held is not None and held.lineart.shape == _shape(request):
            drawing = held.lineart
        else:
            raise BadInput(
                "The daemon does not hold this line art any more.", "Send it again with its pixels.", "lineart_unknown"
            )
        prepared = prepare(drawing, generator, gap)
        self._cache.put(request.hash, prepared)
        return prepared, False

    def _colored(
        self, request: Color, prepared: Prepared, hints: Any, generator: Generator, stage: Report
    ) -> tuple[Stack, list[Notice]]:
        options = request.options
        strokes = read_strokes(_hint_pixels(request, hints), prepared.regions)
        notices = []
        if strokes.empty and hints is not None:
            notices.append(Notice("hints_empty", "The hint layer holds no stroke that is at least half opaque."))
        votes = count_votes(strokes, prepared.regions)
        division = divide(prepared.regions, prepared.lineart.line, strokes, votes)
        if strokes.empty and set(options.layers) == {"regions"}:
            return build_regions(prepared, division, options), notices
        empty = _left_empty(strokes, options.empty)
        working = working_hints(prepared, strokes, votes, empty)
        proposal = paint(generator, prepared, working, options, colorless=bool(empty.all()))
        stage("color", 0.8)
        flats = decide(prepared, strokes, votes, division, empty, proposal, options)
        stage("layers", 0.9)
        return build_layers(Picture(prepared, division, flats, proposal, options), self._free), notices


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


def _shape(request: Color) -> tuple[int, int]:
    return request.lineart.height, request.lineart.width


def _hint_pixels(request: Color, hints: Any) -> Pixels:
    if request.hints is None:
        return np.zeros((0, request.lineart.width, 4), np.uint8)
    return as_array(request.hints, hints)


def _left_empty(strokes: Strokes, empty: Rgb | None) -> NDArray[np.bool_]:
    """Which stroke colours leave their region unpainted."""
    if empty is None:
        return np.zeros(len(strokes.colors), bool)
    wanted = np.array(empty, np.int64) * 257
    return np.asarray((np.abs(strokes.colors.astype(np.int64) - wanted) <= _SAME_EMPTY).all(1))


def _lineart_notices(lineart: LineArt) -> list[Notice]:
    ink = int((lineart.line >= INK).sum())
    if ink == 0:
        return [Notice("lineart_empty", "The line art is empty, so there is nothing to colour inside of.")]
    if ink == lineart.line.size:
        return [Notice("lineart_black", "The line art is black all over, so there is nothing to colour inside of.")]
    return []
