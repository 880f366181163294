"""A whole evaluation: a small pack in, table, results, sheets and scores out."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from linewash.errors import BadInput
from linewash_daemon.models import ModelFolder
from linewash_daemon.networks import build
from linewash_training.cli import app
from linewash_training.evaluation.evaluate import evaluate
from linewash_training.evaluation.metrics import Figures
from linewash_training.evaluation.report import Report, Row, scores, table, write_scores
from linewash_training.evaluation.sweep import spread
from linewash_training.pack import Pack
from tests.daemon.model_files import write_grey
from tests.training.evaluation.drawings import small_pack

RIVALS = ("white", "flood", "watershed", "true_flats")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return small_pack(tmp_path_factory.mktemp("pack") / "art.safetensors")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained model."""
    torch.manual_seed(0)
    settings: dict[str, object] = {"encoder": [8, 8], "decoder": [8, 8], "blocks": 1, "bins": 8}
    metadata = {
        "format": 1, "name": "tiny", "recipe": "tiny", "network": "propagator", "settings": settings,
        "colour_space": "lab", "long_side": 64, "provides": ["composite"], "licence": "CC0-1.0", "sources": [],
        "scores": {},
    }  # fmt: skip
    path = tmp_path_factory.mktemp("models") / "tiny.safetensors"
    save_file(build("propagator", settings).state_dict(), path, {"linewash": json.dumps(metadata)})
    return path


def row(method: str, k: int, inside: float, picture: str = "a", kind: str = "real") -> Row:
    return Row(picture, "drawn", kind, method, k, 0.5, Figures(inside, inside / 2, None, 0.25, 1.0, None, 20.0, 0.9))


