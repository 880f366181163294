"""What the line encoder reads while it learns with the region decoder: the same as when it is at work."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from linewash_daemon.colorist.linemap import read_lineart
from linewash_daemon.colorist.prepare import prepare
from linewash_daemon.models import ModelFile, ModelFolder, read_metadata
from linewash_daemon.network_generator import load_network
from linewash_daemon.networks.washer import Washer
from linewash_training import graphs
from linewash_training.pack import Pair, PairInfo
from linewash_training.seen import read, seen
from tests.daemon.model_files import write_washer
from tests.training.small_run import drawing

from .region_drawings import drawing as made_up

INFO = PairInfo("own/1", "own", "1", "real", "train", 1.0, 96, 96)


def washer(folder: Path) -> tuple[Path, Washer]:
    path = write_washer(folder / "washer.safetensors")
    network = load_network(ModelFile(path, read_metadata(path), "0" * 64))
    assert isinstance(network, Washer)
    return path, network


@torch.no_grad()
def test_features_are_those_that_the_daemon_pools(tmp_path: Path) -> None:
    path, network = washer(tmp_path)
    generator = ModelFolder(tmp_path).load(path.stem)
    line, color = drawing(0)
    one = graphs.read(Pair(line, color, INFO), generator, np.random.default_rng(0), clean=True)
    graph = prepare(read_lineart(np.ascontiguousarray(line[..., None])), generator, 0).graph
    features, _ = read(network, [seen(one)])
    assert features[0].shape == graph.features.shape
    apart = np.abs(features[0].numpy() - graph.features)
    assert (
        apart.max() < 0.05 * np.abs(graph.features).max()
    )  # the daemon may reckon in bfloat16, lines are kept in 8 bit


@torch.no_grad()
def test_drawings_of_several_sizes_are_read_together_as_they_are_alone(tmp_path: Path) -> None:
    network = washer(tmp_path)[1]
    drawings = made_up(3), made_up(7, side=96), made_up(5)
    together, _ = read(network, [seen(one) for one in drawings])
    assert together.shape == (3, 7, 32) and (together[0, 3:] == 0).all()
    for row, one in enumerate(drawings):
        alone, _ = read(network, [seen(one)])
        assert torch.allclose(together[row, : len(one.nodes)], alone[0], atol=1e-5)


@torch.no_grad()
def test_contours_pay_the_less_the_more_they_are_what_they_were(tmp_path: Path) -> None:
    network = washer(tmp_path)[1]
    one = seen(made_up(3))
    _, before = network.read(one.lines)
    paid = []
    for share in (0.0, 0.5, 1.0):
        one.contours = share * torch.sigmoid(before) + (1 - share) * (1 - torch.sigmoid(before))
        paid.append(float(read(network, [one])[1]))
    assert paid[2] < paid[1] < paid[0]


def test_the_line_encoder_learns_by_what_is_made_of_its_features(tmp_path: Path) -> None:
    network = washer(tmp_path)[1]
    features, _ = read(network, [seen(made_up(4))])
    features.square().mean().backward()
    grad = network.encoder.stem.weight.grad
    assert grad is not None and grad.abs().max() > 0


@torch.no_grad()
def test_a_mirrored_drawing_has_its_regions_where_the_mirror_shows_them() -> None:
    one = made_up(5)
    other, back = graphs.mirrored(one), graphs.mirrored(graphs.mirrored(one))
    assert np.array_equal(other.working, one.working[:, ::-1]) and np.array_equal(other.lines, one.lines[:, ::-1])
    assert np.allclose(other.place[:, 0], 1 - one.place[:, 0]) and np.array_equal(other.place[:, 1], one.place[:, 1])
    assert np.array_equal(other.working.ravel()[other.seeds], one.working.ravel()[one.seeds])
    for name in graphs.NAMES:
        assert np.allclose(getattr(back, name), getattr(one, name), atol=1e-6), name
