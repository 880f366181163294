"""Does a running daemon keep the promises of docs/protocol.md? A line for each; exit code 0 when it keeps them all.

    python -m tests.conformance ENDPOINT TOKEN
    python -m tests.conformance --file PATH/connection.json

Needs pyzmq and msgpack and nothing of Linewash's own code, so it is a third client, and can judge any daemon.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.conformance.promises import PROMISES, Broken, Place


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__.partition("\n")[0])
    parser.add_argument("endpoint", nargs="?", help="ipc://PATH or tcp://HOST:PORT")
    parser.add_argument("token", nargs="?")
    parser.add_argument("--file", type=Path, help="a connection file instead")
    options = parser.parse_args(arguments)
    if options.file is not None:
        info = json.loads(options.file.read_text(encoding="utf-8"))
        place = Place(info["endpoint"], info["token"])
    elif options.endpoint and options.token:
        place = Place(options.endpoint, options.token)
    else:
        parser.error("give ENDPOINT and TOKEN, or --file")
    broken = 0
    for promise in PROMISES:
        try:
            promise(place)
            print(f"kept    {promise.__doc__}")
        except Broken as reason:
            broken += 1
            print(f"BROKEN  {promise.__doc__}\n        {reason}")
    print(f"{len(PROMISES) - broken} of {len(PROMISES)} promises kept.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
