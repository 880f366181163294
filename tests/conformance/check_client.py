"""Puts a client through what docs/protocol.md says: ``python -m tests.conformance.check_client COMMAND...``

See the README beside this file for what COMMAND has to do.
"""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import zmq

from linewash.connection import ConnectionInfo, connection_path, write_connection
from linewash.contract import PROTOCOL, Color, Error, Hello, HelloReply, Layer, Layers, Plane, Progress, Record
from linewash.packing import pack
from linewash.schema import to_wire
from linewash_daemon.auth import Gate, make_token
from linewash_daemon.front import Front, default_transport
from linewash_daemon.intake import Refused, read

LIMIT = 30.0  # seconds for one run of the client
SENTENCE = "The style is worn out today."

Reply = tuple[dict[str, Any], list[bytes]]
Script = Callable[[Color], list[Reply]]


@dataclass
class Scenario:
    """One run of the client: how the daemon answers, and whether the client is to succeed."""

    name: str
    answer: Script
    succeeds: bool = True
    says: str = ""  # must be in what the client prints to standard error
    version: int = PROTOCOL
    mode: int = 0o600
    right_token: bool = True
    heard: list[Any] = field(default_factory=list)


def pixels_of(request: Color) -> bytes:
    """What the scripted daemon paints: every byte tells its place."""
    count = request.lineart.width * request.lineart.height * 4
    return (bytes(range(251)) * (count // 251 + 1))[:count]


def healthy(request: Color) -> list[Reply]:
    plane = Plane(request.lineart.width, request.lineart.height)
    record = Record("a style", "0" * 64, 0, "cpu", request.hash, False, {"total": 0.5}, request.options)
    layers = Layers(request.id, (Layer("Flats", "flats", "normal", plane),), record)
    started = [to_wire(Progress(request.id, "queued", 0.0)), to_wire(Progress(request.id, "color", 0.5))]
    return [*((header, []) for header in started), (to_wire(layers), [pixels_of(request)])]


def newer(request: Color) -> list[Reply]:
    """A newer daemon of the same version: fields, stages and messages that nobody has heard of."""
    replies = healthy(request)
    stranger = {"v": PROTOCOL, "op": "progress", "id": "nobody's", "stage": "color", "fraction": 0.5}
    replies[1][0]["stage"] = "contemplation"
    layers = replies[-1][0]
    for part in (layers, layers["record"], layers["layers"][0], layers["layers"][0]["plane"]):
        part["later"] = {"deep": [1, None, {"er": 2.5}]}
    return [(stranger, []), *replies]


def failing(code: str) -> Script:
    def answer(request: Color) -> list[Reply]:
        return [*healthy(request)[:1], (to_wire(Error(request.id, code, SENTENCE, "Let it rest.")), [])]

    return answer


SCENARIOS = [
    Scenario("a job brings its layers", healthy),
    Scenario("what is unknown is ignored", newer),
    Scenario("an error is told", failing("model_unusable"), succeeds=False, says=SENTENCE),
    Scenario("an error of unknown code is told", failing("from_the_future"), succeeds=False, says=SENTENCE),
    Scenario("another version is refused", healthy, succeeds=False, version=PROTOCOL + 1),
    Scenario("a wrong token ends it", healthy, succeeds=False, right_token=False),
    Scenario("a file that others can read is refused", healthy, succeeds=False, mode=0o644),
]


def check(command: Sequence[str], scenario: Scenario) -> list[str]:
    """Run the client once; what it did wrong, in sentences."""
    with tempfile.TemporaryDirectory(prefix="lw-") as name:
        folder = Path(name)
        context: zmq.Context[Any] = zmq.Context()
        token = make_token()
        gate = Gate(context, token)
        front = Front(context, folder, default_transport())
        shown = token if scenario.right_token else make_token()
        _connect(ConnectionInfo(front.endpoint, shown, os.getpid(), PROTOCOL, "0"), folder, scenario.mode)
        environment = {**os.environ, "LINEWASH_RUNTIME_DIR": name, "LINEWASH_DAEMON": "no-daemon-is-to-be-started"}
        pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, "env": environment}
        with (folder / "stdout").open("wb") as out, subprocess.Popen(list(command), stdout=out, **pipes) as client:
            try:
                problems = _serve(client, gate, front, scenario)
            finally:
                client.kill()
                errors = client.stderr.read().decode(errors="replace") if client.stderr else ""
                front.close()
                gate.close()
                context.term()
        return problems or _verdict(scenario, client.returncode, (folder / "stdout").read_bytes(), errors)


def _connect(info: ConnectionInfo, folder: Path, mode: int) -> None:
    path = write_connection(info, folder / connection_path().name)
    path.chmod(mode)


def _serve(client: subprocess.Popen[bytes], gate: Gate, front: Front, scenario: Scenario) -> list[str]:
    poller = zmq.Poller()
    poller.register(gate.socket, zmq.POLLIN)
    poller.register(front.socket, zmq.POLLIN)
    deadline, ids = time.monotonic() + LIMIT, set[str]()
    scenario.heard.clear()
    while client.poll() is None:
        if time.monotonic() > deadline:
            return [f"It did not end within {LIMIT:g} seconds."]
        poller.poll(50)
        gate.answer()
        while (frames := front.receive()) is not None:
            try:
                request, pixels = read(frames[1:])
            except Refused as refused:
                return [f"It sent a message that breaks the contract: {refused.error.sentence}"]
            if request.id in ids:
                return [f"It used the id {request.id} twice."]
            ids.add(request.id)
            scenario.heard.append(request)
            if isinstance(request, Color) and request.lineart.frame is not None:
                plane = request.lineart
                if request.hash != _hash(plane, pixels[plane.frame or 0]):
                    return ["The hash is not that of the line art's pixels."]
            for header, planes in _answers(request, scenario):
                front.socket.send_multipart([frames[0].bytes, pack({**header, "v": scenario.version}), *planes])
    return []


def _answers(request: Any, scenario: Scenario) -> list[Reply]:
    if isinstance(request, Hello):
        later = {"later": "unknown"} if scenario.answer is newer else {}
        hello = HelloReply(request.id, "0", os.getpid(), protocol=scenario.version)
        return [({**to_wire(hello), **later}, [])]
    if isinstance(request, Color):
        if request.lineart.frame is None:
            return [(to_wire(Error(request.id, "lineart_unknown", "The line art is not known.")), [])]
        return scenario.answer(request)
    return []


def _hash(plane: Plane, pixels: memoryview) -> str:
    digest = hashlib.sha256(f"{plane.width} {plane.height} {plane.channels} {plane.depth}\n".encode())
    digest.update(pixels)
    return digest.hexdigest()


def _verdict(scenario: Scenario, code: int, out: bytes, errors: str) -> list[str]:
    jobs = [request for request in scenario.heard if isinstance(request, Color)]
    problems = []
    if scenario.succeeds != (code == 0):
        problems.append(f"It ended with code {code}. {errors.strip()[-2000:]}")
    if scenario.succeeds and not jobs:
        problems.append("It never asked for colours.")
    if scenario.succeeds and jobs and out != pixels_of(jobs[-1]):
        problems.append("What it wrote to standard output is not the layer that it got.")
    if scenario.says not in errors:
        problems.append(f"It does not tell the error's sentence: {errors.strip()[-2000:]}")
    if "Traceback" in errors:
        problems.append("It shows a traceback.")
    secret = not scenario.right_token or scenario.mode & (stat.S_IRGRP | stat.S_IROTH)
    if secret and scenario.heard:
        problems.append("It was heard although it had no business here.")
    return problems


def main(command: Sequence[str]) -> int:
    if not command:
        print(__doc__)
        return 2
    failed = 0
    for scenario in SCENARIOS:
        problems = check(command, replace(scenario, heard=[]))
        failed += bool(problems)
        print(f"{'FAILED' if problems else 'ok':6} {scenario.name}")
        for problem in problems:
            print(f"       {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
