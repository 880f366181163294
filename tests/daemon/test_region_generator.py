"""A washer's model file: from random weights to a painting, region by region."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from scipy.sparse import csr_matrix, vstack

from linewash.errors import ModelError
from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.graph import Graph, read_graph
from linewash_daemon.colorist.pairs import PAIR
from linewash_daemon.generator import Hints, Painting, Semantics
from linewash_daemon.given import Given
from linewash_daemon.models import ModelFile, ModelFolder, read_metadata
from linewash_daemon.networks.depiction import CLASSES, DepictionReader
from linewash_daemon.networks.region_decoder import Decided, Regions, least_apart
from linewash_daemon.networks.washer import Washer
from linewash_daemon.region_generator import RegionGenerator, by_basin, chosen, said_within_reach

from .asking import asked, marked, regions_of
from .colorist.drawings import BLUE, RED, color, no_hints, plane, stroke, with_square
from .model_files import SETTINGS, WASHER, write_model, write_washer

LINES = np.zeros((64, 96), np.float32)
LINES[30:34] = LINES[:, 46:49] = 1
BLANK = np.zeros((64, 96), np.float32)
NONE = Hints(np.zeros((64, 96), np.int32), np.zeros((0, 3), np.float32))


def two_strokes() -> Hints:
    markers = np.zeros((64, 96), np.int32)
    markers[5:9, 5:20] = 1
    markers[44:50, 60:80] = 2
    return Hints(markers, np.array([[53, 80, 67], [30, 20, -60]], np.float32))


def opened(folder: Path, **changes: Any) -> RegionGenerator:
    path = write_washer(folder / "washer.safetensors", **changes)
    generator = ModelFolder(folder).load(path.stem)
    assert isinstance(generator, RegionGenerator)
    return generator


def painted(generator: RegionGenerator, lines: NDArray[np.float32] = LINES, hints: Hints = NONE) -> Painting:
    return asked(generator, lines, hints)


def regions(generator: RegionGenerator, lines: NDArray[np.float32]) -> int:
    return regions_of(lines, generator.encode(lines)).n


def test_a_washer_paints_the_same_twice(tmp_path: Path) -> None:
    generator = opened(tmp_path)
    first, again = (painted(generator, hints=two_strokes()) for _ in range(2))
    for name in ("own", "choice", "distribution"):
        assert np.array_equal(getattr(first, name), getattr(again, name)), name


def test_each_region_has_a_stroke_or_its_own_colour_and_a_distribution(tmp_path: Path) -> None:
    generator = opened(tmp_path)
    n = regions(generator, LINES)
    painting = painted(generator, hints=two_strokes())
    assert n > 3
    assert painting.gates is None
    assert painting.choice is not None and painting.distribution is not None and painting.bins is not None
    assert painting.choice.shape == (n,) and set(painting.choice.tolist()) <= {-1, 0, 1}
    assert painting.own.shape == (64, 96, 3) and np.isfinite(painting.own).all()
    assert painting.distribution.shape == (n, 6) and painting.bins.shape == (6, 3)
    assert np.allclose(np.exp(painting.distribution).sum(1), 1, atol=1e-4)


@pytest.mark.parametrize("lines", [LINES, BLANK], ids=["some regions", "one region"])
def test_without_strokes_every_region_gets_its_own_colour(tmp_path: Path, lines: NDArray[np.float32]) -> None:
    generator = opened(tmp_path)
    painting = painted(generator, lines)
    assert painting.choice is not None
    assert painting.choice.tolist() == [-1] * regions(generator, lines)
    assert np.isfinite(painting.own).all()


def test_strokes_of_which_none_marks_a_region_are_never_chosen(tmp_path: Path) -> None:
    painting = painted(opened(tmp_path), hints=Hints(NONE.markers, two_strokes().colors))
    assert painting.choice is not None and (painting.choice == -1).all()


def test_a_soft_mark_is_told_as_one_and_a_colour_without_any_mark_is_never_chosen(tmp_path: Path) -> None:
    generator = opened(tmp_path)
    encoded = generator.encode(LINES)
    regions = regions_of(LINES, encoded)
    graph = read_graph(regions, LINES, encoded)
    hints = Hints(NONE.markers, np.array([[53, 80, 67], [30, 20, -60], [50, 0, 0]], np.float32))

    def asked_with(*soft: bool) -> Painting:
        marks = marked([0, regions.n - 1], [0, 1], soft)
        return generator.paint(Given(LINES, encoded, graph, hints, marks))

    exact, around = asked_with(False, False), asked_with(False, True)
    assert not np.allclose(exact.own, around.own)
    for painting in (exact, around):
        assert painting.choice is not None and painting.choice.max() < 2


@pytest.mark.parametrize(("margin", "imagined", "own"), [(2.9, False, False), (3.1, False, True), (2.9, True, True)])
def test_an_artists_colour_is_rather_taken_than_one_of_its_own_but_not_an_imagined_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, margin: float, imagined: bool, own: bool
) -> None:
    generator = opened(tmp_path)
    encoded = generator.encode(LINES)
    regions = regions_of(LINES, encoded)
    hints, marks = Hints(NONE.markers, two_strokes().colors[:1]), marked([0], [0], [False])

    def undecided(self: Washer, told: Regions) -> Decided:
        choice = torch.tensor([0.0, margin]).expand(1, regions.n, 2).clone()
        return Decided(choice, choice, *(torch.zeros(1, regions.n, size) for size in (3, len(self.palette), regions.n)))

    monkeypatch.setattr(Washer, "decide", undecided)
    given = Given(LINES, encoded, read_graph(regions, LINES, encoded), hints, marks, imagined=imagined)
    choice = generator.paint(given).choice
    assert choice is not None and set(choice.tolist()) == {-1 if own else 0}


@pytest.mark.parametrize("seed", range(3))
def test_cells_of_a_basin_share_the_colour_that_is_best_for_all_of_it_unless_a_stroke_lies_in_it(
    tmp_path: Path, seed: int
) -> None:
    rng, n = np.random.default_rng(seed), 60
    basin, area = rng.integers(0, 5, n).astype(np.int32), rng.random(n).astype(np.float32)
    choice = rng.normal(size=(n, 4)).astype(np.float32)
    graph = replace(graph_of(opened(tmp_path)), basin=basin, area=area)
    one = chosen(choice, graph, np.flatnonzero(basin == 1)[:1])
    for cells in (basin == number for number in range(5)):
        alone = choice[cells].argmax(1)
        assert len(set(alone.tolist())) > 1  # each by itself, they would not agree
        best = (choice[cells] * area[cells, None]).sum(0).argmax()
        assert (one[cells] == (alone if basin[cells][0] == 1 else best)).all()


@pytest.mark.parametrize("twin", [False, True], ids=["between two others", "twin of the one in the open"])
def test_a_colour_that_has_no_say_in_a_region_is_not_chosen_there_whatever_the_others_are(
    monkeypatch: pytest.MonkeyPatch, twin: bool, tmp_path: Path
) -> None:
    generator = opened(tmp_path)
    encoded = generator.encode(LINES)
    found = regions_of(LINES, encoded)
    graph = read_graph(found, LINES, encoded)
    hints = Hints(two_strokes().markers, np.array([[55, 0, 0], [20, 0, 0], [55 if twin else 90, 0, 0]], np.float32))
    marks = marked([0, 0, 0], [0, 1, 2], [False] * 3)
    given = Given(LINES, encoded, graph, hints, marks)
    regions = generator._regions(given, graph, np.arange(found.n))
    said, own = torch.zeros(1, found.n, 4), torch.full((1, found.n, 3), 2.0)
    decided = Decided(said, least_apart(said, own, regions), own, own, own)
    beyond = np.zeros((found.n, 3), bool)
    beyond[1:, 0] = True
    monkeypatch.setattr("linewash_daemon.region_generator.beyond_reach", lambda *_: beyond)
    choice = said_within_reach(decided, regions, given, marks, graph).argmax(1)
    assert choice[0] == 0 and found.n > 1
    assert np.isin(choice[1:], [1, 2]).all()


def test_what_is_rare_in_the_art_is_as_rare_in_the_distribution(tmp_path: Path) -> None:
    even = painted(opened(tmp_path)).distribution
    path = tmp_path / "washer.safetensors"
    weights = load_file(path)
    weights["rarity"][2] = 8
    save_file(weights, path, {"linewash": json.dumps(read_metadata(path))})
    told = painted_by(path).distribution
    assert even is not None and told is not None
    assert np.allclose(told[:, 2] - told[:, 0], even[:, 2] - even[:, 0] - np.log(8), atol=1e-4)


def test_schemes_that_the_file_has_are_told_and_none_where_it_has_none(tmp_path: Path) -> None:
    assert painted(opened(tmp_path)).schemes is None
    path = tmp_path / "washer.safetensors"
    weights = load_file(path)
    weights["schemes"][3, :2] = torch.tensor([[50.0, 20, 10, 0.75], [80, 0, 40, 0.25]])
    save_file(weights, path, {"linewash": json.dumps(read_metadata(path))})
    told = painted_by(path).schemes
    assert told is not None and told.shape == (1, 10, 4) and told[0, 1].tolist() == [80, 0, 40, 0.25]


def painted_by(path: Path) -> Painting:
    generator = ModelFolder(path.parent).load(path.stem)
    assert isinstance(generator, RegionGenerator)
    return painted(generator)


ART = with_square()


def flats(folder: Path, hints: Any = None, **options: Any) -> NDArray[Any]:
    """The colorist's flats with a washer of random weights."""
    write_washer(folder / "washer.safetensors")
    return plane(color(Colorist(ModelFolder(folder)), ART, hints, style="washer", **options), "flats")


