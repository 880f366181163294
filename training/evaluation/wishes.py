"""What an artist may wish for without drawing a stroke, measured on held-out drawings: variety, a palette, a reference.

Everything goes through the very colorist that the daemon runs, see `wishes_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from linewash.contract import Options, Rgb, Swatch
from linewash.errors import BadInput
from linewash_daemon.cli.color import swatches
from linewash_daemon.colorist.strokes import merged
from linewash_daemon.models import read_metadata
from linewash_daemon.pictures.read import FilePicture

from ..flats import Image
from ..pack import Pack, Pair
from .cases import finished
from .lab import ciede2000, to_lab
from .looks import Depicted, Things, look
from .metrics import Truth, colorfulness, sliced_wasserstein
from .sweep import held_out

VARIETIES, SEEDS = (0.0, 0.5, 1.0), (1, 2, 3)
FEWEST_COLORS, MOST_COLORS = 5, 8  # of a palette
USED = 0.01  # of the drawing's pixels: a colour of the palette that covers so many is used
_APART = 10.0  # ΔE (CIE76) between the colours of a palette
_LEAST_COLORFULNESS = 5.0  # a truth paler than this has none to compare with

#: Line art uint8 (H, W) to the one layer that the options ask for, uint8 (H, W, 3 or 4).
Painter = Callable[[Image, Options], Image]


@dataclass(frozen=True)
class Wished:
    """One drawing: ``figures`` as `wishes_of` names them; ``colors``: uint8 (n, 3), a sample of the colours off the
    lines by who made them, ``truth`` or ``variety_V``."""

    figures: dict[str, float]
    colors: dict[str, Image]


def judge(model: Path, pack: Pack, limit: int, told: Callable[[list[int]], Iterable[int]] = iter) -> list[Wished]:
    """Measure the style in the file ``model`` on ``limit`` held-out pairs of ``pack``, 0: all; ``told`` may watch.

    Raises `BadInput` for a model that does not colour line art and a pack that holds out fewer than two pictures,
    `ModelError`.
    """
    painter, chosen, held = painter_of(model), held_out(pack, "held", limit), pack.indices("held")
    return [wishes_of(pack[i], pack[other(pack, held, i)], painter, nth) for nth, i in enumerate(told(chosen))]


def painter_of(model: Path) -> Painter:
    """Raises `BadInput` for a model that does not colour line art, `ModelError` for a file that is none."""
    if "lines" not in read_metadata(model)["modes"]:
        raise BadInput(
            f"The style file {model.name} does not colour line art.", "Choose the default style's.", "bad_option"
        )
    from .ours import Ours

    return Ours(model).layer


def other(pack: Pack, held: Sequence[int], index: int) -> int:
    """A pair far from ``index`` among ``held``, of another group, whose colours palette and reference are made of.
    Raises `BadInput` where there is none."""
    place = held.index(index)
    around = [held[(place + len(held) // 2 + step) % len(held)] for step in range(len(held))]
    for candidate in around:
        if pack.infos[candidate].group != pack.infos[index].group:
            return candidate
    raise BadInput("The pack holds out one picture only.", "Two are needed: one's colours are wished for another.")


def wishes_of(pair: Pair, pattern: Pair, painter: Painter, nth: int = 0) -> Wished:
    """The figures of one pair; ``pattern`` is the pair whose colours are asked for, ``nth`` says how many of them.

    - ``distinct_V``: at variety V, mean CIEDE2000 inside the drawing between the colourings of two seeds, over all
      pairs of seeds. ``colorful_V``: mean colourfulness over the truth's. ``sepia_V``, ``grey_V``: share of the
      colourings whose pixels inside the drawing look so (`looks.look`). ``together_V``, ``apart_V``:
      `looks.Things.kept`. ``skin_V``, ``not_skin_V`` …: `looks.Depicted.shown`.
    - ``truth_sepia``, ``truth_grey``: whether the truth looks so.
    - ``seed_kept``: 1 where a seed asked for again gave the same pixels; ``seed_ignored``: where at variety 0 all did.
    - ``palette_obeyed``: the share of the flats' colours that is in the palette; ``palette_size`` its colours,
      ``palette_used`` those that cover 1 % of the drawing or more.
    - ``like_with``, ``like_without``: sliced Wasserstein distance to the reference's colours with it and without;
      ``like_random``: that of the two true pictures.
    """
    known = Truth.of(pair.color, pair.line)
    figures, colors = _varieties(pair, known, painter)
    figures |= _palette(
        pair.line, palette_of(pattern, FEWEST_COLORS + nth % (1 + MOST_COLORS - FEWEST_COLORS)), painter
    )
    figures |= _reference(pair.line, known, pattern, painter)
    return Wished(figures, colors)


def palette_of(pattern: Pair, count: int) -> tuple[Rgb, ...]:
    """The ``count`` commonest colours of a true picture, off the lines, that are ΔE 10 apart; fewer if it has no
    more."""
    known = Truth.of(pattern.color, pattern.line)
    found, share = np.unique(known.colors_at_sample(pattern.color), axis=0, return_counts=True)
    chosen, _ = merged(to_lab(found), share.astype(np.float64), _APART, count)
    return tuple((int(red), int(green), int(blue)) for red, green, blue in found[chosen])


def reference_of(pattern: Pair) -> tuple[Swatch, ...]:
    """The histogram of a finished picture, lines and all, as ``linewash color --like`` makes it."""
    return swatches(FilePicture(Path(pattern.meta.id), finished(pattern)))


def _varieties(pair: Pair, known: Truth, painter: Painter) -> tuple[dict[str, float], dict[str, Image]]:
    line, depicted = pair.line, Depicted(known, pair.meta)
    figures = _looks("truth_{}", [known.color], known)
    colors, things = {"truth": known.colors_at_sample(known.color)}, Things(known)
    for variety in VARIETIES:
        asked = [Options(layers=("composite",), seed=seed, variety=variety) for seed in SEEDS]
        painted = [painter(line, options) for options in asked]
        colors[f"variety_{variety:g}"] = np.concatenate([known.colors_at_sample(picture) for picture in painted])
        figures[f"distinct_{variety:g}"] = _distinct(painted, known)
        figures |= _looks(f"{{}}_{variety:g}", painted, known)
        kept = [things.kept(picture) | depicted.shown(picture) for picture in painted]
        figures |= {f"{name}_{variety:g}": float(np.mean([k[name] for k in kept])) for name in kept[0]}
        if known.colorfulness > _LEAST_COLORFULNESS:
            ratio = [colorfulness(picture) / known.colorfulness for picture in painted]
            figures[f"colorful_{variety:g}"] = float(np.mean(ratio))
        if variety == 0:
            figures["seed_ignored"] = float(all(np.array_equal(painted[0], picture) for picture in painted))
        else:
            again = np.array_equal(painted[0], painter(line, asked[0]))
            figures["seed_kept"] = min(float(again), figures.get("seed_kept", 1.0))
    return figures, colors


def _distinct(painted: Sequence[Image], known: Truth) -> float:
    lab = [to_lab(picture[known.inside]) for picture in painted]
    return float(np.mean([ciede2000(one, another).mean() for one, another in combinations(lab, 2)]))


def _looks(name: str, painted: Sequence[Image], known: Truth) -> dict[str, float]:
    seen = [look(to_lab(picture[known.inside])) for picture in painted]
    return {name.format(kind): seen.count(kind) / len(seen) for kind in ("sepia", "grey")}


def _palette(line: Image, palette: tuple[Rgb, ...], painter: Painter) -> dict[str, float]:
    flats = painter(line, Options(layers=("flats",), palette=palette, seed=SEEDS[0]))
    found, count = np.unique(flats[flats[..., 3] > 0][:, :3], axis=0, return_counts=True)
    among = [tuple(color) in palette for color in found.tolist()]
    used = count[among] >= USED * count.sum()
    return {"palette_obeyed": float(np.mean(among)), "palette_size": len(palette), "palette_used": int(used.sum())}


def _reference(line: Image, known: Truth, pattern: Pair, painter: Painter) -> dict[str, float]:
    of_pattern = Truth.of(pattern.color, pattern.line)
    wanted = of_pattern.colors_at_sample(pattern.color)
    pictures = {
        f"like_{how}": painter(line, Options(layers=("composite",), like=like, seed=SEEDS[0]))
        for how, like in {"with": reference_of(pattern), "without": ()}.items()
    } | {"like_random": known.color}  # fmt: skip
    return {name: sliced_wasserstein(known.colors_at_sample(picture), wanted) for name, picture in pictures.items()}
