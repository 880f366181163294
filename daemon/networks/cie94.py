"""Colour differences that a network can learn by."""

from __future__ import annotations

from torch import Tensor


def difference(a: Tensor, b: Tensor) -> Tensor:
    """CIE94 (graphic arts) with the chroma of both: Lab (…, 3) each -> (…), differentiable where they are equal."""
    chroma_a, chroma_b = ((c[..., 1:] ** 2).sum(-1).add(1e-6).sqrt() for c in (a, b))
    light, chroma = a[..., 0] - b[..., 0], chroma_a - chroma_b
    hue = ((a[..., 1:] - b[..., 1:]) ** 2).sum(-1) - chroma**2
    mean = (chroma_a * chroma_b).sqrt()
    total = light**2 + (chroma / (1 + 0.045 * mean)) ** 2 + hue.clamp_min(0) / (1 + 0.015 * mean) ** 2
    return (total + 0.25).sqrt() - 0.5
