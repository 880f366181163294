"""What a finished drawing depicts, as far as its colours, its name and its source tell.

Flat art has skin and hair in a few colours that are used for little else; `sources.toml` names them. Of painted
portraits whatever has the colour of skin is taken for it. What is green in a picture book's scene or in a picture of a
plant is foliage, what is blue and reaches the upper rim of a scene is sky; brown is wood in pictures of trees, and fur,
like grey, in pictures of beasts; yellow is sun in pictures of suns and moons, and white within a figure is white.
Elsewhere such colours are unknown: what has that of skin may be wood, fur or sand, and faces may be yellow.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash_daemon.colorist.lab import difference
from linewash_daemon.networks.depiction import CLASSES, TONES

from .augment import skin_colored
from .flats import Image, Mask
from .pack import Pack, PairInfo
from .samples import to_lab
from .sources import PAINTED, read_sources

SKIN, HAIR, FOLIAGE, SKY, WHITE, WOOD, SUN, FUR = range(len(CLASSES))
_NEAR = 8  # of 255, in each channel: so far a colour may be from a named one
_SOME = 0.01  # of a drawing: so much of it is skin where it shows people
_HIGH, _WIDE = 0.12, 0.03  # of the height, of the page: what reaches up so far and is so large may be sky
_ALIKE = 5.0  # ΔE
_GRAIN = 6.0  # of Lab: colours of one grain are one
_FACE = (215, 180, 150)  # of 255: yellow faces have more red, more green, and less blue
_PLANTS = re.compile(
    r"\b(tree|leaf|leaves|herb|plant|flower|bush|grass|cactus|clover|shamrock|palm|forest|garden|evergreen|seedling"
    r"|rose|tulip|sunflower|dais(y|ie)|blossom|hibiscus|bouquet|sheaf|maize|corn|fern|vine|ivy|jungle|park|field|meadow"
    r"|farm|countryside|hill|mountain|landscape|lawn|orchard|cabbage|lettuce|broccoli|bamboo|wheat|hedge|weed|seaweed"
    r"|orchid|lotus|lil(y|ie)|daffodil|nature|spring|camping|sunrise|island|pine|oak|branch|twig|strawberr(y|ie)|carrot"
    r"|radish|pineapple|tomato|cherr(y|ie)|potted)(e?s)?\b"
)
_NEITHER = re.compile(
    r"\b(face|hand|palms|person|bicyclist|hockey|railway|cableway|animals|mouse|goat|skate|chair|clippers|cutters|tinned"
    r"|ornament)\b"
)
_OUTDOORS = re.compile(
    r"\b(sun|cloud|mountain|landscape|sunrise|sky|rain|weather|park|island|camping|house|night|morning|day|field|farm"
    r"|castle|beach|village|city)s?\b"
)

_WOODEN = re.compile(
    r"\b(tree|palm|log|wood|wooden|trunk|stump|forest|branch|jungle|christmas|evergreen|oak|pine)(e?s)?\b"
)
_BEASTS = re.compile(
    r"\b(cat|dog|fox|wolf|bear|panda[a-z]*|horse|pony|lion|tiger|leopard|monkey|gorilla|orangutan|rabbit|hare|squirrel|chipmunk"
    r"|hamster|mouse|rat|cow|ox|bull|buffalo|bison|deer|moose|elk|goat|sheep|ram|lamb|camel|llama|giraffe|kangaroo|koala"
    r"|otter|beaver|badger|skunk|raccoon|sloth|hedgehog|elephant|boar|donkey|mule|kitten|puppy|poodle|seal|walrus|ferret"
    r"|mole|bat|gopher|antelope|zebra|reindeer|calf|jaguar|guinea pig)(e?s)?\b"
)
_NO_BEASTS = re.compile(
    r"\b(hot|ball|baseball|cricket|computer|button|trap|shed|bed|basket|biscuits|bowl|chew|coat|food|hutch|maze|meal"
    r"|envelope|bottle|feed|walk|pat|ride|racing|carousel|treats|battering|rider|safety)\b"
)
_SUNNY = re.compile(r"\b(sun|moon|sunrise|sunset|star|crescent)s?\b")
_CLEAN, _PALE = 245, 225  # of 255: from here on white, and not surely none

Polar = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]  # L, chroma, hue


@dataclass(frozen=True)
class Named:
    """The colours that a source names: ``skin``, ``hair``: uint8 (t, 3) RGB; ``painted``: whatever has the colour of
    skin is skin; ``shows``: see `Source`; ``emoji``: its pictures are named by code points."""

    skin: NDArray[np.uint8]
    hair: NDArray[np.uint8]
    painted: bool
    shows: str
    emoji: bool


@cache
def named_by(source: str) -> Named:
    found = read_sources().get(source)
    skin, hair = (found.skin, found.hair) if found else ((), ())
    colors = [[list(bytes.fromhex(tone[1:])) for tone in tones if tone != PAINTED] for tones in (skin, hair)]
    arrays = [np.array(some, np.uint8).reshape(-1, 3) for some in colors]
    emoji = found is not None and found.group == "emoji"
    return Named(arrays[0], arrays[1], PAINTED in skin, found.shows if found else "things", emoji)


def title_of(info: PairInfo) -> str:
    """What a picture's name says it shows, in lower case; an emoji's is that of its code points."""
    name = info.id.split("/", 1)[-1]
    if named_by(info.source).emoji:
        codes = re.findall(r"\b[0-9A-F]{4,5}\b", name)
        return " ".join(unicodedata.name(chr(int(code, 16)), "") for code in codes).lower()
    return re.sub(r"[^a-z]+", " ", name.lower())


def grows(info: PairInfo) -> bool:
    """Whether a picture's name says that it shows a plant, or a place where some grow."""
    title = title_of(info)
    return bool(_PLANTS.search(title)) and not _NEITHER.search(title)


