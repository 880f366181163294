"""Our msgpack against the reference library, and against bytes that nobody sane would send."""

from __future__ import annotations

import struct
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewash.contract import MAX_HEADER
from linewash.errors import ProtocolError
from linewash.packing import MAX_DEPTH, MAX_VALUES, pack, unpack

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=300)
    | st.binary(max_size=300)
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=40), inner, max_size=20)
)


@given(values)
def test_what_is_packed_is_what_the_reference_packs(value: Any) -> None:
    assert pack(value) == msgpack.packb(value)


@given(values)
def test_what_the_reference_packs_is_read(value: Any) -> None:
    assert unpack(msgpack.packb(value)) == value


@given(st.floats(width=32, allow_nan=False))
def test_single_precision_is_read(value: float) -> None:
    assert unpack(msgpack.packb(value, use_single_float=True)) == value


@pytest.mark.parametrize("length", [15, 16, 31, 32, 255, 256, 65_535, 65_536])
def test_every_length_form_is_spoken(length: int) -> None:
    for value in ["x" * length, b"x" * length, [0] * (length - length // 65_536 * 10)]:
        assert pack(value) == msgpack.packb(value)
        assert unpack(pack(value)) == value


def test_tuples_become_lists() -> None:
    assert unpack(pack({"rgb": (1, 2, 3)})) == {"rgb": [1, 2, 3]}


@given(st.binary(max_size=2000))
def test_any_bytes_give_a_value_or_a_protocol_error(raw: bytes) -> None:
    try:
        value = unpack(raw)
    except ProtocolError:
        return
    assert repr(msgpack.unpackb(raw, strict_map_key=False)) == repr(value)


@given(values, st.data())
def test_a_message_cut_short_is_refused(value: Any, data: st.DataObject) -> None:
    raw = pack(value)
    with pytest.raises(ProtocolError):
        unpack(raw[: data.draw(st.integers(0, len(raw) - 1))])


@given(values, st.binary(min_size=1, max_size=8))
def test_bytes_after_the_end_are_refused(value: Any, more: bytes) -> None:
    with pytest.raises(ProtocolError):
        unpack(pack(value) + more)


@pytest.mark.parametrize(
    "bomb",
    [
        b"\x91" * 100_000,
        b"\x81\xa1a" * 80_000,
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\xdd" + struct.pack(">I", MAX_VALUES + 1) + b"\xc0" * (MAX_VALUES + 1),
        b"\x00" * (MAX_HEADER + 1),
    ],
    ids=["deep arrays", "deep maps", "long array", "long map", "long text", "long bytes", "many values", "too long"],
)
def test_a_bomb_is_refused(bomb: bytes) -> None:
    with pytest.raises(ProtocolError):
        unpack(bomb)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xc1", b"\xa1\xff", b"\x81\x01\x01", b"\x81\xc4\x01a\x01", b"\xd4\x01\x00", b"\xc7\x00\x01"],
    ids=["empty", "unused type", "bad utf-8", "number as key", "bytes as key", "extension", "empty extension"],
)
def test_what_the_contract_does_not_use_is_refused(raw: bytes) -> None:
    with pytest.raises(ProtocolError):
        unpack(raw)


@pytest.mark.parametrize("value", [{1: 2}, object(), 2**64, -(2**63) - 1, "\ud800", {"a": {1, 2}}, "x" * MAX_HEADER])
def test_what_cannot_be_sent_is_refused(value: Any) -> None:
    with pytest.raises(ProtocolError):
        pack(value)


def test_depth_is_bounded_at_the_same_place_both_ways() -> None:
    value: Any = 0
    for _ in range(MAX_DEPTH):
        value = [value]
    assert unpack(pack(value)) == value
    with pytest.raises(ProtocolError):
        pack([value])
    with pytest.raises(ProtocolError):
        unpack(msgpack.packb([value]))
