"""The stage ``film``: still pictures to a film, for those who have none whose makers allow training."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from linewash.errors import BadInput

from . import vector
from .art import PICTURES
from .pairs import read, seed_of

Image = NDArray[np.uint8]

#: frames a second, enough for a slow camera
RATE = 12
#: width and height of the film, px
SIZE = (512, 384)
#: how much of a picture's height or width the camera leaves out at its nearest
NEAREST = 0.8


@dataclass(frozen=True)
class View:
    """What the camera sees of a picture, px: its middle, and the picture's px for one of the film's."""

    x: float
    y: float
    zoom: float


def make_film(folder: Path, out: Path, seconds: float = 3.0) -> tuple[int, int]:
    """Films the pictures under `folder`, sorted by path, `seconds` each: a slow pan and zoom; no two scenes fade.

    Returns:
        How many pictures are in the film (Motion JPEG at 12 frames a second), and how many could not be read.

    Raises:
        BadInput: there is no picture in `folder` (no_such_file); `out` is no .avi, or `seconds` no time (bad_option);
            `out` can't be written (output_unwritable).
    """
    if not (np.isfinite(seconds) and seconds > 0):
        raise BadInput(f"A picture can't be shown for {seconds:g} s.", "Give a time above 0, as 3.", "bad_option")
    if out.suffix.lower() != ".avi":
        raise BadInput(f"A film is written as .avi, and {out.name} is none.", "Give a name.avi.", "bad_option")
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES and path.is_file())
    if not files:
        raise BadInput(
            f"There are no pictures in {folder}.", "Give a folder of .png, .jpg, .webp or .svg.", "no_such_file"
        )
    unfinished = out.with_name(out.stem + ".part.avi")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shown = _write(files, folder, unfinished, max(1, round(seconds * RATE)))
        if shown:
            os.replace(unfinished, out)
    except OSError as error:
        raise BadInput(
            f"The film {out} can't be written: {error.strerror or error}.",
            "Choose a folder that you may write to.",
            "output_unwritable",
        ) from error
    finally:
        if unfinished.is_file():
            unfinished.unlink()
    if not shown:
        raise BadInput(f"None of the pictures in {folder} could be read.", "Give pictures that open.", "no_such_file")
    return shown, len(files) - shown


def _write(files: list[Path], folder: Path, out: Path, count: int) -> int:
    """Writes the film and counts the pictures in it; raises `OSError` when it can't be written."""
    writer = cv2.VideoWriter(str(out), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), RATE, SIZE)
    if not writer.isOpened():
        raise OSError("OpenCV could not open it")
    shown = 0
    try:
        for file in files:
            try:
                picture = _picture(file)
            except vector.NoLineArt:
                continue
            rng = np.random.default_rng(seed_of(file.relative_to(folder).as_posix()))
            for view in _path(picture.shape, count, rng):
                writer.write(np.ascontiguousarray(seen(picture, view)[..., ::-1]))
            shown += 1
    finally:
        writer.release()
    return shown


def _picture(file: Path) -> Image:
    """Uint8 (H, W, 3) RGB on white; raises `NoLineArt` when it can't be read."""
    if file.suffix.lower() == ".svg":
        root = vector.parse(file.read_text(encoding="utf-8", errors="replace"))
        return vector.render(root, 2 * SIZE[0])[..., :3]
    return read(file)


def _path(shape: tuple[int, ...], count: int, rng: Generator) -> list[View]:
    """`count` views from one that is as wide as the picture allows to a nearer one, or the other way round."""
    widest = min(shape[1] / SIZE[0], shape[0] / SIZE[1])
    ends = [_somewhere(shape, zoom, rng) for zoom in (widest, widest * NEAREST)]
    if rng.random() < 0.5:
        ends.reverse()
    (a, b), way = ends, np.linspace(0, 1, count)
    return [View(*(float(p + (q - p) * t) for p, q in zip(_numbers(a), _numbers(b), strict=True))) for t in way]


def _numbers(view: View) -> tuple[float, float, float]:
    return view.x, view.y, view.zoom


def _somewhere(shape: tuple[int, ...], zoom: float, rng: Generator) -> View:
    """A view of that zoom that lies within the picture, nearer to its middle than to its border."""
    free = np.array([shape[1] - SIZE[0] * zoom, shape[0] - SIZE[1] * zoom]) / 2
    x, y = np.array([shape[1], shape[0]]) / 2 + free * rng.uniform(-0.5, 0.5, 2)
    return View(float(x), float(y), zoom)


def seen(picture: Image, view: View) -> Image:
    """Uint8 (384, 512, 3): the part of `picture`, uint8 (H, W, 3), that `view` shows."""
    smaller = picture
    if view.zoom > 1:  # no stairs where many px become one
        smaller = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.4 * view.zoom), np.uint8)
    left, top = view.x - view.zoom * SIZE[0] / 2, view.y - view.zoom * SIZE[1] / 2
    back = np.array([[view.zoom, 0, left + (view.zoom - 1) / 2], [0, view.zoom, top + (view.zoom - 1) / 2]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(smaller, back, SIZE, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)
