"""Layers that show on one frame only.

Krita's scripts can't make keyframes, but Krita loads them: it saves a tiny document of the colour space that is wanted,
keyframes are written into that file (empty at the first frame, at the frame wanted and at the one after it), and Krita
opens it again. What is then painted on a copy of its layer at the frame wanted ends with that frame.
"""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from typing import Any

from krita import InfoObject

from ..linewash.editor.texts import tr
from ..linewash.errors import BadInput
from .spaces import Bench, Space

_EMPTY = "VERSION 2\nTILEWIDTH 64\nTILEHEIGHT 64\nPIXELSIZE {}\nDATA 0\n"
_KEYFRAME = '<keyframe time="{time}" color-label="0" frame="{name}"><offset type="point" x="0" y="0"/></keyframe>'
_KEYFRAMES = """<?xml version="1.0" encoding="UTF-8"?>
<keyframes xmlns="http://www.calligra.org/DTD/krita-keyframes"><channel name="content">{}</channel></keyframes>
"""


class FrameBench(Bench):
    """A bench whose layers show on ``frame`` only. Raises `BadInput` (``frame_unsupported``) where Krita won't."""

    def __init__(self, krita: Any, space: Space, frame: int) -> None:
        super().__init__(krita, space)
        plain = self.document
        try:
            self.document = _opened(krita, plain, space, frame)
        finally:
            plain.setModified(False)
            plain.close()
        self._layer = self.document.topLevelNodes()[0]
        self.document.setCurrentTime(frame)
        self.document.waitForDone()

    def new_layer(self, name: str) -> Any:
        node = self._layer.duplicate()
        node.setName(name)
        return node


def _opened(krita: Any, plain: Any, space: Space, frame: int) -> Any:
    """The document with keyframes in its layer, opened by Krita as another one."""
    with tempfile.TemporaryDirectory(prefix="linewash-") as folder:
        saved, animated = os.path.join(folder, "plain.kra"), os.path.join(folder, "frame.kra")
        plain.exportImage(saved, InfoObject())
        asks_nothing = krita.batchmode()
        krita.setBatchmode(True)  # or a file that Krita dislikes brings up a dialog
        try:
            with zipfile.ZipFile(saved) as source, zipfile.ZipFile(animated, "w") as target:
                for name, data in _with_keyframes(source, space, frame):
                    target.writestr(name, data)
            document = krita.openDocument(animated)
        except (OSError, KeyError, AttributeError, zipfile.BadZipFile):
            document = None
        finally:
            krita.setBatchmode(asks_nothing)
    if document is None or not document.topLevelNodes() or not document.topLevelNodes()[0].animated():
        raise BadInput(
            tr("This Krita does not let Linewash put colours on a single frame."),
            tr("Copy the frame to a drawing without animation and colour it there."),
            "frame_unsupported",
        )
    document.setBatchmode(True)
    return document


def _with_keyframes(file: zipfile.ZipFile, space: Space, frame: int) -> Iterator[tuple[str, bytes | str]]:
    main = file.read("maindoc.xml").decode()
    found = re.search(r'<layer\b[^>]*\bfilename="([^"]+)"', main)
    assert found is not None, "Krita saved a document without a layer"
    layer = found.group(1)
    path = next(name for name in file.namelist() if name.endswith(f"/layers/{layer}"))
    keyframes = []
    for time in sorted({0, frame, frame + 1}):
        suffix = f".f{time}" if time else ""
        keyframes.append(_KEYFRAME.format(time=time, name=layer + suffix))
        yield path + suffix, _EMPTY.format(space.pixel_bytes)
        yield f"{path}{suffix}.defaultpixel", bytes(space.pixel_bytes)
    yield f"{path}.keyframes.xml", _KEYFRAMES.format("".join(keyframes))
    yield "maindoc.xml", main.replace("<layer ", f'<layer keyframes="{layer}.keyframes.xml" ', 1)
    for name in file.namelist():
        if name not in {path, f"{path}.defaultpixel", "maindoc.xml"}:
            yield name, file.read(name)
