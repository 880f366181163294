"""The blocking client against a scripted daemon."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from linewash import (
    BadInput,
    Cancelled,
    Client,
    DaemonError,
    DaemonGone,
    LinewashError,
    OutOfMemory,
    Picture,
    ProtocolError,
    Session,
    TimedOut,
    WrongProtocol,
    lineart_hash,
)
from linewash.contract import Options
from linewash.errors import CODES
from tests.fakes import daemon as fake
from tests.fakes.daemon import FakeDaemon, Vanish

LINES = Picture(32, 16, "gray", 8, bytes(range(256)) * 2)
HINTS = Picture(32, 16, "rgba", 8, b"\1\2\3\xff" * 512)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path) as daemon:
        yield daemon


@pytest.fixture
def client(daemon: FakeDaemon) -> Iterator[Client]:
    with Client(daemon.info, name="tests") as client:
        yield client


def test_a_line_art_comes_back_as_layers(client: Client, daemon: FakeDaemon) -> None:
    told: list[tuple[str, float]] = []
    result = client.color(LINES, HINTS, options=Options(seed=7), progress=lambda *step: told.append(step))
    flats = result.layer("flats")
    assert (flats.picture.width, flats.picture.height, flats.picture.channels) == (32, 16, "rgba")
    assert flats.picture.bytes == b"\xff" * 2048
    assert result.record.lineart_hash == lineart_hash(LINES)
    assert result.record.options.seed == 7
    assert ("color", 0.5) in told or told == []  # the result may overtake the progress
    header, frames = daemon.seen[-1]
    assert frames == [LINES.bytes, HINTS.bytes]
    assert header["hash"] == lineart_hash(LINES)


def test_a_line_art_travels_once(client: Client, daemon: FakeDaemon) -> None:
    client.color(LINES, HINTS)
    client.color(LINES, HINTS)
    client.color(Picture(16, 32, "gray", 8, LINES.pixels))
    asked = [(header["lineart"]["frame"], len(frames)) for header, frames in daemon.seen if header["op"] == "color"]
    assert asked == [(0, 2), (None, 1), (0, 1)]  # the same bytes in another shape are another line art


def test_a_forgotten_line_art_is_sent_again(client: Client, daemon: FakeDaemon) -> None:
    client.color(LINES)

    def forgetful(header: fake.Header, frames: list[bytes]) -> Iterable[fake.Reply]:
        yield fake.layers(header) if frames else fake.error("lineart_unknown")

    daemon.script = forgetful
    assert client.color(LINES).layers
    ids = [header["id"] for header, _ in daemon.seen]
    assert len(set(ids)) == len(ids)


def test_lineart_unknown_with_the_pixels_at_hand_is_an_error(client: Client, daemon: FakeDaemon) -> None:
    daemon.script = lambda header, frames: [fake.error("lineart_unknown")]
    with pytest.raises(BadInput) as caught:
        client.color(LINES)
    assert caught.value.code == "lineart_unknown"


def test_the_small_requests_are_answered(client: Client, daemon: FakeDaemon) -> None:
    assert client.models() == ()
    client.unload()
    assert client.cancel("nothing").found == "unknown"
    client.stop()
    assert daemon.ops() == ["models", "unload", "cancel", "stop"]


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_error_arrives_as_the_class_it_left_as(client: Client, daemon: FakeDaemon, code: str) -> None:
    daemon.script = lambda header, frames: [fake.error(code, "A sentence.")]
    with pytest.raises(CODES[code]) as caught:
        client.color(LINES)
    assert (caught.value.code, caught.value.sentence, caught.value.remedy) == (code, "A sentence.", "Do something.")


def test_an_error_of_a_newer_daemon_is_still_a_linewash_error(client: Client, daemon: FakeDaemon) -> None:
    daemon.script = lambda header, frames: [fake.error("ink_dried")]
    with pytest.raises(LinewashError) as caught:
        client.color(LINES)
    assert caught.value.code == "ink_dried"


@pytest.mark.parametrize(
    ("lineart", "hints", "options", "code"),
    [
        (Picture(15, 16, "gray", 8, bytes(240)), None, Options(), "bad_size"),
        (Picture(1, 4096, "gray", 8, bytes(4096)), None, Options(), "bad_size"),
        (LINES, Picture(16, 16, "rgba", 8, bytes(1024)), Options(), "size_mismatch"),
        (LINES, None, Options(variety=2), "bad_option"),
        (LINES, None, Options(seed=-1), "bad_option"),
        (LINES, None, Options(palette=((0, 0, 256),)), "bad_option"),
    ],
)
def test_bad_input_is_told_before_anything_is_sent(
    client: Client, daemon: FakeDaemon, lineart: Picture, hints: Picture | None, options: Options, code: str
) -> None:
    with pytest.raises(BadInput) as caught:
        client.color(lineart, hints, options=options)
    assert caught.value.code == code
    assert daemon.ops() == []


@pytest.mark.parametrize(
    ("channels", "depth", "pixels"),
    [("rgba", 8, bytes(1023)), ("cmyk", 8, bytes(1024)), ("rgba", 12, bytes(1024)), ("rgba", 8, "text")],
)
def test_a_picture_whose_pixels_do_not_fit_cannot_be_made(channels: Any, depth: int, pixels: Any) -> None:
    with pytest.raises(BadInput):
        Picture(16, 16, channels, depth, pixels)


def test_pixels_that_are_not_contiguous_are_refused() -> None:
    with pytest.raises(BadInput):
        Picture(16, 16, "gray", 8, memoryview(bytes(512))[::2])


def bad_layers(**change: Any) -> fake.Script:
    def script(header: fake.Header, frames: list[bytes]) -> Iterable[fake.Reply]:
        reply, pixels = fake.layers(header)
        reply["layers"][0] |= change
        yield reply, pixels

    return script


PLANE = {"width": 32, "height": 16, "channels": "rgba", "depth": 8, "frame": 0}


@pytest.mark.parametrize(
    "script",
    [
        bad_layers(x=1),
        bad_layers(y=-1),
        bad_layers(role="sky"),
        bad_layers(plane={**PLANE, "frame": 1}),
        bad_layers(plane={**PLANE, "frame": None}),
        bad_layers(plane={**PLANE, "width": 16}),
        bad_layers(plane={**PLANE, "width": 0}),
        lambda header, frames: [fake.layers(header, b"short")],
        lambda header, frames: [(fake.layers(header)[0], [])],
        lambda header, frames: [({"op": "layers"}, [])],
        lambda header, frames: [({"op": 7}, [])],
        lambda header, frames: [({"op": "done"}, [])],
        lambda header, frames: [fake.layers(header, bytes(1 << 20))],
    ],
)
def test_a_result_that_breaks_the_contract_is_refused(client: Client, daemon: FakeDaemon, script: fake.Script) -> None:
    daemon.script = script
    with pytest.raises(ProtocolError):
        client.color(LINES)
    daemon.script = fake.paint
    assert client.color(LINES).layers  # and the client is none the worse


def test_unknown_fields_of_replies_are_ignored(client: Client, daemon: FakeDaemon) -> None:
    daemon.script = bad_layers(mood="gay", opacity=0.5)
    assert client.color(LINES).layers[0].opacity == 0.5


def test_replies_nobody_knows_are_ignored(client: Client, daemon: FakeDaemon) -> None:
    def chatty(header: fake.Header, frames: list[bytes]) -> Iterable[fake.Reply]:
        yield {"op": "fresco"}, [b"wet"]
        yield {**fake.error("internal")[0], "id": "of nobody"}, []
        yield from fake.paint(header, frames)

    daemon.script = chatty
    assert client.color(LINES).layers


def test_a_wrong_token_is_refused(daemon: FakeDaemon) -> None:
    daemon.token = "changed"
    with pytest.raises(DaemonError) as caught:
        Client(dataclasses.replace(daemon.info, token="guess")).connect()
    assert caught.value.code == "daemon_refused"


@pytest.mark.parametrize("greeting", [{"protocol": 2}, {"v": 2}], ids=["announced", "spoken"])
def test_a_daemon_of_another_version_is_told_apart(tmp_path: Path, greeting: dict[str, Any]) -> None:
    with FakeDaemon(tmp_path, **greeting) as daemon, pytest.raises(WrongProtocol, match="version 2"):
        Client(daemon.info).models()


def test_a_daemon_that_refuses_our_version_is_told_apart(tmp_path: Path) -> None:
    refusal: dict[str, Any] = {"op": "error", "code": "wrong_protocol", "sentence": "No.", "remedy": ""}
    with FakeDaemon(tmp_path, **refusal) as daemon, pytest.raises(WrongProtocol):
        Client(daemon.info).models()


def test_too_slow_an_answer_times_out_and_is_cancelled(client: Client, daemon: FakeDaemon) -> None:
    def slow(header: fake.Header, frames: list[bytes]) -> Iterable[fake.Reply]:
        return [] if header["op"] == "color" else fake.paint(header, frames)

    daemon.script = slow
    with pytest.raises(TimedOut):
        client.color(LINES, timeout=0.1)
    assert client.models() == ()
    assert daemon.ops() == ["color", "cancel", "models"]
    daemon.script = fake.paint
    assert client.color(LINES).layers


def test_a_late_result_is_thrown_away(client: Client, daemon: FakeDaemon) -> None:
    gate = threading.Event()

    def late(header: fake.Header, frames: list[bytes]) -> Iterable[fake.Reply]:
        gate.wait(20)
        return fake.paint(header, frames)

    daemon.script = late
    with pytest.raises(TimedOut):
        client.color(LINES, timeout=0.1)
    gate.set()
    assert client.models() == ()


def test_a_daemon_that_dies_in_the_middle_of_a_job_is_gone(client: Client, daemon: FakeDaemon) -> None:
    def die(header: fake.Header, frames: list[bytes]) -> Iterable[fake.Reply]:
        yield fake.progress("prepare", 0.1)
        raise Vanish

    daemon.script = die
    with pytest.raises(DaemonGone):
        client.color(LINES)


def test_a_daemon_that_died_between_two_calls_is_replaced_without_a_word(tmp_path: Path) -> None:
    first = FakeDaemon(tmp_path)
    with Client(first.info) as client:
        client.color(LINES)
        first.stop()
        with FakeDaemon(tmp_path) as second:
            assert client.color(LINES).layers
            assert len(second.seen[-1][1]) == 1  # the new daemon does not know the line art yet


def test_a_job_the_dead_daemon_never_spoke_of_goes_to_the_next_one(tmp_path: Path) -> None:
    def die(header: fake.Header, frames: list[bytes]) -> Iterable[fake.Reply]:
        raise Vanish

    first = FakeDaemon(tmp_path, die)
    with Session(first.info) as session:
        job = session.submit(LINES)
        while session.daemon is None or first._thread.is_alive():
            session.poll()
            session.wait(0.05)
        first.stop()
        with FakeDaemon(tmp_path) as second:
            while not job.over:
                session.poll()
                session.wait(0.05)
            assert job.result.layers
            assert second.ops() == ["color"]


def test_an_exception_in_progress_cancels_the_job(client: Client, daemon: FakeDaemon) -> None:
    pending: list[str] = []

    def obedient(header: fake.Header, frames: list[bytes]) -> Iterable[fake.Reply]:
        if header["op"] == "color":
            pending.append(header["id"])
            yield fake.progress("color", 0.5)
        else:
            yield {"op": "cancel", "found": "running"}, []
            yield {**fake.error("cancelled")[0], "id": header["target"]}, []

    def interrupt(stage: str, fraction: float) -> None:
        raise KeyboardInterrupt

    daemon.script = obedient
    with pytest.raises(KeyboardInterrupt):
        client.color(LINES, progress=interrupt)
    end = time.monotonic() + 20
    while "cancel" not in daemon.ops():
        assert time.monotonic() < end
        time.sleep(0.01)
    assert daemon.seen[-1][0]["target"] == pending[0]
    daemon.script = fake.paint
    assert client.color(LINES).layers


def test_another_thread_may_cancel(client: Client, daemon: FakeDaemon) -> None:
    def obedient(header: fake.Header, frames: list[bytes]) -> Iterable[fake.Reply]:
        if header["op"] == "cancel":
            yield {"op": "cancel", "found": "running"}, []
            yield {**fake.error("cancelled")[0], "id": header["target"]}, []

    daemon.script = obedient

    def cancel() -> None:
        while not client.running or "color" not in daemon.ops():
            time.sleep(0.01)
        client.cancel(client.running)

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(Cancelled):
        client.color(LINES)
    thread.join()


def test_errors_say_what_to_do(client: Client, daemon: FakeDaemon) -> None:
    daemon.script = lambda header, frames: [fake.error("out_of_memory", "It does not fit.")]
    with pytest.raises(OutOfMemory, match=r"It does not fit\. Do something\."):
        client.color(LINES)
