"""Other crops, sizes, sides and hues of the same drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Image = NDArray[np.uint8]
T = TypeVar("T", bound=np.generic)

#: no picture is magnified beyond this: it would only be blur
LARGEST = 1.3
#: how often the hues are turned: seldom, since turned hues say nothing of what things look like
HUES = 0.2


def augment(line: Image, color: Image, rng: Generator, size: int) -> tuple[Image, Image]:
    """One square window of `size` px on a pair, (size, size) and (size, size, 3): same place, size and side for both.

    Beyond the picture's border lies white paper. Now and then the hues are others.
    """
    place = Placement.draw(line.shape, size, rng)
    window = place.apply(color)
    return place.apply(line), recolor(window, rng) if rng.random() < HUES else window


@dataclass(frozen=True)
class Placement:
    """A square window on a picture, drawn once and laid over line art and colours alike.

    `scale` is px of the window per px of the picture, `left` and `top` the window's corner in scaled px (negative where
    it reaches over the picture's border), `mirrored` left to right; above stays above.
    """

    size: int
    scale: float
    left: int
    top: int
    mirrored: bool

    @classmethod
    def draw(cls, shape: tuple[int, ...], size: int, rng: Generator) -> Placement:
        """A window of `size` px: one time in three the whole picture, else a part, down to half of it each way."""
        height, width = shape[:2]
        whole = size / max(height, width)
        closest = float(np.clip(LARGEST / whole, 1.0, 2.0))
        scale = whole if rng.random() < 1 / 3 else whole * float(np.exp(rng.uniform(np.log(0.85), np.log(closest))))
        rooms = [round(side * scale) - size for side in (width, height)]
        left, top = (int(rng.integers(min(room, 0), max(room, 0) + 1)) for room in rooms)
        return cls(size, scale, left, top, bool(rng.random() < 0.5))

    def apply(self, plane: Image) -> Image:
        """The window on `plane`, uint8 (H, W) or (H, W, C); white beyond the picture's border."""
        height, width = (max(1, round(side * self.scale)) for side in plane.shape[:2])
        smooth = cv2.INTER_AREA if self.scale < 1 else cv2.INTER_LINEAR
        return self._cut(np.asarray(cv2.resize(plane, (width, height), interpolation=smooth), np.uint8), 255)

    def apply_nearest(self, plane: NDArray[T], beyond: int) -> NDArray[T]:
        """The window on what can't be mixed, (H, W) or (H, W, C)."""
        rows, columns = (
            np.minimum((np.arange(max(1, round(side * self.scale))) + 0.5) / self.scale, side - 1).astype(np.intp)
            for side in plane.shape[:2]
        )
        return self._cut(plane[rows[:, None], columns], beyond)

    def _cut(self, scaled: NDArray[T], beyond: int) -> NDArray[T]:
        out = np.full((self.size, self.size, *scaled.shape[2:]), beyond, scaled.dtype)
        from_x, from_y = max(0, self.left), max(0, self.top)
        to_x, to_y = from_x - self.left, from_y - self.top
        part = scaled[from_y : from_y + self.size - to_y, from_x : from_x + self.size - to_x]
        out[to_y : to_y + part.shape[0], to_x : to_x + part.shape[1]] = part
        return np.ascontiguousarray(out[:, ::-1]) if self.mirrored else out


def skin_colored(color: Image) -> NDArray[np.bool_]:
    """Which pixels of uint8 (H, W, 3) RGB have the colour of human skin, dark to light; bool (H, W).

    The range of skin tones in the plane of Cr and Cb is much the same for all of mankind (Chai and Ngan 1999); what is
    too pale or too dark to have a hue does not count.
    """
    ycrcb = cv2.cvtColor(color, cv2.COLOR_RGB2YCrCb)
    return np.asarray(cv2.inRange(ycrcb, np.array([35, 134, 78]), np.array([250, 176, 128])), np.uint8) > 0


def skin(color: Image) -> NDArray[np.float32]:
    """How much each pixel of uint8 (H, W, 3) RGB looks like human skin; float32 (H, W), 0 to 1."""
    inside = skin_colored(color).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(inside, (3, 3), 0), np.float32)


def recolor(color: Image, rng: Generator) -> Image:
    """Other hues, and a little more or less colour and light; skin keeps its hue. uint8 (H, W, 3) RGB to the same.

    One angle for the whole picture, so that what had one hue has one.
    """
    hsv = cv2.cvtColor(color, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(np.int32) + int(rng.integers(180))) % 180  # a turn is 180 in 8 bits
    turned = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB).astype(np.float32)
    keep = skin(color)[..., None]
    mixed = color * keep + turned * (1 - keep)
    gray = mixed.mean(axis=2, keepdims=True)
    return np.asarray(np.clip(gray + (mixed - gray) * rng.uniform(0.75, 1.2), 0, 255).round(), np.uint8)
