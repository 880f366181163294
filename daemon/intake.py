"""Messages as they arrive, checked against the contract before anything acts on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import zmq

from linewash.contract import (
    MAX_FRAMES,
    MAX_HEADER,
    MAX_ID,
    PROTOCOL,
    REQUESTS,
    Color,
    Request,
    check_options,
    check_planes,
)
from linewash.errors import LinewashError, ProtocolError, WrongProtocol
from linewash.packing import unpack
from linewash.schema import from_wire

_HASH = re.compile("[0-9a-f]{64}")


class Refused(Exception):
    """A message that is answered with ``error``; ``id`` is the request's as far as it could be read, else ""."""

    def __init__(self, job_id: str, error: LinewashError) -> None:
        super().__init__(job_id, error)
        self.id = job_id
        self.error = error


def read(frames: Sequence[zmq.Frame]) -> tuple[Request, list[memoryview]]:
    """The request and its pixel frames, still in libzmq's memory. ``frames``: without the routing id.

    Raises `Refused`.
    """
    job_id = ""
    try:
        header = _header(frames)
        job_id = _id(header)
        request = from_wire(_kind(header), header)
        pixels = [frame.buffer for frame in frames[1:]]
        _check(request, [len(p) for p in pixels])
    except LinewashError as error:
        raise Refused(job_id, error) from error
    return request, pixels


def _header(frames: Sequence[zmq.Frame]) -> dict[str, Any]:
    if not frames:
        raise ProtocolError("The message is empty.")
    if len(frames[0]) > MAX_HEADER:
        raise ProtocolError(f"A message header has at most {MAX_HEADER} bytes, {len(frames[0])} came.")
    header = unpack(frames[0].buffer)
    if not isinstance(header, dict):
        raise ProtocolError("A message header is a map.")
    return header


def _id(header: dict[str, Any]) -> str:
    value = header.get("id")
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID:
        raise ProtocolError(f"A message needs an id, a text of 1 to {MAX_ID} characters.")
    return value


def _kind(header: dict[str, Any]) -> type[Request]:
    version, op = header.get("v"), header.get("op")
    if type(version) is not int:
        raise ProtocolError("A message needs v, the version of the protocol.")
    if version != PROTOCOL:
        raise WrongProtocol(
            f"The daemon speaks version {PROTOCOL} of the protocol, the message is of version {version}.",
            "Bring Linewash and the plug-in to the same version, then restart the daemon.",
        )
    if not isinstance(op, str) or op not in REQUESTS:
        raise ProtocolError("The daemon does not know this op.", "It knows: " + ", ".join(REQUESTS) + ".", "unknown_op")
    return REQUESTS[op]


def _check(request: Request, sizes: list[int]) -> None:
    if len(sizes) > MAX_FRAMES:
        raise ProtocolError(f"A message has at most {MAX_FRAMES} pixel frames, {len(sizes)} came.")
    if not isinstance(request, Color):
        if sizes:
            raise ProtocolError(f"A {request.op} message has no pixel frames, {len(sizes)} came.")
        return
    if not _HASH.fullmatch(request.hash):
        raise ProtocolError("The hash of a line art is 64 hexadecimal digits, in lower case.")
    if len(request.stream) > MAX_ID:
        raise ProtocolError(f"A stream's name has at most {MAX_ID} characters.")
    check_options(request.options)
    check_planes(request, sizes)
