"""Palettes and their colours."""
# ruff: noqa: N802

from __future__ import annotations

from dataclasses import dataclass, field

from linewash_krita.qt import QtCore

from .pixels import Space, from_rgba, to_rgba


@dataclass
class ManagedColor:
    """A colour of a space; ``pixel``: as a layer of that space keeps it."""

    space: Space
    pixel: bytes

    def setColorSpace(self, model: str, depth: str, profile: str) -> bool:
        space = Space(model, depth, profile)
        self.pixel = from_rgba(to_rgba(self.pixel, self.space), space)
        self.space = space
        return True

    def components(self) -> list[float]:
        """0…1, in the order in which a pixel keeps its channels."""
        if self.space.depth != "U8":
            raise NotImplementedError(self.space.depth)
        return [value / 255 for value in self.pixel]


@dataclass
class Swatch:
    """A place in a palette, perhaps an empty one."""

    managed: ManagedColor | None

    def isValid(self) -> bool:
        return self.managed is not None

    def color(self) -> ManagedColor:
        assert self.managed is not None
        return ManagedColor(self.managed.space, self.managed.pixel)


class Resource(QtCore.QObject):
    """A palette as Krita's list has it."""

    def __init__(self, swatches: list[Swatch]) -> None:
        super().__init__()
        self.swatches = swatches


@dataclass
class Palette:
    """``resource``: what `Krita.resources` gave."""

    resource: Resource
    swatches: list[Swatch] = field(init=False)

    def __post_init__(self) -> None:
        self.swatches = self.resource.swatches

    def numberOfEntries(self) -> int:
        return len(self.swatches)

    def colorSetEntryByIndex(self, index: int) -> Swatch:
        return self.swatches[index]
