"""Everything that can go wrong with a script, and what a plug-in left behind."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from gi.repository import Gimp


def raises(stage: Any) -> None:
    raise ValueError("no such brush")


def waits(stage: Any) -> None:
    stage.until(lambda: False, 0.1, "the moon is full")


def calls(stage: Any) -> None:
    """Run a procedure that says no."""
    stage.call("gimp-file-load", run_mode=Gimp.RunMode.NONINTERACTIVE)


def writes(stage: Any) -> None:
    Path(stage.args["path"]).write_text("x")


def dies(stage: Any) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


def hangs(stage: Any) -> None:
    time.sleep(3600)


def procedures(stage: Any) -> None:
    """Which of ``names`` GIMP knows."""
    known = [name for name in stage.args["names"] if Gimp.get_pdb().procedure_exists(name)]
    stage.result["known"] = known
