"""The published VGG-16, from a file that a person fetched: nothing is downloaded, and nothing in it is run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from linewash.errors import BadInput

from .pth import MAGIC, ZIP, NoWeights, read_pth

#: SHA-256 of the files that hold torchvision's VGG16_Weights.IMAGENET1K_V1, and where each is. (The other set of
#: torchvision's, IMAGENET1K_FEATURES, wants its pictures normalised in another way.)
PUBLISHED = {
    "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0": (
        "https://download.pytorch.org/models/vgg16-397923af.pth"
    ),
    "57b026918159a6bf9faf8405c3a551903768e7138989d9c6224a14227203fad8": (
        "https://huggingface.co/timm/vgg16.tv_in1k/resolve/main/model.safetensors"
    ),
}


def load_trunk(path: Path, trunk: nn.Module, known: Mapping[str, str] = PUBLISHED) -> None:
    """Load the published weights in ``path``, a ``.pth`` or a safetensors file, into ``trunk``, a
    `linewash_daemon.networks.vgg.VGG16` of width 1 that may be cut. ``known``: SHA-256 -> where that file is.

    The hash is checked first, and only a known file is used. Raises `BadInput`: no_such_file; bad_input for one that
    is cut short, holds another network, or is not one of the known, and for a trunk of another width.
    """
    remedy = "Get VGG16_Weights.IMAGENET1K_V1 of torchvision from " + " or ".join(known.values()) + "."
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found not in known:
            raise BadInput(f"{path.name} is not the published VGG-16: it {_difference(path, trunk, found)}.", remedy)
        tensors = _tensors(path, trunk)
    except OSError as error:
        raise BadInput(f"The VGG-16 weights {path} can't be read: {error.strerror}.", remedy, "no_such_file") from error
    except NoWeights as error:
        raise BadInput(f"{path.name} can't be used as VGG-16: it {error}.", remedy) from error
    own = trunk.state_dict()
    if any(name not in tensors or tensors[name].shape != tensor.shape for name, tensor in own.items()):
        raise BadInput(
            "The published VGG-16 does not fit into one of another width.", "Set width = 1.0 in the recipe's settings."
        )
    trunk.load_state_dict(tensors)


def _tensors(path: Path, trunk: nn.Module) -> dict[str, Tensor]:
    """Those tensors of the file whose names ``trunk`` knows. Raises `NoWeights`, `OSError`."""
    names = trunk.state_dict().keys()
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
    if head.startswith(ZIP) or head == MAGIC:
        return read_pth(path, names)
    try:
        with safe_open(path, "pt") as file:
            return {name: file.get_tensor(name) for name in file.keys() if name in names}  # noqa: SIM118  # no dict
    except SafetensorError as error:
        raise NoWeights("is neither a whole .pth nor a whole safetensors file") from error


def _difference(path: Path, trunk: nn.Module, found: str) -> str:
    """What is wrong with a file of an unknown hash, as far as it can be seen; goes after "it"."""
    try:
        theirs = _tensors(path, trunk)
    except NoWeights as error:
        return str(error)
    own = trunk.state_dict()
    first = next(iter(own))
    if (
        theirs.keys() != own.keys()
        or any(tensor.ndim == 0 for tensor in theirs.values())
        or any(len(theirs[first]) * len(own[name]) != len(own[first]) * len(tensor) for name, tensor in theirs.items())
    ):
        return "holds another network"
    return f"was changed or made anew (its SHA-256 is {found})"
