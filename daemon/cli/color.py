"""``linewash color``: files in, one file out, the work done by the daemon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import typer

from linewash.contract import Color, Notice, Options, Role, Swatch, check_planes
from linewash.errors import BadInput
from linewash.pictures import PaintedLayer, Picture, Result

from ..histogram import histogram
from ..pictures.document import layered
from ..pictures.pixels import depth_of, has_alpha, to_depth, to_picture, to_rgba
from ..pictures.read import FilePicture, read_picture
from ..pictures.save import check_output, save
from .connect import connected
from .progress import shown_progress
from .show import duration, print_json

_SAMPLED = 2048  # pixels a side of a reference picture that are looked at, at most


@dataclass(frozen=True)
class ColorJob:
    """One drawing: where it lies, where the result goes, and what was chosen; ``like`` is a reference picture;
    ``layers_named``: those of ``options`` were, and are not just the usual ones."""

    line: Path
    hints: Path | None
    out: Path
    options: Options
    overwrite: bool
    like: Path | None = None
    layers_named: bool = False


def run(job: ColorJob, json: bool) -> None:
    """Colour, save and tell. Raises `LinewashError`; then nothing was written."""
    check_output(job.out, job.overwrite, tuple(p for p in (job.line, job.hints, job.like) if p is not None))
    line = read_picture(job.line)
    hints = None if job.hints is None else _read_hints(job.hints)
    like = None if job.like is None else read_picture(job.like)
    lineart, strokes = to_picture(line.pixels), None if hints is None else to_picture(hints.pixels)
    _check_sizes(lineart, strokes)
    # The result is as deep as the drawing: 16-bit scans keep their smooth shades.
    options = replace(job.options, depth=depth_of(line.pixels), layers=_layers(job))
    if like is not None:
        options = replace(options, like=swatches(like))
    with connected() as client, shown_progress(quiet=json) as progress:
        result = client.color(lineart, strokes, options=options, progress=progress)
    save(layered(line.pixels, result.layers), result.record, job.out, job.overwrite)
    notices = [notice for read in (line, hints, like) if read is not None for notice in read.notices]
    notices += result.notices
    if json:
        print_json(report(job.out, result, notices))
    else:
        _tell(job.out, result, notices)


def report(out: Path, result: Result, notices: Sequence[Notice]) -> dict[str, Any]:
    """What ``--json`` prints; docs/cli.md describes the fields."""
    record = result.record
    return {
        "out": str(out),
        "layers": [_layer(layer) for layer in result.layers],
        "model": record.model,
        "model_hash": record.model_hash,
        "seed": record.seed,
        "device": record.device,
        "seconds": {name: round(record.seconds.get(name, 0.0), 4) for name in ("prepare", "color", "total")},
        "notices": [{"code": notice.code, "sentence": notice.sentence} for notice in notices],
    }


def _layer(layer: PaintedLayer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "role": layer.role,
        "blend": layer.blend,
        "opacity": layer.opacity,
        "x": layer.x,
        "y": layer.y,
        "width": layer.picture.width,
        "height": layer.picture.height,
    }


def _layers(job: ColorJob) -> tuple[Role, ...]:
    """Those asked for; where nothing was said of layers, those that the file is good for.

    Light can't be taken off a flat file again, so it is left out of one. Of a greyscale picture a flat file gets the
    coloured picture itself, whose L is exact, which blending in an editor's mode Color only comes near to; one with
    layers gets the layer to lie above it.
    """
    if job.layers_named:
        return job.options.layers
    flat = job.out.suffix.lower() == ".png"
    if job.options.mode == "lines":
        return ("flats",) if flat else job.options.layers
    return ("composite",) if flat else ("color",)


def swatches(like: FilePicture) -> tuple[Swatch, ...]:
    """The histogram of a reference picture; what is less than half opaque does not count.

    Raises `BadInput` (bad_option) when that is all of it.
    """
    step = -(-max(like.pixels.shape) // _SAMPLED)
    rgba = to_depth(to_rgba(like.pixels[::step, ::step]), 8).reshape(-1, 4)
    found = histogram(np.asarray(rgba[rgba[:, 3] >= 128, :3], np.uint8)).swatches()
    return tuple((int(red), int(green), int(blue), share) for red, green, blue, share in found)


def _read_hints(path: Path) -> FilePicture:
    hints = read_picture(path)
    if has_alpha(hints.pixels):
        return hints
    raise BadInput(
        f"The hints in {path.name} have no transparency, so every pixel would count as a stroke.",
        "Export the hint layer alone, on a transparent background, as PNG.",
    )


def _check_sizes(lineart: Picture, strokes: Picture | None) -> None:
    """Raise what the daemon would raise, before one is started for nothing."""
    given = [lineart] if strokes is None else [lineart, strokes]
    hints = None if strokes is None else strokes.plane(1)
    check_planes(Color("", lineart.plane(), "", hints), [picture.bytes.nbytes for picture in given])


def _tell(out: Path, result: Result, notices: Sequence[Notice]) -> None:
    for notice in notices:
        typer.echo(f"Note: {notice.sentence}", err=True)
    names = [layer.name for layer in result.layers[:6]] + (["…"] if len(result.layers) > 6 else [])
    seconds = duration(result.record.seconds.get("total", 0.0))
    made = ", ".join(names) or "no layers"
    typer.echo(f"{out}: {made} ({result.record.model}, seed {result.record.seed}, {seconds})")
