"""What every painter promises, whichever system it is of."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch
from torch import Tensor

from linewash_daemon.networks import build

# Name, settings, planes given, planes painted, and by how much smaller those are than what was given.
PAINTERS: list[tuple[str, dict[str, Any], int, int, int]] = [
    ("unet", {"into": 4, "out": 3, "channels": 4}, 4, 3, 1),
    ("unet", {"into": 1, "out": 2, "channels": 4, "depth": 3, "skips": False}, 1, 2, 1),
    ("encoder-decoder", {"channels": 4}, 1, 2, 1),
    ("encoder-decoder", {"channels": 4, "out": 3, "depth": 3}, 1, 3, 1),
    ("residual-cnn", {"channels": 4}, 4, 3, 1),
    ("tandem", {"channels": 4, "depth": 3}, 1, 3, 1),
    ("tandem", {"channels": 4, "depth": 3}, 4, 3, 1),
    ("colornet", {"width": 1 / 16, "compressed": 4}, 1, 2, 4),
    ("colornet", {"width": 1 / 16, "compressed": 4, "bins": 5}, 1, 2, 4),
    ("vgg-autoencoder", {"width": 1 / 16, "frozen": False}, 1, 2, 1),
]  # fmt: skip

each_painter = pytest.mark.parametrize(
    ("name", "settings", "given", "painted", "smaller"), PAINTERS, ids=[f"{p[0]}-{i}" for i, p in enumerate(PAINTERS)]
)


def made(name: str, settings: dict[str, Any], seed: int = 0) -> Any:
    torch.manual_seed(seed)
    return build(name, settings)


def picture(planes: int, height: int, width: int, batch: int = 2) -> Tensor:
    return torch.rand(batch, planes, height, width, generator=torch.Generator().manual_seed(1)) * 2 - 1


@each_painter
def test_a_picture_of_a_fitting_size_becomes_planes(
    name: str, settings: dict[str, Any], given: int, painted: int, smaller: int
) -> None:
    painter = made(name, settings).eval()
    height, width = painter.multiple * 2, painter.multiple * 3
    out = painter(picture(given, height, width))
    assert out.shape == (2, painted, height // smaller, width // smaller)
    assert out.abs().max() <= 1


@each_painter
def test_every_parameter_that_has_a_say_in_the_picture_learns(
    name: str, settings: dict[str, Any], given: int, painted: int, smaller: int
) -> None:
    painter = made(name, settings).train()
    painter(picture(given, painter.multiple * 2, painter.multiple * 2)).square().mean().backward()
    silent = [k for k, p in painter.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    aside = [k for k in silent if k.startswith("hinter.")] if name == "tandem" and given == 4 else []
    assert silent == aside


@each_painter
def test_the_same_picture_has_the_same_colours_whatever_comes_with_it(
    name: str, settings: dict[str, Any], given: int, painted: int, smaller: int
) -> None:
    painter = made(name, settings).eval()
    pictures = picture(given, painter.multiple * 2, painter.multiple * 2)
    assert torch.allclose(painter(pictures)[:1], painter(pictures[:1]), atol=1e-5)


@each_painter
def test_a_painter_survives_the_way_through_a_model_file(
    name: str, settings: dict[str, Any], given: int, painted: int, smaller: int
) -> None:
    painter = made(name, settings).train()
    pictures = picture(given, painter.multiple * 2, painter.multiple * 2)
    painter(pictures)  # batch normalisation has now seen something
    again = made(name, json.loads(json.dumps(settings)), seed=5).eval()
    half = {key: tensor.to(torch.float16) for key, tensor in painter.state_dict().items()}
    again.load_state_dict({key: tensor.float() for key, tensor in half.items()})
    assert torch.allclose(painter.eval()(pictures), again(pictures), atol=0.02)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("unet", {}),
        ("encoder-decoder", {}),
        ("residual-cnn", {}),
        ("tandem", {}),
        ("colornet", {}),
        ("colornet", {"bins": 128}),
        ("vgg-autoencoder", {}),
    ],
)
def test_a_model_file_has_no_more_than_12_mb(name: str, settings: dict[str, Any]) -> None:
    with torch.device("meta"):
        painter = build(name, settings)
    assert sum(tensor.numel() for tensor in painter.state_dict().values()) * 2 <= 12_000_000


def test_an_unknown_setting_is_refused() -> None:
    for name, settings, *_ in PAINTERS:
        with pytest.raises(TypeError):
            build(name, settings | {"colour": 7})


def test_the_u_net_s_skips_carry_what_does_not_pass_through_its_smallest_map() -> None:
    for skips, carried in ((True, True), (False, False)):
        painter = made("unet", {"into": 1, "channels": 4, "depth": 3, "skips": skips}).eval()
        painter.down[-1].register_forward_hook(lambda _m, _i, out: torch.zeros_like(out))
        one, other = painter(picture(1, 16, 16)), painter(-picture(1, 16, 16))
        assert (not torch.equal(one, other)) == carried


def test_the_encoder_decoder_has_nothing_around_its_smallest_map() -> None:
    painter = made("encoder-decoder", {"channels": 4}).eval()
    painter.middle.register_forward_hook(lambda _m, _i, out: torch.zeros_like(out))
    assert torch.equal(painter(picture(1, 32, 32)), painter(-picture(1, 32, 32)))


def test_exactly_two_residual_links_go_around_the_residual_cnn_s_middle() -> None:
    """A convolution is linked if its output still learns when the next convolution passes no gradient on."""
    linked = []
    for level in range(3):
        painter = made("residual-cnn", {"channels": 4})
        kept: list[Tensor] = []
        painter.convolutions[level].register_forward_hook(lambda _m, _i, out, kept=kept: kept.append(out))
        painter.convolutions[level + 1].register_forward_pre_hook(lambda _m, inputs: (inputs[0].detach(),))
        out = painter(picture(4, 32, 32)).square().mean()
        (gradient,) = torch.autograd.grad(out, kept, allow_unused=True)
        if gradient is not None and gradient.abs().sum() > 0:
            linked.append(level + 1)
    assert linked == [1, 3]


def test_a_residual_link_adds_the_convolution_to_its_mirror() -> None:
    painter = made("residual-cnn", {"channels": 4}).eval()
    for stage in painter.deconvolutions:  # what comes up from the middle is nothing
        stage.register_forward_hook(lambda _m, _i, out: torch.zeros_like(out))
    x, seen = picture(4, 32, 32), []
    painter.last.register_forward_pre_hook(lambda _m, inputs: seen.append(inputs[0]))
    painter(x)
    assert torch.equal(seen[0], torch.relu(painter.convolutions[0](x)))


def test_the_tandem_imagines_hints_only_where_none_are_given() -> None:
    tandem = made("tandem", {"channels": 4, "depth": 3}).eval()
    lines = picture(1, 32, 32)
    hints = tandem.imagine(lines)
    assert hints.shape == (2, 3, 32, 32)
    assert torch.equal(tandem(lines), tandem.painter(torch.cat([lines, hints], 1)))
    white = torch.cat([lines, torch.ones_like(hints)], 1)
    assert torch.equal(tandem(white), tandem.painter(white))
    assert not torch.equal(tandem(white), tandem(lines))


def test_the_tandem_s_hinter_learns_from_the_painting_too() -> None:
    tandem = made("tandem", {"channels": 4, "depth": 3})
    tandem(picture(1, 16, 16)).square().mean().backward()
    assert tandem.hinter.down[0][0].weight.grad.abs().sum() > 0
