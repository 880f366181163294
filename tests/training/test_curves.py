"""Runs' logs in; a drawing and numbers out."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from linewash.errors import BadInput
from linewash_training.chart import COLORS, Line, Panel, chart
from linewash_training.cli import app
from linewash_training.curves import Curve, Steady, curve, draw, read_log

SVG = "{http://www.w3.org/2000/svg}"


def run(folder: Path, lines: list[dict[str, Any]], rest: str = "") -> Path:
    folder.mkdir()
    (folder / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + rest)
    return folder


def steps(values: list[float], key: str = "critic") -> list[dict[str, Any]]:
    return [{"step": 19 + 20 * nth, "minutes": 0.1, key: value} for nth, value in enumerate(values)]


def texts(drawing: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in drawing.iter(f"{SVG}text")]


def points(line: ElementTree.Element) -> np.ndarray:
    return np.array([[float(part) for part in point.split(",")] for point in line.attrib["points"].split()])


def test_a_drawing_has_a_panel_for_each_key_and_a_colour_for_each_run(tmp_path: Path) -> None:
    both = [line | {"painted": 3.0 - line["critic"]} for line in steps([2, 1, 0.5, 0.4])]
    runs = run(tmp_path / "quiet", both), run(tmp_path / "noise & <critic>", steps([1, 0.9, 0.8, 0.7]))
    drawn = draw(runs, ["painted", "critic"], tmp_path / "out" / "curves.svg")
    assert [(name, key) for name, key, _ in drawn] == [
        ("quiet", "painted"), ("quiet", "critic"), ("noise & <critic>", "critic"),
    ]  # fmt: skip
    drawing = ElementTree.parse(tmp_path / "out" / "curves.svg").getroot()
    assert {"painted", "critic", "step", "quiet", "noise & <critic>"} <= set(texts(drawing))
    lines = list(drawing.iter(f"{SVG}polyline"))
    assert [line.attrib["stroke"] for line in lines] == [COLORS[0]] * 2 + [COLORS[0], COLORS[1]] * 2
    assert drawing[0].attrib["fill"] == "#fff"  # readable on a dark page, too


def test_what_is_drawn_lies_in_its_panel_and_falls_as_the_values_do() -> None:
    x, falling = np.arange(50.0), np.linspace(9, 1, 50)
    panels = [Panel(name, "step", [Line(0, x, falling, falling)]) for name in ("a", "b")]
    drawing = ElementTree.fromstring(chart(panels, ["run"]))
    boxes = [rect.attrib for clip in drawing.iter(f"{SVG}clipPath") for rect in clip]
    smooth = [points(line) for line in drawing.iter(f"{SVG}polyline") if line.attrib["stroke-width"] == "2"]
    assert len(boxes) == len(smooth) == 2
    for box, line in zip(boxes, smooth, strict=True):
        left, top, width, height = (float(box[name]) for name in ("x", "y", "width", "height"))
        assert line[0, 0] == left and line[-1, 0] == left + width
        assert (line[:, 1] >= top).all() and (line[:, 1] <= top + height).all()
        assert (np.diff(line[:, 1]) > 0).all()  # downwards


def test_axes_are_marked_at_round_numbers() -> None:
    x = np.linspace(0, 1900, 20)
    drawing = ElementTree.fromstring(chart([Panel("loss", "step", [Line(0, x, x / 1000, x / 1000)])], ["run"]))
    assert {"0", "500", "1000", "1500", "0.5", "1", "1.5"} <= set(texts(drawing))


def test_a_value_that_stays_is_drawn_where_it_is() -> None:
    x = np.arange(20.0)
    still = np.full(20, 5e-4)
    drawing = ElementTree.fromstring(chart([Panel("rate", "step", [Line(0, x, still, still)])], ["run"]))
    assert "0.0005" in texts(drawing) and not [text for text in texts(drawing) if text.startswith("-")]


@pytest.mark.parametrize("values", [[0.25], [3.0, 3.0, 3.0], [0.0] * 200, [-1e6, 1e6], [1e-7, 2e-7]])
def test_any_finite_values_can_be_drawn(values: list[float], tmp_path: Path) -> None:
    draw([run(tmp_path / "run", steps(values))], ["critic"], tmp_path / "curves.svg")
    drawing = ElementTree.parse(tmp_path / "curves.svg").getroot()
    assert all(np.isfinite(points(line)).all() for line in drawing.iter(f"{SVG}polyline"))


def test_one_wild_value_does_not_flatten_the_rest() -> None:
    values = np.ones(400)
    values[::2] = 2
    values[100] = 1e6
    line = Line(0, np.arange(400.0), values, np.full(400, 1.5))
    drawing = ElementTree.fromstring(chart([Panel("loss", "step", [line])], ["run"]))
    raw = points(next(drawing.iter(f"{SVG}polyline")))[:, 1]
    assert raw[1] - raw[0] > 100  # px between 1 and 2


def test_smoothing_keeps_constants_and_calms_noise() -> None:
    noise = np.random.default_rng(0).normal(5, 1, 500)
    steps = np.arange(500.0)
    assert Curve(steps, np.full(500, 2.5)).smoothed() == pytest.approx(2.5)
    assert Curve(steps, noise).smoothed().std() < noise.std() / 3
    assert Curve(steps, steps).smoothed()[100:400] == pytest.approx(steps[100:400])  # no lag


def test_a_long_curve_is_thinned_to_means_of_neighbours() -> None:
    long = Curve(np.arange(1000.0), np.arange(1000.0) ** 2)
    thin = long.thinned(300)
    assert len(thin.steps) == len(thin.values) == 300
    assert (thin.steps[0], thin.steps[-1]) == (1, 997.5)  # of 0, 1, 2 and of 996 to 999
    assert (np.diff(thin.steps) > 0).all() and (np.diff(thin.values) > 0).all()
    assert long.thinned(1000) is long


def test_steadiness_is_of_the_last_half() -> None:
    wild = Curve(np.arange(8.0), np.array([90.0, -40, 7, 0, 1, 3, 1, 3]))
    assert Steady.of(wild) == Steady(2, 1, 4)
    assert Steady.of(Curve(np.arange(3.0), np.array([90.0, 1, 3]))) == Steady(2, 1, 2)


def test_a_run_that_went_on_from_an_earlier_state_counts_each_step_once(tmp_path: Path) -> None:
    folder = run(tmp_path / "run", [*steps([5, 4, 3, 2]), {"step": 45, "critic": 3.5}, {"step": 65, "critic": 2.5}])
    found = curve(read_log(folder), "critic")
    assert found is not None
    assert (found.steps.tolist(), found.values.tolist()) == ([19, 39, 45, 65], [5, 4, 3.5, 2.5])


def test_two_lines_of_one_step_are_one(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text(
        '{"step": 19, "own": 2.0}\n{"step": 19, "held_4": 9.0}\n{"step": 20, "held_4": 8.0}\n'
    )
    assert read_log(tmp_path) == [{"step": 19, "own": 2.0, "held_4": 9.0}, {"step": 20, "held_4": 8.0}]


def test_a_log_that_is_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    folder = run(tmp_path / "run", steps([5, 4]), '{"step": 59, "cri')
    assert [line["step"] for line in read_log(folder)] == [19, 39]


def test_values_that_are_no_numbers_are_left_out(tmp_path: Path) -> None:
    folder = run(tmp_path / "run", steps([5, float("nan"), float("inf"), 4]))
    found = curve(read_log(folder), "critic")
    assert found is not None
    assert found.values.tolist() == [5, 4]
    assert curve(steps([float("nan")]), "critic") is None


def test_runs_of_one_folder_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    runs = [run(tmp_path / name / "run", steps([2, 1])) for name in "ab"]
    names = [name for name, _, _ in draw(runs, ["critic"], tmp_path / "curves.svg")]
    assert names == [str(folder) for folder in runs]


def test_what_can_not_be_drawn_is_told(tmp_path: Path) -> None:
    folder, out = run(tmp_path / "run", steps([2, 1])), tmp_path / "curves.svg"
    with pytest.raises(BadInput, match="no log in") as told:
        draw([tmp_path], ["critic"], out)
    assert told.value.code == "no_such_file"
    with pytest.raises(BadInput, match="logged “l1”") as told:
        draw([folder], ["critic", "l1"], out)
    assert told.value.remedy == "There are: critic."
    with pytest.raises(BadInput, match="logged “”"):
        draw([folder], [], out)
    with pytest.raises(BadInput, match="too many"):
        draw([folder] * 8, ["critic"], out)
    assert not out.exists()
    with pytest.raises(BadInput, match="can't be written") as told:
        draw([folder], ["critic"], folder / "log.jsonl" / "curves.svg")
    assert told.value.code == "output_unwritable"


def test_the_command_tells_how_steady_a_run_was(tmp_path: Path) -> None:
    folder, out = run(tmp_path / "noise", steps([9, 9, 1, 3])), tmp_path / "curves.svg"
    result = CliRunner().invoke(app, ["curves", str(folder), "--keys", "critic", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert [cell.strip() for cell in result.output.split("│")[1:6]] == ["noise", "critic", "2", "1", "2"]
    assert out.exists()
