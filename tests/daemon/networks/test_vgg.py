"""VGG-16's trunk, and the two systems that stand on it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from linewash_daemon.networks import build
from linewash_daemon.networks.colornet import SQUASHES, ColorNet, UpConv, annealed_mean
from linewash_daemon.networks.vgg import LAYERS, VGG16

NARROW = 1 / 16


def grey(side: int = 32, batch: int = 2) -> Tensor:
    return torch.rand(batch, 1, side, side, generator=torch.Generator().manual_seed(3)) * 2 - 1


def test_at_full_width_it_has_the_published_number_of_parameters() -> None:
    with torch.device("meta"):
        trunk = VGG16()
    assert sum(p.numel() for p in trunk.parameters()) == 14_714_688  # 138,357,544 less the classifier
    assert [n for n, m in enumerate(trunk.features) if isinstance(m, nn.Conv2d)] == [
        0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28,
    ]  # fmt: skip


def test_its_tensors_are_named_as_in_torchvision_and_there_are_no_others() -> None:
    assert set(VGG16(NARROW, last="conv1_2").state_dict()) == {
        f"features.{n}.{part}" for n in (0, 2) for part in ("weight", "bias")
    }


def test_it_can_be_cut_after_any_layer() -> None:
    for layer, index in LAYERS.items():
        trunk = VGG16(NARROW, last=layer)
        assert len(trunk.features) == index + 1
        assert trunk.width_of(layer) == trunk(grey()).shape[1]


def test_maps_are_what_the_modules_give_in_order() -> None:
    trunk = VGG16(NARROW)
    x = grey()
    maps = trunk.layers(x, [LAYERS["conv2_2"], LAYERS["pool1"]])
    assert [tuple(m.shape) for m in maps] == [(2, 4, 16, 16), (2, 8, 16, 16)]
    assert torch.equal(maps[1], trunk.features[5:9](maps[0]))
    assert maps[1].min() == 0  # after its ReLU


def test_the_grey_plane_is_given_as_three_equal_ones_normalised_as_imagenet_is() -> None:
    trunk = VGG16(NARROW, last="conv1_1")
    seen: list[Tensor] = []
    trunk.features[0].register_forward_pre_hook(lambda _m, inputs: seen.append(inputs[0]))
    trunk(torch.tensor([-1.0, 0.0, 1.0]).view(1, 1, 1, 3))
    back = seen[0] * torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1) + torch.tensor([0.485, 0.456, 0.406]).view(
        1, 3, 1, 1
    )
    assert torch.allclose(back, torch.tensor([0.0, 0.5, 1.0]).expand(1, 3, 1, 3), atol=1e-6)


def test_what_enters_thirteen_layers_leaves_them_neither_faded_nor_grown() -> None:
    torch.manual_seed(0)
    out = VGG16(0.25)(grey(64))
    assert 0.01 < out.std() < 100


@pytest.mark.parametrize(
    ("name", "learns"), [("colornet", ("upconv.", "shallow.")), ("vgg-autoencoder", ("decoder.", "last."))]
)
def test_a_frozen_trunk_stays_as_it_was_and_the_rest_learns(name: str, learns: tuple[str, ...]) -> None:
    torch.manual_seed(0)
    painter = build(name, {"width": NARROW, "frozen": True}).train()
    before = {key: tensor.clone() for key, tensor in painter.state_dict().items()}
    optimizer = torch.optim.AdamW([p for p in painter.parameters() if p.requires_grad], 0.1, weight_decay=0.1)
    for _ in range(2):
        painter(grey()).square().mean().backward()
        optimizer.step()
    changed = {key for key, tensor in painter.state_dict().items() if not torch.equal(tensor, before[key])}
    assert changed == {key for key in before if key.startswith(learns)}
    assert all(p.grad is None for key, p in painter.named_parameters() if key.startswith("trunk."))


def test_a_frozen_trunk_is_not_put_into_training_by_what_holds_it() -> None:
    painter: Any = build("colornet", {"width": NARROW, "frozen": True}).train()
    assert painter.training and not painter.trunk.training
    painter = build("colornet", {"width": NARROW}).train()
    assert painter.trunk.training


def test_compressing_first_is_the_same_as_compressing_the_whole_hypercolumn() -> None:
    torch.manual_seed(0)
    upconv = UpConv([3, 5], 4).eval()
    maps = [torch.rand(1, 3, 8, 8), torch.rand(1, 5, 2, 2)]
    column = torch.cat([F.interpolate(m, (16, 16), mode="bilinear", align_corners=False) for m in maps], 1)
    whole = torch.cat([c.weight for c in upconv.compress], 1)  # type: ignore[misc]  # they are convolutions
    want = F.relu(upconv.norm(F.conv2d(column, whole)))
    assert torch.allclose(upconv(maps, (16, 16)), want, atol=1e-5)


def test_colornet_paints_uv_of_56_for_224() -> None:
    out = build("colornet", {"width": NARROW, "compressed": 4}).eval()(grey(224, 1))
    assert out.shape == (1, 2, 56, 56)
    assert out.abs().max() <= 0.5


@pytest.mark.parametrize("squash", SQUASHES)
def test_every_output_function_ends_at_a_half_and_has_grey_at_nought(squash: str) -> None:
    out = SQUASHES[squash](torch.tensor([-99.0, 0.0, 99.0]))
    assert torch.allclose(out, torch.tensor([-0.5, 0.0, 0.5]))


def test_a_classifying_colornet_gives_logits_while_it_learns_and_colours_afterwards() -> None:
    net = build("colornet", {"width": NARROW, "bins": 5})
    assert isinstance(net, ColorNet)
    net.palette.copy_(torch.tensor([[0.1, 0.2]]).expand(5, 2))
    assert net.train()(grey()).shape == (2, 5, 8, 8)
    assert torch.allclose(net.eval()(grey())[:, :, 0, 0], torch.tensor([0.1, 0.2]))
    assert {"palette", "rarity"} <= net.state_dict().keys()


def test_the_annealed_mean_lies_between_the_mean_and_the_likeliest_colour() -> None:
    palette = torch.tensor([[-0.5, 0.0], [0.5, 0.0]])
    even = annealed_mean(torch.zeros(1, 2, 1, 1), palette)
    assert even.flatten().tolist() == [0.0, 0.0]
    share = torch.tensor([0.25, 0.75])
    leaning = annealed_mean(share.log().view(1, 2, 1, 1), palette)[0, 0, 0, 0]
    sharpened = share ** (1 / 0.38) / (share ** (1 / 0.38)).sum()
    assert torch.allclose(leaning, sharpened @ palette[:, 0])
    assert share @ palette[:, 0] < leaning < 0.5
