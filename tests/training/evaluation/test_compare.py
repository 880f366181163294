"""Systems side by side: small model files and a small pack in; tables and sheets out."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from linewash.errors import BadInput, ModelError
from linewash_daemon.models import read_metadata
from linewash_daemon.networks import build
from linewash_training.cli import app
from linewash_training.evaluation.compare import compare, prepared
from linewash_training.evaluation.evaluate import evaluate
from linewash_training.evaluation.scoring import Scorer
from linewash_training.evaluation.systems import files, of_models
from linewash_training.pack import Pack
from tests.daemon.model_files import UNET, write_grey, write_model, write_painter
from tests.training.evaluation.drawings import small_pack

COLORED = UNET | {"into": 4}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return small_pack(tmp_path_factory.mktemp("pack") / "art.safetensors")


def hinted_painter(folder: Path, name: str) -> Path:
    return write_painter(folder, name, settings=COLORED, paints={"hints": "blurred"})


def test_each_kind_of_network_is_judged_by_what_is_its_own(tmp_path: Path) -> None:
    paths = write_model(tmp_path / "tiny.safetensors"), write_painter(tmp_path), write_grey(tmp_path)
    judged = [(system.name, system.mode, system.role) for system in of_models(paths, law=True)]
    assert judged == [
        ("tiny", "lines", "composite"),
        ("painter", "lines", "painting"),
        ("painter + law", "lines", "composite"),
        ("grey", "grey", "composite"),
    ]
    assert [system.name for system in of_models(paths, law=False)] == ["tiny", "painter", "grey"]


def test_a_style_of_both_modes_stands_in_both_tables(tmp_path: Path) -> None:
    (lines, grey) = of_models([write_painter(tmp_path, modes=["grey", "lines"])], law=False)
    assert (lines.name, lines.mode, grey.name, grey.mode) == ("painter", "lines", "painter, on grey", "grey")
    assert lines.key != grey.key


def test_only_a_style_that_predicts_lightness_may_leave_the_given_one(tmp_path: Path) -> None:
    paths = [write_painter(tmp_path, space, paints={"space": space}) for space in ("lab", "rgb")]
    assert [system.lightness for system in of_models(paths, law=False)] == [1, 0]


def test_parameters_are_counted_without_what_is_not_learned(tmp_path: Path) -> None:
    (system,) = of_models([path := write_painter(tmp_path)], law=False)
    metadata = read_metadata(path)
    network = build(metadata["network"], metadata["settings"])
    assert list(network.buffers())  # batch normalisation's, for one
    assert system.millions == sum(p.numel() for p in network.parameters()) / 1e6


def test_a_model_in_a_comparison_scores_what_it_scores_alone(pack: Pack, tmp_path: Path) -> None:
    model = write_model(tmp_path / "tiny.safetensors")
    alone = evaluate(pack, tmp_path / "one", model=model, ks=(0, 4), methods=("flood",), jobs=1)
    beside = compare(pack, tmp_path / "two", [model], ks=(0, 4), jobs=1).reports["lines"]
    for k in (0, 4):
        assert [row.figures for row in beside.of("tiny", k)] == [row.figures for row in alone.of("ours", k)]
    assert [row.figures for row in beside.of("flood fill", 4)] == [row.figures for row in alone.of("flood", 4)]
    assert beside.pooled_swd["tiny"] == alone.pooled_swd["ours"]


def test_greyscale_styles_stand_beside_grey_and_levin_and_the_others_do_not(pack: Pack, tmp_path: Path) -> None:
    found = compare(pack, tmp_path, [write_grey(tmp_path), write_painter(tmp_path)], ks=(0, 4), jobs=1)
    assert found.reports["grey"].methods() == ["grey as it is", "Levin 2004, on grey", "grey"]
    assert found.reports["lines"].methods() == ["white paper", "flood fill", "Levin 2004", "painter"]
    for row in found.reports["grey"].of("grey as it is", 0):
        assert row.figures.colorfulness == 0
        assert row.figures.psnr > 12  # far from white paper: L is there
    assert not found.reports["grey"].of("Levin 2004, on grey", 0)
    assert found.reports["grey"].of("Levin 2004, on grey", 4)


def test_there_is_no_greyscale_table_without_a_greyscale_style(pack: Pack, tmp_path: Path) -> None:
    found = compare(pack, tmp_path, [write_painter(tmp_path)], ks=(0,), limit=1, jobs=1)
    assert set(found.reports) == {"lines"}
    assert "grey picture" not in found.markdown()


def test_a_second_run_scores_new_files_only(pack: Pack, tmp_path: Path) -> None:
    first = write_painter(tmp_path, "first")
    compare(pack, tmp_path, [first], ks=(0,), limit=1, jobs=1)
    for kept in (tmp_path / ".cache").iterdir():
        kept.write_text(json.dumps(json.loads(kept.read_text()) | {"seconds": 1234.5}))
    second = hinted_painter(tmp_path, "second")
    report = compare(pack, tmp_path, [first, second], ks=(0,), limit=1, jobs=1).reports["lines"]
    assert {row.method: row.seconds == 1234.5 for row in report.rows} == {
        "white paper": True, "first": True, "second": False,
    }  # fmt: skip
    assert report.pooled_swd.keys() == {"white paper", "first", "second"}


def test_a_file_that_has_changed_is_scored_anew_and_one_that_is_called_otherwise_is_not(
    pack: Pack, tmp_path: Path
) -> None:
    path = write_painter(tmp_path, "style")
    compare(pack, tmp_path, [path], ks=(0,), limit=1, jobs=1)
    before = set((tmp_path / ".cache").iterdir())
    moved = path.rename(tmp_path / "moved.safetensors")
    compare(pack, tmp_path, [moved], ks=(0,), limit=1, jobs=1)
    assert set((tmp_path / ".cache").iterdir()) == before
    moved.write_bytes(moved.read_bytes()[:-2] + b"\x00\x40")  # one weight is 2 now
    compare(pack, tmp_path, [moved], ks=(0,), limit=1, jobs=1)
    assert len(list((tmp_path / ".cache").iterdir())) == len(before) + 1


def test_law_makes_a_painter_obey_its_strokes(pack: Pack, tmp_path: Path) -> None:
    setting = prepared(pack, tmp_path, [hinted_painter(tmp_path, "painter")], (16,), law=True)
    painter, lawful = setting.systems[-2:]
    _, hints, (painted, obeyed) = Scorer(setting).paint(0, [painter, lawful], "lines", 16)
    on = hints[..., 3] > 0
    wrong = [np.abs(result[on].astype(int) - hints[on, :3]).max(-1).mean() for result in (painted, obeyed)]
    assert wrong[1] < 2 < 20 < wrong[0]


def test_the_table_has_a_row_for_each_system_and_number_of_hints(pack: Pack, tmp_path: Path) -> None:
    found = compare(pack, tmp_path, [write_painter(tmp_path), write_grey(tmp_path)], ks=(0, 4), jobs=1, levin_limit=1)
    table = json.loads((tmp_path / "table.json").read_text())
    assert table["rows"] == found.rows()
    (row,) = (row for row in table["rows"] if (row["system"], row["k"]) == ("painter", 0))
    report = found.reports["lines"]
    assert row["inside"] == pytest.approx(np.mean([r.figures.inside for r in report.of("painter", 0)]))
    assert row["pooled_swd"] == report.pooled_swd["painter"]
    assert row["ms"] > 0 and row["millions"] > 0 and row["pictures"] == 3
    (levin,) = (row for row in table["rows"] if row["system"] == "Levin 2004")
    assert (levin["k"], levin["pictures"], levin["millions"]) == (4, 1, None)
    text = (tmp_path / "TABLE.md").read_text()
    assert "| 0 | painter | " in text
    assert "Levin 2004: on 1 of the pictures only" in text
    assert "the pictures that every method coloured\n\n| 1 pictures |" in text
    assert text.index("Given the line art") < text.index("Given the grey picture")


def test_the_command_compares_a_folder_of_runs_with_the_default_style(pack: Pack, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    write_painter(runs / "one", "painter")
    (runs / "one" / "state.safetensors").write_bytes(b"what the run needs to go on")
    write_grey(runs / "two")
    arguments = ["compare", str(pack.path), "--models", str(runs), "--out", str(tmp_path / "out"), "--k", "0,4"]
    result = CliRunner().invoke(app, [*arguments, "--limit", "1", "--jobs", "1", "--law"])
    assert result.exit_code == 0, result.output
    rows = json.loads((tmp_path / "out" / "table.json").read_text())["rows"]
    assert [row["system"] for row in rows if row["k"] == 4] == [
        "white paper", "flood fill", "Levin 2004", "linewash", "painter", "painter + law",
        "grey as it is", "Levin 2004, on grey", "grey",
    ]  # fmt: skip
    for name, columns in (("sheet.png", 9), ("grey_sheet.png", 6)):  # given, hints, each system, truth
        sheet = cv2.imread(str(tmp_path / "out" / name))
        assert sheet is not None and sheet.shape == (22 + 2 * 3 * 256, columns * 256, 3)


def test_a_file_that_is_given_twice_is_judged_once(tmp_path: Path) -> None:
    path = write_painter(tmp_path)
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(path.read_bytes())
    assert [found.name for found in files([path, copy], tmp_path)] == ["linewash.safetensors", "painter.safetensors"]


def test_two_styles_of_one_name_are_refused(tmp_path: Path) -> None:
    paths = write_painter(tmp_path / "a"), hinted_painter(tmp_path / "b", "painter")
    with pytest.raises(BadInput, match="Two systems of the comparison are called painter"):
        of_models(paths, law=False)


def test_what_is_no_model_is_refused_before_anything_is_measured(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no model file at"):
        files([tmp_path / "missing.safetensors"], None)
    with pytest.raises(BadInput, match="no model files in"):
        files([], tmp_path)
    torn = write_painter(tmp_path)
    torn.write_bytes(torn.read_bytes()[:-1])
    with pytest.raises(ModelError, match="truncated"):
        compare(pack, tmp_path / "out", [torn], jobs=1)
    assert not (tmp_path / "out").exists()
