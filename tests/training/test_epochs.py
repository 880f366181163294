"""Epochs are counted in samples, and each leaves a sheet unless that would be a burden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linewash_training import checkpoint
from linewash_training.epochs import Epochs, Keeping
from tests.training.small_run import small, trained, write_pack


def test_an_epoch_is_as_many_samples_as_there_are_pairs() -> None:
    epochs = Epochs(samples=10, batch=4)
    assert [epochs.before(step) for step in (0, 1, 5)] == [0, 0.4, 2]
    assert [step for step in range(10) if epochs.ends(step)] == [2, 4, 7, 9]


def test_a_step_may_end_several_epochs() -> None:
    assert all(Epochs(samples=2, batch=12).ends(step) for step in range(5))


def sheets(keeping: Keeping, seconds_a_step: float, seconds_a_sheet: float, steps: int) -> list[int]:
    """The steps after which a run of this speed keeps a sheet for the epoch's sake."""
    now, kept = keeping.since, []
    for step in range(steps):
        now += seconds_a_step
        if keeping.sheet_due(step, now):
            keeping.kept(now, now + seconds_a_sheet, state=False)
            now += seconds_a_sheet
            kept.append(step + 1)
    return kept


def test_every_epoch_leaves_a_sheet() -> None:
    assert sheets(Keeping(Epochs(100, 4), 7.0), 4.0, 1.5, 101) == [25, 50, 75, 100]


def test_sheets_take_no_more_than_a_fiftieth_of_the_time_where_epochs_are_short() -> None:
    kept = sheets(Keeping(Epochs(16, 2), 7.0), 0.01, 0.5, 10_000)
    assert kept[0] == 8  # the first epoch has its sheet
    assert 2 <= len(kept) <= 1 + 10_000 * 0.01 / 0.5 / 50
    assert all(step % 8 == 0 for step in kept)


def test_states_are_kept_five_minutes_apart() -> None:
    keeping = Keeping(Epochs(16, 2), 1000.0)
    assert not keeping.state_due(1300.0)
    assert keeping.state_due(1301.0)
    keeping.kept(1301.0, 1303.0, state=False)
    assert keeping.state_due(1304.0)
    keeping.kept(1304.0, 1306.0, state=True)
    assert not keeping.state_due(1606.0)
    assert keeping.state_due(1607.0)


def test_the_sheet_that_comes_with_a_state_counts() -> None:
    keeping = Keeping(Epochs(16, 2), 0.0)
    keeping.kept(301.0, 303.0, state=True)
    assert not keeping.sheet_due(7, 305.0)
    assert keeping.sheet_due(7, 403.0)
    assert not keeping.sheet_due(8, 403.0)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    trained(small(), write_pack(folder / "art.safetensors"), folder / "run", steps=21)
    return folder / "run"


def test_a_run_keeps_a_sheet_of_its_first_epoch_and_of_its_end(run: Path) -> None:
    steps = sorted(int(path.stem) for path in (run / "sheets").glob("*.png"))
    assert (steps[0], steps[-1]) == (8, 21)
    assert all(step % 8 == 0 for step in steps[:-1])


def test_the_log_counts_epochs(run: Path) -> None:
    (line,) = (json.loads(text) for text in (run / "log.jsonl").read_text().splitlines())
    assert (line["step"], line["epoch"]) == (19, 2.5)


def test_a_state_says_what_was_asked_for_and_where_it_was_done(run: Path) -> None:
    facts = checkpoint.facts(run)
    assert facts
    told = facts["session"]
    assert (told["given"], told["pairs"], told["held"], told["samples"], told["batch"]) == ("small", 16, 4, 16, 2)
    assert told["asked"] == {"minutes": None, "steps": 21}
    assert told["recipe"]["settings"] == small().settings
    assert told["ended"] == "finished"
    assert told["parameters"] > 10_000
