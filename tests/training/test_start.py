"""A run that starts from a model file: what it takes over, what it tells, and what it refuses."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from linewash.errors import BadInput, LinewashError, ModelError
from linewash_daemon.device import choose
from linewash_daemon.models import ModelFolder, read_metadata
from linewash_training import checkpoint, export, pack, recipe, start
from linewash_training.cli import app
from linewash_training.propagation import Propagation, phase
from tests.training.small_run import SETTINGS, small, trained, write_pack


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("art") / "art.safetensors")


@pytest.fixture(scope="module")
def model(art: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file of untrained weights and a palette of its own, said to have had 30 minutes and 700 steps."""
    torch.manual_seed(7)
    run = Propagation(small(), choose("cpu"), pack.Pack.open(art))
    run.average.palette.copy_(torch.arange(18.0).view(6, 3))
    folder = tmp_path_factory.mktemp("earlier")
    return export.write(run, folder, {"step": 700, "minutes": 30.0})


def changed(model: Path, out: Path, **metadata: Any) -> Path:
    """A copy of the model file with other metadata; None takes an entry away."""
    told = {k: v for k, v in (read_metadata(model) | metadata).items() if v is not None}
    save_file(load_file(model), out, {"linewash": json.dumps(told)})
    return out


def test_a_run_starts_from_the_weights_of_the_file(art: Path, model: Path, tmp_path: Path) -> None:
    unmoving = msgspec.structs.replace(small().further, rate=0.0)
    still = msgspec.structs.replace(small(), further=unmoving)
    made = trained(still, art, tmp_path, steps=1, model=model)
    before, after = load_file(model), load_file(made)
    learned = [key for key in before if key != "rarity"]
    assert all(torch.equal(before[key], after[key]) for key in learned)
    assert all(tensor.dtype == torch.float32 for tensor in start.read(model, small()).weights.values())


def test_the_bins_stay_and_their_rarity_is_that_of_the_new_art(art: Path, model: Path, tmp_path: Path) -> None:
    made = load_file(trained(small(), art, tmp_path, steps=1, model=model))
    assert torch.equal(made["palette"], load_file(model)["palette"])
    assert not torch.equal(made["rarity"], load_file(model)["rarity"])


def test_the_daemon_loads_what_became_of_it(art: Path, model: Path, tmp_path: Path) -> None:
    trained(small(), art, tmp_path, steps=1, model=model)
    generator = ModelFolder(tmp_path).load("small")
    assert generator.encode(np.zeros((64, 64), np.float32)).contours.shape == (64, 64)


def test_the_model_tells_what_it_started_from_and_all_the_time_it_took(art: Path, model: Path, tmp_path: Path) -> None:
    facts = read_metadata(trained(small(), art, tmp_path, steps=1, model=model))
    state = checkpoint.facts(tmp_path)
    assert state
    assert facts["started_from"] == {
        "name": "small",
        "hash": hashlib.sha256(model.read_bytes()).hexdigest(),
        "licence": "CC-BY-SA-4.0",
        "minutes": 30.0,
        "steps": 700,
    }
    assert facts["budget"]["steps"] == 700 + state["step"]
    assert facts["budget"]["minutes"] == round(30 + state["minutes"], 1)


def test_a_third_run_counts_the_first_two(art: Path, model: Path, tmp_path: Path) -> None:
    second = trained(small(), art, tmp_path / "second", steps=1, model=model)
    third = trained(small(), art, tmp_path / "third", steps=1, model=second)
    assert read_metadata(third)["started_from"]["steps"] == read_metadata(second)["budget"]["steps"]
    assert read_metadata(third)["budget"]["steps"] > read_metadata(second)["budget"]["steps"] > 700


@pytest.mark.parametrize("budget", [None, {}, 30, {"minutes": "30", "steps": -1}, {"minutes": float("nan")}])
def test_a_file_that_tells_no_time_counts_none(art: Path, model: Path, tmp_path: Path, budget: Any) -> None:
    untold = changed(model, tmp_path / "untold.safetensors", budget=budget)
    made = read_metadata(trained(small(), art, tmp_path / "run", steps=1, model=untold))
    state = checkpoint.facts(tmp_path / "run")
    assert state
    assert made["started_from"]["minutes"] is None and made["started_from"]["steps"] is None
    assert made["budget"]["steps"] == state["step"]


