"""The daemon absent, killed, of another version, out of memory: a sentence that helps, and the drawing untouched."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from linewash.connection import ConnectionInfo, connection_path, read_connection, write_connection
from linewash_krita.flow import Flow
from tests.fakes.colorist import SECRET
from tests.fakes.daemon import FakeDaemon

from .stand_in import Document, Node
from .studio import BLUE, Daemon, Studio, groups, looks, own_daemon


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    with own_daemon() as daemon:
        yield daemon


def kill(daemon: Daemon) -> None:
    os.kill(daemon.pid(), signal.SIGKILL)


def refused(studio: Studio, document: Document, code: str, *mends: str) -> None:
    """A click brings this message, and nothing else."""
    before = looks(document)
    studio.color()
    shown = studio.flow.view().message
    assert shown is not None and (shown.code, shown.mends) == (code, mends)
    assert shown.sentence.endswith(".") and "Traceback" not in shown.sentence + shown.remedy
    assert looks(document) == before and not document.undo_steps


def test_the_first_click_starts_the_daemon(studio: Studio) -> None:
    document = studio.open()
    assert read_connection() is None
    studio.color()
    assert len(groups(document)) == 1
    assert studio.flow.view().status.startswith("cpu · fake · ")


def test_a_docker_that_only_looks_on_starts_none(studio: Studio) -> None:
    studio.open()
    for _ in range(20):
        studio.look()
    assert read_connection() is None
    assert studio.flow.view().styles == ()


def test_start_daemon_starts_it_and_tells_its_styles(studio: Studio) -> None:
    studio.open()
    studio.flow.start_daemon()
    assert studio.flow.view().running is not None
    view = studio.until(lambda: studio.flow.view().styles and studio.flow.view().status.startswith("Ready"))
    assert view.status == "Ready."  # no device is chosen before the first style is loaded
    assert [style.name for style in view.styles] == ["fake"]  # not the one that colours photos only
    assert view.message is None and view.running is None


def test_a_docker_that_meets_a_loaded_style_tells_its_device(studio: Studio) -> None:
    studio.open()
    studio.color()
    other = Flow(studio.application)
    studio.until(lambda: (other.tick(), other.view().status)[1] == "Ready: cpu")
    other.close()


def test_a_daemon_that_cannot_be_started_is_said(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEWASH_DAEMON", "/nowhere/linewash daemon start")
    document = studio.open()
    refused(studio, document, "daemon_not_started", "start_daemon", "copy_diagnostics")
    studio.flow.start_daemon()
    studio.finish()
    assert studio.code == "daemon_not_started"


def test_once_it_can_be_started_the_next_click_works(studio: Studio) -> None:
    document = studio.open()
    usual = os.environ["LINEWASH_DAEMON"]
    os.environ["LINEWASH_DAEMON"] = "/nowhere/linewash"
    try:
        studio.color()
    finally:
        os.environ["LINEWASH_DAEMON"] = usual
    assert studio.code == "daemon_not_started"
    studio.color()
    assert studio.code == "" and len(groups(document)) == 1


def test_a_daemon_killed_in_the_middle_is_said_and_the_next_click_works(studio: Studio) -> None:
    document = studio.open()
    before = looks(document)
    studio.choose(style="report 2;wait never")
    studio.flow.color()
    studio.until_job(1)
    studio.until(lambda: studio.flow.view().fraction > 0.4)  # it was heard of
    kill(studio.daemon)
    studio.finish()
    assert studio.code == "daemon_gone"
    assert looks(document) == before
    studio.choose(style="")
    studio.color()
    assert studio.code == "" and len(groups(document)) == 1


def test_a_daemon_killed_between_two_clicks_is_not_even_noticed(studio: Studio) -> None:
    document = studio.open()
    studio.color()
    kill(studio.daemon)
    studio.choose(seed=BLUE)
    studio.color()
    assert studio.code == ""
    assert document.layer("Flats").rgba(0, 0) == (0, 0, 255, 255)


def test_free_gpu_gives_the_model_back(studio: Studio) -> None:
    studio.open()
    studio.color()
    assert studio.daemon.status().model == "fake"
    studio.flow.free_gpu()
    studio.finish()
    assert studio.daemon.status().model == ""
    assert studio.code == ""


def test_free_gpu_without_a_daemon_says_so_and_starts_none(studio: Studio) -> None:
    studio.open()
    studio.flow.free_gpu()
    studio.finish()
    assert studio.code == "daemon_unreachable"
    assert read_connection() is None


@pytest.mark.parametrize(
    ("script", "code", "mends"),
    [
        ("memory", "out_of_memory", ("free_gpu",)),
        ("fail no_such_model", "no_such_model", ()),
        ("fail stopping", "stopping", ("start_daemon",)),
        ("fail of_another_age", "of_another_age", ("copy_diagnostics",)),
        ("crash", "internal", ("copy_diagnostics",)),
    ],
)
def test_what_the_daemon_met_is_said_and_the_next_click_works(
    studio: Studio, script: str, code: str, mends: tuple[str, ...]
) -> None:
    document = studio.open()
    studio.choose(style=script)
    refused(studio, document, code, *mends)
    shown = studio.flow.view().message
    assert shown is not None and SECRET not in shown.sentence + shown.remedy
    studio.choose(style="")
    studio.color()
    assert studio.code == "" and len(groups(document)) == 1


def test_a_daemon_of_another_version_is_said(studio: Studio) -> None:
    document = studio.open()
    with FakeDaemon(studio.daemon.folder, protocol=99) as other:
        write_connection(other.info)
        refused(studio, document, "wrong_protocol", "start_daemon", "copy_diagnostics")
    connection_path().unlink()


def test_a_daemon_that_refuses_the_token_is_said(studio: Studio) -> None:
    document = studio.open()
    with FakeDaemon(studio.daemon.folder) as other:
        write_connection(replace(other.info, token="another"))
        refused(studio, document, "daemon_refused", "copy_diagnostics")
    connection_path().unlink()


def test_a_connection_file_that_others_can_read_is_not_trusted(studio: Studio) -> None:
    document = studio.open()
    write_connection(ConnectionInfo("ipc:///nowhere", "secret", 1, 1, "1"))
    connection_path().chmod(0o644)
    refused(studio, document, "connection_file_foreign", "copy_diagnostics")
    connection_path().unlink()
    studio.color()
    assert studio.code == ""


def test_a_damaged_connection_file_is_said(studio: Studio) -> None:
    document = studio.open()
    connection_path().write_text("{")
    connection_path().chmod(0o600)
    refused(studio, document, "connection_file_damaged", "copy_diagnostics")
    connection_path().unlink()


def test_two_kritas_at_once_colour_side_by_side(studio: Studio) -> None:
    from .stand_in import Krita

    first = studio.open()
    other = Studio(Krita(), studio.daemon)
    second = other.open()
    other.choose(seed=BLUE)
    studio.flow.color()
    other.flow.color()
    studio.until(lambda: other.look().running is None and studio.flow.view().running is None)
    assert first.layer("Flats").rgba(0, 0) == (255, 0, 0, 255)
    assert second.layer("Flats").rgba(0, 0) == (0, 0, 255, 255)
    other.flow.close()
    assert other.krita.crashes == []


# Faults of our own.


@pytest.mark.parametrize(
    ("kind", "call"),
    [(Node, "setPixelData"), (Node, "duplicate"), (Node, "pixelData"), (Node, "setBlendingMode")],
)
def test_a_fault_of_our_own_becomes_a_message_and_stands_in_the_diagnostics(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, kind: type[Any], call: str
) -> None:
    def fails(*arguments: object) -> None:
        raise ValueError("a fault of our own")

    document = studio.open()
    studio.color()
    document.undo()
    document.redo_steps.clear()
    studio.look()
    with monkeypatch.context() as patch:
        patch.setattr(kind, call, fails)
        studio.color()
    assert studio.code == "internal"
    assert groups(document) == [] and not document.undo_steps
    assert studio.krita.documents() == [document]
    assert "a fault of our own" in studio.flow.diagnostics()
    studio.faults_expected = True
    studio.color()
    assert studio.code == "" and len(groups(document)) == 1


def test_diagnostics_hold_what_helps_and_no_secret(studio: Studio) -> None:
    studio.open("A drawing that nobody may know of")
    studio.color()
    info = read_connection()
    assert info is not None
    text = studio.flow.diagnostics()
    for part in ("Linewash plug-in: ", "Krita: 5.2.9", "Qt: ", "32 × 24 px, RGBA U8", info.endpoint, "Faults:\nnone"):
        assert part in text
    assert info.token not in text
    assert "nobody may know" not in text