def test_an_evaluation_scores_every_held_out_pair_at_every_number_of_hints(pack: Pack, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    report = evaluate(
        pack, tmp_path, ks=(4, 0), methods=RIVALS, jobs=1, progress=lambda done, total: told.append((done, total))
    )
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert {row.picture for row in report.rows} == {"drawn/0#0", "drawn/1#1", "drawn/2#2"}
    assert {(r.method, r.k) for r in report.rows} == {
        ("white", 0), ("true_flats", 0), *((method, 4) for method in RIVALS),
    }  # fmt: skip
    assert set(report.pooled_swd) == {"white", "true_flats"}
    assert report.pooled_swd["true_flats"] < 1 < report.pooled_swd["white"]
    ceiling = [r.figures.inside for r in report.rows if r.method == "true_flats"]
    assert max(ceiling) < 1 < min(r.figures.inside for r in report.rows if r.method == "white")
    results = json.loads((tmp_path / "results.json").read_text())
    assert len(results["rows"]) == len(report.rows)
    assert results["rows"][0]["picture"] == "drawn/0#0"


def test_rivals_are_not_run_again_for_a_pair_that_is_known(pack: Pack, tmp_path: Path) -> None:
    first = evaluate(pack, tmp_path, ks=(4,), methods=("flood",), limit=1, jobs=1)
    (kept,) = (tmp_path / ".cache").iterdir()
    marked = json.loads(kept.read_text()) | {"seconds": 1234.5}
    kept.write_text(json.dumps(marked))
    again = evaluate(pack, tmp_path, ks=(4,), methods=("flood",), limit=1, jobs=1)
    assert [r.seconds for r in again.rows] == [1234.5]
    assert again.rows[0].figures == first.rows[0].figures
    kept.write_text("{")  # damaged: scored anew
    assert evaluate(pack, tmp_path, ks=(4,), methods=("flood",), limit=1, jobs=1).rows[0].seconds < 1234


def test_the_command_judges_a_model_beside_rivals_and_writes_its_scores(
    pack: Pack, model: Path, tmp_path: Path
) -> None:
    before = load_file(model)
    arguments = ["evaluate", str(pack.path), "--model", str(model), "--out", str(tmp_path), "--write-scores"]
    result = CliRunner().invoke(app, [*arguments, "--methods", "white,flood", "--k", "0,4", "--jobs", "1"])
    assert result.exit_code == 0, result.output
    (info,) = ModelFolder(model.parent).infos()
    assert {"inside_0", "all_4", "hint_4", "pooled_swd_0"} <= info.scores.keys()
    assert info.scores["hint_4"] < 1  # hints are law, whatever the network says
    after = load_file(model)
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    for sheet, width in (("sheet.png", 5 * 256), ("no_hints.png", 8 * 256)):  # line, hints, flood, ours, truth
        pixels = cv2.imread(str(tmp_path / sheet))
        assert pixels is not None and pixels.shape[1] == width
    assert "ours" in (tmp_path / "TABLE.md").read_text()


def test_processes_find_what_one_does(pack: Pack, tmp_path: Path) -> None:
    alone = evaluate(pack, tmp_path / "one", ks=(4,), methods=("flood", "white"), jobs=1)
    shared = evaluate(pack, tmp_path / "two", ks=(4,), methods=("flood", "white"), jobs=2)
    assert [(r.picture, r.method, r.figures) for r in shared.rows] == [
        (r.picture, r.method, r.figures) for r in alone.rows
    ]


def test_unknown_methods_and_empty_splits_are_refused(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no method called magic"):
        evaluate(pack, tmp_path, methods=("magic",))
    with pytest.raises(BadInput, match="no pairs"):
        evaluate(pack, tmp_path, split="nowhere")


def test_a_style_for_greyscale_pictures_alone_is_not_judged_on_line_art(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="does not colour line art"):
        evaluate(pack, tmp_path, model=write_grey(tmp_path))


@pytest.mark.parametrize("k", ["four", "-4", ""])
def test_numbers_of_hints_that_make_no_sense_are_refused(pack: Pack, tmp_path: Path, k: str) -> None:
    result = CliRunner().invoke(app, ["evaluate", str(pack.path), "--k", k, "--out", str(tmp_path)])
    assert isinstance(result.exception, BadInput)


def test_a_limit_spreads_evenly() -> None:
    assert spread(range(10), 5) == [0, 2, 4, 6, 8]
    assert spread(range(3), 5) == spread(range(3), 0) == [0, 1, 2]


def test_the_table_has_means_and_says_on_how_many_pictures() -> None:
    rows = (row("flood", 4, 2), row("flood", 4, 4, "b"), row("levin", 4, 7))
    text = table(Report(rows, {}))
    assert "| 4 | flood | 3.00 | 1.50 | – | 0.250 |" in text
    assert "## ΔE inside / over all: the pictures that every method coloured\n\n| 1 pictures |" in text
    assert "| flood | 2.00 / 1.00 |\n| levin | 7.00 / 3.50 |" in text


def test_the_table_parts_kinds_of_line_art_and_names_failures() -> None:
    rows = (row("flood", 4, 2), row("flood", 4, 4, "b", "extracted"))
    text = table(Report(rows, {}, failures=("c, 4 hints: It broke.",)))
    assert "extracted line art" in text and "real line art" in text
    assert "- c, 4 hints: It broke." in text


def test_scores_are_means_of_ours_alone() -> None:
    report = Report((row("ours", 4, 2), row("ours", 4, 3, "b"), row("flood", 4, 9)), {"ours": 1.25, "white": 3.0})
    found = scores(report)
    assert (found["inside_4"], found["all_4"], found["pooled_swd_0"]) == (2.5, 1.25, 1.25)
    assert "hint_4" not in found


def test_scores_leave_every_tensor_byte_alone(tmp_path: Path, model: Path) -> None:
    path = tmp_path / "copy.safetensors"
    path.write_bytes(model.read_bytes())
    body = len(b"".join(t.numpy().tobytes() for t in load_file(path).values()))
    before = path.read_bytes()[-body:]
    write_scores(path, Report((row("ours", 16, 2),), {}))
    assert path.read_bytes()[-body:] == before
    assert int.from_bytes(path.read_bytes()[:8], "little") % 8 == 0
    assert ModelFolder(tmp_path).infos()[0].scores["inside_16"] == 2
    assert list(tmp_path.iterdir()) == [path]


def test_samples_of_colours_survive_the_cache(tmp_path: Path) -> None:
    from linewash_training.evaluation.scoring import Score, _read, _write

    sample = np.random.default_rng(0).integers(0, 256, (7, 3), np.uint8)
    _write(tmp_path / "a.json", Score("white", 0, 0.1, row("white", 0, 1).figures, sample))
    kept = _read(tmp_path / "a.json")
    assert kept is not None and kept.sample is not None
    assert np.array_equal(kept.sample, sample)
