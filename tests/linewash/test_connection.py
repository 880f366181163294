"""The connection file is believed only when it is ours, private and whole."""

from __future__ import annotations

import dataclasses
import json
import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewash.connection import (
    ConnectionInfo,
    _parse,
    connection_path,
    make_runtime_folder,
    read_connection,
    remove_connection,
    runtime_folder,
    write_connection,
)
from linewash.errors import DaemonError

INFO = ConnectionInfo("ipc:///run/x.sock", "token", 42, 1, "0.1.0")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", str(tmp_path / "run"))
    return tmp_path / "run"


def code_of(path: Path | None = None) -> str:
    with pytest.raises(DaemonError) as caught:
        read_connection(path)
    assert caught.value.remedy
    return caught.value.code


def test_what_is_written_is_read() -> None:
    assert write_connection(INFO) == connection_path()
    assert read_connection() == INFO


def test_no_file_is_no_daemon() -> None:
    assert read_connection() is None


def test_nobody_else_can_read_it_even_with_a_loose_umask() -> None:
    before = os.umask(0)
    try:
        path = write_connection(INFO)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_writing_replaces_and_leaves_no_draft() -> None:
    write_connection(INFO)
    path = write_connection(dataclasses.replace(INFO, pid=43))
    assert read_connection() == dataclasses.replace(INFO, pid=43)
    assert os.listdir(path.parent) == [path.name]


def test_a_file_that_others_can_read_is_foreign() -> None:
    path = write_connection(INFO)
    path.chmod(0o640)
    assert code_of() == "connection_file_foreign"


def test_a_file_of_another_user_is_foreign(monkeypatch: pytest.MonkeyPatch) -> None:
    write_connection(INFO)
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    assert code_of() == "connection_file_foreign"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_given_to_another_user_is_foreign() -> None:
    os.chown(write_connection(INFO), 65_534, -1)
    assert code_of() == "connection_file_foreign"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    path = write_connection(INFO)
    link = tmp_path / "link.json"
    link.symlink_to(path)
    assert code_of(link) == "connection_file_foreign"


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert code_of(tmp_path / "pipe") == "connection_file_foreign"


@pytest.mark.parametrize(
    "change",
    [
        {"pid": "42"},
        {"pid": 0},
        {"pid": True},
        {"endpoint": "http://x"},
        {"endpoint": ["ipc://x"]},
        {"token": ""},
        {"token": "x" * 256},
        {"protocol": None},
        {"version": 1},
    ],
)
def test_a_file_with_a_wrong_field_is_damaged(change: dict[str, object]) -> None:
    path = write_connection(INFO)
    path.write_text(json.dumps({**dataclasses.asdict(INFO), **change}))
    assert code_of() == "connection_file_damaged"


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"{}", b"\xff", b"[" * 50_000, b" " * 70_000])
def test_a_file_that_is_no_map_is_damaged(raw: bytes) -> None:
    write_connection(INFO).write_bytes(raw)
    assert code_of() == "connection_file_damaged"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_damaged(raw: bytes) -> None:
    try:
        _parse(raw, Path("connection.json"))
    except DaemonError as error:
        assert error.code == "connection_file_damaged"


def test_fields_of_a_newer_daemon_are_ignored() -> None:
    path = write_connection(INFO)
    path.write_text(json.dumps({**dataclasses.asdict(INFO), "curve_key": "…"}))
    assert read_connection() == INFO


def test_a_daemon_removes_only_its_own_file() -> None:
    path = write_connection(INFO)
    remove_connection(dataclasses.replace(INFO, pid=43))
    assert path.exists()
    remove_connection(INFO)
    assert not path.exists()


def test_without_a_session_folder_a_private_one_in_the_temporary_folder_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LINEWASH_RUNTIME_DIR")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    folder = make_runtime_folder()
    assert folder == runtime_folder() == tmp_path / f"linewash-{os.getuid()}"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert runtime_folder() == tmp_path / "linewash"


def test_a_folder_that_others_may_write_to_is_refused(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(DaemonError) as caught:
        make_runtime_folder()
    assert caught.value.code == "connection_file_foreign"


def test_a_folder_that_is_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DaemonError):
        make_runtime_folder()


def test_a_folder_that_cannot_be_made_is_explained(folder: Path) -> None:
    folder.write_bytes(b"a file is in the way")
    with pytest.raises(DaemonError) as caught:
        make_runtime_folder()
    assert str(folder) in str(caught.value)
