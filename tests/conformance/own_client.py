"""The conformance program of Linewash's own client."""

from __future__ import annotations

import sys

from linewash import Client, LinewashError, Picture

try:
    with Client(start=False, name="conformance") as client:
        result = client.color(Picture(40, 24, "gray", 8, bytes(range(240)) * 4))
except LinewashError as error:
    sys.exit(str(error))
sys.stdout.buffer.write(result.layers[0].picture.pixels)
