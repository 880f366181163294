"""Models are files: one safetensors file each, whose metadata says everything needed to build and to credit it.

The metadata holds one key, ``linewash``, with this JSON object:

    format        1
    name          how people call the style
    recipe        the training recipe's name
    network       a name of `linewash_daemon.networks.NETWORKS`; ``settings``: its constructor's arguments
    colour_space  "lab"
    long_side     working long side in px
    provides      roles of the layers it can make
    licence       SPDX id of the weights
    sources       [{id, title, authors, licence}], the training art
    scores        {figure: number}, as the evaluation wrote them
    modes         what it colours, of "lines" and "grey"; ["lines"] unless told
    paints        of networks that paint a picture directly: {given: "lines", "coloring-book" or "grey", space: one of
                  `linewash_daemon.spaces.PLANES`, hints: "none", "blurred" or "histogram"}
    histogram     [[red, green, blue, share], …], the colours of its training art, where hints are "histogram"

Nothing is unpickled, ever: safetensors is plain numbers.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, overload

import platformdirs

from linewash.contract import MAX_ID, MAX_LIKE, Mode, ModelInfo
from linewash.errors import BadInput, LinewashError, ModelError

from .spaces import PLANES

if TYPE_CHECKING:
    from .generator import Generator, Tinter
    from .network_generator import NetworkGenerator
    from .painter_generator import PainterGenerator
    from .region_generator import RegionGenerator

FORMAT = 1
SUFFIX = ".safetensors"
DEFAULT = "linewash"
DEFAULT_GREY = "grey"  # the default style for greyscale pictures
GIVEN = ("lines", "coloring-book", "grey")
HINTS = ("none", "blurred", "histogram")
SHIPPED = Path(__file__).parent / "weights"
OWN = platformdirs.user_data_path("linewash", appauthor=False) / "models"
_MAX_HEADER = 8 << 20  # bytes of a safetensors header; ours take a few thousand


@dataclass(frozen=True)
class ModelFile:
    path: Path
    metadata: dict[str, Any]
    hash: str

    @property
    def info(self) -> ModelInfo:
        m = self.metadata
        return ModelInfo(
            name=m["name"],
            hash=self.hash,
            recipe=m["recipe"],
            network=m["network"],
            provides=tuple(m["provides"]),
            licence=m["licence"],
            sources=tuple(f"{s['title']} ({s['authors']}; {s['licence']})" for s in m["sources"]),
            scores=m["scores"],
            default=m["name"] == DEFAULT,
            modes=tuple(m["modes"]),
        )


class ModelFolder:
    """Every model file of some folders: the shipped ones and the user's own unless others are named. Files are read
    when asked for, so a new style shows without a restart. Of several of one name the first folder's is used."""

    def __init__(self, *folders: Path) -> None:
        self.folders = folders or (SHIPPED, OWN)
        self._hashes: dict[tuple[Path, int, int], str] = {}

    def infos(self) -> tuple[ModelInfo, ...]:
        """All models by name, the default first; a file that can't be used is listed with its ``problem``."""
        found: list[ModelInfo] = []
        for path in self._paths():
            try:
                info = self._open(path).info
                if any(info.name == other.name and not other.problem for other in found):
                    raise unusable(path, f"another style is called {info.name} already")
                found.append(info)
            except LinewashError as error:
                found.append(ModelInfo(path.stem, "", "", "", (), problem=error.sentence))
        return tuple(sorted(found, key=lambda info: (not info.default, info.name)))

    @overload
    def load(self, style: str, mode: Literal["lines"] = "lines") -> Generator: ...
    @overload
    def load(self, style: str, mode: Literal["grey"]) -> Tinter: ...
    def load(self, style: str, mode: Mode = "lines") -> Generator | Tinter:
        """The model named ``style`` ("" for the default of ``mode``) on the best device.

        Raises `ModelError` (no_such_model, model_unusable, torch_missing) and `BadInput` (bad_option) for a style that
        has not this mode.
        """
        file = self._find(style or DEFAULT) if style or mode == "lines" else self._default_grey()
        if mode not in file.metadata["modes"]:
            what = {"lines": "line art", "grey": "greyscale pictures"}[mode]
            known = ", ".join(self._having(mode))
            raise BadInput(
                f"The style {file.metadata['name']} does not colour {what}.",
                f"Choose one of: {known}." if known else f"Choose another mode; no style here colours {what}.",
                "bad_option",
            )
        return opened(file)

    def _having(self, mode: Mode) -> list[str]:
        return [info.name for info in self.infos() if not info.problem and mode in info.modes]

    def _default_grey(self) -> ModelFile:
        if any(path.stem == DEFAULT_GREY for path in self._paths()) or DEFAULT_GREY in self._having("grey"):
            return self._find(DEFAULT_GREY)
        known = ", ".join(self._having("grey"))
        make = f"make one with `linewash-train train grey`, and put its file into {self.folders[-1]}"
        raise ModelError(
            "There is no default style for greyscale pictures here.",
            f"Choose one of: {known}; or {make}." if known else f"M{make[1:]}.",
            "no_such_model",
        )

    def _find(self, style: str) -> ModelFile:
        problems = []
        for path in self._paths():
            try:
                file = self._open(path)
            except LinewashError as error:
                if path.stem == style:
                    problems.append(error)
                continue
            if file.metadata["name"] == style:
                return file
        if problems:
            raise problems[0]
        known = ", ".join(info.name for info in self.infos() if not info.problem)
        remedy = f"Choose one of: {known}." if known else f"Put a style file into {self.folders[-1]}."
        raise ModelError(f"There is no style called {style}.", remedy, "no_such_model")

    def _paths(self) -> list[Path]:
        return [p for folder in self.folders if folder.is_dir() for p in sorted(folder.glob(f"*{SUFFIX}"))]

    def _open(self, path: Path) -> ModelFile:
        metadata = read_metadata(path)
        try:
            return ModelFile(path, metadata, self._hash(path))
        except OSError as error:  # it went away just now
            raise unusable(path, "it can't be read") from error

    def _hash(self, path: Path) -> str:
        stat = path.stat()
        key = (path, stat.st_mtime_ns, stat.st_size)
        if key not in self._hashes:
            with path.open("rb") as file:
                self._hashes[key] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._hashes[key]


