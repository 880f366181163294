"""Published claims on pictures small enough to know what must come out."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from linewash.contract import Options
from linewash.errors import BadInput
from linewash_training.cli import app
from linewash_training.evaluation import claims
from linewash_training.evaluation.cases import finished
from linewash_training.evaluation.claims import FEW, Figures, ModelPainter, Painter, claims_of, gathered, judge, moved
from linewash_training.evaluation.metrics import Truth
from linewash_training.evaluation.strokes import simulated_hints
from linewash_training.pack import Pair, PairInfo
from tests.daemon.model_files import UNET, write_grey, write_model, write_painter
from tests.training.evaluation.drawings import BLUE, GREEN, RED, rooms, small_pack, stroke

Image = NDArray[np.uint8]
SHADE, EYE = (26, 56, 176), (240, 220, 40)
PLAIN = Options(layers=("painting",))


def drawn() -> Pair:
    """Three rooms: a shade in the blue one, a yellow eye of 6 px in the green one, a nose in the red one."""
    color, line = rooms()
    color[128:220][(color[128:220] == BLUE).all(-1)] = SHADE
    cv2.circle(color, (192, 80), 6, EYE, -1)
    cv2.line(line, (64, 120), (64, 126), 0, 3)
    return Pair(line, color, PairInfo("drawn/0", "drawn", "0", "real", "held", 1.0, 256, 256))


def always(picture: Image) -> Painter:
    return lambda line, hints, options: picture


def found(painter: Painter | Image, own_l: bool = False) -> Figures:
    figures, _ = claims_of(drawn(), always(painter) if isinstance(painter, np.ndarray) else painter, 256, own_l)
    return figures


def test_the_truth_itself_bears_out_every_claim_that_praises_and_no_other() -> None:
    figures, regions = claims_of(drawn(), always(finished(drawn())), 256)
    assert regions == 1
    for name in ("shades_0", "shades_64", "slope_16", "painted_small_lines", "painted_large_lines", "size_small_lines"):
        assert figures[name] == pytest.approx(1, abs=1e-3), name
    for name in ("painted_careful", "painted_careless_4", "painted_small", "painted_rest"):
        assert figures[name] == pytest.approx(0, abs=0.02), name
    assert figures["painted_white"] == figures["truth_white"]
    assert figures["colorful"] == pytest.approx(1, abs=0.1)


def test_flat_colours_have_no_shades_and_inverted_ones_have_less_than_none() -> None:
    color = drawn().color.copy()
    shaded, lit = (color == SHADE).all(-1), (color == BLUE).all(-1)
    color[shaded] = BLUE
    assert found(color)["shades_16"] == found(color)["slope_16"] == 0
    color[shaded], color[lit] = BLUE, SHADE
    assert found(color)["shades_16"] == pytest.approx(-1, abs=1e-3)


def test_half_the_shade_has_half_the_slope_and_all_the_correlation() -> None:
    color = drawn().color.copy()
    color[(color == SHADE).all(-1)] = np.mean([SHADE, BLUE], axis=0)
    figures = found(color)
    assert figures["shades_0"] == pytest.approx(1, abs=1e-3)
    assert figures["slope_0"] == pytest.approx(0.5, abs=0.05)


def test_without_shaded_regions_there_is_no_figure_for_shades() -> None:
    color, line = rooms()
    figures, regions = claims_of(drawn()._replace(color=color, line=line), always(color), 256)
    assert regions == 0
    assert not [name for name in figures if name.startswith(("shades", "slope"))]


def test_careless_strokes_are_the_careful_ones_moved() -> None:
    pair = drawn()
    known = Truth.of(pair.color, pair.line)
    careful = simulated_hints(pair.color, pair.line, known.regions, FEW)

    def particular(line: Image, hints: Image, options: Options) -> Image:
        return pair.color if np.array_equal(hints, careful) else np.full_like(pair.color, 255)

    figures = found(particular)
    assert figures["painted_careful"] == 0
    assert figures["painted_careless_2"] == pytest.approx(claims.difference(np.full_like(pair.color, 255), known))
    assert figures["watershed_careless_4"] > figures["watershed_careful"]


def test_a_moved_stroke_keeps_shape_and_colour_and_stays_in_the_picture() -> None:
    _, line = rooms()
    for at in ((100, 100), (2, 2), (253, 128)):
        hints = stroke(line, at, RED)
        after = moved(hints, 2)
        assert (after[after[..., 3] > 0] == (*RED, 255)).all()
        assert (after[..., 3] > 0).sum() == 25
    middle = np.argwhere(moved(stroke(line, (100, 100), RED), 2)[..., 3] > 0).mean(0)
    assert np.linalg.norm(middle - 100) == pytest.approx(0.02 * 256, abs=1)


def test_two_strokes_go_their_own_ways_also_when_they_are_of_one_colour() -> None:
    _, line = rooms()
    hints = stroke(line, (200, 128), RED, stroke(line, (60, 128), RED))
    left, right = (moved(hints, 2)[:, part, 3] > 0 for part in (slice(0, 128), slice(128, 256)))
    steps = np.argwhere(left).mean(0) - (128, 60), np.argwhere(right).mean(0) - (128, 72)
    assert np.abs(steps[0] - steps[1]).max() > 1


def test_a_lost_detail_shows_in_the_small_regions_alone() -> None:
    color = drawn().color.copy()
    color[(color == EYE).all(-1)] = GREEN
    figures = found(color)
    assert figures["painted_rest"] < 0.1
    assert figures["painted_small"] > 30


def test_white_paper_is_white_and_the_truth_as_white_as_its_paper() -> None:
    figures = found(np.full_like(drawn().color, 255))
    assert figures["painted_white"] == figures["painted_white_inside"] == 1
    assert figures["truth_white_inside"] == 0
    off = Truth.of(drawn().color, drawn().line).off
    assert figures["truth_white"] == pytest.approx((drawn().color[off] == 255).all(-1).mean())


def test_an_ignored_nose_is_a_small_line_that_has_gone() -> None:
    pair = drawn()
    line = pair.line.copy()
    line[116:132, 60:69] = 255
    figures = found(finished(pair._replace(line=line)))
    assert figures["painted_small_lines"] == pytest.approx(0, abs=0.01)
    assert figures["painted_large_lines"] == pytest.approx(1, abs=0.01)


def test_what_a_small_painter_can_keep_of_lines_is_less_than_all() -> None:
    figures, _ = claims_of(drawn(), always(drawn().color), 64)
    assert 0.1 < figures["size_small_lines"] < 0.8


def test_a_painter_is_asked_for_stronger_colours_and_measured_with_them() -> None:
    pair = drawn()
    grey = np.full_like(pair.color, 128)
    figures = found(lambda line, hints, options: pair.color if options.strength == 1.6 else grey)
    assert figures["colorful"] == 0
    assert figures["colorful_stronger"] == 1


def test_a_painter_that_predicts_l_is_judged_by_its_own_and_beside_it_by_the_given_one() -> None:
    pair = drawn()
    white = np.full_like(pair.color, 255)
    figures = found(lambda line, hints, options: pair.color if options.lightness == 1 else white, own_l=True)
    assert figures["own_l"] == figures["own_l_inside"] == figures["painted_careful"] == 0
    assert figures["kept_l"] > 40
    assert "own_l" not in found(pair.color)


def test_a_painter_that_takes_no_hints_forgives_nothing(tmp_path: Path) -> None:
    claims = judge(write_painter(tmp_path), small_pack(tmp_path / "art.safetensors"), 1)
    assert "painted_careless_2" not in claims.figures and "watershed_careless_2" in claims.figures
    assert "| takes no hints | marker watershed: " in claims.markdown()


def test_means_are_over_the_pictures_that_have_a_figure() -> None:
    whole = gathered("style", 256, [({"a": 1.0, "b": 2.0}, 3), ({"a": 2.0}, 0)])
    assert (whole.figures, whole.pictures, whole.regions, whole.of) == ({"a": 1.5, "b": 2.0}, {"a": 2, "b": 1}, 3, 2)


def test_a_painter_with_hints_paints_by_them_and_each_drawing_anew(tmp_path: Path) -> None:
    hinted = ModelPainter(write_painter(tmp_path, settings=UNET | {"into": 4}, paints={"hints": "blurred"}))
    pair = drawn()
    none = np.zeros((256, 256, 4), np.uint8)
    red = stroke(pair.line, (64, 64), RED)
    without = hinted(pair.line, none, PLAIN)
    assert not np.array_equal(without, hinted(pair.line, red, PLAIN))
    assert np.array_equal(without, hinted(pair.line, none, PLAIN))
    assert not np.array_equal(without, hinted(np.ascontiguousarray(255 - pair.line), none, PLAIN))


def test_the_command_prints_a_table_and_writes_the_same_figures(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "art.safetensors")
    model = write_painter(tmp_path, "lab", paints={"space": "lab"})
    out = tmp_path / "new" / "claims.json"
    arguments = ["claims", str(pack.path), "--model", str(model), "--out", str(out), "--limit", "2"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    data = json.loads(out.read_text())
    assert data == judge(model, pack, 2).data()
    assert (data["model"], data["pictures"], data["shaded_regions"]) == ("lab", 2, 0)
    assert "| colouring out of bounds is forgiven |" in result.output
    assert "its own L is better" in result.output
    assert "small details are lost | ΔE in regions under 0.3 % of the picture / in others, 64 strokes | – / –" in (
        result.output
    )


def test_only_painters_of_line_art_are_tested(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "art.safetensors")
    for model in (write_model(tmp_path / "tiny.safetensors"), write_grey(tmp_path)):
        with pytest.raises(BadInput, match="is no painter of line art"):
            judge(model, pack, 1)


def test_an_answer_that_has_no_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be written"):
        claims.save(gathered("style", 256, [({}, 0)]), tmp_path)
