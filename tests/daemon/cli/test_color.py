"""``linewash color`` from the outside: a real process, real files, a real daemon with a colorist that paints red."""

from __future__ import annotations

import json
import signal
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage
from typer.testing import CliRunner

from linewash_daemon.cli.app import app
from linewash_daemon.pictures.read import read_picture
from tests.daemon.pictures.files import drawing, png_bomb

from .conftest import Program


@pytest.fixture
def line(tmp_path: Path) -> Path:
    Image.fromarray(drawing()).save(tmp_path / "page.png")
    return tmp_path / "page.png"


def test_a_drawing_is_coloured_beside_itself_and_told_in_one_line(linewash: Program, line: Path) -> None:
    ran = linewash("color", line, "--layers", "flats,shading,highlights", "--json")
    assert ran.code == 0, ran.err
    told = ran.json
    out = line.with_name("page.colored.png")
    assert told["out"] == str(out)
    assert [(one["role"], one["blend"]) for one in told["layers"]] == [
        ("flats", "normal"),
        ("shading", "multiply"),
        ("highlights", "screen"),
    ]
    assert (told["layers"][1]["x"], told["layers"][1]["y"]) == (4, 2)
    assert (told["model"], told["seed"]) == ("fake", 0)
    assert told["seconds"].keys() == {"prepare", "color", "total"}
    assert [notice["code"] for notice in told["notices"]] == ["lineart_empty"]
    pixels = read_picture(out).pixels
    assert pixels.shape == (40, 60, 3)
    assert tuple(pixels[20, 4]) == (0, 0, 0)
    assert pixels[20, 40, 0] > pixels[20, 40, 1]


def test_text_for_people_names_the_file_and_the_notice(linewash: Program, line: Path) -> None:
    ran = linewash("color", line)
    assert ran.code == 0
    assert "page.colored.png: Flats (" in ran.out
    assert "Note: The drawing holds no lines." in ran.err


def test_layered_files_hold_the_layers_asked_for(linewash: Program, line: Path) -> None:
    told = linewash("color", line, "--out", line.with_suffix(".ora"), "--layers", "flats", "--json").json
    assert [one["role"] for one in told["layers"]] == ["flats"]
    with zipfile.ZipFile(line.with_suffix(".ora")) as archive:
        assert archive.infolist()[0].filename == "mimetype"
    assert linewash("color", line, "--out", line.with_suffix(".psd")).code == 0
    group, lines = list(PSDImage.open(line.with_suffix(".psd")))
    assert [layer.name for layer in group] == ["Flats", "Shading", "Highlights"]  # type: ignore[attr-defined]
    assert lines.name == "Line art"


def test_where_no_layers_are_named_light_goes_into_layers_and_not_into_a_flat_file(
    linewash: Program, line: Path
) -> None:
    flat = linewash("color", line, "--json").json
    layered = linewash("color", line, "--out", line.with_suffix(".ora"), "--json").json
    assert [one["role"] for one in flat["layers"]] == ["flats"]
    assert [one["role"] for one in layered["layers"]] == ["flats", "shading", "highlights"]


def test_16_bit_line_art_gives_a_16_bit_result(linewash: Program, line: Path) -> None:
    Image.fromarray(drawing().astype(np.uint16) * 257).save(line)
    assert linewash("color", line).code == 0
    assert read_picture(line.with_name("page.colored.png")).pixels.dtype == np.uint16


def test_hints_reach_the_daemon_and_must_have_the_same_size(linewash: Program, line: Path) -> None:
    hints = line.with_name("hints.png")
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(hints)
    Image.new("RGBA", (60, 41), (0, 0, 0, 0)).save(hints)
    ran = linewash("color", line, "--hints", hints, "--json")
    assert (ran.code, ran.error["code"]) == (2, "size_mismatch")
    assert not (Path(linewash.environment["LINEWASH_RUNTIME_DIR"]) / "connection.json").exists()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(hints)
    assert linewash("color", line, "--hints", hints, "--json").code == 0


def test_hints_without_transparency_are_refused(linewash: Program, line: Path) -> None:
    ran = linewash("color", line, "--hints", line, "--json")
    assert (ran.code, ran.error["code"]) == (2, "bad_input")
    assert "transparen" in ran.error["remedy"]


def test_every_bad_file_gives_its_code_one_line_and_no_output(linewash: Program, line: Path) -> None:
    folder = line.parent
    (folder / "letter.png").write_text("Dear reader")
    (folder / "cut.png").write_bytes(line.read_bytes()[:60])
    (folder / "art.psd").write_bytes(b"8BPS" + bytes(60))
    Image.new("L", (1, 300)).save(folder / "thin.png")
    png_bomb(folder / "bomb.png", 100_000, 100_000)
    before = set(folder.iterdir())
    for name, code in {
        "gone.png": "no_such_file",
        "letter.png": "not_an_image",
        "cut.png": "truncated_image",
        "art.psd": "unsupported_image",
        "thin.png": "bad_size",
        "bomb.png": "image_too_large",
    }.items():
        ran = linewash("color", folder / name, "--json")
        assert (ran.code, ran.error["code"]) == (2, code)
    assert set(folder.iterdir()) == before