def test_the_artists_of_the_first_training_are_still_named(art: Path, model: Path, tmp_path: Path) -> None:
    earlier = {"id": "mine", "title": "My comics", "authors": "An Artist", "licence": "CC-BY-4.0"}
    other = changed(model, tmp_path / "other.safetensors", sources=[earlier])
    sources = read_metadata(trained(small(), art, tmp_path / "run", steps=1, model=other))["sources"]
    assert earlier in sources
    assert [source["id"] for source in sources] == ["openmoji", "mine"]


def test_it_learns_by_the_schedule_for_that_from_its_first_step(art: Path, model: Path, tmp_path: Path) -> None:
    trained(small(), art, tmp_path, steps=1, model=model)
    before, after = load_file(model), load_file(tmp_path / "state.safetensors")
    moved = [key for key in before if not torch.equal(before[key].float(), after[f"network/{key}"])]
    assert any(key.startswith("decoder.") for key in moved)  # not the contours alone
    further = msgspec.structs.replace(small(), schedule=small().further)
    assert phase(further, 0.0, 1000).rate < phase(small(), 0.0, 1000).rate
    assert phase(further, 0.5, 1000).rate < phase(further, 0.1, 1000).rate


def test_stopped_it_goes_on_and_knows_its_origin(art: Path, model: Path, tmp_path: Path) -> None:
    first = read_metadata(trained(small(), art, tmp_path, steps=1, model=model))
    second = read_metadata(trained(small(), art, tmp_path, steps=3))
    assert second["started_from"] == first["started_from"]
    assert second["budget"]["steps"] > first["budget"]["steps"] > 700
    assert torch.equal(load_file(tmp_path / "small.safetensors")["palette"], load_file(model)["palette"])


def test_a_run_with_a_state_is_not_started_again(art: Path, model: Path, tmp_path: Path) -> None:
    trained(small(), art, tmp_path, steps=1)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.*")}
    with pytest.raises(BadInput, match="There is a run in") as refused:
        trained(small(), art, tmp_path, 1.0, model=model)
    assert refused.value.code == "output_exists"
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.*")} == before


@pytest.mark.parametrize(
    ("of_recipe", "words"),
    [
        ({"settings": SETTINGS | {"bins": 8}}, "bins = 6, the recipe's has bins = 8"),
        ({"settings": {**SETTINGS, "depth": 3}}, "depth = None"),
        ({"network": "other"}, "its network is propagator, the recipe's is other"),
    ],
)
def test_a_network_other_than_the_recipe_s_is_refused(model: Path, of_recipe: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        start.read(model, msgspec.structs.replace(small(), **of_recipe))


def test_weights_that_do_not_fit_what_the_file_says_of_its_network_are_refused(model: Path, tmp_path: Path) -> None:
    fewer = {key: tensor for key, tensor in load_file(model).items() if key != "decoder.own.bias"}
    save_file(fewer, tmp_path / "fewer.safetensors", {"linewash": json.dumps(read_metadata(model))})
    with pytest.raises(ModelError, match="weights don't fit"):
        start.read(tmp_path / "fewer.safetensors", small())


@pytest.mark.parametrize("content", [None, b"", b"\x80\x04K\x01.", b"PK\x03\x04 weights", b"\x10" + bytes(200)])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "weights.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LinewashError) as refused:
        start.read(path, small())
    assert refused.value.code == "model_unusable"


def test_the_command_says_in_a_sentence_that_the_networks_differ(art: Path, model: Path, tmp_path: Path) -> None:
    arguments = ["train", "linewash", "--pack", str(art), "--out", str(tmp_path / "run"), "--minutes", "1"]
    told = CliRunner().invoke(app, [*arguments, "--from", str(model)])
    assert isinstance(told.exception, BadInput)
    assert "can't start a run of the recipe linewash" in told.exception.sentence
    assert not (tmp_path / "run").exists()


def test_a_recipe_without_a_schedule_for_going_further_is_refused_by_name(tmp_path: Path) -> None:
    before, _, after = (recipe.RECIPES / "gates.toml").read_text().partition("[further]")
    (tmp_path / "odd.toml").write_text(before + "[losses]" + after.partition("[losses]")[2])
    with pytest.raises(BadInput, match="further"):
        recipe.read(str(tmp_path / "odd.toml"))
