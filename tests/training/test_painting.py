"""Painters: every recipe fits its network, learns what it says, and goes on after a stop as if there had been none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import tomllib
import torch

from linewash.contract import Color, Options, Role
from linewash.errors import BadInput
from linewash.pictures import Picture, lineart_hash
from linewash_daemon.colorist import Colorist
from linewash_daemon.device import choose
from linewash_daemon.models import ModelFolder, read_metadata
from linewash_daemon.networks.tandem import Tandem
from linewash_training import checkpoint, pack, recipe
from linewash_training.painting import Painting
from linewash_training.propagation import Propagation
from linewash_training.recipe import PaintingRecipe
from tests.training.small_run import drawing, small, trained, write_pack

PAINTERS = {
    path.stem: tomllib.loads(path.read_text())
    for path in recipe.RECIPES.glob("*.toml")
    if tomllib.loads(path.read_text())["trains"] == "painting"
}
VARIANTS = [(name, variant) for name, told in PAINTERS.items() for variant in ("", *told.get("variant", {}))]
#: settings that make each network tiny
TINY: dict[str, dict[str, Any]] = {
    "unet": {"channels": 4},
    "encoder-decoder": {"channels": 4},
    "residual-cnn": {"channels": 4},
    "tandem": {"channels": 4},
    "colornet": {"width": 0.05, "compressed": 4},
    "vgg-autoencoder": {"width": 0.05},
}


def tiny(name: str, variant: str = "") -> PaintingRecipe:
    """The shipped recipe, on a small network and small pictures."""
    told = recipe.read(name, variant)
    assert isinstance(told, PaintingRecipe)
    data = msgspec.structs.replace(told.data, size=64, batch=2)
    return msgspec.structs.replace(told, settings=told.settings | TINY[told.network], data=data)


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("art") / "art.safetensors")


def painting(told: PaintingRecipe, art: Path) -> Painting:
    learner = Painting(told, choose("cpu"), pack.Pack.open(art))
    learner.count(fresh=True)
    return learner


def test_the_five_systems_are_here() -> None:
    assert {"coloring-book", "deepcolor", "cs229", "colornet", "vgg-autoencoder"} <= set(PAINTERS)


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_every_recipe_s_network_fits_its_data_and_learns_a_step(name: str, variant: str, art: Path) -> None:
    told = tiny(name, variant)
    learner = painting(told, art)
    figures = learner.step(learner.batches(0)[0], 0.0, 0)
    assert set(told.losses) <= set(figures)
    assert all(torch.isfinite(torch.tensor(value)) for value in figures.values())


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_every_recipe_s_model_file_is_small(name: str, variant: str, art: Path) -> None:
    told = recipe.read(name, variant)
    assert isinstance(told, PaintingRecipe)
    small_data = msgspec.structs.replace(told.data, size=64)
    network = Painting(msgspec.structs.replace(told, data=small_data), choose("cpu"), pack.Pack.open(art)).network
    assert sum(t.numel() for t in network.state_dict().values()) * 2 <= 12e6


def test_a_painter_learns(art: Path) -> None:
    torch.manual_seed(0)
    told = tiny("deepcolor", "l2")
    learner = painting(msgspec.structs.replace(told, schedule=msgspec.structs.replace(told.schedule, rate=5e-3)), art)
    batch = learner.batches(0)[0]
    losses = [learner.step(batch, 0.0, step)["l2"] for step in range(40)]
    assert losses[-1] < 0.5 * losses[0]


def test_a_wgan_s_critic_stays_within_its_bound_while_it_learns(art: Path) -> None:
    learner = painting(tiny("cs229", "wgan"), art)
    for step in range(2):
        learner.step(learner.batches(0)[step], 0.0, step)
    critic = learner.adversaries["painted"].network
    assert max(float(p.detach().abs().max()) for p in critic.parameters()) <= 0.01


def test_a_frozen_trunk_is_not_moved_by_training(art: Path) -> None:
    learner = painting(tiny("colornet", "frozen"), art)
    before = {k: t.clone() for k, t in learner.network.state_dict().items()}
    learner.step(learner.batches(0)[0], 0.0, 0)
    after = learner.network.state_dict()
    moved = {key for key in before if not torch.equal(before[key], after[key])}
    assert moved and not any(key.startswith("trunk.") for key in moved)


def test_both_halves_of_a_tandem_learn_and_have_a_critic_each(art: Path) -> None:
    learner = painting(tiny("cs229"), art)
    network = learner.network
    assert isinstance(network, Tandem)
    before = [p.clone() for half in (network.hinter, network.painter) for p in [next(half.parameters())]]
    figures = learner.step(learner.batches(0)[0], 0.0, 0)
    after = [next(half.parameters()) for half in (network.hinter, network.painter)]
    assert not any(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert {"critic", "hinted_critic", "l1", "hinted_l1"} <= set(figures)


def test_the_rate_falls_with_every_epoch_but_not_below_the_least(art: Path) -> None:
    told = tiny("colornet")
    learner = painting(told, art)
    epoch = 16 // told.data.batch  # the pack has 16 pairs to learn from
    rates = [learner._rate(step) for step in (0, epoch - 1, epoch, 1000 * epoch)]
    assert rates == pytest.approx([1e-3, 1e-3, 0.85e-3, 1e-6])


@pytest.mark.parametrize("told", [tiny("deepcolor"), tiny("cs229"), tiny("colornet", "classification"), small()])
def test_an_interrupted_run_comes_to_the_numbers_of_an_uninterrupted_one(
    told: recipe.Recipe, art: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(told, art, tmp_path / "whole", steps=4)
    kind = Painting if isinstance(told, PaintingRecipe) else Propagation
    whole_step: Any = kind.step

    def interrupted(self: Any, batch: Any, spent: float, step: int) -> Any:
        if step == 1:
            os.kill(os.getpid(), signal.SIGINT)  # Ctrl+C
        return whole_step(self, batch, spent, step)

    monkeypatch.setattr(kind, "step", interrupted)
    trained(told, art, tmp_path / "parts", steps=4)
    monkeypatch.undo()
    assert (checkpoint.facts(tmp_path / "parts") or {})["step"] == 2
    trained(told, art, tmp_path / "parts", steps=4)
    whole, parts = (checkpoint.tensors(tmp_path / name) for name in ("whole", "parts"))
    assert whole.keys() == parts.keys()
    assert all(torch.equal(whole[key], parts[key]) for key in whole)


def test_the_model_file_says_what_it_paints(art: Path, tmp_path: Path) -> None:
    told = read_metadata(trained(tiny("cs229"), art, tmp_path, steps=1))
    assert told["paints"] == {"given": "lines", "space": "rgb", "hints": "histogram"}
    assert told["modes"] == ["lines"]
    assert sum(share for *_, share in told["histogram"]) == pytest.approx(1, abs=0.01)
    assert told["sources"][0]["licence"] == "CC-BY-SA-4.0"


@pytest.mark.parametrize("name", PAINTERS)
def test_what_a_recipe_makes_colours_by_its_name(name: str, art: Path, tmp_path: Path) -> None:
    told = tiny(name)
    trained(told, art, tmp_path, steps=1)
    mode = told.modes[0]
    role: Role = "painting" if mode == "lines" else "composite"
    picture = Picture(96, 96, "gray", pixels=np.ascontiguousarray(drawing(3)[0]))
    options = Options(style=told.name, mode=mode, layers=(role,))
    request = Color("1", picture.plane(0), lineart_hash(picture), options=options)
    colorist = Colorist(ModelFolder(tmp_path))
    painted = colorist.color(request, picture.bytes, None, lambda stage, share: None, lambda: False)
    assert painted.record.model == name
    assert [layer.role for layer in painted.layers] == [role]
    assert painted.planes[0].shape[:2] == (96, 96)


def test_a_trunk_without_published_weights_is_told_in_the_model_file(art: Path, tmp_path: Path) -> None:
    assert "from scratch" in read_metadata(trained(tiny("colornet"), art, tmp_path, steps=1))["pretrained"]


def test_a_full_disk_leaves_the_last_state_and_says_so(art: Path, tmp_path: Path) -> None:
    told = tmp_path / "tiny.toml"
    text = (recipe.RECIPES / "deepcolor.toml").read_text().replace("channels = 32", "channels = 4")
    told.write_text(text.replace("size = 256", "size = 64"))
    command = [str(told), "--pack", str(art), "--out", str(tmp_path / "run"), "--workers", "0"]
    assert _run(command, steps=2).returncode == 0
    before = checkpoint.tensors(tmp_path / "run")
    failed = _run(command, steps=4, largest_file=20_000)
    assert failed.returncode == 1
    assert "could not be written" in failed.stderr and "Traceback" not in failed.stderr
    assert (checkpoint.facts(tmp_path / "run") or {})["step"] == 2
    assert all(torch.equal(before[key], now) for key, now in checkpoint.tensors(tmp_path / "run").items())
    assert not list((tmp_path / "run").glob("*.new"))
    assert _run(command, steps=4).returncode == 0


def _run(command: list[str], steps: int, largest_file: int | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, in which no file may grow beyond ``largest_file`` bytes."""
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({largest_file}, {largest_file}));" if largest_file else ""
    code = f"import resource; {limit} from linewash_training.cli import main; main()"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "200"}
    arguments = [sys.executable, "-c", code, "train", *command, "--steps", str(steps)]
    return subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=100)


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


@pytest.mark.parametrize("told", [tiny("deepcolor"), tiny("cs229"), tiny("colornet", "classification"), small()])
def test_three_pictures_and_none_held_out_are_enough_to_begin_with(told: recipe.Recipe, tmp_path: Path) -> None:
    few = write_pack(tmp_path / "few.safetensors", training=3, held=0)
    assert trained(told, few, tmp_path / "run", steps=1).exists()
    assert list((tmp_path / "run" / "sheets").glob("*.png"))


def test_a_pack_without_training_pairs_is_refused_in_a_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "empty.safetensors"
    pack.write(empty, [])
    with pytest.raises(BadInput, match="no pairs to learn from"):
        trained(tiny("deepcolor"), empty, tmp_path / "run", steps=1)
