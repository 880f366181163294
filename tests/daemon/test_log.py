"""The log is private, rotates, and is never a reason to fail."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from linewash_daemon import log as module
from linewash_daemon.log import QuietFile, log_path


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.Logger("a test")
    yield logger
    for handler in logger.handlers:
        handler.close()


def test_the_log_is_for_its_user_alone_and_rotates(
    tmp_path: Path, logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_BYTES", 1000)
    path = tmp_path / "daemon.log"
    logger.addHandler(QuietFile(path))
    for n in range(1000):
        logger.warning("line %d", n)
    assert path.read_text().endswith("line 999\n")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["daemon.log", "daemon.log.1", "daemon.log.2"]
    assert all(p.stat().st_size <= 1000 for p in tmp_path.iterdir())
    assert all(p.stat().st_mode & 0o777 == 0o600 for p in tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_met_in_silence(logger: logging.Logger, capfd: pytest.CaptureFixture[str]) -> None:
    handler = QuietFile(Path("/dev/full"))
    handler.maxBytes = 0  # a device can't be rotated
    logger.addHandler(handler)
    logger.warning("lost")
    logger.exception("lost too")
    handler.close()
    assert capfd.readouterr() == ("", "")


def test_a_folder_that_is_none_is_met_in_silence(
    tmp_path: Path, logger: logging.Logger, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    logger.addHandler(QuietFile(tmp_path / "file" / "daemon.log"))
    logger.warning("lost")
    assert capfd.readouterr() == ("", "")


def test_the_state_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LINEWASH_STATE_DIR", str(tmp_path))
    assert log_path() == tmp_path / "daemon.log"
    monkeypatch.delenv("LINEWASH_STATE_DIR")
    assert "linewash" in str(log_path())