def told(color: Image, info: PairInfo) -> NDArray[np.int8]:
    """Of uint8 (H, W, 3) RGB each pixel: int8 (H, W, `CLASSES`), 1 for one, 0 for surely none, -1 for unknown."""
    named, title = named_by(info.source), title_of(info)
    like = skin_colored(color)
    people = (named.painted & like) | _near(color, named.skin)
    named_hair = _near(color, named.hair)
    yellow = (color[..., 0] > _FACE[0]) & (color[..., 1] > _FACE[1]) & (color[..., 2] < _FACE[2])
    polar, scene = _polar(color), named.shows == "scenes"
    out = np.zeros((*color.shape[:2], len(CLASSES)), np.int8)
    out[..., SKIN] = np.where(people, 1, np.where(~yellow & (~like | named_hair), 0, -1))
    out[..., HAIR] = _hair(polar, named, people, like, named_hair)
    out[..., WHITE] = _white(color)
    if named.shows != "heads":
        out[..., WOOD] = _wood(polar, scene, bool(_WOODEN.search(title) and not _NEITHER.search(title)))
        out[..., SUN] = _sun(polar, bool(_SUNNY.search(title) and not _NEITHER.search(title)))
        out[..., FOLIAGE] = _foliage(polar, scene or grows(info))
        out[..., SKY] = _sky(polar, scene or bool(_OUTDOORS.search(title) and not _NEITHER.search(title)))
        out[..., FUR] = _fur(polar, people, named, title)
    return out


def _near(color: Image, tones: NDArray[np.uint8]) -> Mask:
    """Which pixels are within `_NEAR` of any of the ``tones``, uint8 (t, 3)."""
    out = np.zeros(color.shape[:2], bool)
    for tone in tones.astype(int):
        low, high = (np.clip(tone + far, 0, 255).astype(np.uint8) for far in (-_NEAR, _NEAR))
        out |= np.asarray(cv2.inRange(color, low, high)) > 0
    return out


