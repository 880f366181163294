"""A whole small run: from a pack to weights that the daemon loads, stopped and resumed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from linewash.errors import BadInput
from linewash_daemon.device import choose
from linewash_daemon.models import ModelFolder, read_metadata
from linewash_training import checkpoint, pack, recipe
from linewash_training.palette import color_bins, rarity, sampled_colors
from linewash_training.propagation import Propagation, phase
from linewash_training.samples import MAX_COLORS, Sampling, carried, collate
from tests.training.small_run import SETTINGS, drawing, small, trained, write_pack


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("art") / "art.safetensors")


def test_a_run_is_stopped_resumed_and_loaded_by_the_daemon(art: Path, tmp_path: Path) -> None:
    model = trained(small(), art, tmp_path, minutes=0.05)
    first = checkpoint.facts(tmp_path)
    assert first
    trained(small(), art, tmp_path, minutes=first["minutes"] + 0.07)
    second = checkpoint.facts(tmp_path)
    assert second
    assert second["step"] > first["step"] > 0
    assert second["minutes"] > first["minutes"]
    facts = read_metadata(model)
    assert facts["recipe"] == "small"
    assert facts["sources"][0]["licence"] == "CC-BY-SA-4.0"
    assert facts["budget"]["steps"] == second["step"]
    generator = ModelFolder(tmp_path).load("small")
    assert generator.encode(np.zeros((64, 64), np.float32)).contours.shape == (64, 64)
    assert list((tmp_path / "sheets").glob("*.png"))


def test_two_processes_train_one_model_and_stop_together(art: Path, tmp_path: Path) -> None:
    text = (recipe.RECIPES / "gates.toml").read_text().replace('name = "gates"', 'name = "small"')
    for key, value in [*SETTINGS.items(), ("crop", 64), ("batch", 2)]:
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.MULTILINE)
    (tmp_path / "small.toml").write_text(text)
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    stage = ["-m", "linewash_training", "train", str(tmp_path / "small.toml"), "--pack", str(art)]
    budget = ["--out", str(tmp_path / "run"), "--minutes", "0.05", "--workers", "0"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([*torchrun, *stage, *budget], env=environment, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert read_metadata(tmp_path / "run" / "small.safetensors")["budget"]["steps"] > 0


def test_the_log_can_be_plotted(art: Path, tmp_path: Path) -> None:
    trained(small(), art, tmp_path, steps=20)
    lines = [json.loads(text) for text in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines
    assert {"step", "minutes", "rate", "samples_per_second", "waiting", "contours"} <= lines[-1].keys()


def test_learning_lowers_the_loss(art: Path) -> None:
    torch.manual_seed(0)
    opened = pack.Pack.open(art)
    run = Propagation(small(), choose("cpu"), opened)
    rng = np.random.default_rng(0)
    batch = collate([Sampling(64)(opened[i], rng) for i in range(4)])
    before = run.step(batch, 0.4, 1000)["own"]
    for _ in range(40):
        after = run.step(batch, 0.4, 1000)["own"]
    assert after < 0.7 * before


def test_the_line_encoder_learns_alone_at_first(art: Path) -> None:
    opened = pack.Pack.open(art)
    run = Propagation(small(), choose("cpu"), opened)
    batch = collate([Sampling(64)(opened[0], np.random.default_rng(0))] * 2)
    before = [p.clone() for p in run.network.decoder.parameters()]
    assert run.step(batch, 0.0, 1000).keys() == {"contours", "norm", "rate"}
    assert all(torch.equal(a, b) for a, b in zip(before, run.network.decoder.parameters(), strict=True))


def test_the_critic_joins_late_and_the_rate_falls_at_the_end() -> None:
    told = small()
    assert not phase(told, 0.4, 1000).critic
    assert phase(told, 0.6, 1000).critic
    assert phase(told, 0.4, 0).rate < phase(told, 0.4, 1000).rate
    assert phase(told, 1.0, 1000).rate == pytest.approx(told.schedule.rate * 0.05)


def test_a_state_comes_back_as_it_was(art: Path, tmp_path: Path) -> None:
    opened = pack.Pack.open(art)
    run, other = (Propagation(small(), choose("cpu"), opened) for _ in range(2))
    batch = collate([Sampling(64)(opened[0], np.random.default_rng(0))] * 2)
    run.step(batch, 0.7, 1000)
    checkpoint.save(tmp_path, run.modules, run.optimizers, {"step": 7})
    checkpoint.load(tmp_path, other.modules, other.optimizers)
    assert checkpoint.facts(tmp_path) == {"step": 7}
    for mine, theirs in zip(run.network.parameters(), other.network.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    slots = [o.state_dict()["state"][0]["exp_avg"] for o in (run.optimizer, other.optimizer)]
    assert torch.equal(*slots)


def test_a_sample_s_strokes_keep_their_colour_and_its_truth_covers_the_lines(art: Path) -> None:
    line, color = drawing(3)
    strokes = np.zeros((96, 96, 4), np.uint8)
    strokes[2:5, 2:5] = (10, 200, 30, 255)
    sample = carried(line, color, strokes)
    assert sample.colors.shape == (1, 3)
    assert (sample.markers > 0).sum() == 9
    assert (sample.watershed == 1).all()
    assert len(collate([sample]).colors[0]) == MAX_COLORS + 1


def test_bins_are_colours_of_the_art_and_rarity_averages_to_one(art: Path) -> None:
    opened = pack.Pack.open(art)
    colors = sampled_colors(opened, opened.indices("train"))
    centres = color_bins(colors, 6)
    assert centres.shape == (6, 3)
    assert (centres[:, 0] >= 0).all() and (centres[:, 0] <= 100).all()
    weight = rarity(colors, centres)
    nearest = ((colors[:, None] - centres) ** 2).sum(2).argmin(1)
    assert weight.min() > 0
    assert weight[nearest].mean() == pytest.approx(1, rel=1e-4)


def test_a_recipe_with_a_misspelt_key_is_refused_by_name(tmp_path: Path) -> None:
    text = (recipe.RECIPES / "linewash.toml").read_text().replace("batch", "bacth")
    (tmp_path / "odd.toml").write_text(text)
    with pytest.raises(BadInput, match="bacth"):
        recipe.read(str(tmp_path / "odd.toml"))


def test_an_unknown_recipe_names_the_known_ones() -> None:
    with pytest.raises(BadInput, match="linewash"):
        recipe.read("watercolour")
