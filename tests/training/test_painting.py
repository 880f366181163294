"""Painters: every recipe fits its network, learns what it says, and goes on after a stop as if there had been none."""

from __future__ import annotations

import functools
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
from rich.console import Console
from safetensors.torch import load_file

from linewash.contract import Color, Options, Role
from linewash.errors import BadInput
from linewash.pictures import Picture, lineart_hash
from linewash_daemon.colorist import Colorist
from linewash_daemon.device import choose
from linewash_daemon.models import ModelFolder, read_metadata
from linewash_daemon.networks.tandem import Tandem
from linewash_daemon.networks.vgg import VGG16
from linewash_training import checkpoint, pack, recipe, vgg16
from linewash_training.budget import Budget
from linewash_training.epochs import Epochs
from linewash_training.log import Log
from linewash_training.painting import Painting
from linewash_training.propagation import Propagation
from linewash_training.recipe import PaintingRecipe
from linewash_training.train import Wish, train
from tests.training.small_run import drawing, small, trained, write_pack
from tests.training.vgg_files import as_zip, sha256

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


def test_the_number_of_loading_processes_changes_nothing(art: Path, tmp_path: Path) -> None:
    told = tiny("cs229")
    for workers in (0, 2):
        train(Wish(told, art, tmp_path / str(workers), Budget(steps=2), workers=workers))
    alone, together = (checkpoint.tensors(tmp_path / str(workers)) for workers in (0, 2))
    assert all(torch.equal(alone[key], together[key]) for key in alone)


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


@pytest.mark.parametrize("other", [tiny("cs229"), tiny("deepcolor", "no-hints"), small()])
def test_a_run_does_not_go_on_with_another_recipe(other: recipe.Recipe, art: Path, tmp_path: Path) -> None:
    trained(tiny("deepcolor"), art, tmp_path, steps=1)
    before = checkpoint.tensors(tmp_path)
    with pytest.raises(BadInput, match="another recipe"):
        trained(other, art, tmp_path, steps=2)
    assert all(torch.equal(before[key], now) for key, now in checkpoint.tensors(tmp_path).items())
    assert [path.name for path in tmp_path.glob("*.safetensors") if "deepcolor" not in path.name] == [checkpoint.STATE]


def test_a_folder_that_can_not_be_written_is_told_in_a_sentence(art: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BadInput, match="could not be written") as caught:
        trained(tiny("deepcolor"), art, tmp_path / "file" / "run", steps=1)
    assert caught.value.code == "output_unwritable"
    log = Log(tmp_path / "file" / "run", Budget(steps=100), Epochs(16, 2), Console(quiet=True))
    with pytest.raises(BadInput, match="could not be written"):
        for step in range(100):
            log.add(step, 0.0, {"l1": 1.0})


def test_one_batch_without_a_finite_loss_changes_nothing(art: Path) -> None:
    learner = painting(tiny("deepcolor"), art)
    batch = learner.batches(0)[0]
    learner.step(batch, 0.0, 0)
    before = {key: tensor.clone() for key, tensor in learner.network.named_parameters()}
    batch.truth[0] = float("nan")
    assert not np.isfinite(learner.step(batch, 0.0, 1)["l1"])
    assert all(torch.equal(before[key], now) for key, now in learner.network.named_parameters())


@pytest.mark.parametrize("name", ["colornet", "vgg-autoencoder"])
def test_published_weights_are_used_and_credited(
    name: str, art: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a narrow VGG-16 in the place of the published one."""
    full = recipe.read(name, pretrained=True)
    assert isinstance(full, PaintingRecipe) and full.settings["width"] == 1.0
    told = msgspec.structs.replace(tiny(name), settings=full.settings | TINY[full.network])
    source = VGG16(TINY[name]["width"])
    file = as_zip(tmp_path / "vgg.pth", dict(source.state_dict()))
    monkeypatch.setattr(vgg16, "load_trunk", functools.partial(vgg16.load_trunk, known={sha256(file): "here"}))
    model = train(Wish(told, art, tmp_path / "run", Budget(steps=1), workers=0, vgg=file))
    metadata = read_metadata(model)
    assert "vgg.pth" in metadata["pretrained"]
    assert any("Simonyan" in credit["authors"] for credit in metadata["sources"])
    given = {f"trunk.{key}": tensor.half() for key, tensor in source.state_dict().items()}
    kept = {key: torch.equal(given[key], now) for key, now in load_file(model).items() if key in given}
    assert kept and all(kept.values()) == told.settings.get("frozen", False)


def _run(command: list[str], steps: int, largest_file: int | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, in which no file may grow beyond ``largest_file`` bytes."""
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({largest_file}, {largest_file}));" if largest_file else ""
    code = f"import resource; {limit} from linewash_training.cli import main; main()"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "200"}
    arguments = [sys.executable, "-c", code, "train", *command, "--steps", str(steps)]
    return subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=100)


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
