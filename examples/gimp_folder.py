"""Colour all drawings of a folder in GIMP 3, without a window, each into an .xcf with its layers.

    INKS=drawings COLORED=out gimp-console-3.0 -i --batch-interpreter=python-fu-eval \
        -b 'exec(open("examples/gimp_folder.py").read())' --quit

A drawing is NAME.line.png; where there is a NAME.hints.png of the same size, its strokes are obeyed. A drawing that
can't be coloured is named with the reason, and the others are done all the same; the exit code is then 64.
"""

import os
from pathlib import Path

from gi.repository import Gimp, Gio

QUIET = Gimp.RunMode.NONINTERACTIVE


def color_one(line: Path, folder: Path) -> None:
    """Write NAME.xcf into ``folder``. Raises `RuntimeError` with a sentence."""
    image = Gimp.file_load(QUIET, Gio.File.new_for_path(str(line)))
    try:
        ink = image.get_layers()[0]
        if image.get_base_type() != Gimp.ImageBaseType.RGB:
            image.convert_rgb()  # or strokes would be grey
        strokes = _strokes(image, line.with_name(line.name.replace(".line.", ".hints.")))
        filter_ = Gimp.get_pdb().lookup_procedure("plug-in-linewash-color")
        wish = filter_.create_config()
        wish.set_property("run-mode", QUIET)
        wish.set_property("image", image)
        wish.set_core_object_array("drawables", [ink])
        wish.set_property("hints", strokes)
        wish.set_property("seed", 7)
        if filter_.run(wish).index(0) != Gimp.PDBStatusType.SUCCESS:
            raise RuntimeError(Gimp.get_pdb().get_last_error())
        name = line.name.replace(".line.png", ".xcf")
        Gimp.file_save(QUIET, image, Gio.File.new_for_path(str(folder / name)), None)
    finally:
        image.delete()


def _strokes(image: Gimp.Image, path: Path) -> Gimp.Layer | None:
    """A layer with what is in the file, above the others."""
    if not path.exists():
        return None
    layer = Gimp.file_load_layer(QUIET, image, Gio.File.new_for_path(str(path)))
    image.insert_layer(layer, None, 0)
    return layer


def color_all(inks: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    for line in sorted(inks.glob("*.line.png")):
        try:
            color_one(line, folder)
            print(line.name)
        except RuntimeError as reason:
            failed.append(f"{line.name}: {reason}")
    if failed:
        raise SystemExit("\n".join(failed))


color_all(Path(os.environ["INKS"]), Path(os.environ["COLORED"]))