def test_under_strokes_lie_exactly_their_colours(tmp_path: Path) -> None:
    hints = stroke(stroke(no_hints(ART), (80, 80), (120, 100), RED), (10, 10), (30, 15), BLUE)
    found = flats(tmp_path, hints)
    for rgb in (RED, BLUE):
        under = (hints[..., :3] == rgb).all(2) & (hints[..., 3] > 0)
        assert (found[under] == (*rgb, 255)).all()


def test_without_strokes_a_seed_and_a_palette_are_heeded_and_nothing_stays_unpainted(tmp_path: Path) -> None:
    first, again = flats(tmp_path, seed=3), flats(tmp_path, seed=3)
    assert np.array_equal(first, again)
    assert (first[..., 3] == 255).all()
    named = flats(tmp_path, palette=(RED, BLUE))
    assert {tuple(c) for c in named.reshape(-1, 4).tolist()} <= {(*RED, 255), (*BLUE, 255)}


def test_without_strokes_what_only_distance_parts_gets_one_colour(tmp_path: Path) -> None:
    found = flats(tmp_path)
    assert (found[60:140, 60:140] == found[100, 100]).all()


def refused(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        ModelFolder(path.parent).load(path.stem)
    assert caught.value.code == "model_unusable"
    assert caught.value.remedy
    return caught.value.sentence


def test_a_file_of_another_networks_weights_is_refused(tmp_path: Path) -> None:
    path = write_model(tmp_path / "tiny.safetensors", network="washer", settings=WASHER)
    assert "fit" in refused(path)


@pytest.mark.parametrize("settings", [SETTINGS, WASHER | {"width": 64}, {"encoder": []}, {"flows": "three"}])
def test_a_file_whose_settings_are_not_its_weights_is_refused(tmp_path: Path, settings: Any) -> None:
    refused(write_washer(tmp_path / "tiny.safetensors", settings=settings))


@pytest.mark.parametrize("settings", [{"nodes": 9}, {"borders": 3}, {"heads": 3}], ids=str)
def test_a_file_whose_network_reads_another_graph_or_cant_run_is_refused(tmp_path: Path, settings: Any) -> None:
    """Such a file is whole, and its weights fit: only the drawings don't."""
    refused(write_washer(tmp_path / "tiny.safetensors", built=WASHER | settings))


LIGHT = WASHER | {"light": [8, 8]}
LIT = ["flats", "shading", "highlights"]


def test_a_washer_without_a_light_head_makes_no_light(tmp_path: Path) -> None:
    assert opened(tmp_path).light(LINES, np.zeros((64, 96, 3), np.float32)) is None


def test_a_light_head_that_the_style_does_not_offer_makes_none_either(tmp_path: Path) -> None:
    assert opened(tmp_path, built=LIGHT).light(LINES, np.zeros((64, 96, 3), np.float32)) is None


def test_a_light_head_lights_the_flats_it_is_given(tmp_path: Path) -> None:
    generator = opened(tmp_path, built=LIGHT, provides=LIT)
    rng = np.random.default_rng(0)
    flats = (rng.random((64, 96, 3)) * 80).astype(np.float32)
    light, again = generator.light(LINES, flats), generator.light(LINES, flats)
    assert light is not None and again is not None
    assert light.highlights is not None
    for plane_of_light in (light.shading, light.highlights):
        assert plane_of_light.shape == (64, 96) and plane_of_light.dtype == np.float32
        assert plane_of_light.min() >= 0 and plane_of_light.max() <= 1
    assert np.array_equal(light.shading, again.shading)
    other = generator.light(LINES, flats[::-1].copy())
    assert other is not None and not np.allclose(light.shading, other.shading, atol=1e-4)


def test_a_style_with_a_light_head_gives_both_layers(tmp_path: Path) -> None:
    write_washer(tmp_path / "washer.safetensors", built=LIGHT, provides=LIT)
    layers = color(Colorist(ModelFolder(tmp_path)), ART, style="washer").layers
    assert [(layer.role, layer.blend) for layer in layers] == [
        ("flats", "normal"), ("shading", "multiply"), ("highlights", "screen"),
    ]  # fmt: skip


def test_a_style_that_offers_shading_alone_gives_no_layer_of_highlights(tmp_path: Path) -> None:
    write_washer(tmp_path / "washer.safetensors", built=LIGHT, provides=[role for role in LIT if role != "highlights"])
    result = color(Colorist(ModelFolder(tmp_path)), ART, style="washer", layers=("flats", "shading", "highlights"))
    assert [layer.role for layer in result.layers] == ["flats", "shading"]


def test_a_file_that_says_it_has_a_light_head_and_has_none_is_refused(tmp_path: Path) -> None:
    assert "fit" in refused(write_washer(tmp_path / "tiny.safetensors", settings=LIGHT))


def test_a_line_reader_is_no_style(tmp_path: Path) -> None:
    built = {"encoder": [8, 8, 8, 8], "blocks": 1, "bins": 6, "kin": 4}
    path = write_washer(tmp_path / "tiny.safetensors", network="line-reader", built=built)
    assert "can't colour line art" in refused(path)


def test_only_a_washer_is_taken_for_one(tmp_path: Path) -> None:
    path = write_model(tmp_path / "tiny.safetensors")
    with pytest.raises(ModelError) as caught:
        RegionGenerator(ModelFile(path, read_metadata(path), "0" * 64))
    assert caught.value.code == "model_unusable"
    assert "can't colour regions" in caught.value.sentence


def test_a_washer_asked_for_behind_another_face_is_refused(tmp_path: Path) -> None:
    folder = ModelFolder(tmp_path)
    write_washer(tmp_path / "washer.safetensors", paints={"given": "lines", "space": "rgb", "hints": "none"})
    with pytest.raises(ModelError) as caught:
        folder.load("washer")
    assert caught.value.code == "model_unusable"


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    generator = opened(tmp_path)
    assert (generator.info.network, generator.info.modes) == ("washer", ("lines",))
    assert generator.cells and generator.takes_like
    assert (generator.multiple, generator.long_side) == (32, 128)


KNOWING = WASHER | {"depiction": 16}


def graph_of(generator: RegionGenerator) -> Graph:
    encoded = generator.encode(LINES)
    return read_graph(regions_of(LINES, encoded), LINES, encoded)


def semantics_of(generator: RegionGenerator, graph: Graph) -> Semantics | None:
    return generator.semantics(LINES, generator.encode(LINES), graph)


def knowing(folder: Path) -> RegionGenerator:
    """A washer that knows two tones of skin and one of foliage."""
    generator = opened(folder, built=KNOWING)
    reader = generator._network.depiction
    assert isinstance(reader, DepictionReader)
    with torch.no_grad():
        reader.tones[CLASSES.index("skin"), :2] = torch.tensor([[80.0, 10, 25], [50, 18, 30]])
        reader.tones[CLASSES.index("foliage"), 0] = torch.tensor([60.0, -40, 40])
    return generator


def test_a_washer_with_a_reader_tells_what_regions_depict_and_what_is_of_one_colour(tmp_path: Path) -> None:
    generator = knowing(tmp_path)
    graph = graph_of(generator)
    told = semantics_of(generator, graph)
    assert told is not None and told.classes == CLASSES and told.chance.shape == (len(graph.nodes), len(CLASSES))
    assert (told.chance > 0).all() and (told.chance < 1).all()
    assert told.likeness.shape[0] == len(graph.nodes) and np.allclose(np.linalg.norm(told.likeness, axis=1), 1)
    assert told.same == (4.0, -1.0)
    shown = {name: tones.tolist() for name, tones in zip(CLASSES, told.tones, strict=True) if len(tones)}
    assert shown == {"skin": [[80, 10, 25], [50, 18, 30]], "foliage": [[60, -40, 40]]}


def test_what_a_basin_depicts_and_is_like_is_what_the_network_says_of_its_places(tmp_path: Path) -> None:
    generator = knowing(tmp_path)
    network, graph = generator._network, graph_of(generator)
    assert network.depiction is not None
    with torch.inference_mode():
        read = network.depiction(network.read(torch.from_numpy(LINES)[None, None])[0])
    told = semantics_of(generator, graph)
    assert told is not None
    assert np.allclose(told.chance, by_basin(read.said[0].sigmoid().numpy(), LINES, graph), atol=0.02)
    mean = by_basin(read.likeness[0].numpy(), LINES, graph)
    assert ((mean / np.linalg.norm(mean, axis=1, keepdims=True) * told.likeness).sum(1) > 0.99).all()


def test_a_basin_depicts_what_its_places_off_the_lines_do_in_the_mean(tmp_path: Path) -> None:
    graph = graph_of(opened(tmp_path))
    height, width = LINES.shape[0] // 4, LINES.shape[1] // 4
    left = np.zeros((2, height, width), np.float32)
    left[0, :, : width // 2], left[1] = 1, 0.25
    found = by_basin(left, LINES, graph)
    assert np.allclose(found[:, 1], 0.25)
    place = np.repeat(np.repeat(left[0], 4, 0), 4, 1)
    for region in range(len(graph.nodes)):
        its = (graph.basin[graph.working] == graph.basin[region]) & (LINES < 0.3)
        assert abs(found[region, 0] - place[its].mean()) < 0.05


def test_a_region_too_small_to_have_a_pixel_depicts_what_its_place_does(tmp_path: Path) -> None:
    graph = graph_of(opened(tmp_path))
    row = csr_matrix(([1.0], ([0], [0])), shape=(1, graph.pool.shape[1]), dtype=np.float32)
    lone = replace(
        graph,
        nodes=np.concatenate([graph.nodes, graph.nodes[:1]]),
        area=np.append(graph.area, np.float32(1e-6)),
        pool=vstack([graph.pool, row]).tocsr(),
        basin=np.append(graph.basin, graph.basin.max() + 1),
    )
    chance = np.zeros((1, LINES.shape[0] // 4, LINES.shape[1] // 4), np.float32)
    chance[0, 0, 0] = 0.9
    assert by_basin(chance, LINES, lone)[-1, 0] == pytest.approx(0.9)


def test_a_washer_without_a_reader_says_nothing_of_what_is_depicted(tmp_path: Path) -> None:
    generator = opened(tmp_path)
    assert semantics_of(generator, graph_of(generator)) is None


@pytest.mark.parametrize(
    "settings",
    [KNOWING | change for change in ({"depiction": 32}, {"depiction": "wide"}, {"light": [8]})],
    ids=str,
)
def test_a_file_that_says_it_has_other_heads_than_it_has_is_refused(tmp_path: Path, settings: Any) -> None:
    refused(write_washer(tmp_path / "tiny.safetensors", built=KNOWING, settings=settings))


def test_a_file_from_before_the_readers_is_refused(tmp_path: Path) -> None:
    refused(write_washer(tmp_path / "tiny.safetensors", built=KNOWING, settings=WASHER | {"semantics": 16}))


def test_a_washer_with_a_pair_reader_gives_each_pair_log_odds_and_one_without_says_nothing(tmp_path: Path) -> None:
    pairs = np.random.default_rng(0).normal(size=(7, PAIR)).astype(np.float32)
    assert opened(tmp_path).one_color(pairs) is None
    said = opened(tmp_path, built=KNOWING | {"pairs": 8}).one_color(pairs)
    assert said is not None and said.shape == (7,) and said.dtype == np.float32
    assert np.isfinite(said).all() and said.std() > 0


def test_a_file_whose_pair_reader_reads_other_figures_is_refused(tmp_path: Path) -> None:
    refused(write_washer(tmp_path / "tiny.safetensors", built=KNOWING | {"pairs": 8, "figures": PAIR + 1}))
