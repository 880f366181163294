"""What is typed and what is printed, without a daemon."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from linewash.errors import CODES, BadInput, Cancelled, LinewashError, from_code
from linewash_daemon.cli.app import app
from linewash_daemon.cli.chosen import parse_color, parse_layers, parse_palette
from linewash_daemon.cli.failures import exit_code, reported
from linewash_daemon.cli.palette import read_gpl
from linewash_daemon.cli.show import duration

GPL = """GIMP Palette
Name: Skin
Columns: 2
# warm
255 204   0\tYellow
  0   0   0 Black
255 204   0 Yellow again
"""


def test_gimp_palette_is_read_without_headers_and_duplicates(tmp_path: Path) -> None:
    (tmp_path / "skin.gpl").write_text(GPL)
    assert parse_palette(str(tmp_path / "skin.gpl")) == ((255, 204, 0), (0, 0, 0))


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: b"GIMP Palette\n" + text.encode()))
def test_no_bytes_make_the_palette_reader_fail_otherwise_than_with_bad_input(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.gpl"
        path.write_bytes(content)
        try:
            colors = read_gpl(path)
        except BadInput:
            return
    assert all(0 <= channel <= 255 for color in colors for channel in color)


def test_missing_palette_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        parse_palette(str(tmp_path / "gone.gpl"))
    assert caught.value.code == "no_such_file"


def test_palette_of_too_many_colours_is_refused(tmp_path: Path) -> None:
    lines = [f"{i % 256} {i // 256} 7" for i in range(257)]
    (tmp_path / "long.gpl").write_text("\n".join(["GIMP Palette", *lines]))
    with pytest.raises(BadInput, match="257"):
        read_gpl(tmp_path / "long.gpl")


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_colours_are_read_as_written(color: tuple[int, int, int]) -> None:
    text = "#{:02x}{:02X}{:02x}".format(*color)
    assert parse_color(text) == color
    assert parse_palette(f"{text}, {text[1:]},") == (color,)


def test_layers_come_in_painting_order_and_once() -> None:
    assert parse_layers("highlights, flats,FLATS") == ("flats", "highlights")


def test_every_code_has_an_exit_code_and_only_faults_of_ours_have_1() -> None:
    for code in CODES:
        found = exit_code(from_code(code, "It failed."))
        assert found in (1, 2, 3, 4, 5, 130)
        assert (found == 1) == (code == "internal")
    assert exit_code(LinewashError("Something newer.", code="from_the_future")) == 1


def test_fault_of_ours_is_one_sentence_and_a_log_entry(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(typer.Exit) as caught, reported(json=True):
        raise KeyError("secret detail")
    assert caught.value.exit_code == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["code"] == "internal"
    assert "secret detail" not in told.out + told.err
    assert "secret detail" in (tmp_path / "cli.log").read_text()


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (MemoryError(), 5), (Cancelled("Enough."), 130)]
)
def test_interruption_and_lack_of_memory_have_their_own_exit_codes(error: BaseException, code: int) -> None:
    with pytest.raises(typer.Exit) as caught, reported(json=False):
        raise error
    assert caught.value.exit_code == code


def test_usage_errors_exit_with_2() -> None:
    assert CliRunner().invoke(app, ["color"]).exit_code == 2
    assert CliRunner().invoke(app, ["color", "a.png", "--sead", "3"]).exit_code == 2
    assert CliRunner().invoke(app, ["colour"]).exit_code == 2


def test_help_names_every_command() -> None:
    text = CliRunner().invoke(app, ["--help"]).output
    for command in ("color", "daemon", "models", "doctor"):
        assert command in text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.82, "0.8 s"), (42, "42 s"), (600, "10 min"), (7200, "2 h 00 min"), (9000, "2 h 30 min")]
)
def test_durations_read_as_a_person_says_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text
