"""A film to frames, and to a pack of coloring-book pages."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from safetensors.numpy import save_file
from typer.testing import CliRunner

from linewash.errors import BadInput
from linewash_training import pack
from linewash_training.cli import app
from linewash_training.frames import credit, pack_film
from linewash_training.movie import Cuts, frames
from linewash_training.pack import Credit, Pack
from linewash_training.split import NEAR, thumbnail
from tests.training.little_film import drawn, three_scenes, write

SOURCE = Credit("film-shapes", "Shapes", "The tests", "CC0-1.0")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return three_scenes(tmp_path_factory.mktemp("film") / "shapes.avi")


@pytest.fixture(scope="module")
def made(film: Path) -> Path:
    pack_film(film, film.with_suffix(".safetensors"), SOURCE)
    return film.with_suffix(".safetensors")


def test_a_frame_is_taken_every_half_second(film: Path) -> None:
    taken = list(frames(film, 0.5))
    assert [frame.seconds for frame in taken] == pytest.approx([0.5 * n for n in range(20)], abs=0.051)
    assert all(np.abs(frame.color.astype(int) - drawn(0, 5 * n)).mean() < 6 for n, frame in enumerate(taken[:8]))
    assert np.abs(taken[1].color.astype(int) - drawn(0, 0)).mean() > 6


@pytest.mark.parametrize(("every", "count"), [(0.1, 100), (0.03, 100), (0.25, 40), (3.0, 4), (9.95, 2)])
def test_frames_are_as_far_apart_as_was_asked_and_none_comes_twice(film: Path, every: float, count: int) -> None:
    seconds = [frame.seconds for frame in frames(film, every)]
    assert len(seconds) == count and len(set(seconds)) == count


def test_a_rate_that_does_not_fit_the_interval_does_not_drift(tmp_path: Path) -> None:
    odd = write(tmp_path / "odd.avi", (drawn(0, step) for step in range(100)), rate=24)
    seconds = [frame.seconds for frame in frames(odd, 0.3)]
    assert seconds == pytest.approx([0.3 * n for n in range(14)], abs=1 / 48 + 1e-6)


def test_scenes_begin_where_the_film_is_cut(film: Path) -> None:
    scenes = [(frame.seconds, frame.scene) for frame in frames(film, 0.1)]
    assert [scene for _, scene in scenes] == [0] * 40 + [1] * 25 + [2] * 35


def test_fast_motion_and_a_slow_dissolve_are_no_cuts() -> None:
    cuts = Cuts()
    first, second = drawn(0, 0).astype(float), drawn(1, 0).astype(float)
    dissolve = [(first + (second - first) * t).astype(np.uint8) for t in np.linspace(0, 1, 24)]
    assert not any([cuts.at(frame) for frame in dissolve])
    shaking = Cuts()
    page = cv2.resize(drawn(2, 0), (96, 72))
    assert sum([shaking.at(np.roll(page, 6 * n, axis=1)) for n in range(16)]) <= 1  # where it begins to shake


def test_pages_are_pairs_of_the_whole_frame_and_its_filtered_lines(made: Path) -> None:
    pairs = Pack.open(made)
    assert len(pairs) == 20 and {info.kind for info in pairs.infos} == {"film"}
    first = pairs[0]
    assert np.abs(first.color.astype(int) - drawn(0, 0)).mean() < 8
    assert first.line.shape == (72, 96) and np.median(first.line) == 255 and first.line.min() < 60


def test_no_scene_lies_on_both_sides_and_both_sides_have_one(made: Path) -> None:
    sides: dict[str, set[str]] = {}
    for info in Pack.open(made).infos:
        sides.setdefault(info.group, set()).add(info.split)
    assert len(sides) == 3 and all(len(found) == 1 for found in sides.values())
    assert set.union(*sides.values()) == {"train", "held"}


@pytest.mark.parametrize("share", [0.001, 0.5, 0.999])
def test_both_sides_have_a_scene_whatever_share_is_held_out(film: Path, tmp_path: Path, share: float) -> None:
    told = pack_film(film, tmp_path / "p.safetensors", SOURCE, every=1, held_out=share)
    assert told.scenes == 3 and told.kept > 0 and told.held > 0


def test_a_scene_that_comes_again_is_not_trained_on_when_it_is_held_out(tmp_path: Path) -> None:
    order = (0, 1, 0, 1, 2, 0, 3)
    again = write(tmp_path / "a.avi", (drawn(scene, step) for scene in order for step in range(15)))
    told = pack_film(again, tmp_path / "p.safetensors", SOURCE, held_out=0.3)
    pairs = Pack.open(tmp_path / "p.safetensors")
    held = [thumbnail(pairs[i].color) for i in pairs.indices("held")]
    assert told.scenes == 7 and held
    for index in pairs.indices("train"):
        ours = thumbnail(pairs[index].color)
        assert all(np.abs(ours - theirs).mean() > NEAR - 2 for theirs in held)  # 2: what WebP may change


def test_a_film_of_one_scene_is_all_trained_on(tmp_path: Path) -> None:
    one = write(tmp_path / "one.avi", (drawn(0, step) for step in range(30)))
    arguments = ["frames", str(one), "--out", str(tmp_path / "p.safetensors"), *told_source()]
    told = CliRunner().invoke(app, arguments)
    assert told.exit_code == 0 and "nothing is held out" in " ".join(told.output.split())
    assert len(Pack.open(tmp_path / "p.safetensors").indices("train")) == 6


def test_frames_that_show_nothing_are_left_out(tmp_path: Path) -> None:
    black = [np.zeros((72, 96, 3), np.uint8)] * 20
    film = write(tmp_path / "f.avi", [*black, *(drawn(1, step) for step in range(20))])
    told = pack_film(film, tmp_path / "p.safetensors", SOURCE)
    assert told.dropped["blank"] == 4 and told.kept == 4


def test_large_frames_are_shrunk_to_the_packs_long_side(tmp_path: Path) -> None:
    large = write(tmp_path / "l.avi", (drawn(0, step, side=320) for step in range(20)))
    pack_film(large, tmp_path / "p.safetensors", SOURCE, long_side=128)
    assert {(info.width, info.height) for info in Pack.open(tmp_path / "p.safetensors").infos} == {(128, 96)}


def told_source() -> list[str]:
    return ["--title", "Shapes", "--authors", "The tests", "--licence", "CC0-1.0"]


def test_a_films_pack_names_its_source(film: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.safetensors"
    told = CliRunner().invoke(app, ["frames", str(film), "--out", str(out), "--every", "1", *told_source()])
    assert told.exit_code == 0 and "3 scenes" in " ".join(told.output.split())
    pairs = Pack.open(out)
    assert pairs.sources == (SOURCE,) and {info.source for info in pairs.infos} == {SOURCE.id}


@pytest.mark.parametrize("without", ["--title", "--authors", "--licence"])
def test_a_film_without_title_authors_or_licence_is_refused(film: Path, tmp_path: Path, without: str) -> None:
    arguments = ["frames", str(film), "--out", str(tmp_path / "p.safetensors"), *told_source()]
    place = arguments.index(without)
    assert CliRunner().invoke(app, arguments[:place] + arguments[place + 2 :]).exit_code == 2
    arguments[place + 1] = " "
    told = CliRunner().invoke(app, arguments)
    assert isinstance(told.exception, BadInput) and told.exception.code == "bad_option"
    assert without in told.exception.remedy


def test_a_title_becomes_the_sources_id() -> None:
    assert credit("Big  Buck, Bünny!", "a", "b").id == "film-big-buck-b-nny"
    assert credit("Ёж", "a", "b").id == "film-untitled"


def test_an_ordinary_pack_names_no_sources(tmp_path: Path) -> None:
    grey = np.full((8, 8), 255, np.uint8)
    one = pack.Encoded(pack.encode_line(grey), pack.encode_color(np.dstack([grey] * 3)))
    info = pack.PairInfo("a/b", "a", "b", "real", "train", 1.0, 8, 8)
    pack.write(tmp_path / "p.safetensors", [(info, one)])
    assert Pack.open(tmp_path / "p.safetensors").sources == ()


def refused(movie: Path, tmp_path: Path, **options: float) -> BadInput:
    out = tmp_path / "none.safetensors"
    with pytest.raises(BadInput) as caught:
        pack_film(movie, out, SOURCE, **options)  # type: ignore[arg-type]
    assert caught.value.remedy and not out.exists() and not list(tmp_path.glob("*.part"))
    return caught.value


def test_a_missing_film_is_told_in_a_sentence(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere.mp4", tmp_path).code == "no_such_file"


@pytest.mark.parametrize("data", [b"", b"not a film" * 100, b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 500])
def test_a_film_that_is_no_film_is_told_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.mp4").write_bytes(data)
    error = refused(tmp_path / "x.mp4", tmp_path)
    assert "x.mp4 is not a film" in error.sentence


def test_nothing_but_our_sentence_is_said_of_a_film_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 500)
    command = [sys.executable, "-m", "linewash_training", "frames", "x.mp4", "--out", "p.safetensors", *told_source()]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 1 and told.stdout == ""
    assert " ".join(told.stderr.split()) == (
        "Error: x.mp4 is not a film that can be read, or it is damaged. Give a film as .mp4, .mkv, .webm or .avi."
    )


@given(st.binary(max_size=300))
@example(b"MM\x00*")  # a TIFF's first bytes open as a film without frames
def test_foreign_bytes_are_no_film(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("foreign") / "x.avi"
    path.write_bytes(data)
    with pytest.raises(BadInput):
        list(frames(path, 0.5))


def test_a_truncated_film_gives_what_is_left_or_a_sentence(film: Path, tmp_path: Path) -> None:
    whole = film.read_bytes()
    for share in (0.02, 0.5):
        (tmp_path / "cut.avi").write_bytes(whole[: int(share * len(whole))])
        try:
            assert 1 <= len(list(frames(tmp_path / "cut.avi", 0.5))) < 20
        except BadInput as error:
            assert "damaged" in error.sentence


def test_a_film_without_frames_is_told_in_a_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "empty.avi"
    cv2.VideoWriter(str(empty), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), 10, (96, 72)).release()
    error = refused(empty, tmp_path)
    assert "holds no frames" in error.sentence


def test_one_frame_is_too_few(film: Path, tmp_path: Path) -> None:
    one = write(tmp_path / "one.avi", [drawn(0, 0)])
    error = refused(one, tmp_path)
    assert "one frame" in error.sentence
    assert "one frame" in refused(film, tmp_path, every=60.0).sentence


def test_a_film_of_nothing_but_black_is_told_in_a_sentence(tmp_path: Path) -> None:
    black = write(tmp_path / "black.avi", [np.zeros((72, 96, 3), np.uint8)] * 20)
    error = refused(black, tmp_path)
    assert "none shows anything" in error.sentence


@pytest.mark.parametrize("every", [0.0, -1.0, float("nan"), float("inf")])
def test_an_interval_that_is_no_time_is_refused(film: Path, tmp_path: Path, every: float) -> None:
    assert refused(film, tmp_path, every=every).code == "bad_option"


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_that_is_none_is_refused(film: Path, tmp_path: Path, share: float) -> None:
    assert refused(film, tmp_path, held_out=share).code == "bad_option"


def test_a_pack_that_is_there_is_replaced_only_by_a_whole_one(film: Path, made: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.safetensors"
    out.write_bytes(made.read_bytes())
    with pytest.raises(BadInput):
        pack_film(film, out, SOURCE, every=60)
    assert out.read_bytes() == made.read_bytes()
    pack_film(film, out, SOURCE, every=1)
    assert len(Pack.open(out)) == 10


def test_a_pack_that_can_not_be_written_is_told_in_a_sentence(film: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BadInput) as caught:
        pack_film(film, tmp_path / "file" / "p.safetensors", SOURCE)
    assert caught.value.code == "output_unwritable" and "p.safetensors" in caught.value.sentence
    (tmp_path / "p.safetensors").mkdir()
    assert refused_output(film, tmp_path / "p.safetensors").code == "output_unwritable"
    assert not list(tmp_path.glob("*.part"))


def refused_output(film: Path, out: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        pack_film(film, out, SOURCE)
    return caught.value


@pytest.mark.parametrize("rows", [[{"id": "a"}], [3], 7, {"a": 1}])
def test_damaged_credits_are_told_in_a_sentence(tmp_path: Path, rows: object) -> None:
    table = json.dumps({"version": 1, "pairs": [], "sources": rows})
    save_file({}, tmp_path / "p.safetensors", metadata={pack.METADATA: table})
    with pytest.raises(BadInput, match="damaged or not a pack"):
        Pack.open(tmp_path / "p.safetensors")
    assert asdict(SOURCE).keys() == {"id", "title", "authors", "licence"}
