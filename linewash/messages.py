"""Messages of the contract as ZMTP frames and back."""

from __future__ import annotations

from .contract import PROTOCOL, REPLIES, Reply, Request
from .errors import ProtocolError, WrongProtocol
from .packing import pack, unpack
from .schema import from_wire, to_wire


def wire_frames(request: Request, pixels: list[memoryview]) -> list[bytes | memoryview]:
    return [pack(to_wire(request)), *pixels]


def read_reply(header: bytes | bytearray) -> Reply | None:
    """The reply in frame 0, ``None`` when it is of a kind that this client doesn't know and so ignores.

    Raises `ProtocolError`, or `WrongProtocol` when it is of another version.
    """
    value = unpack(header)
    version, op = (value.get("v"), value.get("op")) if isinstance(value, dict) else (None, None)
    if type(version) is not int:
        raise ProtocolError("The daemon sent a message without a version.")
    if version != PROTOCOL:
        raise wrong_protocol(version)
    if not isinstance(op, str):
        raise ProtocolError("The daemon sent a message without an op.")
    if op not in REPLIES:
        return None
    return from_wire(REPLIES[op], value)


def wrong_protocol(theirs: int) -> WrongProtocol:
    return WrongProtocol(
        f"The daemon speaks version {theirs} of the protocol, this client version {PROTOCOL}.",
        "Update the older of the two, and stop the daemon: linewash daemon stop",
    )
