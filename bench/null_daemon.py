"""``python -m bench.null_daemon``: the real daemon with a colorist that gives the hints back as its only layer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from linewash.contract import Color, Layer, ModelInfo, Notice, Plane, Record
from linewash_daemon.__main__ import main


@dataclass(frozen=True)
class NullPainted:
    layers: tuple[Layer, ...]
    planes: list[memoryview]
    record: Record
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class NullStatus:
    device: str = "none"
    model: str = ""
    prepared: int = 0
    prepared_bytes: int = 0


class NullColorist:
    """Takes no time and no memory, so that what is measured is the way there and back."""

    def color(
        self,
        request: Color,
        lineart: memoryview | None,
        hints: memoryview | None,
        report: Callable[[str, float], None],
        cancelled: Callable[[], bool],
    ) -> NullPainted:
        assert hints is not None
        plane = Plane(request.lineart.width, request.lineart.height, "rgba", 8, 0)
        record = Record("", "", request.options.seed, "none", request.hash, lineart is None, {}, request.options)
        return NullPainted((Layer("flats", "flats", "normal", plane),), [hints], record)

    def models(self) -> tuple[ModelInfo, ...]:
        return ()

    def status(self) -> NullStatus:
        return NullStatus()

    def unload(self) -> None:
        return


if __name__ == "__main__":
    sys.exit(main(open_colorist=NullColorist))
