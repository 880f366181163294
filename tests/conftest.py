"""What holds for all tests."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import settings

# A busy machine is no fault of an example: every test has its time limit, and no example one of its own.
settings.register_profile("linewash", deadline=None)
settings.load_profile("linewash")

_OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed", "rerun")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What became of each folder's tests, where they run two files at a time and are dots without a name."""
    if not config.getoption("numprocesses", None):
        return
    found: dict[str, Counter[str]] = {}
    for outcome in _OUTCOMES:
        for report in terminalreporter.stats.get(outcome, ()):
            folder = report.nodeid.partition("::")[0].rpartition("/")[0]
            found.setdefault(folder, Counter())[outcome] += 1
    terminalreporter.section("folders")
    for folder, counts in sorted(found.items()):
        terminalreporter.line(f"{folder}: {', '.join(f'{counts[o]} {o}' for o in _OUTCOMES if counts[o])}")
