"""Other programs as rivals: real processes, real files."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from linewash.errors import BadInput
from linewash_training.cli import app
from linewash_training.evaluation.evaluate import contenders, evaluate
from linewash_training.evaluation.hint_auc import contestants, measure
from linewash_training.evaluation.programs import colored, named, words, write
from linewash_training.evaluation.strokes import simulated_hints
from linewash_training.pack import Pack
from linewash_training.truth import truth_regions
from tests.training.evaluation.drawings import small_pack


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return small_pack(tmp_path_factory.mktemp("pack") / "art.safetensors")


def program(folder: Path, source: str) -> str:
    """The command that runs this Python on line, hints and out."""
    script = folder / "a program.py"
    script.write_text("import sys\nline, hints, out = sys.argv[1:]\n" + source)
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(script))} {{line}} {{hints}} {{out}}"


WATERSHED = """
import cv2
from linewash_training.evaluation.rivals import watershed
rgba = cv2.cvtColor(cv2.imread(hints, -1), cv2.COLOR_BGRA2RGBA)
cv2.imwrite(out, watershed(cv2.imread(line, 0), rgba)[..., ::-1])
"""


def test_a_program_is_judged_by_what_it_writes_as_any_rival_is(pack: Pack, tmp_path: Path) -> None:
    command = f"theirs={program(tmp_path, WATERSHED)}"
    report = evaluate(pack, tmp_path, methods=["watershed"], beside=[command], ks=(0, 4), jobs=1)
    ours, theirs = report.of("watershed", 4), report.of("theirs", 4)
    assert [row.figures for row in theirs] == [row.figures for row in ours]
    assert len(theirs) == 3
    assert not report.of("theirs", 0)  # it takes hints, and there are none
    assert not report.failures


def test_what_is_transparent_in_its_picture_is_paper(tmp_path: Path) -> None:
    command = program(tmp_path, "import cv2, numpy\nn = numpy.zeros((32, 48, 4), 'uint8')\n"
                      "n[:, :24] = 10, 20, 30, 255\ncv2.imwrite(out, n)")  # fmt: skip
    result = colored(command, np.full((32, 48), 255, np.uint8), np.full((32, 48, 4), 255, np.uint8))
    assert (result[:, :24] == (30, 20, 10)).all()
    assert (result[:, 24:] == 255).all()


def test_without_hints_one_that_takes_them_is_not_asked(tmp_path: Path) -> None:
    line = np.random.default_rng(0).integers(0, 256, (32, 48)).astype(np.uint8)
    result = colored(program(tmp_path, "sys.exit(1)"), line, np.zeros((32, 48, 4), np.uint8))
    assert (result == line[..., None]).all()


@pytest.mark.parametrize(
    ("source", "said"),
    [("sys.exit('no licence')", "no licence"), ("", "no picture"), ("open(out, 'wb').write(b'no')", "no picture"),
     ("import cv2, numpy\ncv2.imwrite(out, numpy.zeros((8, 8), 'uint8'))", "size")],
)  # fmt: skip
def test_a_picture_on_which_a_program_fails_is_a_failure_and_the_others_are_measured(
    source: str, said: str, pack: Pack, tmp_path: Path
) -> None:
    beside = [f"broken={program(tmp_path, source)}"]
    report = evaluate(pack, tmp_path, methods=["white"], beside=beside, ks=(4,), jobs=1)
    assert not report.of("broken", 4)
    assert len(report.failures) == 3
    assert said in report.failures[0]
    assert len(report.of("white", 4)) == 3


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(BadInput, match="no-such-program could not be run"):
        colored("no-such-program {line} {out}", np.zeros((8, 8), np.uint8), np.zeros((8, 8, 4), np.uint8))


def test_a_program_that_always_fails_has_a_grey_cell_on_the_sheet_and_ends_nothing(pack: Pack, tmp_path: Path) -> None:
    command = f"broken={program(tmp_path, 'sys.exit(1)')}"
    words = ["evaluate", str(pack.path), "--methods", "flood", "--k", "4", "--jobs", "1", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, [*words, "--beside", command])
    assert done.exit_code == 0, done.output
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet is not None
    assert (sheet == 128).all(-1).sum() > 1000


def test_under_hint_auc_a_program_is_asked_like_any_rival(pack: Pack, tmp_path: Path) -> None:
    pytest.importorskip("hintauc", reason="hintauc runs on Python 3.11 and 3.12 only")
    systems = contenders(["watershed"], None, [f"theirs={program(tmp_path, WATERSHED)}"])
    found = measure(pack, contestants(systems, None), [0], jobs=1)
    assert found.of("theirs")[0].psnr == found.of("watershed")[0].psnr


@pytest.mark.parametrize("command", ["", "paint {line}", "x=paint {out}", "x=it's {line} {out}"])
def test_a_command_that_can_not_be_used_is_refused_before_anything_is_measured(
    command: str, pack: Pack, tmp_path: Path
) -> None:
    done = CliRunner().invoke(app, ["evaluate", str(pack.path), "--beside", command, "--out", str(tmp_path / "out")])
    assert isinstance(done.exception, BadInput)
    assert done.exception.code == "bad_option"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("beside", [["flood=paint {line} {out}"], ["ours=paint {line} {out}"], ["p {line} {out}"] * 2])
def test_a_name_is_given_once(beside: list[str], pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is taken"):
        evaluate(pack, tmp_path, methods=["flood"], beside=beside)


def test_a_program_is_called_by_its_name_or_its_first_word() -> None:
    assert named("mine=paint -x=1 {line} {out}") == ("mine", "paint -x=1 {line} {out}")
    assert named("paint --size=3 {line} {out}") == ("paint", "paint --size=3 {line} {out}")


def test_a_file_with_blanks_stays_one_word() -> None:
    found = words("paint '{line}' --out={out}", Path("/a b/line.png"), Path("/h.png"), Path("/a b/out.png"))
    assert found == ["paint", "/a b/line.png", "--out=/a b/out.png"]


def test_the_files_hold_the_drawing_that_we_colour(pack: Pack, tmp_path: Path) -> None:
    pair = pack[0]
    hints = simulated_hints(pair.color, pair.line, truth_regions(pair.color, pair.line), 4)
    line, given = (cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in write(tmp_path, pair.line, hints))
    assert line is not None
    assert given is not None
    assert np.array_equal(line, pair.line)
    assert np.array_equal(cv2.cvtColor(given, cv2.COLOR_BGRA2RGBA), hints)
