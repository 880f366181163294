"""Files written: they open again with the same pixels, modes and offsets, and are never seen half-written."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode

from linewash.errors import BadInput
from linewash_daemon.pictures.document import Document, layered
from linewash_daemon.pictures.flatten import flatten
from linewash_daemon.pictures.read import read_picture
from linewash_daemon.pictures.save import atomic_file, check_output, save

from .files import RECORD, drawing, layer, noise


def painted(depth: Literal[8, 16] = 8) -> Document:
    flats, light, shade = (noise((40, 60, 4), depth, seed) for seed in range(3))
    lines = drawing()[..., None]
    return layered(
        lines.astype(np.uint16) * 257 if depth == 16 else lines,
        [
            layer("Flats", "normal", flats),
            layer("Shading · 影", "multiply", shade[3:30, 5:50], "shading", x=5, y=3, opacity=0.5),
            layer("Highlights", "screen", light, "highlights"),
        ],
    )


@pytest.mark.parametrize("depth", [8, 16])
def test_png_opens_with_the_flattened_pixels_and_the_record(tmp_path: Path, depth: Literal[8, 16]) -> None:
    document = painted(depth)
    save(document, RECORD, tmp_path / "out.png", overwrite=False)
    merged = flatten(document)
    assert (read_picture(tmp_path / "out.png").pixels == merged[..., :3]).all()
    with Image.open(tmp_path / "out.png") as picture:
        assert json.loads(picture.text["Linewash"])["seed"] == 3  # type: ignore[attr-defined]
        assert picture.info["srgb"] == 0


def test_png_keeps_transparency_where_nothing_is_painted(tmp_path: Path) -> None:
    ink = np.zeros((40, 60, 2), np.uint8)
    flats = noise((40, 60, 4), 8)
    save(layered(ink, [layer("flats", "normal", flats)]), RECORD, tmp_path / "out.png", overwrite=False)
    assert (read_picture(tmp_path / "out.png").pixels[..., 3] == flats[..., 3]).all()


@pytest.mark.parametrize("depth", [8, 16])
def test_ora_is_a_valid_openraster_with_equal_pixels(tmp_path: Path, depth: Literal[8, 16]) -> None:
    document = painted(depth)
    save(document, RECORD, tmp_path / "out.ora", overwrite=False)
    with zipfile.ZipFile(tmp_path / "out.ora") as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert archive.read("mimetype") == b"image/openraster"
        root = ElementTree.fromstring(archive.read("stack.xml"))
        assert (root.tag, root.get("w"), root.get("h")) == ("image", "60", "40")
        stack = root.find("stack")
        assert stack is not None
        lines, group = list(stack)
        assert (lines.get("name"), lines.get("composite-op")) == ("Line art", "svg:multiply")
        assert (group.tag, group.get("name")) == ("stack", "Linewash")
        for element, sheet in zip(group, reversed(document.painted), strict=True):
            assert element.get("name") == sheet.name
            assert (element.get("x"), element.get("y")) == (str(sheet.x), str(sheet.y))
            assert element.get("opacity") == f"{sheet.opacity:g}"
            stored = cv2.imdecode(np.frombuffer(archive.read(element.attrib["src"]), np.uint8), cv2.IMREAD_UNCHANGED)
            assert stored is not None
            assert (stored[..., [2, 1, 0, 3]] == sheet.pixels).all()
        assert [e.get("composite-op") for e in group] == ["svg:screen", "svg:multiply", "svg:src-over"]
        with Image.open(io.BytesIO(archive.read("mergedimage.png"))) as merged:
            assert merged.size == (60, 40)
        with Image.open(io.BytesIO(archive.read("Thumbnails/thumbnail.png"))) as thumbnail:
            assert max(thumbnail.size) <= 256


def test_the_same_layers_make_the_same_ora_file(tmp_path: Path) -> None:
    for name in ("a.ora", "b.ora"):
        save(painted(), RECORD, tmp_path / name, overwrite=False)
    assert (tmp_path / "a.ora").read_bytes() == (tmp_path / "b.ora").read_bytes()


@pytest.mark.parametrize("depth", [8, 16])
def test_psd_opens_with_equal_layers(tmp_path: Path, depth: Literal[8, 16]) -> None:
    document = painted(depth)
    save(document, RECORD, tmp_path / "out.psd", overwrite=False)
    psd = PSDImage.open(tmp_path / "out.psd")
    assert (psd.width, psd.height, psd.depth) == (60, 40, depth)
    group, lines = list(psd)
    assert (group.name, group.is_group()) == ("Linewash", True)
    assert (lines.name, lines.blend_mode) == ("Line art", BlendMode.MULTIPLY)
    modes = [BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.SCREEN]
    for stored, sheet, mode in zip(group, document.painted, modes, strict=True):  # type: ignore[call-overload]
        assert (stored.name, stored.blend_mode) == (sheet.name, mode)
        assert (stored.left, stored.top) == (sheet.x, sheet.y)
        assert stored.opacity == round(sheet.opacity * 255)
        assert (back(stored, depth) == sheet.pixels).all()
    assert (back(lines, depth) == document.line_art.pixels).all()
    merged = np.rint(psd.numpy() * np.iinfo(document.line_art.pixels.dtype).max)
    assert (merged[..., :3] == flatten(document)[..., :3]).all()


def back(stored: Any, depth: int) -> Any:
    return np.rint(stored.numpy() * (2**depth - 1)).astype(np.uint16)


def test_tint_lies_above_the_drawing_in_layered_files(tmp_path: Path) -> None:
    document = layered(drawing()[..., None], [layer("color", "color", noise((40, 60, 3), 8), "color")])
    save(document, RECORD, tmp_path / "out.psd", overwrite=False)
    assert [entry.name for entry in PSDImage.open(tmp_path / "out.psd")] == ["Picture", "Linewash"]
    save(document, RECORD, tmp_path / "out.ora", overwrite=False)
    with zipfile.ZipFile(tmp_path / "out.ora") as archive:
        stack = ElementTree.fromstring(archive.read("stack.xml")).find("stack")
        assert stack is not None
        assert [element.get("name") for element in stack] == ["Linewash", "Picture"]


def code_of(path: Path, overwrite: bool = False, inputs: tuple[Path, ...] = ()) -> str:
    with pytest.raises(BadInput) as caught:
        check_output(path, overwrite, inputs)
    assert caught.value.remedy
    return caught.value.code


def test_existing_output_is_refused_early_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "out.png"
    path.write_bytes(b"precious")
    assert code_of(path) == "output_exists"
    check_output(path, overwrite=True)
    check_output(tmp_path / "other.png", overwrite=False)


def test_inputs_are_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "line.png"
    path.write_bytes(b"precious")
    assert code_of(tmp_path / "." / "line.png", overwrite=True, inputs=(path,)) == "output_exists"


def test_places_that_cannot_be_written_are_refused_early(tmp_path: Path) -> None:
    assert code_of(tmp_path / "gone" / "out.png") == "output_unwritable"
    (tmp_path / "folder.png").mkdir()
    assert code_of(tmp_path / "folder.png", overwrite=True) == "output_unwritable"
    assert code_of(tmp_path / "out.jpg") == "bad_option"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_folder_without_write_permission_is_refused_early(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert code_of(tmp_path / "out.png") == "output_unwritable"
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs Linux's /proc, where not even root may create files")
def test_folder_that_refuses_only_on_writing_gives_the_same_code() -> None:
    with pytest.raises(BadInput) as caught:
        save(painted(), RECORD, Path("/proc/out.png"), overwrite=True)
    assert caught.value.code == "output_unwritable"


def test_file_that_appeared_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "out.png"
    with pytest.raises(BadInput) as caught, atomic_file(path, overwrite=False) as file:
        file.write(b"new")
        path.write_bytes(b"precious")
    assert caught.value.code == "output_exists"
    assert path.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [path]


def test_failure_while_writing_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.png"
    path.write_bytes(b"precious")
    with pytest.raises(KeyboardInterrupt), atomic_file(path, overwrite=True) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [path]


def test_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    save(painted(), RECORD, tmp_path / "out.png", overwrite=False)
    assert (tmp_path / "out.png").stat().st_mode == (tmp_path / "plain").stat().st_mode


FULL = """
import resource, sys
from pathlib import Path
import numpy as np
from linewash.errors import BadInput
from linewash_daemon.pictures.document import layered
from linewash_daemon.pictures.save import save
from tests.daemon.pictures.files import RECORD, layer, noise
document = layered(np.full((200, 200, 1), 255, np.uint8), [layer("flats", "normal", noise((200, 200, 3), 8))])
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    save(document, RECORD, Path(sys.argv[1]), overwrite=True)
except BadInput as error:
    print(error.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
@pytest.mark.parametrize("suffix", ["png", "ora", "psd"])
def test_disk_that_takes_no_more_gives_a_clean_error_and_no_half_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out.{suffix}"
    path.write_bytes(b"precious")
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)])}
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], env=environment, capture_output=True, text=True, timeout=60
    )
    assert run.stdout.strip() == "output_unwritable", run.stderr
    assert path.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [path]
