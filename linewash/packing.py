"""Message headers as msgpack, bounded: depth, length, number of values.

Editors' Pythons have no pip, and headers are at most a few kilobytes, so a small codec of the standard library is fast
enough and keeps the promise that this folder needs nothing else. Only what the contract uses is spoken: nil, bool, int,
float, str, bin, array and map with text keys; extension types are refused.
Format: github.com/msgpack/msgpack/blob/master/spec.md
"""

from __future__ import annotations

import struct
from typing import Any

from .contract import MAX_HEADER
from .errors import ProtocolError

MAX_DEPTH = 16
MAX_VALUES = 65_536

_SCALARS = {  # first byte -> struct format of what follows
    0xCA: ">f",
    0xCB: ">d",
    0xCC: ">B",
    0xCD: ">H",
    0xCE: ">I",
    0xCF: ">Q",
    0xD0: ">b",
    0xD1: ">h",
    0xD2: ">i",
    0xD3: ">q",
}
_CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}
_LENGTHS = {  # first byte -> kind, struct format of the length
    0xC4: ("bin", ">B"),
    0xC5: ("bin", ">H"),
    0xC6: ("bin", ">I"),
    0xD9: ("str", ">B"),
    0xDA: ("str", ">H"),
    0xDB: ("str", ">I"),
    0xDC: ("array", ">H"),
    0xDD: ("array", ">I"),
    0xDE: ("map", ">H"),
    0xDF: ("map", ">I"),
}
_CODES = {
    "bin": (-1, 0, (0xC4, 0xC5, 0xC6)),  # byte of the short form (none), its lengths, bytes for 8, 16, 32 bit
    "str": (0xA0, 32, (0xD9, 0xDA, 0xDB)),
    "array": (0x90, 16, (None, 0xDC, 0xDD)),
    "map": (0x80, 16, (None, 0xDE, 0xDF)),
}


def pack(value: Any) -> bytes:
    """``value`` (None, bool, int, float, str, bytes, list or tuple, dict with text keys) as msgpack.

    Raises `ProtocolError` for anything else, for integers beyond 64 bit, and beyond the bounds of this module.
    """
    out = bytearray()
    _pack(value, out, 0)
    if len(out) > MAX_HEADER:
        raise ProtocolError(f"A message header has at most {MAX_HEADER} bytes, this one {len(out)}.")
    return bytes(out)


def unpack(data: bytes | bytearray | memoryview) -> Any:
    """The one value that ``data`` holds; `ProtocolError` unless it is whole, within bounds and nothing follows."""
    if len(data) > MAX_HEADER:
        raise ProtocolError(f"A message header has at most {MAX_HEADER} bytes, this one {len(data)}.")
    reader = _Reader(bytes(data))
    value = reader.value(0)
    if reader.at != len(reader.data):
        raise ProtocolError("Bytes follow the end of the message header.")
    return value


def _pack(value: Any, out: bytearray, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ProtocolError(f"A message header is at most {MAX_DEPTH} levels deep.")
    if value is None:
        out.append(0xC0)
    elif value is True or value is False:
        out.append(0xC3 if value else 0xC2)
    elif isinstance(value, int):
        _pack_int(value, out)
    elif isinstance(value, float):
        out += struct.pack(">Bd", 0xCB, value)
    elif isinstance(value, str):
        try:
            raw = value.encode()
        except UnicodeEncodeError as error:
            raise ProtocolError("A text holds half of a surrogate pair.") from error
        _pack_length("str", len(raw), out)
        out += raw
    elif isinstance(value, (bytes, bytearray, memoryview)):
        raw = bytes(value)
        _pack_length("bin", len(raw), out)
        out += raw
    elif isinstance(value, (list, tuple)):
        _pack_length("array", len(value), out)
        for item in value:
            _pack(item, out, depth + 1)
    elif isinstance(value, dict):
        _pack_length("map", len(value), out)
        for key, item in value.items():
            if not isinstance(key, str):
                raise ProtocolError("The keys of a message header are texts.")
            _pack(key, out, depth + 1)
            _pack(item, out, depth + 1)
    else:
        raise ProtocolError(f"A message header can't hold a {type(value).__name__}.")


def _pack_int(value: int, out: bytearray) -> None:
    if -32 <= value < 128:
        out.append(value & 0xFF)
        return
    for code in range(0xCC, 0xD0) if value >= 0 else range(0xD0, 0xD4):
        try:
            raw = struct.pack(_SCALARS[code], value)
        except struct.error:
            continue
        out.append(code)
        out += raw
        return
    raise ProtocolError("A number in a message header has at most 64 bits.")


def _pack_length(kind: str, length: int, out: bytearray) -> None:
    short, short_end, codes = _CODES[kind]
    if length < short_end:
        out.append(short | length)
        return
    for code, form, end in zip(codes, (">B", ">H", ">I"), (1 << 8, 1 << 16, 1 << 32), strict=True):
        if code is not None and length < end:
            out.append(code)
            out += struct.pack(form, length)
            return
    raise ProtocolError("A part of a message header is too long.")


class _Reader:
    """Reads values off ``data`` from the front; ``left`` counts down the values that may still come."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.left = MAX_VALUES

    def take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self.data):
            raise ProtocolError("The message header ends too early.")
        raw = self.data[self.at : end]
        self.at = end
        return raw

    def number(self, form: str) -> Any:
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def value(self, depth: int) -> Any:
        self.left -= 1
        if depth > MAX_DEPTH or self.left < 0:
            raise ProtocolError(f"A message header is at most {MAX_DEPTH} levels deep and holds {MAX_VALUES} values.")
        code = self.take(1)[0]
        if code < 0x80:
            return code
        if code >= 0xE0:
            return code - 256
        if code in _CONSTANTS:
            return _CONSTANTS[code]
        if code in _SCALARS:
            return self.number(_SCALARS[code])
        if code < 0x90:
            return self.map(code & 0x0F, depth)
        if code < 0xA0:
            return self.array(code & 0x0F, depth)
        if code < 0xC0:
            return self.text(code & 0x1F)
        if code not in _LENGTHS:
            raise ProtocolError(f"A message header can't hold the msgpack type 0x{code:02x}.")
        return self.long(code, depth)

    def long(self, code: int, depth: int) -> Any:
        kind, form = _LENGTHS[code]
        length = self.number(form)
        if kind == "bin":
            return self.take(length)
        if kind == "str":
            return self.text(length)
        return self.array(length, depth) if kind == "array" else self.map(length, depth)

    def text(self, length: int) -> str:
        try:
            return self.take(length).decode()
        except UnicodeDecodeError as error:
            raise ProtocolError("A text in the message header is not UTF-8.") from error

    def array(self, length: int, depth: int) -> list[Any]:
        return [self.value(depth + 1) for _ in range(length)]

    def map(self, length: int, depth: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for _ in range(length):
            key = self.value(depth + 1)
            if not isinstance(key, str):
                raise ProtocolError("The keys of a message header are texts.")
            out[key] = self.value(depth + 1)
        return out
