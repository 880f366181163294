"""The convolutions of VGG-16 (Simonyan & Zisserman 2015, table 1, column D), without its classifier."""

from __future__ import annotations

from collections.abc import Collection

import torch
from torch import Tensor, nn

_BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))  # channels and convolutions of each, a pool after it

#: Where each layer's output (a convolution's after its ReLU) stands in `VGG16.features`; "conv3_2" is the paper's name.
LAYERS = {
    "conv1_1": 1, "conv1_2": 3, "pool1": 4, "conv2_1": 6, "conv2_2": 8, "pool2": 9,
    "conv3_1": 11, "conv3_2": 13, "conv3_3": 15, "pool3": 16, "conv4_1": 18, "conv4_2": 20, "conv4_3": 22, "pool4": 23,
    "conv5_1": 25, "conv5_2": 27, "conv5_3": 29, "pool5": 30,
}  # fmt: skip


class VGG16(nn.Module):
    """A grey plane (B, 1, H, W), L/50 - 1 in -1…1 -> feature maps; H and W are multiples of 2 for each pool passed.

    ``width`` scales all channels; 1.0 is the published network, whose tensors have the same names here as in
    torchvision (``features.0.weight``…). ``last``: the layer of `LAYERS` to cut after. ``frozen``: nothing in it
    learns; it holds no batch normalisation, so nothing drifts either, and it stays in eval mode whatever holds it.

    The grey plane becomes three equal ones of range 0…1, less ImageNet's mean, by its deviation. L/100 stands for the
    grey level there: the two differ by at most 0.035.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, width: float = 1.0, frozen: bool = False, last: str = "pool5") -> None:
        super().__init__()
        self.frozen = frozen
        self.channels = [3]  # of the input and of what each module of `features` gives
        self.features = nn.Sequential()
        for channels, count in _BLOCKS:
            for _ in range(count):
                self._add(nn.Conv2d(self.channels[-1], round(channels * width), 3, padding=1), last)
                self._add(nn.ReLU(), last)
            self._add(nn.MaxPool2d(2), last)
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1), persistent=False)
        if frozen:
            self.requires_grad_(False)
            self.eval()

    def _add(self, module: nn.Module, last: str) -> None:
        if len(self.features) > LAYERS[last]:
            return
        if isinstance(module, nn.Conv2d):  # He et al. 2015, section 2.2: without it 13 layers do not start to learn
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(module.bias)  # type: ignore[arg-type]  # there is one
            self.channels.append(module.out_channels)
        else:
            self.channels.append(self.channels[-1])
        self.features.append(module)

    def width_of(self, layer: str) -> int:
        """How many channels the output of ``layer`` of `LAYERS` has."""
        return self.channels[LAYERS[layer] + 1]

    def train(self, mode: bool = True) -> VGG16:
        return super().train(mode and not self.frozen)

    def layers(self, x: Tensor, indices: Collection[int]) -> list[Tensor]:
        """What the modules of `features` at ``indices`` give for the grey plane, in the network's order."""
        x = ((x + 1) / 2 - self.mean) / self.deviation
        found = []
        for index in range(max(indices) + 1):
            x = self.features[index](x)
            if index in indices:
                found.append(x)
        return found

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x, [len(self.features) - 1])[0]
