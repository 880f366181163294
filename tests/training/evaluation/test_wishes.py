"""Wishes without strokes, measured on painters of whom it is known how they fulfil them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from linewash.contract import Options
from linewash.errors import BadInput
from linewash_training.cli import app
from linewash_training.evaluation import wishes_report
from linewash_training.evaluation.wishes import judge, other, palette_of, reference_of, wishes_of
from linewash_training.pack import Pair, PairInfo
from tests.daemon.model_files import write_grey, write_washer
from tests.training.evaluation.drawings import BLUE, GREEN, RED, rooms, small_pack, swapped

Image = NDArray[np.uint8]
PINK, TEAL = (250, 120, 170), (20, 130, 130)


def pair(changed: bool = False) -> Pair:
    color, line = rooms()
    if changed:
        for before, after in {RED: PINK, BLUE: TEAL}.items():
            color[(color == before).all(-1)] = after
    return Pair(line, color, PairInfo("drawn/0", "drawn", "0", "real", "held", 1.0, *line.shape))


def obeys(line: Image, options: Options) -> Image:
    """At variety 0 the truth, with an odd seed red and blue changed for each other; a wish's colours all over."""
    color, _ = rooms()
    if options.like or options.palette:
        color = pair(changed=True).color if options.like else np.full_like(color, options.palette[0])
    elif options.variety and options.seed % 2:
        color = swapped(color)
    alpha = np.full((*line.shape, 1), 255, np.uint8)
    return color if options.layers == ("composite",) else np.concatenate([color, alpha], 2)


def test_who_paints_the_truth_is_believable_and_distinct_by_seeds_alone() -> None:
    figures = wishes_of(pair(), pair(changed=True), obeys).figures
    assert figures["distinct_0"] == 0 and figures["seed_ignored"] == 1 and figures["seed_kept"] == 1
    assert figures["distinct_0.5"] > 10
    assert figures["colorful_0"] == pytest.approx(1)
    assert figures["sepia_0"] == figures["grey_0"] == figures["truth_sepia"] == figures["truth_grey"] == 0
    assert figures["apart_0"] == 1


def test_obedience_to_a_palette_and_a_reference_is_told() -> None:
    figures = wishes_of(pair(), pair(changed=True), obeys).figures
    assert figures["palette_obeyed"] == 1 and figures["palette_used"] == 1 and figures["palette_size"] >= 3
    assert figures["like_with"] < 0.5 < figures["like_without"]
    assert figures["like_random"] == pytest.approx(figures["like_without"], abs=6)


def test_one_pixel_outside_the_palette_is_told() -> None:
    def careless(line: Image, options: Options) -> Image:
        out = obeys(line, options).copy()
        out[0, 0, :3] = (1, 2, 3)
        return out

    assert wishes_of(pair(), pair(changed=True), careless).figures["palette_obeyed"] == 0.5


def test_who_heeds_no_seed_and_whose_seeds_are_not_kept_are_told() -> None:
    assert wishes_of(pair(), pair(), lambda line, o: obeys(line, replace(o, seed=0))).figures["distinct_1"] == 0
    asked = [0]

    def restless(line: Image, options: Options) -> Image:
        asked[0] += 1
        return obeys(line, replace(options, seed=asked[0], variety=0.5))

    figures = wishes_of(pair(), pair(), restless).figures
    assert figures["seed_ignored"] == 0 and figures["seed_kept"] == 0


def test_a_palette_is_of_the_commonest_colours_and_a_reference_of_all_with_the_lines() -> None:
    palette = np.array(palette_of(pair(), 4), np.int16)
    assert all(np.abs(palette - color).max(1).min() < 8 for color in (RED, BLUE, GREEN, (255, 255, 255)))
    assert len(palette_of(pair(), 2)) == 2
    like = reference_of(pair())
    assert sum(share for *_, share in like) == pytest.approx(1, abs=1e-4)
    assert any(max(color) < 10 for *color, _ in like)


def test_the_other_picture_is_of_another_group(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "art.safetensors")
    held = pack.indices("held")
    assert all(pack.infos[other(pack, held, i)].group != pack.infos[i].group for i in held)
    with pytest.raises(BadInput, match="one picture only"):
        other(pack, held[:1], held[0])


def test_means_are_over_the_pictures_that_have_the_figure_and_colours_are_pooled() -> None:
    one, two = wishes_of(pair(), pair(changed=True), obeys), wishes_of(pair(), pair(), obeys, 1)
    del two.figures["apart_0"]
    report = wishes_report.gathered("style", [one, two])
    assert report.figures["apart_0"] == one.figures["apart_0"]
    assert report.figures["palette_obeyed"] == 1
    assert report.figures["swd_0"] < 0.01 < report.figures["swd_0.5"] + 0.1
    assert "| 0 | 0.000 |" in report.markdown()


def test_what_is_depicted_has_a_table_of_its_own_without_what_no_drawing_shows() -> None:
    scene = pair()._replace(meta=replace(pair().meta, source="bookdash"))
    one = wishes_of(scene, pair(), obeys)
    assert one.figures["foliage_0"] == 1 and one.figures["not_foliage_0"] == 0 and "sky_0" not in one.figures
    table = wishes_report.gathered("style", [one]).markdown().partition("## What is depicted, in its colours\n\n")[2]
    rows = table.partition("\n\n")[0].splitlines()
    assert rows[0] == "| variety | skin | no skin | foliage | no foliage | sky | no sky | white | no white |"
    assert rows[2] == "| 0 | – | – | 1.00 | 0.000 | – | – | – | – |" and len(rows) == 5


def test_the_command_writes_table_data_and_sheets(tmp_path: Path) -> None:
    pack, model = small_pack(tmp_path / "art.safetensors"), write_washer(tmp_path / "washer.safetensors")
    out = tmp_path / "out"
    result = CliRunner().invoke(
        app, ["wishes", str(pack.path), "--model", str(model), "--out", str(out), "--limit", "1"]
    )
    assert result.exit_code == 0, result.output
    found = json.loads((out / "wishes.json").read_text())
    assert found["pictures"] == 1
    figures = found["figures"]
    assert figures["palette_obeyed"] == figures["seed_kept"] == figures["seed_ignored"] == 1
    assert {path.name for path in out.iterdir()} == {
        "wishes.json", "TABLE.md", "variety.png", "palettes.png", "references.png",
    }  # fmt: skip


def test_a_style_for_greyscale_pictures_is_refused_and_a_place_that_is_none_is_told(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "art.safetensors")
    with pytest.raises(BadInput, match="does not colour line art"):
        judge(write_grey(tmp_path), pack, 1)
    with pytest.raises(BadInput, match="can't be written"):
        wishes_report.save(wishes_report.gathered("style", [wishes_of(pair(), pair(), obeys)]), pack.path)
