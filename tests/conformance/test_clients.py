"""Two clients that share no code keep the protocol, and the check notices one that does not."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance.check_client import SCENARIOS, Scenario, check

HERE = Path(__file__).parent
SOURCE = str(HERE.parents[1] / "src")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="file modes as POSIX has them")


@pytest.mark.parametrize("program", ["own_client.py", "third_client.py"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_client_keeps_the_protocol(program: str, scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", SOURCE)
    assert check([sys.executable, str(HERE / program)], replace(scenario, heard=[])) == []


@pytest.mark.parametrize("scenario", SCENARIOS[:4], ids=lambda scenario: scenario.name)
def test_a_program_that_does_nothing_is_no_client(scenario: Scenario) -> None:
    assert check([sys.executable, "-c", ""], replace(scenario, heard=[])) != []


def test_a_wrong_hash_is_noticed(tmp_path: Path) -> None:
    text = (HERE / "third_client.py").read_text()
    wrong = tmp_path / "client.py"
    wrong.write_text(text.replace("gray 8\\n", "rgba 8\\n"))
    assert check([sys.executable, str(wrong)], replace(SCENARIOS[0], heard=[])) == [
        "The hash is not that of the line art's pixels."
    ]
