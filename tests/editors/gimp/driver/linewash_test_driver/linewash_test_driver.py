#!/usr/bin/env python3
"""A plug-in that plays test scripts inside a running GIMP: see ``tests/editors/gimp/run.py`` for what they may do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
from gi.repository import Gegl, Gimp  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent))
from player import FOLDER_VARIABLE, Player  # noqa: E402
from stage import Stage  # noqa: E402

NAME = "linewash-test-driver"
EYES_VARIABLE = "LINEWASH_TEST_EYES"


class TestDriver(Gimp.PlugIn):  # type: ignore[misc, unused-ignore]
    """Started by GIMP when GIMP starts, and there until it ends."""

    def do_set_i18n(self, name: str) -> bool:
        return False

    def do_query_procedures(self) -> list[str]:
        return [NAME]

    def do_create_procedure(self, name: str) -> Any:
        procedure = Gimp.Procedure.new(self, name, Gimp.PDBProcType.PERSISTENT, self._run, None)
        procedure.set_documentation("Plays test scripts", "Plays test scripts", name)
        return procedure

    def _run(self, procedure: Any, config: Any, data: object) -> Any:
        Gegl.init(None)
        procedure.persistent_ready()
        if FOLDER_VARIABLE in os.environ:
            self._play()
        return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)

    def _play(self) -> None:
        if eyes := os.environ.get(EYES_VARIABLE):
            script = str(Path(__file__).with_name("eyes.py"))
            with Path(eyes, "editor.log").open("wb") as log:
                environment = {**os.environ, FOLDER_VARIABLE: eyes}
                subprocess.Popen(
                    [sys.executable, "-X", "faulthandler", script], env=environment, stdout=log, stderr=log
                )

        def rest(seconds: float) -> None:
            self.persistent_process(round(seconds * 1000))

        Player(lambda folder, args: Stage(folder, args, rest), rest).play_all()


Gimp.main(TestDriver.__gtype__, sys.argv)
