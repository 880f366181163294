"""Pictures as the client takes and gives them, and the hash by which the daemon remembers a line art."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from .contract import CHANNELS, Blend, Channels, Color, Layers, Notice, Plane, Record, Role
from .errors import BadInput, ProtocolError

MAX_LAYERS = 4096


@dataclass(frozen=True)
class Picture:
    """Pixels in memory: packed rows, top to bottom, channels interleaved; 16-bit samples little-endian.

    ``pixels`` is anything with the buffer protocol that is C-contiguous and ``width * height * channels *
    depth / 8`` bytes long (bytes, bytearray, memoryview, a NumPy array); it is not copied, so leave it alone while
    a job that uses it runs. Raises `BadInput` when the length doesn't fit.
    """

    width: int
    height: int
    channels: Channels
    depth: int = 8  # 8 or 16
    pixels: Any = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        if self.channels not in CHANNELS or self.depth not in (8, 16):
            raise BadInput(f"A picture has {', '.join(CHANNELS)} at 8 or 16 bit, not {self.channels} at {self.depth}.")
        try:
            size = self.bytes.nbytes
        except (TypeError, ValueError) as error:
            raise BadInput("A picture's pixels must be one contiguous block of bytes.") from error
        if min(self.width, self.height) < 0 or size != self.plane().nbytes:
            raise BadInput(
                f"A picture of {self.width} × {self.height} px, {self.channels}, {self.depth} bit, "
                f"has {self.plane().nbytes} bytes, not {size}."
            )

    @property
    def bytes(self) -> memoryview:
        """The pixels as a flat view of unsigned bytes, without a copy."""
        view = memoryview(self.pixels)
        if not view.c_contiguous:
            raise ValueError("not contiguous")
        return view.cast("B") if view.nbytes else memoryview(b"")

    def plane(self, frame: int | None = 0) -> Plane:
        return Plane(self.width, self.height, self.channels, 16 if self.depth == 16 else 8, frame)


@dataclass(frozen=True)
class PaintedLayer:
    """One layer to put over the line art's corner at ``x``, ``y`` with its blend mode; opacity 0…1."""

    name: str
    role: Role
    blend: Blend
    picture: Picture
    x: int = 0
    y: int = 0
    opacity: float = 1.0


@dataclass(frozen=True)
class Result:
    """What a colouring gave: layers from bottom to top, how they came to be, and what the artist should know."""

    layers: tuple[PaintedLayer, ...]
    record: Record
    notices: tuple[Notice, ...] = ()

    def layer(self, role: Role) -> PaintedLayer:
        """The first layer of this role; `KeyError` when there is none."""
        for layer in self.layers:
            if layer.role == role:
                return layer
        raise KeyError(role)


def lineart_hash(picture: Picture) -> str:
    """Hex SHA-256 over ``"WIDTH HEIGHT CHANNELS DEPTH\\n"`` and the pixels: the same picture has the same hash."""
    digest = hashlib.sha256(f"{picture.width} {picture.height} {picture.channels} {picture.depth}\n".encode())
    digest.update(picture.bytes)
    return digest.hexdigest()


def result_from(reply: Layers, frames: list[bytearray], request: Color) -> Result:
    """Join a `Layers` message with its pixel frames (not copied); `ProtocolError` when they don't fit."""
    if sorted(_frame(layer.plane) for layer in reply.layers) != list(range(len(frames))):
        raise ProtocolError("The layers of the result don't match the frames that came with it.")
    layers = []
    for layer in reply.layers:
        plane, pixels = layer.plane, frames[_frame(layer.plane)]
        inside = 0 <= layer.x <= request.lineart.width - plane.width
        inside = inside and 0 <= layer.y <= request.lineart.height - plane.height
        if not inside or min(plane.width, plane.height) < 1 or plane.nbytes != len(pixels):
            raise ProtocolError(f"The layer {layer.name!r} doesn't fit the line art or its own pixels.")
        picture = Picture(plane.width, plane.height, plane.channels, plane.depth, pixels)
        layers.append(PaintedLayer(layer.name, layer.role, layer.blend, picture, layer.x, layer.y, layer.opacity))
    return Result(tuple(layers), reply.record, reply.notices)


def _frame(plane: Plane) -> int:
    return -1 if plane.frame is None else plane.frame
