"""The depiction reader: verdicts for each place, from what is around it, near and far."""

from __future__ import annotations

import pytest
import torch

from linewash_daemon.networks.depiction import CLASSES, KIN, TONES, DepictionReader

FEATURES = (8, 8, 4, 4)


@pytest.fixture(scope="module")
def reader() -> DepictionReader:
    torch.manual_seed(0)
    network = DepictionReader(FEATURES, 16).eval()
    for parameter in network.parameters():  # what begins at zero has a say, too
        torch.nn.init.normal_(parameter, std=0.2)
    return network


def levels(height: int, width: int, seed: int = 0) -> list[torch.Tensor]:
    draw = torch.Generator().manual_seed(seed)
    return [torch.randn(1, size, height >> i, width >> i, generator=draw) for i, size in enumerate(FEATURES)]


@pytest.mark.parametrize("size", [(8, 8), (16, 40), (64, 24)])
@torch.inference_mode()
def test_every_place_gets_a_verdict_of_every_class_and_a_likeness(
    reader: DepictionReader, size: tuple[int, int]
) -> None:
    said, likeness, same = reader(levels(*size))
    assert said.shape == (1, len(CLASSES), *size) and likeness.shape == (1, KIN, *size) and same.shape == (2,)
    for one in (said, likeness):
        assert torch.isfinite(one).all() and one.flatten(2).std(-1).min() > 0


@pytest.mark.parametrize("scale", range(len(FEATURES)))
@torch.inference_mode()
def test_what_is_seen_at_any_scale_has_a_say_in_the_far_corner(reader: DepictionReader, scale: int) -> None:
    plain, other = levels(32, 32), levels(32, 32)
    other[scale][:, 0, -1, -1] += 3  # a norm would take away what is added to all
    for one, two in zip(reader(plain)[:2], reader(other)[:2], strict=True):
        apart = (one - two).abs()
        assert apart[..., -4:, -4:].max() > 1e-3 and apart[..., 0, 0].max() > 0


@torch.inference_mode()
def test_drawings_of_a_batch_are_read_each_by_itself(reader: DepictionReader) -> None:
    one, two = levels(16, 16, 1), levels(16, 16, 2)
    both = reader([torch.cat(pair) for pair in zip(one, two, strict=True)])
    for read, *alone in zip(both[:2], reader(one)[:2], reader(two)[:2], strict=True):
        assert torch.allclose(read, torch.cat(alone), atol=1e-4)


def test_a_new_one_knows_no_tones() -> None:
    reader = DepictionReader(FEATURES, 16)
    assert reader.tones.shape == (len(CLASSES), TONES, 3) and not reader.tones.any()
