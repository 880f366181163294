"""Every test below this folder needs a real editor."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
RERUNS = 2  # a window, a mouse and two processes on a busy machine miss each other now and then; pytest tells (R)
LIMIT_S = 600  # the first one on a fresh machine may install an editor


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "editor: runs a real editor, installed or unpacked when missing")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.editor)
            item.add_marker(pytest.mark.timeout(LIMIT_S))
            item.add_marker(pytest.mark.flaky(reruns=RERUNS))
