"""Recipes: what is wrong in one is told by name, before anything is trained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tomllib

from linewash.errors import BadInput
from linewash_training import recipe
from tests.training.small_run import trained, write_pack


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("art") / "art.safetensors")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rats": 3}, "rats"),
        ({"schedule": {"rate": -1.0}}, "rate"),
        ({"data": {"batch": 0}}, "batch"),
        ({"data": {"size": "large"}}, "size"),
        ({"data": {"given": []}}, "given"),
        ({"trains": "sculpture"}, "sculpture"),
    ],
)
def test_a_recipe_with_an_unknown_key_or_a_bad_number_is_refused_by_name(
    change: dict[str, Any], told: str, tmp_path: Path
) -> None:
    path = written(tmp_path, change)
    with pytest.raises(BadInput, match=told):
        recipe.read(str(path))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"network": "u-net"}, "u-net"),
        ({"settings": {"color": 3}}, "color"),
        ({"network": "colornet", "settings": {"squash": "flat"}}, "settings"),
        ({"losses": {"l3": 1.0}}, "l3"),
        ({"losses": {"l1": 1.0}}, "critic"),
        ({"critic": False}, "critic"),
        ({"data": {"hints": "none"}}, "1 planes"),
        ({"data": {"space": "ab"}}, "3 planes"),
        ({"data": {"size": 250}}, "250"),
        ({"network": "propagator", "settings": {}}, "propagator"),
        ({"trains": "propagation"}, "not right"),
        ({"losses": {"classification": 1.0}, "critic": False}, "classification"),
    ],
)
def test_a_recipe_that_contradicts_itself_is_refused_before_it_trains(
    change: dict[str, Any], told: str, tmp_path: Path, art: Path
) -> None:
    path = written(tmp_path, change)
    with pytest.raises(BadInput, match=told):
        trained(recipe.read(str(path)), art, tmp_path / "run", steps=1)
    assert not (tmp_path / "run").exists()


def written(folder: Path, change: dict[str, Any]) -> Path:
    """The recipe deepcolor with some of it changed, as a TOML file."""
    told = tomllib.loads((recipe.RECIPES / "deepcolor.toml").read_text())
    del told["variant"]
    path = folder / "changed.toml"
    path.write_text(toml(recipe._changed(told, change)))
    return path


def toml(told: dict[str, Any]) -> str:
    """Plain values first, then the tables; JSON's values are TOML's."""
    plain = [f"{key} = {json.dumps(value)}" for key, value in told.items() if not isinstance(value, dict)]
    tables = [f"[{key}]\n{toml(value)}" for key, value in told.items() if isinstance(value, dict)]
    return "\n".join([*plain, *tables])


def test_an_unknown_variant_names_the_known_ones() -> None:
    with pytest.raises(BadInput) as caught:
        recipe.read("deepcolor", "l7")
    assert "no-hints" in caught.value.remedy


def test_vgg_s_weights_are_refused_by_a_recipe_that_has_no_use_for_them() -> None:
    with pytest.raises(BadInput, match="VGG-16"):
        recipe.read("deepcolor", pretrained=True)
