"""From a folder of art to a pack, and the pack itself."""

from __future__ import annotations

import copy
import tempfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from linewash.errors import BadInput
from linewash_training import pack
from linewash_training.art import walk
from linewash_training.cli import app
from linewash_training.extract import EXTRACTORS, extract
from linewash_training.flats import flats
from linewash_training.pack import Encoded, Pack, PairInfo
from linewash_training.pairs import Dropped, draw, follows, ink_share
from linewash_training.prepare import prepare
from linewash_training.sources import read_sources
from linewash_training.split import NEAR, thumbnail
from tests.training.art_folder import draw_art, painted, write_picture


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("art")
    prepare(draw_art(folder / "art"), folder / "art.safetensors", long_side=160)
    return folder / "art.safetensors"


def test_a_pack_holds_aligned_pairs_of_every_kind(made: Path) -> None:
    pairs = list(Pack.open(made))
    assert {pair.meta.kind for pair in pairs} == {"real", "whitened", "extracted"}
    for pair in pairs:
        assert pair.line.shape == pair.color.shape[:2] == (pair.meta.height, pair.meta.width)
        assert 0.01 <= ink_share(pair.line) <= 0.35
        assert max(pair.line.shape) <= 160


def test_no_group_and_no_lookalike_lies_on_both_sides(made: Path) -> None:
    pairs = Pack.open(made)
    sides: dict[tuple[str, str], set[str]] = {}
    for info in pairs.infos:
        sides.setdefault((info.source, info.group), set()).add(info.split)
    assert all(len(found) == 1 for found in sides.values())
    held = [thumbnail(pairs[i].color) for i in pairs.indices("held")]
    assert held, "the art of this test has held-out groups"
    for index in pairs.indices("train"):
        ours = thumbnail(pairs[index].color)
        assert all(np.abs(ours - theirs).mean() > NEAR - 2 for theirs in held)  # 2: what WebP may change


def test_weights_are_one_on_average_and_share_out_the_sources_weight(made: Path) -> None:
    infos = [info for info in Pack.open(made).infos if info.split == "train"]
    assert np.mean([info.weight for info in infos]) == pytest.approx(1, abs=0.01)
    total = {name: sum(i.weight for i in infos if i.source == name) for name in ("openmoji", "mulberry-symbols")}
    sources = read_sources()
    wanted = sources["openmoji"].weight / sources["mulberry-symbols"].weight
    assert total["openmoji"] / total["mulberry-symbols"] == pytest.approx(wanted, rel=0.01)


def test_the_summary_counts_every_picture(tmp_path: Path) -> None:
    art = draw_art(tmp_path / "art")
    write_picture(art / "asp-imagebank" / "0009_01.png", np.full((90, 90, 3), 255, np.uint8))
    (art / "mulberry-symbols" / "broken.svg").write_text("<svg")
    (art / "bookdash").mkdir()
    (art / "bookdash" / "torn_01.png").write_bytes(b"\x89PNG not at all")
    summary = prepare(art, tmp_path / "pack.safetensors", long_side=96)
    assert summary.sources["mulberry-symbols"].dropped["damaged"] == 1
    assert summary.sources["bookdash"].dropped["damaged"] == 1
    assert summary.sources["asp-imagebank"].dropped.total() >= 1
    assert summary.kept + summary.held == len(Pack.open(tmp_path / "pack.safetensors"))


@pytest.mark.parametrize("method", sorted(EXTRACTORS))
def test_every_extractor_finds_the_outline_of_a_disc(method: str) -> None:
    picture = painted(240, x=120)
    source = read_sources()["asp-imagebank"]
    line = extract(picture, method, source, np.random.default_rng(0))
    assert line.shape == (240, 240) and line.dtype == np.uint8
    rim = np.zeros((240, 240), np.uint8)
    cv2.circle(rim, (120, 120), 60, 1, 5)
    darkest = cv2.erode(line, np.ones((7, 7), np.uint8))
    assert (darkest[rim > 0] < 128).mean() > 0.9
    assert line[100:140, 100:140].min() > 200 and line[5:30, 5:30].min() > 200


def test_extracted_colours_hold_no_ink(tmp_path: Path) -> None:
    write_picture(tmp_path / "asp-imagebank" / "0001_01.png", painted(300, x=150))
    drawn = draw(next(walk(tmp_path)), 300)
    assert not isinstance(drawn, Dropped)
    assert drawn[0].color.max(axis=2).min() > 100


def test_lines_that_miss_the_drawing_are_told_from_lines_that_follow_it() -> None:
    picture = painted(240, x=120)
    outline = np.full((240, 240), 255, np.uint8)
    cv2.circle(outline, (120, 120), 60, 0, 3)
    cv2.line(outline, (0, 180), (240, 180), 0, 3)
    stray = np.full((240, 240), 255, np.uint8)
    cv2.line(stray, (5, 20), (235, 20), 0, 3)
    assert follows(outline, flats(picture, outline)) > 0.95
    assert follows(stray, flats(picture, stray)) < 0.2


