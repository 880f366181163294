"""The stage that adds light to a style: what learns, what stays, and what it needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from linewash.errors import BadInput
from linewash_daemon.colorist import Colorist
from linewash_daemon.models import read_metadata
from linewash_training import recipe
from linewash_training.evaluation.ours import OneModel, Ours
from linewash_training.light import light_loss
from tests.daemon.colorist.drawings import color, plane

from .small_run import drawing, trained, write_pack
from .test_two_stages import DECODER, LINES, decided, regions

HEAD = [8, 8, 8]


def light(channels: list[int] = HEAD, **settings: Any) -> recipe.LightRecipe:
    shipped = recipe.read("linewash-light")
    assert isinstance(shipped, recipe.LightRecipe)
    data = msgspec.structs.replace(shipped.data, crop=64, batch=3)
    whole = LINES | DECODER | {"light": channels} | settings
    return msgspec.structs.replace(shipped, settings=whole, data=data)


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("art") / "art.safetensors", 8, 2)


@pytest.fixture(scope="module")
def style(art: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return decided(art, tmp_path_factory.mktemp("style"))


@pytest.fixture(scope="module")
def lit(art: Path, style: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(light(), art, tmp_path_factory.mktemp("light"), steps=4, model=style)


def test_only_the_light_head_learns(style: Path, lit: Path) -> None:
    before, after = load_file(style), load_file(lit)
    assert all(np.array_equal(before[name], after[name]) for name in before)
    head = set(after) - set(before)
    assert head and all(name.startswith("light.") for name in head)


def test_the_style_gives_shading_and_the_colours_it_gave(style: Path, lit: Path) -> None:
    line, _ = drawing(3)
    hints = np.zeros((96, 96, 4), np.uint8)
    hints[46:50, 46:50] = (200, 30, 90, 255)
    before, after = (
        color(Colorist(OneModel(model)), line[..., None], hints, layers=("flats", "shading", "highlights"))
        for model in (style, lit)
    )
    assert [layer.role for layer in before.layers] == ["flats"]
    assert np.array_equal(plane(before, "flats"), plane(after, "flats"))
    assert [layer.role for layer in after.layers] == ["flats", "shading"]


def test_the_evaluation_judges_colours_without_light(style: Path, lit: Path) -> None:
    line, _ = drawing(3)
    hints = np.zeros((96, 96, 4), np.uint8)
    hints[46:50, 46:50] = (200, 30, 90, 255)
    assert np.array_equal(Ours(style)(line, hints)[0], Ours(lit)(line, hints)[0])


def test_the_file_says_that_it_makes_light_and_where_it_comes_from(style: Path, lit: Path) -> None:
    before, after = read_metadata(style), read_metadata(lit)
    assert set(after["provides"]) == {*before["provides"], "shading"}
    assert after["started_from"]["name"] == before["name"]
    assert after["budget"]["steps"] == before["budget"]["steps"] + 4
    assert after["name"] == "linewash"


def test_a_run_in_two_parts_comes_to_the_same_light(art: Path, style: Path, tmp_path: Path) -> None:
    """With the critic from the first step on and no cooldown, since both are shares of the budget."""
    schedule = msgspec.structs.replace(light().schedule, cooldown=0.0, critic_after=0.0)
    told = msgspec.structs.replace(light(), schedule=schedule)
    whole = load_file(trained(told, art, tmp_path / "whole", steps=4, model=style))
    trained(told, art, tmp_path / "parts", steps=2, model=style)
    parts = load_file(trained(told, art, tmp_path / "parts", steps=4))
    assert all(np.array_equal(whole[name], parts[name]) for name in whole)


def test_further_training_goes_on_from_the_head_that_there_is(art: Path, lit: Path, tmp_path: Path) -> None:
    frozen = msgspec.structs.replace(light(), schedule=msgspec.structs.replace(light().schedule, rate=1e-12))
    after = load_file(trained(frozen, art, tmp_path / "run", steps=1, model=lit))
    before = load_file(lit)
    assert all(np.allclose(before[name], after[name], atol=1e-3) for name in before)


def test_without_a_style_there_is_nothing_to_light(art: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="given none") as refused:
        trained(light(), art, tmp_path / "run", steps=1)
    assert "--from" in str(refused.value.remedy)


def test_a_recipe_without_a_head_is_refused(art: Path, style: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no head"):
        trained(light([]), art, tmp_path / "run", steps=1, model=style)


@pytest.mark.parametrize("change", [{"width": 32}, {"encoder": [8, 8, 8, 16]}], ids=str)
def test_a_style_of_other_settings_is_refused(art: Path, style: Path, tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=next(iter(change))):
        trained(light(**change), art, tmp_path / "run", steps=1, model=style)


def test_a_head_of_another_size_is_refused(art: Path, lit: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="light"):
        trained(light([8, 8, 16]), art, tmp_path / "run", steps=1, model=lit)


def test_the_second_stage_goes_on_from_a_style_with_light_and_leaves_that_as_it_is(
    art: Path, lit: Path, tmp_path: Path
) -> None:
    trained(regions(), art, tmp_path / "run", steps=1, model=lit)
    model = trained(regions(), art, tmp_path / "run", steps=2)  # a run that goes on still knows
    before, after = load_file(lit), load_file(model)
    head = [name for name in before if name.startswith("light.")]
    assert head and all(np.array_equal(before[name], after[name]) for name in head)
    assert any(not np.array_equal(before[name], after[name]) for name in before)
    assert read_metadata(model)["settings"]["light"] == HEAD and "shading" in read_metadata(model)["provides"]


def test_what_a_style_was_said_to_provide_by_a_head_that_is_taught_anew_is_not_said_again(
    art: Path, lit: Path, tmp_path: Path
) -> None:
    told = read_metadata(lit)
    boasting = tmp_path / "boasting.safetensors"
    save_file(
        load_file(lit), boasting, {"linewash": json.dumps(told | {"provides": [*told["provides"], "highlights"]})}
    )
    again = read_metadata(trained(light(), art, tmp_path / "light", steps=1, model=boasting))
    kept = read_metadata(trained(regions(), art, tmp_path / "regions", steps=1, model=boasting))
    assert "highlights" not in again["provides"] and "highlights" in kept["provides"]


def test_a_sheet_shows_flats_and_light(lit: Path) -> None:
    assert list((lit.parent / "sheets").glob("*.png"))


def test_light_costs_what_it_is_off_where_it_is_known() -> None:
    truth, weight = torch.zeros(1, 2, 4, 4), torch.zeros(1, 1, 4, 4)
    weight[..., :2, :] = 1
    painted = torch.full_like(truth, 0.25)
    painted[..., 2:, :] = 1
    assert light_loss(painted, truth, weight)["light"] == 0.25
    assert all(value == 0 for value in light_loss(painted, truth, torch.zeros_like(weight)).values())


@pytest.mark.parametrize(("plane", "times"), [(0, 1), (1, 5)], ids=["shading", "highlights"])
def test_highlights_that_are_missed_count_more_than_those_made_for_nothing(plane: int, times: int) -> None:
    none, some, weight = torch.zeros(1, 2, 4, 4), torch.zeros(1, 2, 4, 4), torch.ones(1, 1, 4, 4)
    some[:, plane] = 0.25
    assert light_loss(none, some, weight)["light"] == times * light_loss(some, none, weight)["light"]


def test_a_head_that_is_sure_of_no_light_can_still_learn_some() -> None:
    logits = torch.full((1, 2, 4, 4), -9.0, requires_grad=True)
    told = light_loss(logits.sigmoid(), torch.full((1, 2, 4, 4), 0.25), torch.ones(1, 1, 4, 4))
    told["chance"].backward()
    assert logits.grad is not None and (logits.grad < -0.001).all()
