"""``linewash color``: files in, one file out, the work done by the daemon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer

from linewash.contract import Color, Notice, Options, check_planes
from linewash.errors import BadInput
from linewash.pictures import PaintedLayer, Picture, Result

from ..pictures.document import layered
from ..pictures.pixels import depth_of, has_alpha, to_picture
from ..pictures.read import FilePicture, read_picture
from ..pictures.save import check_output, save
from .connect import connected
from .progress import shown_progress
from .show import duration, print_json


@dataclass(frozen=True)
class ColorJob:
    """One drawing: where it lies, where the result goes, and what was chosen."""

    line: Path
    hints: Path | None
    out: Path
    options: Options
    overwrite: bool


def run(job: ColorJob, json: bool) -> None:
    """Colour, save and tell. Raises `LinewashError`; then nothing was written."""
    check_output(job.out, job.overwrite, (job.line,) if job.hints is None else (job.line, job.hints))
    line = read_picture(job.line)
    hints = None if job.hints is None else _read_hints(job.hints)
    lineart, strokes = to_picture(line.pixels), None if hints is None else to_picture(hints.pixels)
    _check_sizes(lineart, strokes)
    # The result is as deep as the drawing: 16-bit scans keep their smooth shades.
    options = replace(job.options, depth=depth_of(line.pixels))
    with connected() as client, shown_progress(quiet=json) as progress:
        result = client.color(lineart, strokes, options=options, progress=progress)
    save(layered(line.pixels, result.layers), result.record, job.out, job.overwrite)
    notices = (*line.notices, *(() if hints is None else hints.notices), *result.notices)
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
