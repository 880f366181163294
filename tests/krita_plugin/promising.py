"""What the promises of Krita are written with, in the stand-in and inside the real Krita alike.

A promise is something that the plug-in takes for granted of Krita's scripts: a script of tests/editors/krita/run.py
that fails where it doesn't hold. Those of `promises_of_documents` and `promises_of_pixels` are played in the stand-in
(test_stand_in.py) and inside the real Krita (tests/editors/krita/test_stand_in.py), so that the fast tests stand on
what Krita does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

SRGB = "sRGB-elle-V2-srgbtrc.icc"
Play = Iterator[Any]
Script = Callable[[Any], Play]


def kept_in(promises: dict[str, Script]) -> Callable[[Script], Script]:
    """A decorator that keeps scripts in ``promises``, by their names."""

    def promise(script: Script) -> Script:
        """Closing a document in the very moment in which a layer was added crashes Krita; no artist is as quick."""

        @functools.wraps(script)
        def settled(stage: Any) -> Play:
            yield from script(stage)
            yield 0.3

        promises[script.__name__] = settled
        return settled

    return promise


def hidden(stage: Any, model: str = "RGBA", depth: str = "U8", size: tuple[int, int] = (40, 30)) -> Any:
    """Keep it: a hidden document ends with the last reference to it, and using a layer of it then crashes Krita."""
    return stage.app.createDocument(*size, "promises", model, depth, SRGB if model == "RGBA" else "", 72.0)


def shown(stage: Any, **kind: Any) -> Any:
    document = hidden(stage, **kind)
    yield from stage.show(document)
    return document


def layer(document: Any, name: str = "ink", kind: str = "paintlayer") -> Any:
    """A new layer on top of all others."""
    node = document.createNode(name, kind)
    assert document.rootNode().addChildNode(node, None)
    return node


def write(node: Any, pixel: bytes, x: int, y: int, width: int, height: int) -> None:
    """Fill a rectangle with a pixel as the layer's space keeps it."""
    pixels = type(node.pixelData(0, 0, 1, 1))(pixel * (width * height))
    node.setPixelData(pixels, x, y, width, height)


def pixel(node: Any, x: int, y: int) -> bytes:
    return bytes(node.pixelData(x, y, 1, 1))


def rect(node: Any) -> tuple[int, int, int, int]:
    bounds = node.bounds()
    return bounds.x(), bounds.y(), bounds.width(), bounds.height()


def names(document: Any) -> list[str]:
    return [node.name() for node in document.rootNode().childNodes()]


def key(node: Any) -> str:
    return str(node.uniqueId().toString())


def trigger(stage: Any, action: str) -> Play:
    stage.app.action(action).trigger()
    yield 0.3
