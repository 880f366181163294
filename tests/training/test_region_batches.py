"""Batches of drawings as graphs: what is drawn, what is padded, what is recoloured."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from linewash.errors import BadInput
from linewash_daemon.networks import build
from linewash_daemon.networks.washer import Washer
from linewash_training.graphs import LONGEST, Drawing
from linewash_training.region_batches import RegionBatch, RegionBatches, collate
from linewash_training.region_marks import Marked, marked, plain, strokes
from linewash_training.samples import to_lab
from linewash_training.seen import read
from tests.daemon.model_files import WASHER

from .region_drawings import drawing, write_drawings

SIZES = (3, 4, 5, 6, 7, 8, 9, 10)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_drawings(tmp_path_factory.mktemp("kept") / "graphs.safetensors", {n: drawing(n) for n in SIZES})


def batches(kept: Path, seed: int = 0, most: int = 99) -> RegionBatches:
    return RegionBatches(kept, 3, seed, most, dict.fromkeys(SIZES, 1.0))


def sample(one: Drawing, count: int, seed: int = 0) -> Marked:
    return marked(one, np.random.default_rng(seed), count)


def equal(a: RegionBatch, b: RegionBatch) -> bool:
    parts = [(*vars(one.regions).values(), one.truth, one.shares, one.weight, one.believable) for one in (a, b)]
    return all(x.shape == y.shape and torch.equal(x, y) for x, y in zip(*parts, strict=True))


def test_a_batch_depends_on_seed_and_step_only(kept: Path) -> None:
    one, other = batches(kept), batches(kept)
    _ = one[0], one[3]
    assert equal(one[7], other[7])
    assert not equal(one[7], one[8])
    assert not equal(one[7], batches(kept, seed=1)[7])


def test_drawings_of_about_the_same_number_of_regions_go_together(kept: Path) -> None:
    drawn = batches(kept)
    for step in range(0, 16, 4):
        sizes = sorted(sorted(drawn[step + k].regions.there.sum(1).tolist()) for k in range(4))
        assert all(low[-1] <= high[0] for low, high in pairwise(sizes))


def test_only_drawings_with_few_enough_regions_are_learned_from_and_if_there_are_none_it_is_told(kept: Path) -> None:
    assert all(batches(kept, most=4)[step].regions.there.sum(1).max() <= 4 for step in range(6))
    with pytest.raises(BadInput) as caught:
        batches(kept, most=2)
    assert "2" in caught.value.sentence and "most" in caught.value.remedy


def test_a_pair_of_no_weight_is_never_drawn(kept: Path) -> None:
    weights = {n: float(n in (5, 6)) for n in SIZES}
    drawn = RegionBatches(kept, 3, 0, 99, weights)
    assert {n for step in range(6) for n in drawn[step].regions.there.sum(1).tolist()} == {5, 6}


def test_a_pair_that_is_not_to_be_learned_from_is_never_drawn(kept: Path) -> None:
    drawn = RegionBatches(kept, 3, 0, 99, {4: 1.0, 9: 1.0})
    assert {n for step in range(6) for n in drawn[step].regions.there.sum(1).tolist()} == {4, 9}


def test_a_page_always_has_strokes_and_its_colours_are_not_to_be_believed(kept: Path) -> None:
    drawn = RegionBatches(kept, 3, 0, 99, dict.fromkeys(SIZES, 1.0), pages=range(7, 11))
    paged: list[tuple[int, bool]] = []
    others: list[tuple[int, bool]] = []
    for step in range(24):
        batch = drawn[step]
        for n, marks, believable in zip(
            batch.regions.there.sum(1), batch.regions.mark_there.sum(1), batch.believable, strict=True
        ):
            (paged if n in drawn.pages else others).append((int(marks), bool(believable)))
    assert len(paged) > 20 and all(marks and not believable for marks, believable in paged)
    assert any(believable for _, believable in others) and not all(marks for marks, _ in others)


def test_plain_strokes_are_the_first_of_the_first_sequence_in_their_own_colours() -> None:
    one = drawing(9)
    got = plain(one, 5)
    regions = one.stroke_region[0, :5]
    assert set(got.region.tolist()) == set(regions[regions >= 0].tolist())
    assert off(got) < 0.01 and not got.soft.any() and got.believable
    assert np.array_equal(got.truth, to_lab(one.colors))
    assert len(plain(one, 0).region) == 0


def test_weights_of_a_drawing_sum_to_1_and_padded_rows_have_none(kept: Path) -> None:
    for step in range(8):
        batch = batches(kept)[step]
        assert torch.allclose(batch.weight.sum(1), torch.ones(3))
        assert (batch.weight[~batch.regions.there] == 0).all()
        assert (batch.shares[~batch.regions.there] == 0).all()


def test_what_lies_in_the_figure_counts_as_much_as_the_whole_page() -> None:
    one = drawing(4)
    one.pixels[:], one.inside[:] = (600, 100, 200, 100), (0, 200, 200, 0)
    weight = collate([sample(one, 0)]).weight[0]
    assert torch.allclose(weight, torch.tensor([0.6, 0.6, 0.7, 0.1]) / 2)


def test_borders_marks_and_colours_that_are_there_are_the_drawings_own() -> None:
    samples = [sample(drawing(4), 6), sample(drawing(9), 30), sample(drawing(3), 0)]
    batch = collate(samples)
    r = batch.regions
    assert r.there.sum(1).tolist() == [4, 9, 3] and r.edge_there.sum(1).tolist() == [3, 8, 2]
    for row, one in enumerate(samples):
        n, m, k, c = len(one.drawing.nodes), len(one.drawing.edges), len(one.region), len(one.colors)
        assert r.mark_there[row].tolist() == [1] * k + [0] * (r.mark_there.shape[1] - k)
        assert r.color_there[row].tolist() == [True] * c + [False] * (r.color_there.shape[1] - c)
        assert np.array_equal(r.edges[row, :m].numpy(), one.drawing.edges)
        assert np.array_equal(r.mark_region[row, :k].numpy(), one.region)
        assert r.mark_soft[row].tolist() == [*map(float, one.soft), *[0] * (r.mark_soft.shape[1] - k)]
        assert np.array_equal(r.mark_drawn[row, :k].numpy(), one.drawn) and not r.mark_drawn[row, k:].any()
        assert np.allclose(r.colors[row, :c].numpy() * 50 + [50, 0, 0], one.colors, atol=1e-4)
        assert np.allclose(batch.truth[row, :n].numpy(), one.truth)
        assert (r.basin[row, n:] == -1).all()


def test_a_region_is_marked_once_for_each_colour_however_many_strokes_it_has() -> None:
    one = drawing(3)
    for seed in range(20):
        got = sample(one, LONGEST, seed)
        pairs = list(zip(got.region.tolist(), got.color.tolist(), strict=True))
        assert len(pairs) == len(set(pairs))
        assert set(got.color.tolist()) == set(range(len(got.colors)))


def test_a_stroke_over_two_regions_marks_both() -> None:
    one = drawing(6)
    one.stroke_region[:, 0] = (1, 4, -1)
    assert sorted(exact(one, 1, 1)[0].region.tolist()) == [1, 4]


def exact(one: Drawing, count: int, most: int) -> list[Marked]:
    """The first ``most`` samples without soft strokes."""
    samples = (sample(one, count, seed) for seed in range(10 * most))
    return [got for got in samples if not got.soft.any()][:most]


def soft(one: Drawing, count: int, most: int) -> list[Marked]:
    """The first ``most`` samples of none but soft strokes."""
    samples = (sample(one, count, seed) for seed in range(60 * most))
    return [got for got in samples if got.soft.all()][:most]


def test_one_sample_in_four_has_soft_strokes_and_in_some_of_these_all_are() -> None:
    one = drawing(30)
    marks = [sample(one, 20, seed).soft for seed in range(800)]
    assert 0.2 < np.mean([m.any() for m in marks]) < 0.3
    assert 0.05 < np.mean([m.all() for m in marks]) < 0.12


def test_a_mark_tells_how_the_largest_of_its_strokes_was_drawn_unless_it_is_soft() -> None:
    one = drawing(3)
    one.stroke_color[:], one.stroke_region[:] = (9, 90, 200), (1, -1, -1)
    one.stroke_area[:], one.stroke_area[:, 7] = 20, 80
    one.stroke_depth[:], one.stroke_depth[:, 5] = 0.01, 0.04
    (most,) = plain(one, 16).drawn
    assert most[0] == pytest.approx(np.log2(80 / 20) / 2) and most[1] == pytest.approx(4 * 0.2 - 0.6)
    assert all((got.drawn == 0).all() for got in soft(one, 16, 5))


def test_one_sample_in_seven_tells_nothing_of_the_manner_of_its_strokes() -> None:
    told = [got.drawn.any() for got in exact(drawing(9), 12, 500)]
    assert 0.81 < np.mean(told) < 0.89


def test_a_soft_stroke_marks_one_region_that_lies_near_the_one_meant() -> None:
    one = drawing(40)
    one.stroke_region[:, 0] = (1, 4, 7)
    far = []
    for got in soft(one, 1, 60):
        assert len(got.region) == len(got.color) == 1
        far.append(np.linalg.norm(one.place[got.region[0]] - one.place[1]))
    assert 0 < np.mean(np.array(far) > 0) < 1
    assert np.mean(far) < 0.15


def test_a_soft_strokes_colour_is_about_the_true_one_and_mostly_near_enough_to_be_right() -> None:
    one = drawing(1)
    apart = [np.linalg.norm(got.colors[0] - got.truth[0, 0]) for got in soft(one, 1, 80)]
    assert np.mean(np.array(apart) < 5) > 0.7
    assert 1 < np.mean(apart) < 6


def test_a_colour_that_exact_strokes_have_too_stays_as_it_is() -> None:
    one = drawing(12)
    plain = to_lab(one.colors)[:, 0]
    samples = [got for seed in range(400) if (got := sample(one, 30, seed)).believable]
    mixed = [got for got in samples if got.soft.any() and not got.soft.all()]
    assert len(mixed) > 20
    off = [np.linalg.norm(got.colors[:, None] - plain, axis=-1).min(1)[got.color[~got.soft]].max() for got in mixed]
    assert np.mean(np.array(off) < 0.01) > 0.7  # the others: a hand that does not quite take the true colour


def off(got: Marked) -> float:
    """The largest difference (CIE76) of a stroke from the true colour of the region that it marks."""
    return float(np.linalg.norm(got.colors[got.color] - got.truth[got.region, 0], axis=1).max())


def test_truth_and_strokes_are_recoloured_alike() -> None:
    one = drawing(8)
    samples = exact(one, 16, 120)
    recolored = [got for got in samples if not got.believable]
    assert 20 < len(recolored) < 80
    for group in (recolored, [got for got in samples if got.believable]):
        assert sum(off(got) < 0.01 for got in group) > 0.7 * len(group)
        assert all(off(got) < 25 for got in group)  # the others: a hand that does not quite take the true colour
    plain = to_lab(one.colors)
    assert all(np.array_equal(got.truth, plain) == got.believable for got in samples)


def test_white_mostly_stays_white_and_lightness_in_range() -> None:
    one = drawing(8)
    samples = [sample(one, 16, seed) for seed in range(80)]
    white = [np.allclose(got.truth[0, 0], (100, 0, 0), atol=0.1) for got in samples]
    assert np.mean(white) > 0.85
    assert all(0 <= got.truth[..., 0].min() <= got.truth[..., 0].max() <= 100 for got in samples)


def test_some_drawings_have_their_own_colours_changed_about() -> None:
    one = drawing(8)
    plain = to_lab(one.colors)[:, 0]
    swapped = 0
    for got in exact(one, 16, 160):
        apart = np.linalg.norm(got.truth[:, 0, None] - plain, axis=-1)
        moved = np.linalg.norm(got.truth[:, 0] - plain, axis=-1)
        if not got.believable and (apart.min(1) < 0.5).all() and (moved > 15).any():
            swapped += 1
            assert np.allclose(got.truth[4, 0], got.truth[7, 0], atol=0.1)  # of one colour before, of one after
    assert 10 < swapped < 60


def test_strokes_of_one_sample_may_come_from_several_sequences_but_careless_ones_never_mix() -> None:
    one = drawing(6)
    one.stroke_color[:] = np.array([[10, 20, 30], [90, 90, 90], [200, 40, 40], [0, 200, 0]], np.uint8)[:, None]
    kinds = [{tuple(c) for c in np.round(sample(one, 3, seed).colors).tolist()} for seed in range(120)]
    assert 0.2 < np.mean([len(kind) > 1 for kind in kinds]) < 0.7
    careless = tuple(np.round(to_lab(one.stroke_color[3:, :1]))[0, 0].tolist())
    assert any(kind == {careless} for kind in kinds)
    assert not any(careless in kind and len(kind) > 1 for kind in kinds)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_with_few_strokes_a_drawing_keeps_its_own_colours(count: int) -> None:
    assert all(sample(drawing(5), count, seed).believable for seed in range(40))


def test_a_drawing_is_not_changed_by_being_drawn_from() -> None:
    one, untouched = drawing(5), drawing(5)
    for seed in range(20):
        sample(one, 20, seed)
    assert all(np.array_equal(a, b) for a, b in zip(vars(one).values(), vars(untouched).values(), strict=True))


def test_one_sample_in_five_has_no_strokes_and_none_more_than_are_kept() -> None:
    rng = np.random.default_rng(0)
    counts = np.array([strokes(rng) for _ in range(2000)])
    assert 0.16 < (counts == 0).mean() < 0.24
    assert counts.max() <= LONGEST and counts.min() == 0
    assert (counts == 1).mean() > 0.05 and (counts > 30).mean() > 0.05


@torch.no_grad()
def test_a_batch_is_read_and_decided_as_it_comes(kept: Path) -> None:
    network = build("washer", WASHER)
    assert isinstance(network, Washer)
    for batch in (batches(kept)[0], collate([sample(drawing(1), 0), sample(drawing(1), 2)])):
        features, _ = read(network, batch.seen)
        out = network.decide(replace(batch.regions, features=features))
        assert out.own.shape[:2] == batch.weight.shape
        assert all(torch.isfinite(part).all() for part in out)
