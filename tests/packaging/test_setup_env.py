from __future__ import annotations

import sys
import venv
from pathlib import Path

import pytest

import setup_env
from setup_env import ROOT, STAMP, TORCH, UNFINISHED, SetUpError, fingerprint, is_current, is_sound, venv_python

PYTHON = Path("/environment/bin/python")


def test_a_machine_without_the_driver_has_no_gpu() -> None:
    assert not setup_env.has_nvidia_gpu("no-such-library.so")


def test_a_library_that_is_not_the_driver_is_no_gpu() -> None:
    assert not setup_env.has_nvidia_gpu("msvcrt.dll" if sys.platform == "win32" else "")


def test_without_a_gpu_no_command_can_fetch_cuda_on_linux() -> None:
    for command in setup_env.torch_commands(PYTHON, gpu=False, platform="linux"):
        assert f"torch=={TORCH}+cpu" in command or "--torch-backend=cpu" in command


def test_with_a_gpu_no_command_asks_for_the_cpu_build() -> None:
    for command in setup_env.torch_commands(PYTHON, gpu=True, platform="linux"):
        assert not [word for word in command if word.endswith("cpu")]


def test_a_mac_gets_the_one_build_there_is() -> None:
    (command,) = setup_env.torch_commands(PYTHON, gpu=False, platform="darwin")
    assert command[-1] == f"torch=={TORCH}"


@pytest.mark.parametrize(
    ("installed", "gpu", "fits"),
    [
        (None, False, False),
        (("2.13.0+cpu", False), False, True),
        (("2.13.0+cpu", False), True, False),
        (("2.13.0+cu130", True), True, True),
        (("2.13.0+cu130", True), False, True),
        (("2.5.1+cpu", False), False, False),
        (("3.0.0", True), True, False),
    ],
)
def test_an_installed_pytorch_is_kept_when_it_fits(installed: tuple[str, bool] | None, gpu: bool, fits: bool) -> None:
    assert setup_env.torch_fits(installed, gpu) is fits


def test_the_first_command_that_succeeds_ends_the_search(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    fails, succeeds = "raise SystemExit(1)", f"open({str(ran)!r}, 'a').write('once ')"
    setup_env.run_first([[sys.executable, "-c", code] for code in (fails, succeeds, succeeds)], "It failed.")
    assert ran.read_text() == "once "


def test_when_every_command_fails_the_error_holds_what_they_said() -> None:
    commands = [[sys.executable, "-c", f"raise SystemExit('{word}')"] for word in ("first", "second")]
    with pytest.raises(SetUpError, match=r"(?s)first.*second.*It failed\."):
        setup_env.run_first(commands, "It failed.")


def test_a_finished_environment_is_current_until_an_input_changes(tmp_path: Path) -> None:
    venv.create(tmp_path, with_pip=False)
    wanted = fingerprint(ROOT, gpu=False)
    assert not is_current(tmp_path, wanted)
    (tmp_path / STAMP).write_text(wanted + "\n")
    assert is_current(tmp_path, wanted)
    assert not is_current(tmp_path, fingerprint(ROOT, gpu=True))


def test_the_fingerprint_follows_the_lock(tmp_path: Path) -> None:
    for name in setup_env.INPUTS:
        (tmp_path / name).write_text("one")
    before = fingerprint(tmp_path, gpu=False)
    (tmp_path / "requirements.lock").write_text("two")
    assert fingerprint(tmp_path, gpu=False) != before


def test_an_environment_without_pip_is_made_anew(tmp_path: Path) -> None:
    venv.create(tmp_path, with_pip=False)
    assert venv_python(tmp_path).exists()
    assert not is_sound(tmp_path)


def test_an_environment_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    venv.create(tmp_path, with_pip=True)
    assert is_sound(tmp_path)
    (tmp_path / UNFINISHED).touch()
    assert not is_sound(tmp_path)
