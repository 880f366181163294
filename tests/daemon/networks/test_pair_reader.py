"""The pair reader: log-odds for each pair, by what is usual of pairs."""

from __future__ import annotations

import torch

from linewash_daemon.networks.pair_reader import PairReader
from linewash_daemon.networks.washer import Washer


def reader() -> PairReader:
    torch.manual_seed(0)
    return PairReader(5, 8).eval()


@torch.inference_mode()
def test_each_pair_gets_log_odds_of_its_own_whatever_stands_beside_it() -> None:
    network, told = reader(), torch.randn(7, 5)
    said = network(told)
    assert said.shape == (7,) and said.isfinite().all() and said.std() > 0
    assert torch.allclose(network(told[3:5]), said[3:5], atol=1e-6)
    assert network(told[:0]).shape == (0,)


@torch.inference_mode()
def test_figures_are_read_by_what_is_usual_of_them() -> None:
    network, told = reader(), torch.randn(7, 5)
    said = network(told)
    network.usual.fill_(3.0)
    network.spread.fill_(2.0)
    assert torch.allclose(network(3 + 2 * told), said, atol=1e-5)


@torch.inference_mode()
def test_a_figure_that_never_varied_is_no_number_to_divide_by() -> None:
    network = reader()
    network.spread.zero_()
    assert network(torch.randn(3, 5)).isfinite().all()


def test_a_washer_has_one_where_it_is_given_a_width() -> None:
    small = {"encoder": (8, 8, 8, 8), "blocks": 1, "width": 16, "layers": 1, "heads": 2}
    assert Washer(**small).pairs is None and Washer(**small, pairs=8).pairs is not None  # type: ignore[arg-type]
