"""The pack: all training pairs in one safetensors file.

Tensors ``000123.line`` and ``000123.color`` are one-dimensional uint8 arrays, each an encoded picture (WebP; line art
without loss and grey, 0 ink to 255 paper). The metadata entry ``linewash.pack`` is JSON: ``{"version": 1, "pairs":
[...]}`` with one object for each pair (see `PairInfo`), and in it ``color``, the number of the pair whose colour tensor
it uses: two extracted lines of one picture share their colours. A pack of art that is not in `sources.toml` names its
sources itself: ``"sources": [...]`` (see `Credit`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from linewash.errors import BadInput

Image = NDArray[np.uint8]
METADATA = "linewash.pack"
VERSION = 1
#: the kind of pair whose colours are the whole picture, lines and all
FILM = "film"


@dataclass(frozen=True)
class PairInfo:
    """What is known of one pair.

    `id` is source and name; `group` what is split as a whole; `kind` real, whitened or extracted; `split` train or
    held; `weight` how often it is drawn in training, 1 on average; width and height in px.
    """

    id: str
    source: str
    group: str
    kind: str
    split: str
    weight: float
    width: int
    height: int


@dataclass(frozen=True)
class Credit:
    """Who made a source of the pack, and what its maker allows; `id` is that of `PairInfo.source`."""

    id: str
    title: str
    authors: str
    licence: str


class Pair(NamedTuple):
    """`line` uint8 (H, W), 0 ink to 255 paper; `color` uint8 (H, W, 3) RGB on white."""

    line: Image
    color: Image
    meta: PairInfo


class Encoded(NamedTuple):
    """A pair as it lies in the pack: two 1-D uint8 arrays."""

    line: Image
    color: Image


def encode_line(line: Image) -> Image:
    """Line art to the bytes of a lossless WebP of 16 grey levels."""
    levels = (np.round(line.astype(np.float32) / 17) * 17).astype(np.uint8)
    return _imencode(".webp", cv2.cvtColor(levels, cv2.COLOR_GRAY2BGR), [cv2.IMWRITE_WEBP_QUALITY, 101])


def encode_color(color: Image, quality: int = 90) -> Image:
    """RGB to the bytes of a WebP: without loss where that is smaller, as it is for flats."""
    bgr = np.ascontiguousarray(color[..., ::-1])
    lossy = _imencode(".webp", bgr, [cv2.IMWRITE_WEBP_QUALITY, quality])
    exact = _imencode(".webp", bgr, [cv2.IMWRITE_WEBP_QUALITY, 101]) if _is_flat(color) else lossy
    return exact if len(exact) < len(lossy) else lossy


def _is_flat(color: Image) -> bool:
    """Few colours: only then is it worth the time to try lossless coding."""
    sample = color[::4, ::4].astype(np.uint32)
    return len(np.unique(sample[..., 0] << 16 | sample[..., 1] << 8 | sample[..., 2])) < 600


def _imencode(kind: str, image: NDArray[Any], options: list[int]) -> Image:
    done, data = cv2.imencode(kind, image, options)
    assert done
    return np.asarray(data, np.uint8).ravel()


def write(path: Path, pairs: Iterable[tuple[PairInfo, Encoded]], sources: Sequence[Credit] = ()) -> None:
    """Writes a pack; it appears under its name only when it is whole. `sources`: those that `sources.toml` lacks.

    Raises:
        BadInput: it can't be written (output_unwritable); what was there stays.
    """
    tensors: dict[str, Image] = {}
    infos: list[dict[str, object]] = []
    last: tuple[int, Image] | None = None
    for index, (info, encoded) in enumerate(pairs):
        tensors[f"{index:06d}.line"] = encoded.line
        if last is None or last[1] is not encoded.color:
            last = index, encoded.color
            tensors[f"{index:06d}.color"] = encoded.color
        infos.append(asdict(info) | {"color": last[0]})
    unfinished = path.with_name(path.name + ".part")
    table: dict[str, object] = {"version": VERSION, "pairs": infos}
    if sources:
        table["sources"] = [asdict(credit) for credit in sources]
    text = json.dumps(table, separators=(",", ":"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors, unfinished, metadata={METADATA: text})
        os.replace(unfinished, path)
    except (OSError, SafetensorError) as error:
        raise BadInput(
            f"The pack {path} can't be written: {error}.", "Make room, or choose another place.", "output_unwritable"
        ) from error
    finally:
        if unfinished.is_file():
            unfinished.unlink()


class Pack:
    """A pack that is open for reading; pairs are decoded as they are asked for.

    `sources`: the makers of what is not in `sources.toml`, empty for most packs.
    """

    def __init__(self, path: Path, infos: list[PairInfo], colors: list[int], sources: Sequence[Credit] = ()) -> None:
        self.path = path
        self.sources = tuple(sources)
        self.infos = infos
        self._colors = colors
        self._file: Any = None
        self._owner = -1

    @classmethod
    def open(cls, path: Path) -> Pack:
        """Raises `BadInput` when the file is missing, damaged or no pack."""
        if not path.is_file():
            raise BadInput(f"There is no pack at {path}.", "Make one with: linewash-train prepare.", "no_such_file")
        try:
            with safe_open(path, framework="np") as file:
                table = json.loads((file.metadata() or {})[METADATA])
                if table["version"] != VERSION:
                    raise ValueError(f"version {table['version']}")
                colors = [int(info.pop("color")) for info in table["pairs"]]
                infos = [PairInfo(**info) for info in table["pairs"]]
                sources = [Credit(**{key: str(text) for key, text in row.items()}) for row in table.get("sources", [])]
                wanted = {f"{i:06d}.line" for i in range(len(infos))} | {f"{i:06d}.color" for i in colors}
                if wanted != set(file.keys()):
                    raise ValueError("pairs are missing")
        except (SafetensorError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(path) from error
        return cls(path, infos, colors, sources)

    def __len__(self) -> int:
        return len(self.infos)

    def __getitem__(self, index: int) -> Pair:
        """Pair number `index`; raises `BadInput` when its pictures are damaged."""
        info = self.infos[index]
        index %= len(self.infos)
        line = self._decode(f"{index:06d}.line", cv2.IMREAD_GRAYSCALE)
        color = self._decode(f"{self._colors[index]:06d}.color", cv2.IMREAD_COLOR_RGB)
        if line.shape != (info.height, info.width) or color.shape != (info.height, info.width, 3):
            raise _damaged(self.path)
        return Pair(line, color, info)

    def __iter__(self) -> Iterator[Pair]:
        return (self[index] for index in range(len(self)))

    def indices(self, split: str) -> list[int]:
        """Numbers of the pairs of one side of the split, ``train`` or ``held``."""
        return [index for index, info in enumerate(self.infos) if info.split == split]

    def _decode(self, name: str, flags: int) -> Image:
        if self._owner != os.getpid():  # a forked data loader must not share the mapping's state
            self._file, self._owner = safe_open(self.path, framework="np"), os.getpid()
        try:
            pixels = cv2.imdecode(self._file.get_tensor(name), flags)
        except (SafetensorError, cv2.error) as error:
            raise _damaged(self.path) from error
        if pixels is None:
            raise _damaged(self.path)
        return np.asarray(pixels, np.uint8)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_file": None, "_owner": -1}


def _damaged(path: Path) -> BadInput:
    return BadInput(f"The pack {path} is damaged or not a pack.", "Make it again with: linewash-train prepare.")
