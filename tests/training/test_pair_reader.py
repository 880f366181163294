"""The pair reader's stage: which areas of finished pictures have one colour is learned from what the daemon tells."""

from __future__ import annotations

from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from safetensors.numpy import load_file

from linewash.errors import BadInput
from linewash_daemon.colorist.pairs import PAIR
from linewash_daemon.models import ModelFolder, read_metadata
from linewash_training import pack, pair_tables, recipe
from linewash_training.checkpoint import facts
from linewash_training.curves import read_log
from linewash_training.pair_reader import PairBatches

from .small_run import trained
from .test_depiction import depiction
from .test_two_stages import decided

PAIRS = 8


def pairs(width: int = PAIRS) -> recipe.PairsRecipe:
    shipped = recipe.read("linewash-pairs")
    assert isinstance(shipped, recipe.PairsRecipe)
    data = msgspec.structs.replace(shipped.data, batch=16, drawings=6, pages=3)
    schedule = msgspec.structs.replace(shipped.schedule, cooldown=0.0)
    settings = depiction().settings | {"pairs": width}
    return msgspec.structs.replace(shipped, settings=settings, data=data, schedule=schedule)


def picture(number: int) -> pack.Pair:
    """Two discs on paper, of one colour where the ``number`` is even, else of two."""
    rng = np.random.default_rng(number)
    line, color = np.full((96, 96), 255, np.uint8), np.full((96, 96, 3), 255, np.uint8)
    paint = rng.integers(20, 180, 3).tolist()
    for x, one in ((28, paint), (68, paint if number % 2 == 0 else [255 - c for c in paint])):
        radius = int(rng.integers(12, 17))
        cv2.circle(color, (x, 48), radius, one, -1)
        cv2.circle(line, (x, 48), radius, 0, 2)
    split = "held" if number >= 8 else "train"
    return pack.Pair(
        line, color, pack.PairInfo(f"openmoji/{number}", "openmoji", str(number), "real", split, 1.0, 96, 96)
    )


def write_pictures(path: Path, numbers: range) -> Path:
    pictures = [picture(number) for number in numbers]
    pack.write(path, [(p.meta, pack.Encoded(pack.encode_line(p.line), pack.encode_color(p.color))) for p in pictures])
    return path


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pictures(tmp_path_factory.mktemp("art") / "art.safetensors", range(20))


@pytest.fixture(scope="module")
def style(art: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the fourth stage leaves."""
    decides = decided(art, tmp_path_factory.mktemp("decides"))
    return trained(depiction(), art, tmp_path_factory.mktemp("depiction"), steps=2, model=decides)


def kept(art: Path, style: Path, out: Path, drawings: int, pages: int) -> pair_tables.Table:
    pair_tables.keep(pack.Pack.open(art), style, out, drawings, pages)
    return pair_tables.load(out)


@pytest.fixture(scope="module")
def knowing(art: Path, style: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(pairs(), art, tmp_path_factory.mktemp("pairs"), steps=4, model=style)


def test_only_the_pair_reader_learns(style: Path, knowing: Path) -> None:
    before, after = load_file(style), load_file(knowing)
    assert all(np.array_equal(before[name], after[name]) for name in before)
    new = set(after) - set(before)
    assert new and all(name.startswith("pairs.") for name in new)
    assert read_metadata(knowing)["settings"]["depiction"] == read_metadata(style)["settings"]["depiction"]


def test_the_daemon_asks_what_became_of_it(knowing: Path) -> None:
    said = ModelFolder(knowing.parent).load(knowing.stem).one_color(np.zeros((5, PAIR), np.float32))
    assert said is not None and said.shape == (5,) and np.isfinite(said).all()


def test_the_log_ends_with_how_well_held_out_pairs_are_told_apart(knowing: Path) -> None:
    last = read_log(knowing.parent)[-1]
    assert last["step"] == 4 and 0 <= last["held_one_color"] <= 1


def test_nothing_is_learned_from_held_out_pairs(knowing: Path) -> None:
    table = pair_tables.load(knowing.parent / "pairs.safetensors")
    assert table.told.shape[1] == PAIR and set(table.held.unique().tolist()) == {0, 1}
    batch = PairBatches(knowing.parent / "pairs.safetensors", 500, 1)[0]
    learned = {row.numpy().tobytes() for row in table.told[table.held == 0].float()}
    assert all(row.numpy().tobytes() in learned for row in batch[0])


@pytest.mark.parametrize(("drawings", "pages"), [(4, 0), (4, 2)])
def test_every_drawing_counts_the_same_and_a_page_three_times(
    art: Path, style: Path, tmp_path: Path, drawings: int, pages: int
) -> None:
    table = kept(art, style, tmp_path / "pairs.safetensors", drawings, pages)
    assert float(table.weight[table.held == 0].double().sum()) == pytest.approx(drawings + 3 * pages, abs=1e-3)


def test_a_pack_in_which_no_two_areas_have_one_colour_is_refused_in_a_sentence(style: Path, tmp_path: Path) -> None:
    unlike = write_pictures(tmp_path / "art.safetensors", range(1, 8, 2))
    with pytest.raises(BadInput, match="no two areas") as refused:
        kept(unlike, style, tmp_path / "pairs.safetensors", 4, 0)
    assert refused.value.code == "bad_pack" and not (tmp_path / "pairs.safetensors").exists()


def test_an_epoch_is_as_many_samples_as_pairs_were_read(knowing: Path) -> None:
    run, table = facts(knowing.parent), pair_tables.load(knowing.parent / "pairs.safetensors")
    assert run is not None
    told = run["session"]
    assert told["samples"] == (table.held == 0).sum() > told["pairs"] and told["batch"] == 16


def test_a_run_in_two_parts_comes_to_the_same_reader(art: Path, style: Path, tmp_path: Path) -> None:
    whole = load_file(trained(pairs(), art, tmp_path / "whole", steps=4, model=style))
    trained(pairs(), art, tmp_path / "parts", steps=2, model=style)
    read_at = (tmp_path / "parts" / "pairs.safetensors").stat().st_mtime_ns
    parts = load_file(trained(pairs(), art, tmp_path / "parts", steps=4))
    assert all(np.array_equal(whole[name], parts[name]) for name in whole)
    assert (tmp_path / "parts" / "pairs.safetensors").stat().st_mtime_ns == read_at  # nothing was read again


def test_without_a_style_or_a_head_it_says_what_it_needs(art: Path, style: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="given none"):
        trained(pairs(), art, tmp_path / "run", steps=1)
    with pytest.raises(BadInput, match="no head"):
        trained(pairs(0), art, tmp_path / "run", steps=1, model=style)


def test_a_sheet_shows_what_it_takes_for_one_thing(knowing: Path) -> None:
    assert list((knowing.parent / "sheets").glob("*.png"))


@pytest.mark.parametrize("number", [0, 1])
def test_what_has_one_colour_in_truth_is_told_from_what_has_not(style: Path, number: int) -> None:
    generator = ModelFolder(style.parent).load(style.stem)
    table = pair_tables.read(picture(number), generator, np.random.default_rng(0), clean=True)
    assert table is not None
    assert bool(table.same.any()) == (number == 0) and not table.same.all()  # paper is of another colour than either
    assert table.weight.sum() == pytest.approx(1, abs=1e-3)
