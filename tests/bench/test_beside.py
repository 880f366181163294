from __future__ import annotations

import shlex
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.beside import CommandError, check_template, fill, measure_beside, write_files
from bench.drawing import draw

COPY = f"{shlex.quote(sys.executable)} -c 'import shutil, sys; shutil.copy(*sys.argv[1:])' {{line}} {{out}}"


def test_a_file_with_blanks_stays_one_word() -> None:
    words = fill("paint '{line}' --out={out}", Path("/a b/line.png"), Path("/h.png"), Path("/a b/out.png"))
    assert words == ["paint", "/a b/line.png", "--out=/a b/out.png"]


@pytest.mark.parametrize("template", ["", "paint {line}", "paint {out}"])
def test_a_command_that_misses_a_file_is_refused(template: str) -> None:
    with pytest.raises(CommandError):
        check_template(template)


def test_each_run_of_a_program_is_timed() -> None:
    assert len(measure_beside(COPY, 64, 3)) == 3


@pytest.mark.parametrize("command", ["no-such-program {line} {out}", "false {line} {out}"])
def test_a_program_that_fails_is_reported_and_measures_nothing(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measure_beside(command, 64, 2) == []
    assert command.split()[0] in capsys.readouterr().err


def test_the_files_hold_the_drawing_that_we_colour(tmp_path: Path) -> None:
    drawing = draw(64, 1)
    line, hints = write_files(drawing, tmp_path)
    read = [cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in (line, hints)]
    assert read[0] is not None
    assert read[1] is not None
    assert np.array_equal(read[0], drawing.lines)
    assert np.array_equal(cv2.cvtColor(read[1], cv2.COLOR_BGRA2RGBA), drawing.hints)
