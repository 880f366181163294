"""Messages to plain maps and back, each value checked against the dataclass's own type hints on its way in."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any, Literal, TypeVar, Union

from .errors import ProtocolError

T = TypeVar("T")


def to_wire(message: Any) -> dict[str, Any]:
    """A message as the plain map that is packed: ``op`` added, nested dataclasses as maps."""
    return {"op": message.op, **dataclasses.asdict(message)}


def from_wire(kind: type[T], value: Any) -> T:
    """Check ``value`` (as unpacked) against the dataclass ``kind`` and build it; unknown fields are ignored.

    Raises `ProtocolError` naming the field that is missing or wrong.
    """
    built = _build(kind, value, kind.__name__)
    assert isinstance(built, kind)
    return built


def _build(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise ProtocolError(f"{where} should be a map.")
    hints = _hints(kind)
    out = {}
    for f in dataclasses.fields(kind):
        if f.name in value:
            out[f.name] = _check(hints[f.name], value[f.name], f"{where}.{f.name}")
        elif f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING:
            raise ProtocolError(f"{where}.{f.name} is missing.")
    return kind(**out)


_HINTS: dict[Any, dict[str, Any]] = {}


def _hints(kind: Any) -> dict[str, Any]:
    if kind not in _HINTS:
        _HINTS[kind] = typing.get_type_hints(kind)
    return _HINTS[kind]


def _check(kind: Any, value: Any, where: str) -> Any:
    """``value`` as a ``kind``: dataclass, Literal, Optional, tuple, dict or scalar; `ProtocolError` otherwise."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _build(kind, value, where)
    if origin is Literal:
        if type(value) in (str, int) and value in args:
            return value
        raise ProtocolError(f"{where} should be one of {', '.join(map(str, args))}.")
    if origin is Union or origin is types.UnionType:
        return None if value is None else _check(next(a for a in args if a is not type(None)), value, where)
    if origin is tuple:
        return _check_tuple(args, value, where)
    if origin is dict:
        if not isinstance(value, dict) or len(value) > 256:
            raise ProtocolError(f"{where} should be a small map.")
        return {_check(args[0], k, where): _check(args[1], v, f"{where}.{k}") for k, v in value.items()}
    if kind is float and type(value) in (int, float):
        number = float(value)
        if number - number != 0:
            raise ProtocolError(f"{where} should be a finite number.")
        return number
    if type(value) is not kind:
        raise ProtocolError(f"{where} should be of type {kind.__name__}.")
    return value


def _check_tuple(args: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise ProtocolError(f"{where} should be a list.")
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_check(args[0], v, where) for v in value)
    if len(value) != len(args):
        raise ProtocolError(f"{where} should hold {len(args)} values.")
    return tuple(_check(a, v, where) for a, v in zip(args, value, strict=True))