def test_ink_that_is_not_the_outline_gives_way_to_extracted_lines(tmp_path: Path) -> None:
    body = '<rect x="5" y="5" width="90" height="90" fill="#3399ee"/><circle cx="50" cy="50" r="30" fill="#eecc22"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{body}<circle cx="50" cy="50" r="12"/></svg>'
    (tmp_path / "mulberry-symbols").mkdir()
    (tmp_path / "mulberry-symbols" / "eye.svg").write_text(svg)
    source = read_sources()["mulberry-symbols"]
    with_edges = walk(tmp_path, {source.id: replace(source, extract=("edges",))})
    drawn = draw(next(with_edges), 256)
    assert not isinstance(drawn, Dropped) and drawn[0].kind == "extracted"
    without_lines = draw(next(walk(tmp_path, {source.id: replace(source, extract=())})), 256)
    assert without_lines == Dropped("no line layer")


def test_a_white_sheet_gives_no_pair(tmp_path: Path) -> None:
    write_picture(tmp_path / "asp-imagebank" / "0001_01.png", np.full((200, 200, 3), 255, np.uint8))
    assert isinstance(draw(next(walk(tmp_path)), 128), Dropped)


def info(width: int, height: int) -> PairInfo:
    return PairInfo("s/n", "s", "g", "real", "train", 1.0, width, height)


def encoded(line: np.ndarray, color: np.ndarray) -> Encoded:
    return Encoded(pack.encode_line(line), pack.encode_color(color))


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 255), st.integers(0, 2**32 - 1))
def test_lines_and_flat_colours_come_back(width: int, height: int, gray: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    line = rng.integers(0, 256, (height, width)).astype(np.uint8)
    color = np.full((height, width, 3), (gray, 255 - gray, seed % 256), np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.safetensors"
        pack.write(path, [(info(width, height), encoded(line, color))])
        pair = Pack.open(path)[0]
    assert np.abs(pair.line.astype(int) - line).max() <= 8  # 16 grey levels
    assert np.abs(pair.color.astype(int) - color).max() <= 4


def test_two_lines_of_one_picture_share_its_colours(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (160, 160, 3)).astype(np.uint8)
    color = pack.encode_color(noise)
    lines = [pack.encode_line(np.full((160, 160), gray, np.uint8)) for gray in (0, 255)]
    pack.write(tmp_path / "p.safetensors", [(info(160, 160), Encoded(line, color)) for line in lines])
    pairs = Pack.open(tmp_path / "p.safetensors")
    assert len(pairs) == 2 and np.array_equal(pairs[0].color, pairs[1].color)
    assert pairs[0].line.max() == 0 and pairs[1].line.min() == 255
    assert (tmp_path / "p.safetensors").stat().st_size < 2 * len(color)


def test_an_open_pack_travels_to_another_process(made: Path) -> None:
    pairs = Pack.open(made)
    first = pairs[0]
    again = copy.copy(pairs)  # by the state that a worker process would be sent
    assert np.array_equal(again[0].line, first.line) and again.infos == pairs.infos


@pytest.mark.parametrize("keep", [0, 7, 200, -1000])
def test_a_truncated_pack_is_told_in_a_sentence(made: Path, tmp_path: Path, keep: int) -> None:
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(made.read_bytes()[:keep])
    with pytest.raises(BadInput, match="damaged or not a pack"):
        Pack.open(cut)


@given(st.binary(max_size=300))
def test_foreign_bytes_are_no_pack(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("foreign") / "x.safetensors"
    path.write_bytes(data)
    with pytest.raises(BadInput):
        Pack.open(path)


def test_pictures_that_do_not_decode_are_told_in_a_sentence(tmp_path: Path) -> None:
    junk = np.arange(50, dtype=np.uint8)
    pack.write(tmp_path / "p.safetensors", [(info(8, 8), Encoded(junk, junk))])
    with pytest.raises(BadInput, match="damaged"):
        Pack.open(tmp_path / "p.safetensors")[0]


def test_a_missing_pack_names_the_stage_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        Pack.open(tmp_path / "none.safetensors")
    assert "prepare" in caught.value.remedy


def test_the_stages_run_from_the_command_line(tmp_path: Path) -> None:
    made, sheet = tmp_path / "p.safetensors", tmp_path / "sheets" / "sheet.png"
    arguments = ["prepare", "--art", str(draw_art(tmp_path / "art")), "--out", str(made), "--long-side", "96"]
    told = CliRunner().invoke(app, arguments)
    assert told.exit_code == 0 and "mulberry-symbols" in told.output
    told = CliRunner().invoke(app, ["show", str(made), "--out", str(sheet), "--n", "4"])
    assert told.exit_code == 0
    picture = cv2.imread(str(sheet))
    assert picture is not None and picture.shape[0] > 300


def test_a_missing_folder_of_art_is_told_in_a_sentence(tmp_path: Path) -> None:
    arguments = ["prepare", "--art", str(tmp_path / "nowhere"), "--out", str(tmp_path / "p.safetensors")]
    told = CliRunner().invoke(app, arguments).exception
    assert isinstance(told, BadInput) and "nowhere" in told.sentence and told.remedy
    assert not (tmp_path / "p.safetensors").exists()


def test_a_sheet_of_a_source_that_is_not_there_is_refused(made: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["show", str(made), "--out", str(tmp_path / "s.png"), "--source", "nobody"])
    assert isinstance(told.exception, BadInput)


def test_many_pictures_are_read_by_several_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    art = draw_art(tmp_path / "art")
    alone, together = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    prepare(art, alone, long_side=96)
    monkeypatch.setattr("linewash_training.prepare.FEW", 0)
    prepare(art, together, long_side=96)
    assert alone.read_bytes() == together.read_bytes()
