from __future__ import annotations

import shlex
import sys

import pytest

from bench.beside import measure_beside

COPY = f"{shlex.quote(sys.executable)} -c 'import shutil, sys; shutil.copy(*sys.argv[1:])' {{line}} {{out}}"


def test_each_run_of_a_program_is_timed() -> None:
    assert len(measure_beside(COPY, 64, 3)) == 3


@pytest.mark.parametrize("command", ["no-such-program {line} {out}", "false {line} {out}"])
def test_a_program_that_fails_is_reported_and_measures_nothing(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measure_beside(command, 64, 2) == []
    assert command.split()[0] in capsys.readouterr().err
