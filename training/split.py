"""Which pictures are held out: a tenth, by whole stories, characters and sources, and nothing that looks like them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from .sources import Source

#: share of the groups held out; sources held out whole make the rest of the tenth
HELD_SHARE = 0.085
#: with this salt every large source gives about a tenth; to change it is to change what was never trained on
SALT = "328"
#: mean difference of two 24 px grey thumbnails, of 255, under which pictures count as the same
NEAR = 7.0
#: edge of a thumbnail in px
THUMBNAIL = 24


def is_held(source: Source, group: str) -> bool:
    """Whether a group belongs to the held-out part; depends on its name alone, so that it never changes."""
    if source.held_out:
        return True
    return place(source.id, group) < HELD_SHARE


def place(source: str, group: str) -> float:
    """Where a group of a source (its id) stands, 0 to 1, evenly spread: those at the low end are held out."""
    digest = hashlib.sha256(f"{SALT}/{source}/{group}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def thumbnail(color: NDArray[np.uint8]) -> NDArray[np.float32]:
    """uint8 (H, W, 3) RGB -> float32 (576,), grey levels 0 to 255 of the picture squeezed to 24 px."""
    gray = cv2.cvtColor(color, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(gray, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA), np.float32).ravel()


def lookalikes(training: Sequence[NDArray[np.float32]], held: Sequence[NDArray[np.float32]]) -> NDArray[np.bool_]:
    """Which training thumbnails look like a held-out one, as it is or mirrored; bool (len(training),)."""
    alike = np.zeros(len(training), bool)
    if not len(training) or not len(held):
        return alike
    ours, theirs = np.stack(training), np.stack(held)
    mirrored = theirs.reshape(-1, THUMBNAIL, THUMBNAIL)[:, :, ::-1].reshape(len(theirs), -1)
    both = np.concatenate([theirs, mirrored])
    for start in range(0, len(ours), 512):
        distance = cdist(ours[start : start + 512], both, "cityblock") / THUMBNAIL**2
        alike[start : start + 512] = distance.min(axis=1) < NEAR
    return alike
