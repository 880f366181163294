"""Model files: what is listed, what is refused, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from linewash.errors import BadInput, LinewashError, ModelError
from linewash_daemon.generator import Hints
from linewash_daemon.models import ModelFolder, read_metadata
from tests.daemon.asking import asked
from tests.daemon.model_files import SETTINGS, write_grey, write_model


def refused(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        ModelFolder(path.parent).load(path.stem)
    assert caught.value.code == "model_unusable"
    assert caught.value.remedy
    return caught.value.sentence


def test_a_model_is_listed_with_its_art_and_scores(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny.safetensors")
    (info,) = ModelFolder(tmp_path).infos()
    assert (info.name, info.network, info.problem) == ("tiny", "propagator", "")
    assert info.sources == ("Own (Us; CC0-1.0)",)
    assert info.scores == {"inside_16": 7.5}
    assert len(info.hash) == 64


def test_a_model_paints_the_same_twice(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny.safetensors")
    generator = ModelFolder(tmp_path).load("tiny")
    lines = np.zeros((64, 96), np.float32)
    lines[20:24] = 1
    markers = np.zeros((64, 96), np.int32)
    markers[5:9, 5:9] = 1
    hints = Hints(markers, np.array([[60, 40, 20]], np.float32))
    paintings = [asked(generator, lines, hints) for _ in range(2)]
    assert generator.encode(lines).contours.shape == (64, 96)
    assert paintings[0].own.shape == (64, 96, 3)
    assert paintings[0].gates is not None
    assert np.allclose(paintings[0].gates.sum(2), 1, atol=1e-4)
    assert all(np.array_equal(getattr(paintings[0], n), getattr(paintings[1], n)) for n in ("own", "gates"))


def test_a_style_nobody_has_is_refused_by_name(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny.safetensors")
    with pytest.raises(ModelError) as caught:
        ModelFolder(tmp_path).load("manga")
    assert caught.value.code == "no_such_model"
    assert "manga" in caught.value.sentence and "tiny" in caught.value.remedy


def test_truncated_weights_are_refused_and_listed_as_a_problem(tmp_path: Path) -> None:
    path = write_model(tmp_path / "tiny.safetensors")
    path.write_bytes(path.read_bytes()[:-100])
    assert "truncated" in refused(path)
    (info,) = ModelFolder(tmp_path).infos()
    assert "truncated" in info.problem


def test_a_foreign_safetensors_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    save_file({"x": torch.zeros(3)}, path, {"format": "pt"})
    assert "linewash-train" in refused(path)


@pytest.mark.parametrize(
    "key", ["name", "recipe", "network", "settings", "long_side", "provides", "licence", "sources"]
)
def test_missing_metadata_is_refused(tmp_path: Path, key: str) -> None:
    assert key in refused(write_model(tmp_path / "tiny.safetensors", **{key: None}))


@pytest.mark.parametrize(
    "broken",
    [{"scores": {"inside_16": "good"}}, {"scores": [7.5]}, {"provides": [1]}, {"name": "x" * 65}, {"name": ""}],
    ids=repr,
)
def test_wrong_metadata_is_a_problem_of_its_file_alone(tmp_path: Path, broken: dict[str, Any]) -> None:
    write_model(tmp_path / "tiny.safetensors")
    path = write_model(tmp_path / "broken.safetensors", **broken)
    refused(path)
    usable, useless = sorted(ModelFolder(tmp_path).infos(), key=lambda info: info.problem)
    assert (usable.name, usable.problem) == ("tiny", "")
    assert useless.name == "broken" and "can't be used" in useless.problem


@pytest.mark.parametrize(
    "broken",
    [
        {"modes": []},
        {"modes": "lines"},
        {"modes": ["photos"]},
        {"modes": [["lines"]]},
        {"modes": ["lines", "grey"]},  # the propagator has no way to colour such
        {"paints": []},
        {"paints": {"given": "lines", "space": "cmyk", "hints": "none"}},
        {"paints": {"given": "lines", "space": "rgb", "hints": ["none"]}},
        {"paints": {"given": "lines", "space": "rgb"}},
        {"paints": {"given": "lines", "space": "rgb", "hints": "histogram"}},
        {"paints": {"given": "lines", "space": "rgb", "hints": "histogram"}, "histogram": []},
        {"paints": {"given": "lines", "space": "rgb", "hints": "histogram"}, "histogram": [[1, 2, 3]]},
        {"paints": {"given": "lines", "space": "rgb", "hints": "histogram"}, "histogram": [[1, 2, 300, 1.0]]},
        {"paints": {"given": "lines", "space": "rgb", "hints": "histogram"}, "histogram": [[1, 2, 3, 0.0]]},
        {"paints": {"given": "lines", "space": "rgb", "hints": "histogram"}, "histogram": [[1, 2, 3, 1.0]] * 513},
    ],
    ids=repr,
)
def test_metadata_of_a_painter_that_can_not_be_is_refused(tmp_path: Path, broken: dict[str, Any]) -> None:
    refused(write_model(tmp_path / "tiny.safetensors", **broken))


def test_a_style_tells_its_modes_and_an_older_file_colours_line_art(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny.safetensors")
    write_grey(tmp_path, "photos")
    write_grey(tmp_path, "both", modes=["grey", "lines"])
    assert {info.name: info.modes for info in ModelFolder(tmp_path).infos()} == {
        "tiny": ("lines",),
        "photos": ("grey",),
        "both": ("grey", "lines"),
    }


def test_a_style_asked_for_in_a_mode_it_has_not_is_refused_with_those_that_have_it(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny.safetensors")
    with pytest.raises(BadInput) as caught:
        ModelFolder(tmp_path).load("tiny", "grey")
    assert "tiny does not colour greyscale pictures" in caught.value.sentence
    write_grey(tmp_path, "photos")
    with pytest.raises(BadInput) as caught:
        ModelFolder(tmp_path).load("tiny", "grey")
    assert caught.value.remedy == "Choose one of: photos."
    with pytest.raises(BadInput) as caught:
        ModelFolder(tmp_path).load("photos", "lines")
    assert (caught.value.code, caught.value.remedy) == ("bad_option", "Choose one of: tiny.")


def test_the_default_style_of_greyscale_pictures_is_grey_and_without_it_one_is_told_how_to_get_one(
    tmp_path: Path,
) -> None:
    with pytest.raises(ModelError) as caught:
        ModelFolder(tmp_path).load("", "grey")
    assert caught.value.code == "no_such_model" and "linewash-train train" in caught.value.remedy
    write_grey(tmp_path, "photos")
    with pytest.raises(ModelError) as caught:
        ModelFolder(tmp_path).load("", "grey")
    assert caught.value.remedy.startswith("Choose one of: photos; or make one with `linewash-train train")
    write_grey(tmp_path)
    assert ModelFolder(tmp_path).load("", "grey").info.name == "grey"


def test_of_two_styles_of_one_name_the_first_folder_s_is_used_and_the_other_is_a_problem(tmp_path: Path) -> None:
    for name in ("b", "a"):  # folders are in the order given, not in that of their names
        (tmp_path / name).mkdir()
        write_model(tmp_path / name / "tiny.safetensors", recipe=name)
    folder = ModelFolder(tmp_path / "b", tmp_path / "a")
    used, other = folder.infos()
    assert (used.recipe, used.problem) == ("b", "")
    assert "another style is called tiny" in other.problem
    assert folder.load("tiny").info.recipe == "b"


def test_weights_without_named_art_are_refused(tmp_path: Path) -> None:
    assert "training art" in refused(write_model(tmp_path / "tiny.safetensors", sources=[{"id": "x"}]))


def test_a_network_this_version_does_not_have_is_refused(tmp_path: Path) -> None:
    assert "diffusion" in refused(write_model(tmp_path / "tiny.safetensors", network="diffusion"))


def test_weights_of_another_size_are_refused(tmp_path: Path) -> None:
    assert "don't fit" in refused(write_model(tmp_path / "tiny.safetensors", settings=SETTINGS | {"bins": 7}))


def test_a_pickle_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "evil.safetensors"
    path.write_bytes(b"\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.")
    refused(path)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_do_worse_than_a_clear_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.safetensors"
    path.write_bytes(content)
    with pytest.raises(LinewashError):
        read_metadata(path)


def test_with_no_styles_at_all_the_remedy_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        ModelFolder(tmp_path).load("")
    assert str(tmp_path) in caught.value.remedy
