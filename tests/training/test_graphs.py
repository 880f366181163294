"""Drawings read once and kept as graphs: their regions, their true colours, their strokes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from linewash_daemon.colorist.graph import EDGE, NODE
from linewash_daemon.generator import Generator
from linewash_daemon.models import ModelFolder
from linewash_training import graphs
from linewash_training.graphs import COLORS, LONGEST, SEQUENCES, Drawing
from linewash_training.pack import Pack, Pair, PairInfo
from linewash_training.pages import Pages
from tests.daemon.model_files import write_washer
from tests.training.small_run import drawing, write_pack

RED, BLUE = (220, 40, 40), (40, 80, 220)
SKIN = (250, 220, 188)  # of people of openmoji
INFO = PairInfo("own/1", "own", "1", "real", "train", 1.0, 96, 96)


@pytest.fixture(scope="module")
def washer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_washer(tmp_path_factory.mktemp("styles") / "washer.safetensors")


@pytest.fixture(scope="module")
def generator(washer: Path) -> Generator:
    return ModelFolder(washer.parent).load(washer.stem)


def pair(number: int = 0) -> Pair:
    line, color = drawing(number)
    return Pair(line, color, INFO)


def read(one: Pair, generator: Generator, clean: bool = True, seed: int = 0) -> Drawing:
    return graphs.read(one, generator, np.random.default_rng(seed), clean)


@pytest.mark.parametrize("clean", [True, False])
def test_a_drawing_is_as_many_rows_as_it_has_regions(generator: Generator, clean: bool) -> None:
    one = read(pair(), generator, clean)
    n, m = len(one.nodes), len(one.edges)
    assert n > 1 and m > 0
    assert one.nodes.shape == (n, NODE) and one.borders.shape == (m, EDGE)
    assert one.seeds.shape == (n,) and one.lines.shape == one.contours.shape == one.working.shape
    assert one.working.max() < n
    assert one.colors.shape == (n, COLORS, 3) and one.shares.shape == (n, COLORS)
    assert one.pixels.shape == one.inside.shape == one.basin.shape == (n,)
    assert one.stroke_color.shape == (SEQUENCES, LONGEST, 3) and one.stroke_region.shape[:2] == (SEQUENCES, LONGEST)
    assert one.stroke_region.min() >= -1 and one.stroke_region.max() < n
    assert np.array_equal(one.stroke_area > 0, one.stroke_region[..., 0] >= 0)
    assert one.stroke_depth.min() >= 0 and 0 < one.stroke_depth.max() < 1
    for figures in (one.nodes, one.borders, one.place):
        assert np.isfinite(figures).all()


def test_shares_sum_to_1_where_there_are_pixels_and_the_commonest_colour_comes_first(generator: Generator) -> None:
    for number in range(4):
        one = read(pair(number), generator, clean=number % 2 == 0)
        assert np.allclose(one.shares.sum(1), one.pixels > 0, atol=1e-5)
        assert (np.diff(one.shares, axis=1) <= 0).all()
        assert (one.inside <= one.pixels).all()


def test_true_colours_are_those_of_the_picture_and_of_no_line(generator: Generator) -> None:
    line, color = drawing(1)
    off = cv2.erode(line, np.ones((7, 7), np.uint8)) == 255
    truth = np.unique(color[off], axis=0).astype(int)
    one = read(Pair(line, color, INFO), generator)
    sure = one.shares[:, 0] > 0.9
    assert sure.any()
    near = np.abs(one.colors[sure, 0].astype(int)[:, None] - truth[None]).max(2).min(1)
    assert (near <= 4).all()


def test_the_same_chance_reads_the_same_drawing(generator: Generator) -> None:
    first, again, other = (read(pair(), generator, clean=False, seed=seed) for seed in (5, 5, 6))
    assert all(np.array_equal(a, b) for a, b in zip(vars(first).values(), vars(again).values(), strict=True))
    assert not np.array_equal(first.stroke_region, other.stroke_region)


OPEN = np.full((96, 96), 0.1, np.float32)


def halves() -> tuple[NDArray[np.int32], Pair]:
    """A red and a blue half, parted by a line; the region at each pixel, 0 left and 1 right."""
    line = np.full((96, 96), 255, np.uint8)
    color = np.zeros((96, 96, 3), np.uint8)
    color[:, :48], color[:, 48:] = RED, BLUE
    line[:, 47:49] = 0
    labels = np.zeros((96, 96), np.int32)
    labels[:, 48:] = 1
    return labels, Pair(line, color, INFO)


def test_a_strokes_region_is_where_it_lies() -> None:
    labels, one = halves()
    color, region, *_ = graphs.strokes(labels, one, np.random.default_rng(0), OPEN)
    careful = np.s_[: SEQUENCES - 1]
    assert (region[careful][..., 0] >= 0).all() and (region[careful][..., 1:] == -1).all()
    expected = np.array([RED, BLUE], np.uint8)[region[careful][..., 0]]
    assert np.array_equal(color[careful], expected)
    assert set(np.unique(region[careful][..., 0]).tolist()) == {0, 1}


def test_strokes_are_as_large_as_they_are_drawn_and_as_far_from_lines_as_they_go() -> None:
    labels, one = halves()
    away = np.abs(np.arange(96) - 47.5)
    open_air = np.tile(away / 96, (96, 1)).astype(np.float32)
    _, region, area, depth = graphs.strokes(labels, one, np.random.default_rng(0), open_air)
    assert area[-1].max() > 3 * np.median(area[:-1])  # careless strokes, some of them long
    right = region[..., 0] == 1
    assert right.any() and depth[right].max() <= away.max() / 96 and depth[right].min() > 0
    halved = graphs.strokes(labels, one, np.random.default_rng(0), open_air[::2, ::2])[3]
    assert np.abs(halved - depth).max() <= 1.01 / 96  # working size is another


def test_a_stroke_over_several_regions_speaks_for_those_that_hold_much_of_it() -> None:
    _, one = halves()
    rows = np.repeat(
        np.arange(96, dtype=np.int32)[:, None] // 2, 96, 1
    )  # regions so low that every stroke crosses some
    _, region, *_ = graphs.strokes(rows, one, np.random.default_rng(0), OPEN)
    assert (region[..., 0] >= 0).all()
    assert (region[..., 1] >= 0).any()
    spoken = np.sort(region, -1)
    assert (np.diff(spoken, axis=-1)[spoken[..., 1:] >= 0] > 0).all()  # none twice


def test_a_sheet_without_anything_to_mark_has_no_strokes(generator: Generator) -> None:
    black = Pair(np.zeros((96, 96), np.uint8), np.zeros((96, 96, 3), np.uint8), INFO)
    one = read(black, generator)
    assert (one.stroke_region == -1).all()
    assert not one.pixels.any() and not one.shares.any()


def test_each_regions_colours_are_counted_off_the_lines() -> None:
    labels, one = halves()
    labels[:24] = 2  # a region of both colours, an odd one out
    colors, shares, pixels, inside = graphs.true_colors(labels, 4, one.color, one.line)
    assert colors[:2, 0].tolist() == [list(RED), list(BLUE)]
    assert np.allclose(shares[:2, 0], 1) and np.allclose(shares[2, :2], 0.5, atol=0.05)
    assert {tuple(c) for c in colors[2, :2].tolist()} == {RED, BLUE}
    assert pixels[3] == 0 and not shares[3].any()
    assert np.array_equal(pixels, inside)  # there is no white paper


def test_white_paper_around_the_figure_is_no_part_of_it() -> None:
    color = np.full((96, 96, 3), 255, np.uint8)
    line = np.full((96, 96), 255, np.uint8)
    color[30:60, 30:60] = RED
    color[40:50, 40:50] = 255  # white in the figure
    cv2.rectangle(line, (30, 30), (60, 60), 0, 2)
    labels = np.zeros((96, 96), np.int32)
    labels[30:60, 30:60] = 1
    labels[40:50, 40:50] = 2
    _, _, pixels, inside = graphs.true_colors(labels, 3, color, line)
    assert inside[0] == 0 < pixels[0]
    assert inside[1] == pixels[1] > 0
    assert inside[2] == pixels[2] > 0


@dataclass
class Processes:
    """Stands for the processes, and counts what they are given."""

    given: list[int] = field(default_factory=list)

    def __call__(self, jobs: int, context: Any, start: Callable[..., None], told: tuple[Any, ...]) -> Processes:
        start(*told)
        return self

    def map(self, read: Callable[[int], Drawing], wanted: Iterable[int], chunksize: int) -> Iterator[Drawing]:
        for one in wanted:
            self.given.append(one)
            yield read(one)

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    """Read in this process, which is as it was afterwards."""
    threads = torch.get_num_threads(), cv2.getNumThreads()
    counted = Processes()
    monkeypatch.setattr(graphs, "ProcessPoolExecutor", counted)
    monkeypatch.setattr(graphs, "_reader", None)
    monkeypatch.setattr(graphs, "_MANY", 1)  # as if there were many drawings
    yield counted
    torch.set_num_threads(threads[0])
    cv2.setNumThreads(threads[1])


def test_every_pair_is_read_once(tmp_path: Path, washer: Path, reading: Processes) -> None:
    pack, out = Pack.open(write_pack(tmp_path / "art.safetensors", 3, 2)), tmp_path / "graphs.safetensors"
    graphs.keep(pack, washer, out)
    assert sorted(reading.given) == list(range(5))
    sizes = graphs.sizes(out)
    assert sorted(sizes) == list(range(5))
    for index, n in sizes.items():
        assert len(graphs.Kept(out)[index].nodes) == n


def test_pages_are_read_beside_the_pairs_with_numbers_that_go_on_from_theirs(
    tmp_path: Path, washer: Path, generator: Generator, reading: Processes
) -> None:
    pack, out = Pack.open(write_pack(tmp_path / "art.safetensors", 2, 1)), tmp_path / "graphs.safetensors"
    assert list(graphs.numbers_of_pages(pack, 2)) == [3, 4]
    graphs.keep(pack, washer, out, pages=2)
    assert sorted(graphs.sizes(out)) == [0, 1, 2, 3, 4]
    rng, page = np.random.default_rng([7, 4]), Pages.of(pack)[1].pair
    again = graphs.read(page, generator, rng, clean=rng.random() < 0.5)
    assert np.array_equal(graphs.Kept(out)[4].working, again.working)
    graphs.keep(pack, washer, out, pages=2)
    assert len(reading.given) == 5
    graphs.keep(pack, washer, out, pages=1)
    assert len(reading.given) == 9


def test_there_are_no_pages_of_a_pack_without_figures_whose_skin_has_named_colours(tmp_path: Path) -> None:
    pack = Pack.open(write_pack(tmp_path / "art.safetensors", 2, 1))
    for number, info in enumerate(pack.infos):
        pack.infos[number] = replace(info, source="own")
    assert not graphs.numbers_of_pages(pack, 2)


def test_nothing_is_read_again_for_the_same_pack_and_encoder(tmp_path: Path, washer: Path, reading: Processes) -> None:
    pack, out = Pack.open(write_pack(tmp_path / "art.safetensors", 3, 2)), tmp_path / "graphs.safetensors"
    graphs.keep(pack, washer, out)
    before = out.stat().st_mtime_ns
    graphs.keep(pack, washer, out)
    assert len(reading.given) == 5 and out.stat().st_mtime_ns == before
    decoder_alone = trained_on(washer, tmp_path / "later", "decoder.")
    graphs.keep(pack, decoder_alone, out)
    assert len(reading.given) == 5
    graphs.keep(pack, trained_on(washer, tmp_path / "other", "encoder."), out)
    assert len(reading.given) == 10
    graphs.keep(Pack.open(write_pack(tmp_path / "more.safetensors", 4, 2)), washer, out)
    assert len(reading.given) == 16 and sorted(graphs.sizes(out)) == list(range(6))


def test_what_an_encoder_read_before_it_learned_is_not_read_again(
    tmp_path: Path, washer: Path, reading: Processes
) -> None:
    pack, out = Pack.open(write_pack(tmp_path / "art.safetensors", 2, 1)), tmp_path / "graphs.safetensors"
    graphs.keep(pack, washer, out)
    graphs.keep(pack, trained_on(washer, tmp_path / "later", "encoder."), out, learned_since=True)
    assert len(reading.given) == 3
    graphs.keep(Pack.open(write_pack(tmp_path / "more.safetensors", 3, 1)), washer, out, learned_since=True)
    assert len(reading.given) == 7


def trained_on(washer: Path, folder: Path, part: str) -> Path:
    """``washer`` with other weights in ``part``."""
    folder.mkdir()
    with safe_open(washer, "numpy") as file:
        metadata = file.metadata()
    weights = {k: v * 1.5 if k.startswith(part) else v for k, v in load_file(washer).items()}
    save_file(weights, folder / washer.name, metadata)
    return folder / washer.name


def test_what_is_kept_is_what_was_read(tmp_path: Path, washer: Path, generator: Generator, reading: Processes) -> None:
    pack, out = Pack.open(write_pack(tmp_path / "art.safetensors", 2, 1)), tmp_path / "graphs.safetensors"
    graphs.keep(pack, washer, out)
    for index in (0, 1):
        rng = np.random.default_rng([7, index])
        again = graphs.read(pack[index], generator, rng, clean=rng.random() < 0.5)
        kept = graphs.Kept(out)[index]
        for name in graphs.NAMES:
            a, b = getattr(kept, name), getattr(again, name)
            assert a.dtype == b.dtype and np.allclose(a, b, atol=1e-2), name
