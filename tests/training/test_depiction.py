"""The stage that teaches a style what drawings depict: what learns, what stays, and what it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from linewash.errors import BadInput
from linewash_daemon.device import choose
from linewash_daemon.models import ModelFolder, read_metadata
from linewash_daemon.networks.depiction import CLASSES, KIN, Depicted
from linewash_daemon.networks.propagator import STEP
from linewash_daemon.networks.washer import Washer
from linewash_training import recipe
from linewash_training.curves import read_log
from linewash_training.depiction import alike_apart, apart, depiction_loss, likeness_loss
from linewash_training.depiction_batches import AREAS, DepictedBatch, areas, depicted_batches, weights
from linewash_training.depiction_sheet import read
from linewash_training.pack import Pack
from linewash_training.pages import Pages
from linewash_training.samples import to_lab
from linewash_training.semantic_truth import SKIN

from .small_run import trained, write_pack
from .test_light import light
from .test_two_stages import DECODER, LINES, decided

READER = 16
PEACH = (250, 220, 188)  # skin that the art's source names


def depiction(width: int = READER, **settings: Any) -> recipe.DepictionRecipe:
    shipped = recipe.read("linewash-depiction")
    assert isinstance(shipped, recipe.DepictionRecipe)
    data = msgspec.structs.replace(shipped.data, crop=64, batch=4)
    whole = LINES | DECODER | {"depiction": width} | settings
    return msgspec.structs.replace(shipped, settings=whole, data=data)


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("art") / "art.safetensors", 8, 2, paints=[PEACH])


@pytest.fixture(scope="module")
def style(art: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return decided(art, tmp_path_factory.mktemp("style"))


@pytest.fixture(scope="module")
def knowing(art: Path, style: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(depiction(), art, tmp_path_factory.mktemp("depiction"), steps=4, model=style)


def test_only_the_depiction_reader_learns(style: Path, knowing: Path) -> None:
    before, after = load_file(style), load_file(knowing)
    assert all(np.array_equal(before[name], after[name]) for name in before)
    reader = set(after) - set(before)
    assert reader and all(name.startswith("depiction.") for name in reader)


def test_it_has_the_tones_of_the_art(knowing: Path) -> None:
    tones = load_file(knowing)["depiction.tones"]
    assert np.abs(tones[SKIN, 0] - to_lab(np.array([[PEACH]], np.uint8))).max() < 1


def test_the_daemon_loads_what_became_of_it(knowing: Path) -> None:
    generator = ModelFolder(knowing.parent).load(knowing.stem)
    assert generator.info.provides == tuple(read_metadata(knowing)["provides"])


def test_the_log_ends_with_figures_of_held_out_drawings(knowing: Path) -> None:
    last = read_log(knowing.parent)[-1]
    assert last["step"] == 4 and 0 <= last["held_skin"] <= 1


def test_a_run_in_two_parts_comes_to_the_same_reader(art: Path, style: Path, tmp_path: Path) -> None:
    steady = msgspec.structs.replace(depiction(), schedule=msgspec.structs.replace(depiction().schedule, cooldown=0.0))
    whole = load_file(trained(steady, art, tmp_path / "whole", steps=4, model=style))
    trained(steady, art, tmp_path / "parts", steps=2, model=style)
    parts = load_file(trained(steady, art, tmp_path / "parts", steps=4))
    assert all(np.array_equal(whole[name], parts[name]) for name in whole)


def test_the_third_stage_goes_on_from_what_the_fourth_made_and_leaves_that_as_it_is(
    art: Path, knowing: Path, tmp_path: Path
) -> None:
    lit = trained(light(), art, tmp_path / "run", steps=1, model=knowing)
    before, after = load_file(knowing), load_file(lit)
    assert all(np.array_equal(before[name], after[name]) for name in before)
    assert read_metadata(lit)["settings"]["depiction"] == READER and "shading" in read_metadata(lit)["provides"]


def test_without_a_style_there_is_nothing_to_add_to(art: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="given none") as refused:
        trained(depiction(), art, tmp_path / "run", steps=1)
    assert "--from" in str(refused.value.remedy)


def test_a_recipe_without_a_reader_is_refused(art: Path, style: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no head"):
        trained(depiction(0), art, tmp_path / "run", steps=1, model=style)


@pytest.mark.parametrize("change", [{"layers": 2}, {"kin": 8}], ids=str)
def test_a_style_of_other_settings_is_refused(art: Path, style: Path, tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=next(iter(change))):
        trained(depiction(**change), art, tmp_path / "run", steps=1, model=style)


def test_a_sheet_shows_what_it_takes_places_for(knowing: Path) -> None:
    assert list((knowing.parent / "sheets").glob("*.png"))


def test_batches_depend_on_seed_and_step_alone_and_hold_what_is_told_of_every_place(art: Path) -> None:
    batches, again = (depicted_batches(Pages.of(Pack.open(art)), 4, 3, 64) for _ in range(2))
    for step in range(4):
        one, other = batches[step], again[step]
        assert all(
            torch.equal(a.nan_to_num(), b.nan_to_num())
            for a, b in zip(vars(one).values(), vars(other).values(), strict=True)
        )
        assert one.lines.shape == (4, 1, 64, 64) and 0 <= one.lines.min() <= one.lines.max() <= 1
        assert one.told.shape == (4, len(CLASSES), 64 // STEP, 64 // STEP)
        assert set(one.told.unique().tolist()) <= {-1.0, 0.0, 1.0}
        assert one.weight.shape == (4, 1, 64 // STEP, 64 // STEP) and one.weight.min() >= 0
        assert one.area.shape == (4, 64 // STEP, 64 // STEP) and one.color.shape == (4, AREAS, 3)
        places = one.area.flatten(1)
        assert not one.color.gather(1, places[..., None].expand(-1, -1, 3))[places > 0].isnan().any()
    assert not torch.equal(batches[0].lines, batches[1].lines)


def test_small_areas_count_more_than_large_ones_and_lines_not_at_all() -> None:
    line = np.full((64, 64), 255, np.uint8)
    line[:, 16] = 0
    weight = weights(line)
    assert weight.shape == (16, 16) and (weight[:, 4] == 0).all()
    assert weight[0, 0] > weight[0, -1] > 0 and np.isclose(weight[weight > 0].mean(), 1)
    assert weight[0, 0] / weight[0, -1] == pytest.approx((11 / 4) ** 0.5)


def test_of_a_window_without_a_line_all_places_count_alike() -> None:
    assert np.array_equal(weights(np.full((64, 64), 255, np.uint8)), np.ones((64 // STEP, 64 // STEP), np.float32))


def test_areas_lie_between_lines_and_where_colours_change_without_one_and_know_their_colour() -> None:
    line, color = np.full((64, 96), 255, np.uint8), np.full((64, 96, 3), PEACH, np.uint8)
    line[:, 32] = 0
    color[:, 64:] = (40, 60, 160)
    number, lab = areas(line, color)
    assert number.shape == (16, 24) and (number[:, 8] == 0).all()  # the line
    names = [set(np.unique(number[:, part]).tolist()) for part in (slice(0, 8), slice(9, 15), slice(16, 24))]
    assert all(len(name) == 1 for name in names) and len(set.union(*names) - {0}) == 3
    left, middle, right = (lab[name.pop()] for name in names)
    assert np.abs(left - to_lab(np.array([[PEACH]], np.uint8))[0, 0]).max() < 0.1
    assert np.abs(left - middle).max() < 0.1 and np.abs(right - middle).max() > 30


def test_what_has_no_one_colour_and_what_is_tiny_is_no_area() -> None:
    shaded = np.broadcast_to(np.linspace(40, 220, 64).astype(np.uint8)[None, :, None], (64, 64, 3))
    assert not areas(np.full((64, 64), 255, np.uint8), np.ascontiguousarray(shaded))[0].any()
    line = np.zeros((64, 64), np.uint8)
    line[4:8, 4:8] = 255
    number, lab = areas(line, np.full((64, 64, 3), PEACH, np.uint8))
    assert not number.any() and np.isnan(lab).all()


def test_a_window_of_very_many_areas_keeps_the_largest() -> None:
    line = np.full((384, 384), 255, np.uint8)
    line[::16] = line[:, ::16] = 0
    line[:, :100] = 255
    number, lab = areas(line, np.full((384, 384, 3), PEACH, np.uint8))
    assert number.max() == AREAS - 1 and (~np.isnan(lab[:, 0])).sum() == AREAS - 1
    assert number[50, 3] == 1  # the largest


def batch(told: int) -> DepictedBatch:
    """Of one window, all of which is, is not, or may be anything; of four areas the first two have one colour."""
    places = torch.full((1, len(CLASSES), 4, 4), float(told))
    area = torch.arange(1, 5).repeat_interleave(4).view(1, 4, 4)
    color = torch.full((1, 5, 3), torch.nan)
    color[0, 1:] = torch.tensor([[50.0, 0, 0], [52.0, 0, 0], [50.0, 40, 0], [80.0, 0, 40]])
    return DepictedBatch(torch.zeros(1, 1, 16, 16), places, torch.ones(1, 1, 4, 4), area, color)


def verdict(*ways: int) -> Depicted:
    """Four areas, each like those that go the same way."""
    likeness = torch.eye(4)[list(ways)].repeat_interleave(4, 0).T.view(1, 4, 4, 4)
    return Depicted(torch.zeros(1, len(CLASSES), 4, 4), likeness, torch.tensor([16.0, -8.0]))


def test_areas_of_one_colour_are_to_be_alike_and_others_are_not() -> None:
    right, apart, joined, one = (
        float(likeness_loss(verdict(*ways), batch(0))) for ways in ((0, 0, 1, 2), (0, 3, 1, 2), (0, 0, 0, 2), (0,) * 4)
    )
    assert right < 0.01 < joined < one and apart > 3


@pytest.mark.parametrize("gone", [1, 4])
def test_of_an_area_without_a_colour_nothing_is_asked_of_its_likeness(gone: int) -> None:
    told = batch(0)
    told.color[0, gone] = torch.nan
    ways = [[0, 1, 2, 3], [0, 1, 2, 3]]
    ways[1][gone - 1] = ways[1][2]
    one, other = (float(likeness_loss(verdict(*way), told)) for way in ways)
    assert one == other


def test_likeness_within_an_area_does_not_matter_but_its_mean() -> None:
    read, told = verdict(0, 0, 1, 2), batch(0)
    mixed = read.likeness.clone()
    mixed[0, :, 0, :2], mixed[0, :, 0, 2:] = mixed[0, :, 0, :2] * 1.5, mixed[0, :, 0, 2:] * 0.5
    assert torch.isclose(likeness_loss(read._replace(likeness=mixed), told), likeness_loss(read, told))


def test_how_often_areas_of_one_colour_are_told_from_others_is_counted_over_pairs() -> None:
    told = batch(0)
    area, color = told.area[0].numpy().astype(np.int16), told.color[0].numpy()
    right, wrong, same = (alike_apart(verdict(*ways), area, color) for ways in ((0, 0, 1, 2), (0, 1, 0, 0), (0,) * 4))
    assert right == 1 and wrong is not None and wrong < 0.5 and same == 0.5
    assert alike_apart(verdict(0, 0, 1, 2), area, np.full_like(color, 50)) is None  # all are of one colour
    assert (
        alike_apart(verdict(0, 0, 1, 2), area, color + np.array([60, 0, 0], np.float32)) is None
    )  # paper may be anything


@pytest.mark.parametrize("told", [0, 1])
def test_what_is_said_wrongly_is_paid_for_class_by_class(told: int) -> None:
    right = torch.full((1, len(CLASSES), 4, 4), 3.0 if told else -3.0)
    for kind in range(len(CLASSES)):
        wrong = right.clone()
        wrong[:, kind] *= -1
        more = depiction_loss(wrong, batch(told)) > depiction_loss(right, batch(told))
        assert more.tolist() == [other == kind for other in range(len(CLASSES))]


def test_of_what_is_unknown_nothing_is_asked() -> None:
    assert not depiction_loss(torch.randn(1, len(CLASSES), 4, 4), batch(-1)).any()


def test_two_halves_are_told_apart_wholly_or_by_chance_or_the_other_way_round() -> None:
    one, said, weight = np.array([0, 0, 1, 1]), np.array([-2, -1, 1, 2]), np.ones(4)
    floats = [values.astype(np.float32) for values in (one, said, weight)]
    assert apart(*floats) == 1 and apart(floats[0], -floats[1], floats[2]) == 0
    assert apart(floats[0], np.array([1, 4, 2, 3], np.float32), floats[2]) == 0.5
    assert apart(floats[0], np.zeros(4, np.float32), floats[2]) == 0.5


def test_a_drawing_of_any_size_is_read_as_far_as_whole_places_go() -> None:
    network = Washer((8, 8, 8, 8), 1, width=16, layers=1, heads=2, depiction=16).eval()
    said, likeness, _ = read(network, choose("cpu"), np.full((70, 45), 255, np.uint8))
    assert said.shape == (1, len(CLASSES), 17, 11) and said.isfinite().all()
    assert likeness.shape == (1, KIN, 17, 11) and likeness.isfinite().all()
