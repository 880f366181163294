"""The one contract: every message that crosses the wire, as a dataclass, and the check each one must pass.

A message is a header (a msgpack map, frame 0) and zero or more raw pixel frames (frames 1…). The header's
``v`` is the protocol version, ``id`` names the request, ``op`` says which dataclass below it is. Fields that a
reader does not know are ignored, so that a newer peer of the same version may add some; a missing or wrong
field raises `ProtocolError` (see schema.py). docs/protocol.md is this file in prose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .errors import BadInput, ProtocolError

PROTOCOL = 1
MIN_SIDE, MAX_SIDE = 16, 16_384
MAX_HEADER = 256 * 1024  # bytes of frame 0
MAX_FRAMES = 3  # pixel frames of a request: line art, hints, and one to spare for a later field
MAX_ID = 64  # characters of an id, a stream or a style name
MAX_PALETTE = 256
MAX_LIKE = 512  # swatches of a reference histogram

Channels = Literal["gray", "graya", "rgb", "rgba", "lab", "laba"]
CHANNELS = {"gray": 1, "graya": 2, "rgb": 3, "rgba": 4, "lab": 3, "laba": 4}
Role = Literal["flats", "shading", "highlights", "color", "composite", "per_color", "per_region", "regions", "painting"]
Blend = Literal["normal", "multiply", "screen", "color"]
Mode = Literal["lines", "grey"]
Rgb = tuple[int, int, int]
Swatch = tuple[int, int, int, float]  # a colour of a histogram, sRGB 0…255, and its share, 0 or more


@dataclass(frozen=True)
class Plane:
    """Where a picture's pixels are: ``frame`` counts pixel frames from 0, ``None`` when only a hash is sent.

    Pixels are packed rows, top to bottom, channels interleaved, no padding; 16-bit samples little-endian.
    ``lab`` is L, a, b with L scaled to 0…max and a, b offset by half of max (128 or 32,896) at 1 (257) a unit.
    """

    width: int
    height: int
    channels: Channels = "rgba"
    depth: Literal[8, 16] = 8
    frame: int | None = 0

    @property
    def nbytes(self) -> int:
        return self.width * self.height * CHANNELS[self.channels] * (self.depth // 8)


@dataclass(frozen=True)
class Options:
    """What the artist chose. Ranges are inclusive."""

    style: str = ""  # a model's name, "" for the default
    seed: int = 0  # 0…2**31-1
    variety: float = 0.5  # 0…1, of what has no stroke to go by; 0: always what suits best
    palette: tuple[Rgb, ...] = ()  # sRGB 0…255, at most MAX_PALETTE; empty: any colour
    strength: float = 1.0  # 0…2, multiplies chroma
    shading: float = 1.0  # 0…2, scales light
    gap: float = 0.0  # 0…64 px of the line art: openings this wide count as closed; 0: as the drawing's size suggests
    empty: Rgb | None = None  # strokes of this colour leave their region unpainted
    layers: tuple[Role, ...] = ("flats", "shading", "highlights")
    space: Literal["rgb", "lab"] = "rgb"
    depth: Literal[8, 16] = 8
    mode: Mode = "lines"  # what the picture is: line art, or a greyscale picture whose L is kept
    lightness: float = 0.0  # 0…1, how far a style that predicts L may leave the picture's own
    like: tuple[Swatch, ...] = ()  # a reference's histogram, at most MAX_LIKE, for styles that paint by one
    tandem: bool = True  # where there is no stroke, a style that can imagines hints of its own


@dataclass(frozen=True)
class Hello:
    op = "hello"
    id: str
    client: str = ""
    v: int = PROTOCOL


@dataclass(frozen=True)
class Color:
    """Colour a line art, or what ``options.mode`` says. ``hash`` is the hex SHA-256 that `lineart_hash` gives; with
    ``lineart.frame`` None the daemon uses the picture it holds under that hash, or answers ``lineart_unknown``."""

    op = "color"
    id: str
    lineart: Plane
    hash: str
    hints: Plane | None = None
    options: Options = field(default_factory=Options)
    stream: str = ""  # latest wins: a newer job of the same client and stream ends the older one; "": none
    v: int = PROTOCOL


@dataclass(frozen=True)
class Cancel:
    op = "cancel"
    id: str
    target: str
    v: int = PROTOCOL


@dataclass(frozen=True)
class Models:
    op = "models"
    id: str
    v: int = PROTOCOL


@dataclass(frozen=True)
class Status:
    op = "status"
    id: str
    v: int = PROTOCOL


@dataclass(frozen=True)
class Unload:
    """Give the model's memory back (*Free GPU*); the next job loads it again."""

    op = "unload"
    id: str
    v: int = PROTOCOL


