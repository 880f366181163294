"""Real daemons and sockets, small pictures; that something was measured, never how long it took."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil
import pytest

from bench.__main__ import main
from bench.daemon import own_daemon
from bench.machine import describe, parse_high_water, peak_resident, resident
from bench.wire import measure_wire


def test_the_users_daemon_and_settings_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("LINEWASH_DAEMON", raising=False)
    with own_daemon("bench.null_daemon") as daemon:
        assert os.environ["LINEWASH_RUNTIME_DIR"] != str(tmp_path)
        assert daemon.client.status().pid == daemon.pid
    assert not psutil.pid_exists(daemon.pid)
    assert os.environ["LINEWASH_RUNTIME_DIR"] == str(tmp_path)
    assert "LINEWASH_DAEMON" not in os.environ
    assert list(tmp_path.iterdir()) == []


def test_a_measurement_that_fails_leaves_no_daemon_behind() -> None:
    pids = []
    with pytest.raises(RuntimeError, match="measuring"), own_daemon("bench.null_daemon") as daemon:
        pids.append(daemon.pid)
        raise RuntimeError("measuring went wrong")
    assert not psutil.pid_exists(pids[0])


def test_the_wire_and_the_echo_are_measured_equally_often() -> None:
    figures = measure_wire(64, 3)
    assert len(figures.ours) == len(figures.echo) == 3


def test_memory_of_a_process_is_known_now_and_at_its_peak() -> None:
    now, peak = resident(os.getpid()), peak_resident(os.getpid())
    assert now > 1
    if sys.platform == "linux":
        assert peak is not None
        assert peak >= now * 0.9


def test_the_high_water_mark_is_read_in_megabytes() -> None:
    assert parse_high_water("VmPeak:\t 9 kB\nVmHWM:\t  2000000 kB\nVmRSS:\t 7 kB\n") == 2048.0
    assert parse_high_water("VmRSS:\t 7 kB\n") is None


def test_the_machine_is_named() -> None:
    assert f"{os.cpu_count()} cores" in describe()


def test_a_wrong_command_ends_the_bench_before_it_measures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sizes", "64", "--beside", "paint"]) == 1
    assert "{line}" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--sizes", "1"], ["--sizes", "99999"], ["--sizes", "x"], ["--runs", "0"]])
def test_sizes_and_runs_out_of_range_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
