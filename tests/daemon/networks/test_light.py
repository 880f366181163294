"""The light head: what it takes and gives."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from linewash_daemon.networks import build
from linewash_daemon.networks.light import LightHead
from linewash_daemon.networks.washer import Washer
from linewash_training import recipe
from tests.daemon.model_files import WASHER


def head(channels: tuple[int, ...] = (8, 8, 8)) -> LightHead:
    torch.manual_seed(0)
    return LightHead(channels, blocks=1)


def given(height: int = 64, width: int = 96) -> tuple[Tensor, Tensor]:
    return torch.rand(2, 1, height, width), torch.randn(2, 3, height // 4, width // 4)


def test_light_is_two_planes_of_the_lines_size_between_none_and_all() -> None:
    light = head()(*given())
    assert light.shape == (2, 2, 64, 96) and light.dtype == torch.float32
    assert (light > 0).all() and (light < 1).all()


def test_an_untrained_head_makes_hardly_any_light() -> None:
    assert head()(*given()).mean() < 0.15


def test_light_depends_on_the_lines_and_on_the_flats() -> None:
    network, (lines, flats) = head(), given()
    light = network(lines, flats)
    assert not torch.allclose(light, network(lines.flip(3), flats), atol=1e-4)
    assert not torch.allclose(light, network(lines, flats.flip(3)), atol=1e-4)


@pytest.mark.parametrize("side", [16, 48])
def test_sides_are_multiples_of_what_the_head_says(side: int) -> None:
    network = head()
    assert network.multiple == 16
    assert network(*given(side, side)).shape[2:] == (side, side)


def test_a_washer_has_a_light_head_only_where_its_settings_name_one() -> None:
    plain, lit = build("washer", WASHER), build("washer", WASHER | {"light": [8] * 5})
    assert isinstance(plain, Washer) and plain.light is None
    assert isinstance(lit, Washer) and lit.light is not None
    assert (plain.multiple, lit.multiple) == (32, 64)
    assert {k for k in lit.state_dict() if not k.startswith("light.")} == set(plain.state_dict())


def test_the_recipe_adds_a_small_head_to_the_default_style_and_nothing_else() -> None:
    style, light = recipe.read("linewash"), recipe.read("linewash-light")
    settings = dict(light.settings)
    network = LightHead(tuple(settings.pop("light")))
    assert (settings, light.name, light.long_side) == (style.settings, style.name, style.long_side)
    assert sum(p.numel() for p in network.parameters()) < 1_000_000