def _hair(polar: Polar, named: Named, people: Mask, like: Mask, named_hair: Mask) -> NDArray[np.int8]:
    """Where nobody is, there is no hair; where hair has no names, it is neither white nor skin nor green to purple, but
    for heads, which may have hair in all colours."""
    if len(named.hair) and (named.shows == "heads" or people.mean() > _SOME):
        return np.where(named_hair, 1, np.where(people | (named.shows == "heads"), 0, -1)).astype(np.int8)
    if named.shows == "heads":
        return np.where(people, 0, -1).astype(np.int8)
    if like.mean() <= _SOME and named.shows != "scenes":
        return np.zeros(like.shape, np.int8)
    lightness, chroma, hue = polar
    none = people | (lightness > 93) | ((hue > 110) & (hue < 330) & (chroma > 15))
    return np.where(none, 0, -1).astype(np.int8)


def leaf_colored(color: Image) -> Mask:
    """Which pixels of uint8 (H, W, 3) RGB are green, from yellowish to bluish; bool (H, W)."""
    return _green(_polar(color))


def sky_colored(color: Image) -> Mask:
    """Which pixels of uint8 (H, W, 3) RGB are of a blue that is not dark; bool (H, W)."""
    return _blue(_polar(color))


def white_colored(color: Image) -> Mask:
    """Which pixels of uint8 (H, W, 3) RGB are white; bool (H, W)."""
    return np.asarray((color >= _CLEAN).all(2))


def _green(polar: Polar) -> Mask:
    lightness, chroma, hue = polar
    return np.asarray((hue > 102) & (hue < 170) & (chroma > 16) & (lightness > 15))


def _blue(polar: Polar) -> Mask:
    lightness, chroma, hue = polar
    return np.asarray((hue > 195) & (hue < 290) & (chroma > 5) & (lightness > 45))


def _foliage(polar: Polar, expected: bool) -> NDArray[np.int8]:
    _, chroma, hue = polar
    greenish = (hue > 85) & (hue < 185) & (chroma > 8)
    return np.where(~greenish, 0, np.where(_green(polar) & expected, 1, -1)).astype(np.int8)


def _sky(polar: Polar, expected: bool) -> NDArray[np.int8]:
    blue = _blue(polar)
    high = np.zeros_like(blue)
    if expected:
        _, areas, figures, _ = cv2.connectedComponentsWithStats(blue.astype(np.uint8), connectivity=4)
        reaching = (figures[:, cv2.CC_STAT_TOP] < _HIGH * len(blue)) & (figures[:, 4] > _WIDE * blue.size)
        high = blue & reaching[areas]
    pale = expected & (polar[0] > 75)  # a sky may be white, or yellow in the evening
    return np.where(high, 1, np.where(blue | pale, -1, 0)).astype(np.int8)


def _white(color: Image) -> NDArray[np.int8]:
    """What is white within the figures; what is nearly white, or may be paper since it reaches the picture's rim, is
    unknown."""
    white, pale = white_colored(color), (color >= _PALE).all(2)
    _, areas = cv2.connectedComponents(np.pad(pale, 1, constant_values=True).astype(np.uint8), connectivity=4)
    paper = areas[1:-1, 1:-1] == areas[0, 0]
    return np.where(paper | (pale & ~white), -1, white).astype(np.int8)


def _wood(polar: Polar, scene: bool, named: bool) -> NDArray[np.int8]:
    lightness, chroma, hue = polar
    brown = (hue > 30) & (hue < 85) & (chroma > 8) & (chroma < 60) & (lightness > 12) & (lightness < 75)
    clear = brown & (hue > 40) & (hue < 78) & (lightness < 65) & (chroma < 55)
    return np.where(~brown, 0, np.where(clear & named & ~scene, 1, -1)).astype(np.int8)


def _sun(polar: Polar, named: bool) -> NDArray[np.int8]:
    lightness, chroma, hue = polar
    yellow = (hue > 55) & (hue < 108) & (chroma > 15) & (lightness > 60)
    clear = yellow & (hue > 65) & (hue < 104) & (chroma > 30)
    return np.where(~yellow, 0, np.where(clear & named, 1, -1)).astype(np.int8)


def _fur(polar: Polar, people: Mask, named: Named, title: str) -> NDArray[np.int8]:
    """Where nothing says that a beast is shown, there is none; in scenes and portraits there may be one."""
    beasts, natural = bool(_BEASTS.search(title)), _furry(polar)
    if beasts and not _NO_BEASTS.search(title):
        return np.where(natural & ~people, 1, -1).astype(np.int8)
    if named.shows == "animals":  # of any colour
        return np.full(natural.shape, -1, np.int8)
    if beasts or named.shows == "scenes" or named.painted:
        return np.where(natural, -1, 0).astype(np.int8)
    return np.zeros(natural.shape, np.int8)


