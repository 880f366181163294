"""The default style's two stages: a line encoder learns to read, a region decoder learns from what it read."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from safetensors.numpy import load_file

from linewash.errors import BadInput
from linewash_daemon.models import read_metadata
from linewash_training import recipe
from linewash_training.curves import read_log
from linewash_training.evaluation.ours import Ours

from .small_run import drawing, trained, write_pack

LINES = {"encoder": [8, 8, 8, 8], "blocks": 1, "bins": 6}
DECODER = {"width": 16, "layers": 1, "heads": 2, "flows": 2, "kin": 4}


def lines() -> recipe.Recipe:
    shipped = recipe.read("linewash-lines")
    assert isinstance(shipped, recipe.LinesRecipe)
    data = msgspec.structs.replace(shipped.data, crop=64, batch=2)
    return msgspec.structs.replace(shipped, settings=LINES | {"kin": 4}, data=data)


def regions(**settings: object) -> recipe.Recipe:
    shipped = recipe.read("linewash")
    assert isinstance(shipped, recipe.RegionsRecipe)
    data = msgspec.structs.replace(shipped.data, batch=2, pages=3)
    return msgspec.structs.replace(shipped, settings=LINES | DECODER | settings, data=data)


def decided(art: Path, folder: Path) -> Path:
    """What both stages leave in ``folder`` after two steps each."""
    return trained(regions(), art, folder / "regions", steps=2, model=trained(lines(), art, folder / "lines", steps=2))


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("art") / "art.safetensors", 8, 2)


@pytest.fixture(scope="module")
def reader(art: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(lines(), art, tmp_path_factory.mktemp("lines"), steps=4)


def test_both_stages_make_a_style_that_obeys_a_stroke(art: Path, reader: Path, tmp_path: Path) -> None:
    model = trained(regions(), art, tmp_path / "run", steps=4, model=reader)
    line, _ = drawing(3)
    hints = np.zeros((96, 96, 4), np.uint8)
    hints[46:50, 46:50] = (200, 30, 90, 255)
    painted, _ = Ours(model)(line, hints, role="flats")
    assert (painted[47, 47] == (200, 30, 90)).all()
    metadata = read_metadata(model)
    assert metadata["network"] == "washer" and metadata["budget"]["steps"] == 8  # those of the line encoder count, too


def test_the_log_of_the_second_stage_ends_with_figures_of_held_out_drawings(
    art: Path, reader: Path, tmp_path: Path
) -> None:
    trained(regions(), art, tmp_path / "run", steps=3, model=reader)
    last = read_log(tmp_path / "run")[-1]
    assert last["step"] == 3
    assert all(last[f"held_{count}{where}"] > 0 for count in (4, 16, 64) for where in ("", "_all"))


def test_the_second_stage_goes_on_teaching_the_line_encoder_and_reads_nothing_again_for_that(
    art: Path, reader: Path, tmp_path: Path
) -> None:
    model = trained(regions(), art, tmp_path / "run", steps=3, model=reader)
    before, after = load_file(reader), load_file(model)
    learned = [n for n in before if n.startswith("encoder.") and before[n].tobytes() != after[n].tobytes()]
    assert learned
    graphs = tmp_path / "run" / "graphs.safetensors"
    read_at = graphs.stat().st_mtime_ns
    trained(regions(), art, tmp_path / "run", steps=4)
    assert graphs.stat().st_mtime_ns == read_at


def test_without_a_line_encoder_the_second_stage_says_what_it_needs(art: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="line encoder") as refused:
        trained(regions(), art, tmp_path / "run", steps=1)
    assert "linewash-lines" in str(refused.value.remedy)


def test_an_encoder_of_another_size_is_refused(art: Path, reader: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="encoder"):
        trained(regions(encoder=[8, 8, 8, 16]), art, tmp_path / "run", steps=1, model=reader)


def test_the_drawings_are_read_once_for_one_encoder(art: Path, reader: Path, tmp_path: Path) -> None:
    trained(regions(), art, tmp_path / "run", steps=1, model=reader)
    graphs = tmp_path / "run" / "graphs.safetensors"
    before = graphs.stat().st_mtime_ns
    trained(regions(), art, tmp_path / "run", steps=2)
    assert graphs.stat().st_mtime_ns == before


def test_the_first_stage_goes_on_from_a_finished_style(art: Path, reader: Path, tmp_path: Path) -> None:
    style = trained(regions(), art, tmp_path / "run", steps=1, model=reader)
    further = trained(lines(), art, tmp_path / "lines", steps=1, model=style)
    before, after = load_file(style), load_file(further)
    shared = [name for name in before if name.startswith("encoder.")] + ["palette"]
    assert all(np.array_equal(before[name], after[name]) for name in shared)


def test_the_second_stage_begins_with_what_the_first_said_of_colours(art: Path, reader: Path, tmp_path: Path) -> None:
    before, after = load_file(reader), load_file(trained(regions(), art, tmp_path / "run", steps=1, model=reader))
    for theirs, ours in (("kin.weight", "likeness.weight"), ("bins.weight", "prior.weight")):
        assert np.allclose(before[theirs].reshape(after[f"decoder.{ours}"].shape), after[f"decoder.{ours}"], atol=0.02)