def test_an_existing_result_is_kept_unless_told_otherwise(linewash: Program, line: Path) -> None:
    out = line.with_name("page.colored.png")
    out.write_bytes(b"precious")
    ran = linewash("color", line, "--json")
    assert (ran.code, ran.error["code"]) == (2, "output_exists")
    assert out.read_bytes() == b"precious"
    assert linewash("color", line, "--overwrite").code == 0
    assert out.read_bytes() != b"precious"


def test_the_line_art_is_never_overwritten(linewash: Program, line: Path) -> None:
    before = line.read_bytes()
    ran = linewash("color", line, "--out", line, "--overwrite", "--json")
    assert (ran.code, ran.error["code"]) == (2, "output_exists")
    assert line.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ("--palette", "red"),
        ("--empty", "#12345"),
        ("--layers", "flats,lines"),
        ("--layers", ","),
        ("--variety", "2"),
        ("--gap", "nan"),
        ("--seed", "-1"),
        ("--out", "page.jpg"),
        ("--mode", "photo"),
        ("--lightness", "1.5"),
        ("--chroma", "3"),
    ],
)
def test_an_option_out_of_range_is_named_before_any_daemon_starts(line: Path, words: tuple[str, str]) -> None:
    run_folder = line.parent / "run"
    ran = CliRunner().invoke(app, ["color", str(line), *words, "--json"], env={"LINEWASH_RUNTIME_DIR": str(run_folder)})
    assert (ran.exit_code, json.loads(ran.stdout)["error"]["code"]) == (2, "bad_option")
    assert not run_folder.exists()


def test_what_is_chosen_reaches_the_daemon(linewash: Program, line: Path) -> None:
    Image.new("RGBA", (30, 20), (200, 10, 10, 255)).save(line.with_name("red.png"))
    out = line.with_suffix(".ora")
    words = (
        "--mode",
        "gray",
        "--chroma",
        "1.6",
        "--lightness",
        "0.5",
        "--no-tandem",
        "--like",
        line.with_name("red.png"),
    )
    assert linewash("color", line, *words, "--out", out).code == 0
    with zipfile.ZipFile(out) as archive:
        options = json.loads(archive.read("linewash.json"))["options"]
    assert (options["mode"], options["strength"], options["lightness"], options["tandem"]) == ("grey", 1.6, 0.5, False)
    assert options["like"] == [[200, 10, 10, 1.0]]
    assert options["layers"] == ["color"]


def test_a_reference_that_can_not_be_used_is_told_before_any_daemon_starts(linewash: Program, line: Path) -> None:
    Image.new("RGBA", (30, 20), (200, 10, 10, 0)).save(line.with_name("empty.png"))
    for name, code in (("gone.png", "no_such_file"), ("empty.png", "bad_option")):
        ran = linewash("color", line, "--like", line.with_name(name), "--json")
        assert (ran.code, ran.error["code"]) == (2, code)
    assert not Path(linewash.environment["LINEWASH_RUNTIME_DIR"]).exists()


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [("no_such_model", 4), ("torch_missing", 4), ("out_of_memory", 5), ("busy", 3), ("internal", 1), ("bad_input", 2)],
)
def test_the_daemons_errors_become_exit_codes(linewash: Program, line: Path, code: str, exit_code: int) -> None:
    ran = linewash("color", line, "--style", f"fail {code}", "--json")
    assert (ran.code, ran.error["code"]) == (exit_code, code)
    assert not line.with_name("page.colored.png").exists()


def test_an_error_for_people_is_a_sentence_and_a_remedy(linewash: Program, line: Path) -> None:
    ran = linewash("color", line, "--style", "fail torch_missing")
    assert ran.code == 4
    assert ran.out == ""
    assert ran.err.splitlines() == ["linewash: It failed as it was told.", "Do not tell it to."]


def test_a_daemon_that_cannot_start_is_told_with_its_code(linewash: Program, line: Path) -> None:
    broken = Program({**linewash.environment, "LINEWASH_DAEMON": f'"{sys.executable}" -c "raise SystemExit(7)"'})
    ran = broken("color", line, "--json")
    assert (ran.code, ran.error["code"]) == (3, "daemon_not_started")


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_ctrl_c_cancels_the_job_and_writes_nothing(linewash: Program, line: Path) -> None:
    running = linewash.begin("color", line, "--style", "sleep 60", "--json")
    _wait_for_jobs(linewash, 1)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130, err
    assert '"code":"cancelled"' in out
    assert "Traceback" not in err
    _wait_for_jobs(linewash, 0)
    assert not line.with_name("page.colored.png").exists()


def _wait_for_jobs(linewash: Program, count: int) -> None:
    """Until the daemon has ``count`` jobs at work; the test's time limit bounds it."""
    while linewash("daemon", "status", "--json").json.get("jobs_running", None) != count:
        time.sleep(0.1)