def opened(file: ModelFile) -> NetworkGenerator | PainterGenerator | RegionGenerator:
    """A model file's network behind the face that its modes need: a `Generator`, a `Tinter`, or what is both.

    Raises `ModelError`: model_unusable, torch_missing.
    """
    try:
        from .network_generator import NetworkGenerator
        from .painter_generator import PainterGenerator
        from .region_generator import RegionGenerator
    except ImportError as error:
        raise ModelError(
            "PyTorch is not installed, so no colours can be computed.",
            "Run `make color` in the checkout, or install it with: uv pip install torch --torch-backend=auto",
            "torch_missing",
        ) from error
    if file.metadata["paints"]:
        return PainterGenerator(file)
    return RegionGenerator(file) if file.metadata["network"] == "washer" else NetworkGenerator(file)


def read_metadata(path: Path) -> dict[str, Any]:
    """The ``linewash`` object of a model file, checked. Raises `ModelError` (model_unusable) saying what is wrong."""
    try:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            if not 2 <= size <= _MAX_HEADER:
                raise unusable(path, "it is not a safetensors file")
            header = json.loads(file.read(size))
            raw = json.loads(header["__metadata__"]["linewash"])
            end = max((t["data_offsets"][1] for k, t in header.items() if k != "__metadata__"), default=0)
        if path.stat().st_size != 8 + size + end:
            raise unusable(path, "it is truncated")
        return _checked(path, raw)
    except OSError as error:
        raise unusable(path, "it can't be read") from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise unusable(path, "it was not made by linewash-train, or it is damaged") from error


def _checked(path: Path, raw: Any) -> dict[str, Any]:
    kinds: dict[str, type] = {
        "name": str, "recipe": str, "network": str, "settings": dict, "colour_space": str, "long_side": int,
        "provides": list, "licence": str, "sources": list,
    }  # fmt: skip
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise unusable(path, f"it is not of model format {FORMAT}")
    for key, kind in kinds.items():
        if not isinstance(raw.get(key), kind):
            raise unusable(path, f"its metadata has no {key}")
    if not 64 <= raw["long_side"] <= 4096:
        raise unusable(path, "its working size is out of range")
    if not 1 <= len(raw["name"]) <= MAX_ID:
        raise unusable(path, f"its style's name has not 1 to {MAX_ID} characters")
    if not all(isinstance(role, str) for role in raw["provides"]):
        raise unusable(path, "its metadata does not name its layers")
    for source in raw["sources"]:
        if not isinstance(source, dict) or not {"title", "authors", "licence"} <= source.keys():
            raise unusable(path, "its metadata does not name its training art")
    return raw | {
        "scores": _scores(path, raw.get("scores", {})),
        "modes": _modes(path, raw),
        "paints": _paints(path, raw.get("paints")),
        "histogram": _histogram(path, raw),
    }


def _modes(path: Path, raw: dict[str, Any]) -> list[str]:
    modes = raw.get("modes", ["lines"])
    known = get_args(Mode) if raw.get("paints") else ("lines",)
    if isinstance(modes, list) and modes and all(mode in known for mode in modes):
        return modes
    raise unusable(path, "its metadata names no mode that it could have")


def _paints(path: Path, raw: Any) -> dict[str, str]:
    """How a painter network is to be used, {} for a network that is none."""
    if raw in (None, {}):
        return {}
    kinds = {"given": GIVEN, "space": PLANES, "hints": HINTS}
    if isinstance(raw, dict) and all(isinstance(raw.get(k), str) and raw[k] in of for k, of in kinds.items()):
        return {key: raw[key] for key in kinds}
    raise unusable(path, "its metadata does not say what it paints")


def _histogram(path: Path, raw: dict[str, Any]) -> list[list[float]]:
    """Swatches, [] for a model that takes none."""
    if (raw.get("paints") or {}).get("hints") != "histogram":
        return []
    swatches = raw.get("histogram")
    whole = isinstance(swatches, list) and len(swatches) <= MAX_LIKE and all(map(_is_swatch, swatches))
    if isinstance(swatches, list) and whole and any(swatch[3] > 0 for swatch in swatches):
        return swatches
    raise unusable(path, "its histogram holds no colours")


def _is_swatch(raw: Any) -> bool:
    if not isinstance(raw, list) or len(raw) != 4 or any(type(v) not in (int, float) for v in raw):
        return False
    return all(0 <= channel <= 255 for channel in raw[:3]) and 0 <= raw[3] <= 1e9


def _scores(path: Path, raw: Any) -> dict[str, float]:
    """Figures by name; a model that was never evaluated has none."""
    if isinstance(raw, dict) and all(isinstance(v, int | float) and math.isfinite(v) for v in raw.values()):
        return {name: float(value) for name, value in raw.items()}
    raise unusable(path, "its scores are no numbers")


def unusable(path: Path, why: str) -> ModelError:
    return ModelError(f"The style file {path.name} can't be used: {why}.", "Remove it or replace it with a whole copy.")
