"""Tensors out of PyTorch's own files without running anything in them: the pickle inside is interpreted, not unpickled.

Two formats: the zip that ``torch.save`` writes since 1.6, and the stream of four pickles and raw storages it wrote
before. Of pickle's opcodes those are known that a plain dict of tensors needs, and of the things a pickle may name
those in `_NAMES`; whatever else comes ends the reading with `NoWeights`.
"""

from __future__ import annotations

import errno
import math
import mmap
import pickletools
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import torch
from torch import Tensor

#: What the older format begins with: a pickle of the number 0x1950A86A20F9469CFC6C.
MAGIC = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")
ZIP = b"PK\x03\x04"

_FLOAT = 4  # bytes
#: What a zip, or a stack that is out of step, ends in.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OverflowError,
    ValueError, TypeError, LookupError, AttributeError,
)  # fmt: skip
_NAMES = {
    "collections OrderedDict": "dict",
    "torch FloatStorage": "floats",
    "torch.cuda FloatStorage": "floats",
    "torch._utils _rebuild_tensor": "tensor",  # before PyTorch 0.4, as in torchvision's VGG-16
    "torch._utils _rebuild_tensor_v2": "tensor",
}


class NoWeights(Exception):
    """The file holds no dict of tensors that can be read; the text says why and goes after "it"."""


@dataclass(frozen=True)
class _Name:
    """Something the pickle asks for by name; a word of `_NAMES`."""

    kind: str


@dataclass(frozen=True)
class _Storage:
    """``count`` float32 that lie elsewhere in the file, under ``key``."""

    key: str
    count: int


@dataclass(frozen=True)
class _View:
    """A tensor as the pickle describes it; the last three in elements."""

    storage: _Storage
    start: int
    size: tuple[int, ...]
    stride: tuple[int, ...]


def read_pth(path: Path, names: Collection[str]) -> dict[str, Tensor]:
    """Those of ``names`` that the dict in ``path`` holds, as float32 tensors; the rest of it is not fetched.

    Raises `NoWeights`, and `OSError` if the file can't be read.
    """
    try:
        with path.open("rb") as file:
            if file.read(len(ZIP)) == ZIP:
                return _from_zip(path, names)
            file.seek(0)
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
                return _from_stream(whole, names)
    except _DAMAGE as error:
        raise NoWeights("is damaged or cut short") from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise NoWeights("is damaged or cut short") from error  # a zip whose parts lie before its beginning


def _from_zip(path: Path, names: Collection[str]) -> dict[str, Tensor]:
    with zipfile.ZipFile(path) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        pickles = [name for name in entries if name.endswith("/data.pkl")]
        if not pickles:
            raise NoWeights("is no file of PyTorch")
        root = pickles[0].removesuffix("data.pkl")
        if entries.get(f"{root}byteorder") and archive.read(f"{root}byteorder") != b"little":
            raise NoWeights("was saved on a machine of the other byte order")
        with archive.open(f"{root}data.pkl") as stream:
            views = _views(stream)

        def fetch(storage: _Storage) -> bytes:
            entry = entries[f"{root}data/{storage.key}"]
            if entry.file_size != storage.count * _FLOAT or entry.compress_type != zipfile.ZIP_STORED:
                raise NoWeights("has a storage of the wrong size")
            return archive.read(entry)

        return _tensors(views, names, fetch)


def _from_stream(whole: mmap.mmap, names: Collection[str]) -> dict[str, Tensor]:
    """The format before 1.6: magic number, version, facts of the machine, dict, keys of the storages, storages."""
    if whole.read(len(MAGIC)) != MAGIC:
        raise NoWeights("is no file of PyTorch")
    if interpreted(whole) != 1001 or interpreted(whole)["little_endian"] is not True:
        raise NoWeights("is of a version or a byte order that is not read")
    views = _views(whole)
    places: dict[str, tuple[int, int]] = {}
    keys, end = interpreted(whole), whole.tell()
    for key in keys:
        start = end + 8  # a storage's count stands before it
        count = int.from_bytes(whole[start - 8 : start], "little")
        end = start + count * _FLOAT
        if end > len(whole):
            raise NoWeights("is cut short")
        places[key] = (start, count)

    def fetch(storage: _Storage) -> bytes:
        start, count = places[storage.key]
        if count != storage.count:
            raise NoWeights("has a storage of the wrong size")
        return whole[start : start + count * _FLOAT]

    return _tensors(views, names, fetch)


def _views(stream: IO[bytes] | mmap.mmap) -> dict[str, _View]:
    found = interpreted(stream)
    if not isinstance(found, dict):
        raise NoWeights("holds no dict of tensors")
    return {name: value for name, value in found.items() if isinstance(value, _View)}


def _tensors(views: dict[str, _View], names: Collection[str], fetch: Callable[[_Storage], bytes]) -> dict[str, Tensor]:
    found = {}
    for name, view in views.items():
        if name not in names:
            continue
        last = view.start + sum((n - 1) * step for n, step in zip(view.size, view.stride, strict=True))
        if not math.prod(view.size) or last >= view.storage.count:
            raise NoWeights("has a tensor that reaches beyond its storage")
        floats = torch.frombuffer(bytearray(fetch(view.storage)), dtype=torch.float32)
        found[name] = floats.as_strided(view.size, view.stride, view.start)
    return found


