"""Everything that can go wrong with a script, and what a plug-in left behind."""

from __future__ import annotations

import os
import signal
import time
from typing import Any


def raises(stage: Any) -> Any:
    yield 0.05
    raise ValueError("no such brush")


def waits(stage: Any) -> Any:
    yield stage.until(lambda: False, 0.1, "the moon is full")


def blocks(stage: Any) -> Any:
    stage.mark()
    yield 0.05
    fall_asleep(0.4)
    yield 0.05
    stage.result["blocked_ms"] = stage.blocked_ms()
    stage.result["where"] = stage.blocked_where()


def fall_asleep(seconds: float) -> None:
    time.sleep(seconds)


def dies(stage: Any) -> Any:
    yield 0.05
    os.kill(os.getpid(), signal.SIGKILL)


def hangs(stage: Any) -> Any:
    yield 3600.0


def variable(stage: Any) -> Any:
    yield
    stage.result[stage.args["name"]] = os.environ.get(stage.args["name"])
