"""Networks by name: a model file's metadata says which one builds it. A registry of plain functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

from .colornet import ColorNet
from .discriminator import PatchDiscriminator
from .encoder_decoder import EncoderDecoder
from .line_reader import LineReader
from .propagator import Propagator
from .residual_cnn import ResidualCNN
from .tandem import Tandem
from .unet import StridedUNet
from .vgg_autoencoder import VGGAutoencoder
from .washer import Washer

#: All but the propagator are *painters*: ``forward`` makes of (B, C, H, W) the planes of a colour space (B, out, h, w).
#: Plane 0 of what they are given is the lightness, L/50 - 1, and planes 1 to 3, if there are any, are hints as RGB
#: in -1…1, white where there is none.
NETWORKS: dict[str, Callable[..., nn.Module]] = {
    "propagator": Propagator,
    "washer": Washer,
    "line-reader": LineReader,
    "unet": StridedUNet,
    "encoder-decoder": EncoderDecoder,
    "residual-cnn": ResidualCNN,
    "tandem": Tandem,
    "colornet": ColorNet,
    "vgg-autoencoder": VGGAutoencoder,
}
DISCRIMINATORS: dict[str, Callable[..., nn.Module]] = {"patch": PatchDiscriminator}


def build(name: str, settings: dict[str, Any]) -> nn.Module:
    """The network ``name`` with ``settings`` (its constructor's arguments). Raises `KeyError` for an unknown name,
    `TypeError` for settings it does not have."""
    return NETWORKS[name](**settings)
