"""The one place that knows torch devices: which one, with which arithmetic, and why."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import nn

M = TypeVar("M", bound=nn.Module)


@dataclass(frozen=True)
class Device:
    """``name`` is shown to people ("cpu", "cuda:0 NVIDIA …"); ``half``: matrix work in bfloat16 pays here."""

    device: torch.device
    name: str
    half: bool
    reason: str

    def autocast(self) -> AbstractContextManager[None]:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.half)

    def place(self, module: M) -> M:
        """``module`` moved here, its convolutions in the memory order that is fastest here."""
        module.to(self.device)
        if self.device.type in ("cpu", "cuda"):
            module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stubs lack it
        return module


def choose(prefer: str = "") -> Device:
    """The best device here, or ``prefer`` ("cpu", "cuda", "cuda:1", "mps"). Raises `RuntimeError` if it isn't there."""
    kind = prefer or ("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")
    device = torch.device(kind)
    if device.type == "cuda":
        index = device.index or 0
        torch.cuda.init()
        card = torch.cuda.get_device_name(index)
        half = torch.cuda.is_bf16_supported()
        return Device(torch.device("cuda", index), f"cuda:{index} {card}", half, "a CUDA card was found")
    if device.type == "mps":
        return Device(device, "mps", False, "Apple's Metal was found")
    half = _cpu_has_bfloat16()
    reason = "no GPU was found" if not prefer else "it was asked for"
    return Device(device, "cpu", half, f"{reason}; {'bfloat16' if half else 'float32'} arithmetic is faster here")


def _cpu_has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 by itself (AMX or AVX-512 BF16): without, it is slower than float32."""
    cpu = torch.cpu
    return bool(cpu._is_amx_tile_supported() or cpu._is_avx512_bf16_supported())
