"""Real GIMP in tests: its console, or its window on a hidden screen, driven by scripts that run inside it.

By hand, in the folder of the checkout (``--window`` for more than the console):

    .venv/bin/python -m tests.editors.gimp.run tests/editors/gimp/scripts/paint.py:fill

(variables named LINEWASH_… are handed on, ``--plugin`` installs a zip, ``--arg width=300`` sets ``stage.args``).
In a test, with the fixtures of ``conftest.py`` (one GIMP for all tests of a file):

    def test_a_layer_can_be_filled(gimp: Gimp) -> None:
        assert gimp.play(SCRIPTS / "paint.py", "fill", width=300)["pixel"] == [10, 20, 30, 255]

A script is a plain function. It runs in a plug-in of the harness, a process of its own that GIMP keeps:

    def color(stage):
        image = Gimp.Image.new(stage.args["width"], 200, Gimp.ImageBaseType.RGB)
        …                                                       # all that libgimp offers
        stage.call("plug-in-linewash-color", image=image, drawables=[layer])    # arguments by name, defaults for the
                                                                # rest; what it returns, or CallFailed(status, message)
        stage.until(lambda: …, 30, "the daemon stands")         # wait, GIMP goes on meanwhile
        stage.result["layers"] = len(image.get_layers())        # what `play` returns

`play` raises `ScriptFailed` with the script's traceback, `EditorDied` or `EditorHangs`. Images that a script leaves
open are there for the next script; the fixtures close them after each test. ``batch(gimp.profile, "…")`` runs GIMP as
a pipeline does: one start, one command, its exit status. The window is used from outside:

    def test_pixels(window: GimpWindow) -> None:
        window.open(drawing)
        window.choose("Filters", "Blur", "Pixelize...")         # clicks through the menus; names as they stand there
        window.press("OK", window="Pixelize")                   # a click, once it shows and is enabled
        window.find("Preview", "check box").states              # any widget, as a screen reader sees it
        window.keys("ctrl+z")                                   # real keys; window.click(x, y); window.write("text")
        window.shot("after")                                    # after.png in window.folder
        window.begin(SCRIPT, "opens_a_dialog")                  # a script that waits for the artist …
        window.press("Cancel")
        window.end()                                            # … and what it said
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from .console import running_gimp
from .gui import gimp_window


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.editors.gimp.run", description="Play a script in GIMP.")
    parser.add_argument("script", help="FILE.py or FILE.py:FUNCTION (else the function `script`)")
    parser.add_argument("--window", action="store_true", help="the whole of GIMP; its last sight is screen.png")
    parser.add_argument("--plugin", action="append", default=[], type=Path, metavar="ZIP|FOLDER")
    parser.add_argument("--arg", action="append", default=[], metavar="NAME=JSON")
    parser.add_argument("--folder", type=Path, help="for files, the profile and the log (else a new one in /tmp)")
    options = parser.parse_args(arguments)
    folder = (options.folder or Path(tempfile.mkdtemp(prefix="lw-gimp-"))).resolve()
    file, _, function = options.script.partition(":")
    args = {name: json.loads(value) for name, _, value in (word.partition("=") for word in options.arg)}
    ours = {name: value for name, value in os.environ.items() if name.startswith("LINEWASH_")}
    if options.window:
        with gimp_window(folder, options.plugin, ours) as window:
            result = window.play(Path(file), function or "script", 600, **args)
            window.shot("screen")
    else:
        with running_gimp(folder, options.plugin, ours) as gimp:
            result = gimp.play(Path(file), function or "script", 600, **args)
    print(json.dumps(result, indent=2))
    print(f"Files: {folder}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
