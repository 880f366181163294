"""When memory is short, whoever trains is told so in a sentence, and the run goes on from its last state."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from linewash.errors import CODES, OutOfMemory
from linewash_daemon.device import Device, choose
from linewash_training import checkpoint, memory, page, recipe
from linewash_training.batches import Batches
from linewash_training.budget import Budget
from linewash_training.cli import app
from linewash_training.pack import Pair
from linewash_training.propagation import Propagation
from linewash_training.train import Wish, train
from tests.training.small_run import small, trained, write_pack

FAR_TOO_MUCH = 1 << 46  # numbers: more than any machine has addresses for
A_CARD = Device(torch.device("cuda", 0), "cuda:0 NVIDIA Something", True, "a CUDA card was found")


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("art") / "art.safetensors")


def failing_from(step: int, fail: Callable[[], object]) -> Callable[..., dict[str, float]]:
    """A step of the learner that does as always until number ``step``."""
    learn = Propagation.step

    def stepped(learner: Propagation, batch: Any, spent: float, now: int) -> dict[str, float]:
        if now == step:
            fail()
        return learn(learner, batch, spent, now)

    return stepped


def too_much() -> object:
    return torch.empty(FAR_TOO_MUCH)


def raised(fail: Callable[[], object], device: Device, model: Path) -> OutOfMemory:
    with pytest.raises(OutOfMemory) as caught, memory.told(small(), device, model):
        fail()
    return caught.value


def message(error: BaseException) -> Callable[[], object]:
    def fail() -> object:
        raise error

    return fail


def test_a_step_that_does_not_fit_leaves_the_state_and_the_run_goes_on(
    art: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(small(), art, tmp_path, steps=3)
    before = (tmp_path / checkpoint.STATE).read_bytes()
    with monkeypatch.context() as patch, pytest.raises(OutOfMemory) as caught:
        patch.setattr(Propagation, "step", failing_from(5, too_much))
        trained(small(), art, tmp_path, steps=8)
    assert caught.value.code == "out_of_memory"
    assert caught.value.sentence == (
        "The memory of this machine did not suffice for training with 2 pictures of 64 px a step."
    )
    assert "The state of step 3 is kept" in caught.value.remedy
    assert "batch = 1 instead of 2, or crop = 32 instead of 64" in caught.value.remedy
    assert f"--from {tmp_path / 'small.safetensors'}" in caught.value.remedy
    assert (tmp_path / checkpoint.STATE).read_bytes() == before
    shown = (tmp_path / page.NAME).read_text("utf-8")
    assert caught.value.sentence in shown and "3 of 8 steps" in shown and "Go on where it stopped" in shown
    trained(small(), art, tmp_path, steps=8)
    facts = checkpoint.facts(tmp_path)
    assert facts and facts["step"] == 8
    assert caught.value.sentence not in (tmp_path / page.NAME).read_text("utf-8")


def test_what_the_remedy_proposes_can_be_done(art: Path, tmp_path: Path) -> None:
    model = trained(small(), art, tmp_path / "run", steps=1)
    told = memory.less(small())
    assert told == "batch = 1 instead of 2, or crop = 32 instead of 64"
    less = msgspec.structs.replace(small(), data=msgspec.structs.replace(small().data, batch=1, crop=32))
    trained(less, art, tmp_path / "less", steps=1, model=model)


def test_a_network_that_does_not_fit_is_told_without_a_traceback(art: Path, tmp_path: Path) -> None:
    text = (recipe.RECIPES / "gates.toml").read_text()
    vast = re.sub(r"^encoder = .*$", "encoder = [1099511627776, 8, 8, 8]", text, flags=re.MULTILINE)
    (tmp_path / "vast.toml").write_text(vast)
    command = ["train", str(tmp_path / "vast.toml"), "--pack", str(art), "--out", str(tmp_path / "run"), "--steps", "1"]
    result = CliRunner().invoke(app, command)
    assert isinstance(result.exception, OutOfMemory)  # of which the entry point prints sentence and remedy
    assert "batch = 6 instead of 12, or crop = 128 instead of 256 in a copy of the recipe" in result.exception.remedy
    assert not (tmp_path / "run").exists()


class Starved:
    """A draw of samples for which there is no memory."""

    def __call__(self, pair: Pair, rng: np.random.Generator) -> Any:
        return np.ones(FAR_TOO_MUCH)


class Ended:
    """A draw of samples in the midst of which the system ends the process, as Linux does when memory is full."""

    def __call__(self, pair: Pair, rng: np.random.Generator) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (Starved(), "The memory of this machine did not suffice"),
        pytest.param(
            Ended(),
            "the system ended a process that makes samples, as it does when memory is full",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal"),
        ),
    ],
)
def test_a_process_that_makes_samples_may_lack_memory_too(
    draw: Any, told: str, art: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Propagation, "batches", lambda run, seed: Batches(run.pack, 2, seed, draw, list))
    with pytest.raises(OutOfMemory) as caught:
        train(Wish(small(), art, tmp_path / "run", Budget(steps=2), workers=1))
    assert told in caught.value.sentence and "2 pictures of 64 px" in caught.value.sentence
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 8 GiB"),
        RuntimeError("CUDA error: out of memory"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    ],
)
def test_a_full_card_is_called_by_its_name(error: Exception, tmp_path: Path) -> None:
    assert raised(message(error), A_CARD, tmp_path / "m").sentence.startswith("The memory of cuda:0 NVIDIA Something ")


@pytest.mark.parametrize(
    "fail",
    [
        too_much,
        lambda: np.ones(FAR_TOO_MUCH),
        lambda: cv2.resize(np.zeros((8, 8, 3), np.uint8), (1 << 20, 1 << 20)),
        message(MemoryError()),
        message(RuntimeError("[enforce fail at alloc_cpu.cpp] not enough memory: you tried to allocate 8 bytes.")),
        message(OSError(12, "Cannot allocate memory")),
        message(RuntimeError("Unexpected bus error … This might be caused by insufficient shared memory (shm).")),
    ],
)
def test_a_full_machine_is_not_blamed_on_the_card(fail: Callable[[], object], tmp_path: Path) -> None:
    error = raised(fail, A_CARD, tmp_path / "m")
    assert A_CARD.name not in error.sentence
    assert error.remedy.startswith("Close other programs and give the same command again")
    assert "or train with less: batch = 1" in error.remedy


@pytest.mark.parametrize("error", [RuntimeError("shapes differ"), OSError(28, "No space left"), ValueError("odd")])
def test_other_failures_stay_what_they_are(error: Exception, tmp_path: Path) -> None:
    with pytest.raises(type(error)) as caught, memory.told(small(), choose("cpu"), tmp_path / "m"):
        raise error
    assert caught.value is error


def test_one_picture_a_step_can_only_be_smaller(tmp_path: Path) -> None:
    shipped = recipe.read("deepcolor", "512")
    with pytest.raises(OutOfMemory) as caught, memory.told(shipped, choose("cpu"), tmp_path / "m"):
        too_much()
    assert "1 picture of 512 px" in caught.value.sentence
    assert "train with less: size = 256 instead of 512 in a copy" in caught.value.remedy


def test_the_code_is_one_of_the_stable_ones() -> None:
    assert CODES["out_of_memory"] is OutOfMemory