def interpreted(stream: IO[bytes] | mmap.mmap) -> Any:
    """What one pickle, which begins where ``stream`` stands and may be followed by others, describes: numbers, text,
    lists, tuples, dicts with texts as keys, and tensors that are still to be fetched. Raises `NoWeights` for any
    other content; a pickle that is no pickle raises `ValueError`, `TypeError` or `LookupError`."""
    machine = _Machine()
    while (opcode := _OPCODES[stream.read(1).decode("latin-1")]).name != "STOP":
        machine.do(opcode.name, _argument(opcode, stream))
    (result,) = machine.stack
    return result


def _argument(opcode: pickletools.OpcodeInfo, stream: IO[bytes] | mmap.mmap) -> Any:
    """What stands behind an opcode; for those that are not known nothing is read."""
    if opcode.name == "GLOBAL":  # pickletools would undo escapes, which are none
        module, name = stream.readline(), stream.readline()
        return f"{module.decode().strip()} {name.decode().strip()}"
    if opcode.arg is None or opcode.name not in _LITERALS | _NUMBERED:
        return None
    return opcode.arg.reader(stream)  # type: ignore[arg-type]  # a mmap reads like a file


_OPCODES = {opcode.code: opcode for opcode in pickletools.opcodes}
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_LITERALS = {
    "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE", "SHORT_BINSTRING",
}  # fmt: skip
_NUMBERED = {"PROTO", "BINPUT", "LONG_BINPUT", "BINGET", "LONG_BINGET"}
_TUPLES = {"EMPTY_TUPLE": 0, "TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class _Machine:
    """Pickle's stack machine with the few opcodes that a dict of tensors needs."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def do(self, opcode: str, argument: Any) -> None:
        if opcode in _CONSTANTS:
            self.stack.append(_CONSTANTS[opcode])
        elif opcode in _LITERALS:
            self.stack.append(argument)
        elif opcode in _TUPLES:
            self.stack.append(tuple(self._take(_TUPLES[opcode])))
        elif opcode in ("BINPUT", "LONG_BINPUT"):
            self.memo[argument] = self.stack[-1]
        elif opcode in ("BINGET", "LONG_BINGET"):
            self.stack.append(self.memo[argument])
        elif opcode != "PROTO":
            step = getattr(self, f"on_{opcode.lower()}", None)
            if step is None:
                raise NoWeights(f"does what weights need not (pickle's {opcode})")
            step(argument)

    def _take(self, count: int) -> list[Any]:
        """The topmost ``count`` things, taken off; the mark below them, if there is one, has to stay below."""
        at = len(self.stack) - count
        if at < (self.marks[-1] if self.marks else 0):
            raise IndexError
        taken = self.stack[at:]
        del self.stack[at:]
        return taken

    def on_mark(self, _: Any) -> None:
        self.marks.append(len(self.stack))

    def _to_mark(self) -> list[Any]:
        return self._take(len(self.stack) - self.marks.pop())

    def on_tuple(self, _: Any) -> None:
        self.stack.append(tuple(self._to_mark()))

    def on_empty_dict(self, _: Any) -> None:
        self.stack.append({})

    def on_empty_list(self, _: Any) -> None:
        self.stack.append([])

    def on_append(self, _: Any) -> None:
        (item,) = self._take(1)
        self._top(list).append(item)

    def on_appends(self, _: Any) -> None:
        items = self._to_mark()
        self._top(list).extend(items)

    def on_setitem(self, _: Any) -> None:
        self._fill(self._take(2))

    def on_setitems(self, _: Any) -> None:
        self._fill(self._to_mark())

    def _fill(self, flat: list[Any]) -> None:
        self._top(dict).update(_pairs(zip(flat[::2], flat[1::2], strict=True)))

    def on_build(self, _: Any) -> None:
        """The attributes of a dict (versions of the modules that it came from) are left aside."""
        self._take(1)
        self._top(dict)

    def _top(self, kind: type) -> Any:
        if not isinstance(self.stack[-1], kind):
            raise TypeError
        return self.stack[-1]

    def on_global(self, name: str) -> None:
        if name not in _NAMES:
            shown = "".join(c for c in name.replace(" ", ".") if c.isprintable())[:80]
            raise NoWeights(f"asks for {shown}, which weights do not need")
        self.stack.append(_Name(_NAMES[name]))

    def on_binpersid(self, _: Any) -> None:
        (identity,) = self._take(1)
        word, kind, key, _place, count, *view = identity
        if (word, kind) != ("storage", _Name("floats")) or any(part is not None for part in view):
            raise NoWeights("holds other numbers than plain float32")
        self.stack.append(_Storage(_of(str, key), _of(int, count)))

    def on_reduce(self, _: Any) -> None:
        called, arguments = self._take(2)
        if called == _Name("dict"):
            self.stack.append(dict(_pairs(*arguments)))
        elif called == _Name("tensor"):
            storage, start, size, stride = arguments[:4]
            shape, steps = tuple(_of(int, n) for n in size), tuple(_of(int, n) for n in stride)
            if min(start, *shape, *steps) < 0:
                raise ValueError
            self.stack.append(_View(_of(_Storage, storage), _of(int, start), shape, steps))
        else:
            raise NoWeights("calls what weights need not")


def _pairs(pairs: Any = ()) -> list[tuple[str, Any]]:
    return [(_of(str, key), value) for key, value in pairs]


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError
    return value
