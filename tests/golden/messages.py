"""Every message once, with all its fields set: the source of the golden files beside this one.

``python -m tests.golden.messages`` (``src`` on the path) writes them anew. Do that only when the protocol's version
changes, or to add a message or a field: files that exist are what other people's clients were written against.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from linewash.contract import (
    Cancel,
    CancelReply,
    Color,
    Done,
    Error,
    Hello,
    HelloReply,
    Layer,
    Layers,
    ModelInfo,
    Models,
    ModelsReply,
    Notice,
    Options,
    Plane,
    Progress,
    Record,
    Status,
    StatusReply,
    Stop,
    Unload,
)
from linewash.packing import pack
from linewash.schema import to_wire

FOLDER = Path(__file__).parent
_HASH = "ab" * 32
_OPTIONS = Options(
    style="linewash",
    seed=7,
    variety=0.5,
    palette=((0, 0, 0), (255, 128, 1)),
    strength=1.25,
    shading=0.75,
    gap=2.5,
    empty=(255, 0, 255),
    layers=("flats", "per_color"),
    space="lab",
    depth=16,
    mode="grey",
    lightness=0.25,
    like=((250, 240, 230, 0.75), (12, 34, 56, 0.25)),
    tandem=False,
)
_HINTS = Plane(64, 48, "rgba", 8, 1)
_RECORD = Record(
    model="linewash",
    model_hash="cd" * 32,
    seed=7,
    device="cpu",
    lineart_hash=_HASH,
    cached=True,
    seconds={"prepare": 0.0, "color": 0.25, "total": 0.25},
    options=_OPTIONS,
)
_LAYERS = (
    Layer("Flats", "flats", "normal", Plane(64, 48, "laba", 16, 0)),
    Layer("Shading", "shading", "multiply", Plane(32, 16, "rgba", 8, 1), x=8, y=4, opacity=0.5),
)
_MODEL = ModelInfo(
    name="linewash",
    hash="cd" * 32,
    recipe="default",
    network="propagator",
    provides=("flats", "shading"),
    licence="CC-BY-SA-4.0",
    sources=("A source (its authors; CC-BY-4.0)",),
    scores={"ciede2000_k16": 4.5},
    default=True,
    problem="",
    modes=("lines", "grey"),
)

#: name -> message and the bytes of each of its pixel frames. Request names begin with "request", replies with "reply".
MESSAGES: dict[str, tuple[Any, tuple[int, ...]]] = {
    "request-hello": (Hello("1", "a client"), ()),
    "request-color": (Color("2", Plane(64, 48, "gray", 16, 0), _HASH, _HINTS, _OPTIONS, "live"), (6144, 12288)),
    "request-color-short": (Color("3", Plane(64, 48, "rgba", 8, None), _HASH), ()),
    "request-cancel": (Cancel("4", "2"), ()),
    "request-models": (Models("5"), ()),
    "request-status": (Status("6"), ()),
    "request-unload": (Unload("7"), ()),
    "request-stop": (Stop("8"), ()),
    "reply-hello": (HelloReply("1", "0.1.0", 4321), ()),
    "reply-progress": (Progress("2", "prepare", 0.125), ()),
    "reply-layers": (Layers("2", _LAYERS, _RECORD, (Notice("lineart_empty", "No line was found."),)), (24576, 2048)),
    "reply-error": (Error("3", "lineart_unknown", "The line art is not known.", "Send its pixels."), ()),
    "reply-cancel": (CancelReply("4", "running"), ()),
    "reply-models": (ModelsReply("5", (_MODEL,)), ()),
    "reply-status": (
        StatusReply("6", "0.1.0", 4321, 12.5, "cpu", "linewash", 1, 2, 3, 4_000_000, 500_000_000, 600.0, 7200.0),
        (),
    ),
    "reply-done": (Done("7"), ()),
}


def main() -> None:
    for name, (message, frames) in MESSAGES.items():
        header = to_wire(message)
        shown = {"header": header, "frames": list(frames)}
        (FOLDER / f"{name}.msgpack").write_bytes(pack(header))
        (FOLDER / f"{name}.json").write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
