"""Hint-AUC: a small pack in, curves by the package hintauc out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from linewash.errors import BadInput
from linewash_daemon.models import read_metadata
from linewash_training import pack as packs
from linewash_training.cli import app
from linewash_training.evaluation import hint_auc
from linewash_training.evaluation.cases import finished
from linewash_training.evaluation.evaluate import contenders, evaluate
from linewash_training.evaluation.hint_auc import Curve, HintAuc, Judge, contestants, measure
from linewash_training.evaluation.report import Report, scores, table
from linewash_training.evaluation.rivals import watershed
from linewash_training.evaluation.scoring import Setting
from linewash_training.pack import Encoded, Pack, PairInfo
from tests.daemon.model_files import write_grey, write_model, write_painter
from tests.training.evaluation.drawings import RED, Image, rooms, small_pack

with_the_package = pytest.mark.skipif(sys.version_info >= (3, 13), reason="hintauc runs on Python 3.12 at most")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return small_pack(tmp_path_factory.mktemp("pack") / "art.safetensors")


def curve(method: str, auc: float, picture: str = "a") -> Curve:
    return Curve(picture, "drawn", "real", method, (0, 4), (auc - 1, auc + 1), auc, 0.5)


@with_the_package
def test_hint_auc_is_what_the_package_itself_finds(pack: Pack) -> None:
    import hintauc

    def colorize(sample: dict[str, Image]) -> Image:
        strokes = np.dstack([sample["hint_color"][..., ::-1], sample["hint_mask"]])
        return np.ascontiguousarray(watershed(sample["line_art"], strokes)[..., ::-1])

    chosen = pack.indices("held")
    pictures = [(pack[index].line, np.ascontiguousarray(finished(pack[index])[..., ::-1])) for index in chosen]
    theirs = hintauc.evaluate_colorizer(colorize, pictures, metrics=("psnr",), path_method="geodesic")
    found = measure(pack, contenders(["watershed"], None), chosen, jobs=1)
    assert found.psnr("watershed") == pytest.approx(theirs["hint_auc"]["psnr"])
    (told,) = found.data()["methods"].values()
    assert told["psnr_at_ratios"] == pytest.approx([scores["psnr"] for scores in theirs["per_alpha"].values()])
    same = ("protocol", "paper_grid", "hint_type", "hint_map_size", "metric_resize", "path_method", "tie_break")
    assert {key: found.protocol[key] for key in same} == {key: theirs["protocol"][key] for key in same}


@with_the_package
def test_hints_of_a_ratio_are_those_of_the_ratio_before_and_more_and_in_the_pictures_colours(pack: Pack) -> None:
    picture = finished(pack[0])
    given = Judge(Setting(pack.path, Path(), (), ())).hints(picture)
    counts = [count for count, _ in given]
    assert counts[0] == 0 < counts[-1] and counts == sorted(counts)
    before = np.zeros(picture.shape[:2], np.bool_)
    for _, hints in given:
        on = hints[..., 3] == 255
        assert (hints[~on] == 0).all()
        assert (on | ~before).all()
        before = on
    red = before & (picture == RED).all(-1)
    assert red.any()
    assert np.abs(np.median(hints[red][:, :3], axis=0) - RED).max() < 30  # a region's mean, lines beside it and all


@with_the_package
def test_the_command_tells_hint_auc_beside_the_rest_and_writes_it_into_the_model(pack: Pack, tmp_path: Path) -> None:
    model, out = write_model(tmp_path / "tiny.safetensors"), tmp_path / "out"
    arguments = ["evaluate", str(pack.path), "--model", str(model), "--out", str(out), "--hint-auc", "--write-scores"]
    result = CliRunner().invoke(app, [*arguments, "--methods", "flood,levin", "--k", "4", "--jobs", "1"])
    assert result.exit_code == 0, result.output
    told = json.loads((out / "results.json").read_text())["hint_auc"]
    assert told["methods"].keys() == {"flood", "ours"}  # levin is too slow
    assert told["methods"]["ours"]["pictures"] == 3
    assert told["protocol"]["protocol"] == "hint-auc/v1"
    assert {(row["method"], row["picture"]) for row in told["rows"]} >= {("ours", "drawn/0#0"), ("flood", "drawn/2#2")}
    assert f"| ours | {told['methods']['ours']['psnr']:.2f} |" in (out / "TABLE.md").read_text()
    assert read_metadata(model)["scores"]["hint_auc_psnr"] == round(told["methods"]["ours"]["psnr"], 3)


@with_the_package
def test_progress_hears_of_each_picture_twice(pack: Pack, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    evaluate(
        pack, tmp_path, ks=(4,), methods=("white",), limit=2, jobs=1, with_hint_auc=True,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


@with_the_package
def test_processes_find_what_one_does(pack: Pack) -> None:
    systems, chosen = contenders(["white", "watershed", "true_flats"], None), pack.indices("held")
    alone, shared = (measure(pack, systems, chosen, jobs) for jobs in (1, 2))
    assert [(c.picture, c.method, c.psnr) for c in shared.curves] == [
        (c.picture, c.method, c.psnr) for c in alone.curves
    ]
    assert alone.psnr("white") < alone.psnr("true_flats")


@with_the_package
def test_a_picture_that_a_model_refuses_is_left_out_and_named(tmp_path: Path) -> None:
    color, line = (np.ascontiguousarray(pixels[30:44]) for pixels in rooms())  # 14 px high
    info = PairInfo("drawn/low", "drawn", "low", "real", "held", 1.0, line.shape[1], line.shape[0])
    packs.write(tmp_path / "low.safetensors", [(info, Encoded(packs.encode_line(line), packs.encode_color(color)))])
    pack, model = Pack.open(tmp_path / "low.safetensors"), write_model(tmp_path / "tiny.safetensors")
    found = measure(pack, contestants(contenders(["white"], None), model), [0], jobs=1)
    assert found.methods() == ["white"]
    (failure,) = found.failures
    assert failure.startswith("drawn/low#0, Hint-AUC: ours: ")


def test_a_painter_is_judged_by_its_painting_and_once_more_under_the_law(tmp_path: Path) -> None:
    both = write_painter(tmp_path, modes=["grey", "lines"])
    judged = contestants(contenders(["white", "levin"], None), both)
    assert [(system.name, system.mode, system.role) for system in judged] == [
        ("white", "lines", "composite"),
        ("ours", "lines", "painting"),
        ("ours + law", "lines", "composite"),
    ]
    (ours,) = contestants((), write_model(tmp_path / "tiny.safetensors"))
    assert (ours.name, ours.role) == ("ours", "composite")
    assert contestants((), write_grey(tmp_path)) == ()


def test_without_the_package_nothing_is_measured(pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hintauc", None)
    with pytest.raises(BadInput, match=r"The package hintauc is not installed\. ") as caught:
        evaluate(pack, tmp_path / "out", methods=("white",), jobs=1, with_hint_auc=True)
    assert caught.value.code == "bad_option"
    assert not (tmp_path / "out").exists()
    evaluate(pack, tmp_path / "out", methods=("white",), ks=(0,), jobs=1)  # which needs none


def test_a_package_that_does_not_work_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hintauc.py").write_text("raise ImportError('libGL.so.1 is missing')")
    monkeypatch.delitem(sys.modules, "hintauc", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BadInput, match=r"hintauc does not work: libGL\.so\.1 is missing"):
        hint_auc.package()


def test_the_remedy_fits_the_python() -> None:
    assert "python3.12" in hint_auc.remedy((3, 13))
    assert "make venv" in hint_auc.remedy((3, 12))


def test_the_table_has_means_and_says_on_how_many_pictures() -> None:
    curves = (curve("flood", 10), curve("flood", 13, "b"), curve("ours", 15))
    text = HintAuc((0, 1), curves, {}).markdown()
    assert "| 2 pictures | Hint-AUC | 0 % | 100 % | s |\n" in text
    assert "| hints |  | 0.0 | 4.0 |  |\n" in text
    assert "| flood | 11.50 | 10.50 | 12.50 | 0.50 |\n| ours (1 pictures) | 15.00 | 14.00 | 16.00 | 0.50 |\n" in text


def test_a_report_without_hint_auc_does_not_speak_of_it() -> None:
    found = HintAuc((0, 1), (curve("ours", 15),), {})
    assert scores(Report((), {}, hint_auc=found)) == {"hint_auc_psnr": 15}
    assert "Hint-AUC" in table(Report((), {}, hint_auc=found))
    assert scores(Report((), {})) == {}
    assert "Hint-AUC" not in table(Report((), {}))
