"""A film's frames at even intervals, and where its scenes are cut."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash.errors import BadInput

Image = NDArray[np.uint8]

#: edge of the thumbnails that neighbouring frames are compared by, px
THUMBNAIL = 16
#: a cut changes a thumbnail by more than this on average, of 255 levels ...
CUT = 12.0
#: ... and by more than so many times what the frames before it changed (the median): fast motion is no cut
SUDDEN = 3.0
#: how many frames before it that are
MEMORY = 8


@dataclass(frozen=True)
class Frame:
    """`seconds` from the beginning of the film; `scene` counts from 0; `color` uint8 (H, W, 3) RGB."""

    seconds: float
    scene: int
    color: Image


@dataclass
class Cuts:
    """Tells where one scene ends and the next one begins, frame by frame.

    Slow dissolves are not seen, so that what they join counts as one scene: a split by scenes stays safe.
    """

    _before: NDArray[np.float32] | None = None
    _changes: deque[float] = field(default_factory=lambda: deque(maxlen=MEMORY))

    def at(self, bgr: Image) -> bool:
        """Whether a scene begins with this frame, uint8 (H, W, 3); the film's first frame begins none."""
        small = cv2.resize(bgr, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA).astype(np.float32)
        before, self._before = self._before, small
        if before is None:
            return False
        change = float(np.abs(small - before).mean())
        usual = median(self._changes) if self._changes else 0.0
        self._changes.append(change)
        return change > max(CUT, SUDDEN * usual)


def frames(movie: Path, every: float) -> Iterator[Frame]:
    """The film's first frame, and then the next one whenever `every` seconds have passed.

    Raises:
        BadInput: there is no such file (no_such_file), OpenCV reads no film or no frame from it (bad_input), or `every`
            is no time (bad_option).
    """
    if not (np.isfinite(every) and every > 0):
        raise BadInput(f"One frame every {every:g} s is not possible.", "Give a time above 0, as 0.5.", "bad_option")
    film, none = _opened(movie), True
    try:
        for frame in _taken(film, every):
            none = False
            yield frame
    finally:
        film.release()
    if none:
        raise BadInput(f"The film {movie} holds no frames.", "Give a film that plays, as .mp4, .mkv, .webm or .avi.")


def _opened(movie: Path) -> cv2.VideoCapture:
    if not movie.is_file():
        raise BadInput(f"There is no film at {movie}.", "Give the path of a film.", "no_such_file")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # what it would print is told below, in a sentence
    level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # and so is what OpenCV would
    try:
        film = cv2.VideoCapture(str(movie), cv2.CAP_FFMPEG)
    finally:
        cv2.utils.logging.setLogLevel(level)
    if not film.isOpened():
        raise BadInput(
            f"{movie} is not a film that can be read, or it is damaged.",
            "Give a film as .mp4, .mkv, .webm or .avi.",
        )
    return film


def _taken(film: cv2.VideoCapture, every: float) -> Iterator[Frame]:
    rate = film.get(cv2.CAP_PROP_FPS)
    step = 1 / rate if np.isfinite(rate) and rate > 0 else 1 / 25
    cuts, scene, due, seconds = Cuts(), 0, 0.0, -step
    while film.grab():
        told = film.get(cv2.CAP_PROP_POS_MSEC) / 1000
        seconds = told if told > seconds else seconds + step  # some films tell no times
        read, bgr = film.retrieve()
        if not read:
            continue
        pixels = np.asarray(bgr, np.uint8)
        scene += cuts.at(pixels)
        if seconds >= due - step / 2:
            due = every * (1 + (seconds + step / 2) // every)
            yield Frame(seconds, scene, np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8))