@dataclass(frozen=True)
class Stop:
    op = "stop"
    id: str
    v: int = PROTOCOL


Request = Hello | Color | Cancel | Models | Status | Unload | Stop
REQUESTS: dict[str, type[Request]] = {c.op: c for c in (Hello, Color, Cancel, Models, Status, Unload, Stop)}


@dataclass(frozen=True)
class HelloReply:
    op = "hello"
    id: str
    version: str  # of the program
    pid: int
    protocol: int = PROTOCOL
    max_side: int = MAX_SIDE
    v: int = PROTOCOL


@dataclass(frozen=True)
class Progress:
    op = "progress"
    id: str
    stage: str  # "queued", "loading", "prepare", "color", "layers"
    fraction: float  # 0…1 of the whole job
    v: int = PROTOCOL


@dataclass(frozen=True)
class Layer:
    """One layer of the result; ``x``, ``y`` are its offset in the line art's pixels."""

    name: str
    role: Role
    blend: Blend
    plane: Plane
    x: int = 0
    y: int = 0
    opacity: float = 1.0


@dataclass(frozen=True)
class Notice:
    """Something the artist should know though the job succeeded, such as ``lineart_empty``."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Record:
    """How a result came to be; the same line art, hints, model, seed and options give the same pixels."""

    model: str
    model_hash: str  # hex SHA-256 of the weights file
    seed: int
    device: str
    lineart_hash: str
    cached: bool  # True when prepare was served from the cache
    seconds: dict[str, float]  # prepare, color, total
    options: Options = field(default_factory=Options)


@dataclass(frozen=True)
class Layers:
    op = "layers"
    id: str
    layers: tuple[Layer, ...]
    record: Record
    notices: tuple[Notice, ...] = ()
    v: int = PROTOCOL


@dataclass(frozen=True)
class Error:
    op = "error"
    id: str
    code: str
    sentence: str
    remedy: str = ""
    v: int = PROTOCOL


@dataclass(frozen=True)
class CancelReply:
    """``found``: "queued", "running" (its terminal message still comes: an error ``cancelled``) or "unknown"."""

    op = "cancel"
    id: str
    found: Literal["queued", "running", "unknown"]
    v: int = PROTOCOL


@dataclass(frozen=True)
class ModelInfo:
    name: str
    hash: str
    recipe: str
    network: str
    provides: tuple[str, ...]  # roles of layers
    licence: str = ""
    sources: tuple[str, ...] = ()
    scores: dict[str, float] = field(default_factory=dict)
    default: bool = False
    problem: str = ""  # why it can't be used, "" when it can
    modes: tuple[str, ...] = ("lines",)  # what it colours, as `Options.mode`


@dataclass(frozen=True)
class ModelsReply:
    op = "models"
    id: str
    models: tuple[ModelInfo, ...]
    v: int = PROTOCOL


@dataclass(frozen=True)
class StatusReply:
    op = "status"
    id: str
    version: str
    pid: int
    uptime: float  # seconds
    device: str  # "cpu", "cuda:0 NVIDIA …", or "not chosen yet" before the first model is loaded
    model: str  # the loaded model, "" while none is
    running: int
    queued: int
    prepared: int  # line arts in the cache
    prepared_bytes: int
    memory_bytes: int  # resident, of the daemon
    idle_unload: float  # seconds until the model is unloaded when idle
    idle_exit: float
    v: int = PROTOCOL


@dataclass(frozen=True)
class Done:
    """The answer to `unload` and `stop`."""

    op = "done"
    id: str
    v: int = PROTOCOL


Reply = HelloReply | Progress | Layers | Error | CancelReply | ModelsReply | StatusReply | Done
REPLIES: dict[str, type[Reply]] = {
    c.op: c for c in (HelloReply, Progress, Layers, Error, CancelReply, ModelsReply, StatusReply, Done)
}


def check_options(options: Options) -> None:
    """Raise `BadInput` (code ``bad_option``) for the first option that is out of its range."""

    def inside(name: str, low: float, high: float) -> None:
        if not low <= getattr(options, name) <= high:
            raise BadInput(f"The option {name} must lie between {low:g} and {high:g}.", code="bad_option")

    inside("seed", 0, 2**31 - 1)
    inside("variety", 0, 1)
    inside("strength", 0, 2)
    inside("shading", 0, 2)
    inside("gap", 0, 64)
    inside("lightness", 0, 1)
    if len(options.style) > MAX_ID:
        raise BadInput(f"A style's name has at most {MAX_ID} characters.", code="bad_option")
    if len(options.palette) > MAX_PALETTE:
        raise BadInput(f"A palette holds at most {MAX_PALETTE} colours.", code="bad_option")
    colors = options.palette if options.empty is None else (*options.palette, options.empty)
    if any(not 0 <= c <= 255 for color in colors for c in color):
        raise BadInput("A colour's red, green and blue lie between 0 and 255.", code="bad_option")
    if not options.layers or len(options.layers) > 16:
        raise BadInput("Ask for at least one layer.", code="bad_option")
    _check_like(options.like)


def _check_like(like: tuple[Swatch, ...]) -> None:
    if len(like) > MAX_LIKE:
        raise BadInput(f"A reference histogram holds at most {MAX_LIKE} colours.", code="bad_option")
    if any(not 0 <= c <= 255 for *color, _ in like for c in color):
        raise BadInput("A colour's red, green and blue lie between 0 and 255.", code="bad_option")
    shares = [share for *_, share in like]
    if like and not (all(0 <= share <= 1e9 for share in shares) and any(shares)):
        raise BadInput("Shares of a histogram lie between 0 and a billion, some above 0.", code="bad_option")


def check_planes(request: Color, frame_sizes: list[int]) -> None:
    """Raise when the pictures of a `Color` request don't fit its frames, each other or the bounds.

    ``frame_sizes``: bytes of each pixel frame received. Raises `ProtocolError` (frames) or `BadInput` (sizes).
    """
    planes = [request.lineart] if request.hints is None else [request.lineart, request.hints]
    for plane in planes:
        if not (MIN_SIDE <= plane.width <= MAX_SIDE and MIN_SIDE <= plane.height <= MAX_SIDE):
            raise BadInput(
                f"The picture is {plane.width} × {plane.height} px; "
                f"each side must lie between {MIN_SIDE} and {MAX_SIDE} px.",
                "Resize it or crop it.",
                "bad_size",
            )
        if plane.channels in ("lab", "laba"):
            raise ProtocolError("Line art and hints are sent as gray, graya, rgb or rgba.")
    if request.hints is not None and request.hints.channels not in ("rgba", "graya"):
        raise ProtocolError("Hints need an alpha channel: send them as rgba.")
    if request.hints is not None and (request.hints.width, request.hints.height) != (
        request.lineart.width,
        request.lineart.height,
    ):
        raise BadInput(
            f"The hints are {request.hints.width} × {request.hints.height} px, "
            f"the line art is {request.lineart.width} × {request.lineart.height} px.",
            "Give both the same size.",
            "size_mismatch",
        )
    wanted = [p.frame for p in planes if p.frame is not None]
    if request.hints is not None and request.hints.frame is None:
        raise ProtocolError("Hints always come with their pixels.")
    if sorted(wanted) != list(range(len(frame_sizes))):
        raise ProtocolError(f"The header announces frames {wanted}, {len(frame_sizes)} came.")
    for plane in planes:
        if plane.frame is not None and frame_sizes[plane.frame] != plane.nbytes:
            raise ProtocolError(
                f"Frame {plane.frame} should hold {plane.nbytes} bytes, {frame_sizes[plane.frame]} came."
            )