def _furry(polar: Polar) -> Mask:
    lightness, chroma, hue = polar
    brown = (hue > 38) & (hue < 88) & (chroma < 65)
    return np.asarray((brown | (chroma < 8)) & (lightness > 14) & (lightness < 96))


def _polar(color: Image) -> Polar:
    return _polar_of(to_lab(color))


def _polar_of(lab: NDArray[np.float32]) -> Polar:
    """L, chroma, and hue in degrees, 0 to 360."""
    return lab[..., 0], np.hypot(lab[..., 1], lab[..., 2]), np.degrees(np.arctan2(lab[..., 2], lab[..., 1])) % 360


def tones(pack: Pack) -> NDArray[np.float32]:
    """Colours of what is depicted: float32 (`CLASSES`, `TONES`, 3) Lab, of the drawings to learn from, the commonest
    first, one of those that are alike, 0 where there are fewer. Skin, hair, wood and suns of unusual hues, gaudy leaves
    and dark skies are left out."""
    lab: list[list[NDArray[np.float32]]] = [[] for _ in CLASSES]
    for number in pack.indices("train"):
        pair = pack[number]
        small = np.ascontiguousarray(pair.color[::4, ::4])
        said, small_lab = told(small, pair.meta), to_lab(small)
        for kind, found in enumerate(lab):
            some = small_lab[said[..., kind] == 1]
            if len(some):
                found.append(some[:: 1 + len(some) // 64])
    out = np.zeros((len(CLASSES), TONES, 3), np.float32)
    for kind, found in enumerate(lab):
        if found:
            chosen = _commonest(np.concatenate(found), kind)
            out[kind, : len(chosen)] = chosen
    return out


def _commonest(lab: NDArray[np.float32], kind: int) -> NDArray[np.float32]:
    """float32 (n, 3) -> (t, 3), at most `TONES`."""
    grains, of, count = np.unique(np.round(lab / _GRAIN), axis=0, return_inverse=True, return_counts=True)
    mean = np.stack([np.bincount(of.ravel(), lab[:, c], len(grains)) / count for c in range(3)], 1).astype(np.float32)
    believable = _believable(mean, kind)
    out = mean[:0]
    for tone in mean[np.argsort(-count * believable, kind="stable")[: int(believable.sum())]]:
        if len(out) < TONES and (difference(tone[None], out) > _ALIKE).all():
            out = np.concatenate([out, tone[None]])
    return out


def _believable(lab: NDArray[np.float32], kind: int) -> Mask:
    lightness, chroma, hue = _polar_of(lab)
    if kind == SKIN:
        return np.asarray((hue > 40) & (hue < 80) & (chroma > 17) & (lightness > 30))
    if kind == HAIR:
        return np.asarray((hue > 35) & (hue < 95) & (chroma > 8) & (lightness > 20) & (lightness < 88))
    if kind == FOLIAGE:
        return np.asarray((hue > 112) & (hue < 155) & (chroma > 26) & (chroma < 72) & (abs(lightness - 58) < 22))
    if kind == WHITE:
        return np.asarray((lightness > 97) & (chroma < 3))
    if kind == WOOD:
        return np.asarray((hue > 45) & (hue < 75) & (chroma > 14) & (chroma < 46) & (lightness > 22) & (lightness < 60))
    if kind == FUR:
        brown = (hue > 45) & (hue < 85) & (chroma > 10) & (lightness > 25) & (lightness < 92)
        return np.asarray(brown | ((chroma < 8) & (lightness > 30) & (lightness < 85)))
    if kind == SUN:
        return np.asarray((hue > 70) & (hue < 103) & (chroma > 40) & (chroma < 95) & (lightness > 74))
    return np.asarray((hue > 215) & (hue < 275) & (chroma > 12) & (chroma < 42) & (lightness > 66))
