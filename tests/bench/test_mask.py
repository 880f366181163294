"""What `bench.mask` makes of a Krita that fails; tests/editors/krita/test_mask.py has the real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import bench.mask
from bench.mask import Masked, main, measure
from linewash_training.evaluation.rivals import watershed
from linewash_training.flats import Image
from linewash_training.pack import Pack
from tests.editors.krita.run import KritaDied, KritaHangs, ScriptFailed
from tests.training.evaluation.drawings import small_pack

KS = (4, 16)


class FakeKrita:
    """Its mask is a watershed, but for what ``mishaps`` says of a colouring by its number."""

    def __init__(self, mishaps: dict[int, Exception]) -> None:
        self.mishaps, self.asked, self.started, self.closed = mishaps, 0, 0, 0
        self.quits_badly = False

    def close_documents(self) -> None:
        self.closed += 1

    def mask(self, line: Image, hints: Image) -> tuple[Image, float]:
        self.asked += 1
        if self.asked in self.mishaps:
            raise self.mishaps[self.asked]
        return watershed(line, hints), 0.5

    @contextmanager
    def one(self, clean_up: float) -> Iterator[tuple[FakeKrita, Masked]]:
        self.started += 1
        yield self, self.mask
        if self.quits_badly:
            raise KritaHangs("Krita does not quit")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return small_pack(tmp_path_factory.mktemp("pack") / "art.safetensors")


def with_mishaps(monkeypatch: pytest.MonkeyPatch, mishaps: dict[int, Exception]) -> FakeKrita:
    krita = FakeKrita(mishaps)
    monkeypatch.setattr(bench.mask, "_one_krita", krita.one)
    return krita


def test_every_picture_is_judged_at_every_number_of_hints(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    krita = with_mishaps(monkeypatch, {})
    report = measure(pack, [0, 1, 2], KS, 0.0)
    assert [(row.picture, row.k) for row in report.rows] == [(f"drawn/{i}#{i}", k) for i in range(3) for k in KS]
    assert krita.started == 1 and not report.failures


@pytest.mark.parametrize("mishap", [KritaDied("Krita ended\nmore"), KritaHangs("Krita ended\nmore")])
def test_a_krita_that_dies_or_hangs_costs_one_picture_and_the_next_meets_a_new_one(
    mishap: Exception, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    krita = with_mishaps(monkeypatch, {3: mishap})
    report = measure(pack, [0, 1, 2], KS, 0.0)
    assert {row.picture for row in report.rows} == {"drawn/0#0", "drawn/2#2"}
    assert report.failures == ("drawn/1#1: Krita ended",)
    assert krita.started == 2


def test_a_picture_that_fails_once_has_no_row_and_its_document_is_closed(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    krita = with_mishaps(monkeypatch, {2: ScriptFailed("in Krita: Traceback\n  a line\nOSError: no room\n")})
    report = measure(pack, [0, 1], KS, 0.0)
    assert {row.picture for row in report.rows} == {"drawn/1#1"}
    assert report.failures == ("drawn/0#0: OSError: no room",)
    assert krita.closed == 1


def test_a_krita_that_fails_as_it_quits_costs_no_picture(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    krita = with_mishaps(monkeypatch, {})
    krita.quits_badly = True
    monkeypatch.setattr(bench.mask, "_BEFORE_NEW", 2)
    report = measure(pack, [0, 1, 2], KS, 0.0)
    assert len(report.rows) == 6
    assert report.failures == ("Krita 5.2.9: Krita does not quit",) * 2


def test_after_three_deaths_in_a_row_no_more_is_tried_and_nothing_is_lost(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    krita = with_mishaps(monkeypatch, {number: KritaDied("Krita ended") for number in (3, 4, 5)})
    report = measure(pack, [0, 1, 2, 0, 1], KS, 0.0)
    assert [row.picture for row in report.rows] == ["drawn/0#0"] * 2
    assert report.failures[-1] == "drawn/1#1: not tried"
    assert krita.started == 3


def test_krita_is_started_anew_now_and_then(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    krita = with_mishaps(monkeypatch, {})
    monkeypatch.setattr(bench.mask, "_BEFORE_NEW", 2)
    assert len(measure(pack, [0, 1, 2], KS, 0.0).rows) == 6
    assert krita.started == 2


def test_without_hints_a_mask_is_not_asked(pack: Pack, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(pack.path), "--k", "0,4", "--out", str(tmp_path / "out")]) == 1
    assert "Leave 0 out" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
