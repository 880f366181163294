"""Picture files of unknown origin, read safely: format and size are checked before anything is decoded."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from linewash.contract import MAX_SIDE, MIN_SIDE, Notice
from linewash.errors import BadInput, OutOfMemory

from .formats import HEAD, READ, foreign_format, known_format
from .pixels import Pixels, to_depth
from .profile import UnusableProfile, is_srgb, to_srgb

FORMATS = "PNG, JPEG, WebP, TIFF, BMP and GIF"
_ORIENTATION, _BITS, _PHOTOMETRIC, _SAMPLE_FORMAT = 274, 258, 262, 339  # TIFF and EXIF tags
_MIN_IS_WHITE, _MIN_IS_BLACK, _RGB, _UNSIGNED = 0, 1, 2, 1


@dataclass(frozen=True)
class FilePicture:
    """A picture as it lay in a file: ``pixels`` upright, in sRGB, with 1 to 4 channels and the depth of the file."""

    path: Path
    pixels: Pixels
    notices: tuple[Notice, ...] = ()


def read_picture(path: Path) -> FilePicture:
    """Read ``path``; the first frame of an animation.

    Raises `BadInput` (``no_such_file``, ``not_an_image``, ``unsupported_image``, ``truncated_image``, ``bad_size``,
    ``image_too_large`` or ``bad_input``) and `OutOfMemory`, nothing else.
    """
    with _opened(path) as file:
        head = file.read(HEAD)
        file.seek(0)
        try:
            return _read(path, file, head)
        except MemoryError as error:
            raise OutOfMemory(
                f"{path.name} is too large for this machine's memory.", "Resize it, or close programs."
            ) from error


def _read(path: Path, file: BinaryIO, head: bytes) -> FilePicture:
    notices: list[Notice] = []
    with warnings.catch_warnings(), _damage_as_bad_input(path):
        warnings.simplefilter("ignore")  # decoders' remarks on odd metadata are of no use to an artist
        picture = _identified(path, file, head)
        _check_sides(path, picture.size)
        if getattr(picture, "n_frames", 1) > 1 and picture.format != "TIFF":
            notices.append(Notice("first_frame", f"{path.name} is animated: its first frame was used."))
        orientation = picture.getexif().get(_ORIENTATION, 1)
        deep = _is_deep(picture, head)
        inverted = deep and picture.format == "TIFF" and _tags(picture).get(_PHOTOMETRIC) == _MIN_IS_WHITE
        picture.load()
        if picture.format == "TIFF":
            orientation = 1  # both decoders turn TIFFs themselves
        _check_sides(path, picture.size)
        pixels = _deep_pixels(file, picture) if deep else None
        if pixels is None:
            pixels, remark = _plain_pixels(path, picture)
        else:
            pixels, remark = _without_profile(path, pixels, picture)
        notices += remark
        if inverted and pixels.dtype == np.uint16:
            pixels = np.invert(pixels)
    return FilePicture(path, _upright(pixels, orientation), tuple(notices))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The regular file at ``path``; devices, pipes and folders are refused without being read."""
    try:
        if path.is_dir():
            raise BadInput(f"{path} is a folder, not a picture.", "Name a picture file.", "not_an_image")
        if path.exists() and not path.is_file():
            raise BadInput(f"{path} is not a regular file.", "Name a picture file.", "not_an_image")
        file = path.open("rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BadInput(f"There is no file {path}.", "Check the name and the folder.", "no_such_file") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name can't be used"
        raise BadInput(f"{path} can't be read: {reason}.", "Check its name and permissions.") from error
    with file:
        yield file


@contextmanager
def _damage_as_bad_input(path: Path) -> Iterator[None]:
    """Whatever a decoder throws at damaged bytes becomes one sentence.

    Decoders raise OSError, SyntaxError, ValueError, struct.error, IndexError, zlib.error, cv2.error and others on
    hostile bytes, and the set changes with their versions; our own errors and `MemoryError` pass.
    """
    try:
        yield
    except (BadInput, MemoryError):
        raise
    except Exception as error:
        raise _truncated(path) from error


def _truncated(path: Path) -> BadInput:
    return BadInput(
        f"{path.name} is damaged or was cut short.", "Export it again, or copy it again.", "truncated_image"
    )


def _identified(path: Path, file: BinaryIO, head: bytes) -> Image.Image:
    """The picture with only its header read."""
    # Pillow's own cap counts pixels and is laxer than ours for slim pictures, stricter for large ones that we take.
    Image.MAX_IMAGE_PIXELS = None
    if not known_format(head):
        raise _not_ours(path, head)
    try:
        return Image.open(file, formats=READ)
    except UnidentifiedImageError as error:
        raise _truncated(path) from error


def _not_ours(path: Path, head: bytes) -> BadInput:
    foreign = foreign_format(head)
    if foreign:
        return BadInput(
            f"{path.name} is a {foreign} file, which Linewash does not read.",
            f"Export it as PNG ({FORMATS} are read).",
            "unsupported_image",
        )
    what = "is empty" if not head else "is not a picture"
    return BadInput(f"{path.name} {what}.", f"{FORMATS} are read.", "not_an_image")


def _check_sides(path: Path, size: tuple[int, int]) -> None:
    width, height = size
    if max(size) > MAX_SIDE:
        raise BadInput(
            f"{path.name} is {width:,} × {height:,} px; a side may have at most {MAX_SIDE:,} px.",
            "Resize it or cut it into parts.",
            "image_too_large",
        )
    if min(size) < MIN_SIDE:
        raise BadInput(
            f"{path.name} is {width} × {height} px; a side needs at least {MIN_SIDE} px.",
            "Choose a larger picture.",
            "bad_size",
        )


def _is_deep(picture: Image.Image, head: bytes) -> bool:
    """Whether the file holds 16 bits a sample in grey or RGB, of which Pillow would keep 8."""
    if picture.format == "PNG":
        return head[24:25] == b"\x10"
    if picture.format != "TIFF":
        return False
    tags = _tags(picture)
    bits, kinds = tags.get(_BITS, (1,)), tags.get(_SAMPLE_FORMAT, (_UNSIGNED,))
    photometric = tags.get(_PHOTOMETRIC)
    return set(bits) == {16} and set(kinds) == {_UNSIGNED} and photometric in (_MIN_IS_WHITE, _MIN_IS_BLACK, _RGB)


def _tags(tiff: Image.Image) -> Mapping[int, Any]:
    tags: Mapping[int, Any] = tiff.tag_v2  # type: ignore[attr-defined]  # what Image.open gives for a TIFF has it
    return tags


def _deep_pixels(file: BinaryIO, picture: Image.Image) -> Pixels | None:
    """16-bit pixels, or None where OpenCV can't read the variant and Pillow's 8 bits must do."""
    file.seek(0)
    decoded = cv2.imdecode(np.frombuffer(file.read(), np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.dtype != np.uint16 or decoded.shape[:2] != (picture.height, picture.width):
        return None
    deep = decoded if decoded.ndim == 3 else decoded[..., None]
    if deep.shape[2] == 3:
        deep = deep[..., ::-1]
    elif deep.shape[2] == 4:
        deep = deep[..., [2, 1, 0, 3]]
    return deep.astype(np.uint16, copy=False)


def _plain_pixels(path: Path, picture: Image.Image) -> tuple[Pixels, list[Notice]]:
    """8-bit pixels in sRGB (16-bit where Pillow itself holds them) and what there is to say about the profile."""
    if picture.mode in ("F", "I") and picture.format != "PNG":
        raise BadInput(
            f"{path.name} holds 32 bits a sample, which Linewash does not read.",
            "Export it with 8 or 16 bits.",
            "unsupported_image",
        )
    if picture.mode.startswith("I"):  # 16-bit grey
        return np.asarray(picture).astype(np.uint16)[..., None], []
    plain, notices = _simple_mode(picture), []
    profile = picture.info.get("icc_profile")
    if profile:
        try:
            plain = to_srgb(plain, profile)
        except UnusableProfile:
            notices.append(_ignored(path))
    if plain.mode == "CMYK":
        plain = plain.convert("RGB")
    pixels = np.asarray(plain)
    return (pixels if pixels.ndim == 3 else pixels[..., None]), notices


def _simple_mode(picture: Image.Image) -> Image.Image:
    """``picture`` as L, LA, RGB, RGBA or CMYK: palettes resolved, a transparent colour turned into alpha."""
    if picture.mode in ("L", "LA", "RGB", "RGBA", "CMYK") and "transparency" not in picture.info:
        return picture
    if picture.mode in ("1", "L", "LA"):
        return picture.convert("LA" if picture.has_transparency_data else "L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _without_profile(path: Path, pixels: Pixels, picture: Image.Image) -> tuple[Pixels, list[Notice]]:
    """16-bit ``pixels`` in sRGB; when the profile is another one, 8 bits are kept, as Little CMS is given no more."""
    profile = picture.info.get("icc_profile")
    if not profile:
        return pixels, []
    grey = pixels.shape[2] <= 2
    try:
        if is_srgb(profile, "L" if grey else "RGB"):
            return pixels, []
        shallow = Image.fromarray(to_depth(pixels, 8).squeeze(-1) if pixels.shape[2] == 1 else to_depth(pixels, 8))
        converted = np.asarray(to_srgb(shallow, profile))
    except UnusableProfile:
        return pixels, [_ignored(path)]
    sentence = f"{path.name} was converted to sRGB from its own colour profile, keeping 8 of its 16 bits."
    return (converted if converted.ndim == 3 else converted[..., None]), [Notice("depth_reduced", sentence)]


def _ignored(path: Path) -> Notice:
    return Notice("profile_ignored", f"The colour profile in {path.name} is damaged; it was read as sRGB.")


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    """Turn and mirror as EXIF's orientation (1 to 8; others are ignored) asks."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.transpose(1, 0, 2)
    mirrored, flipped = orientation in (2, 3, 6, 7), orientation in (3, 4, 7, 8)
    if mirrored:
        pixels = pixels[:, ::-1]
    if flipped:
        pixels = pixels[::-1]
    return pixels.copy() if not pixels.flags.c_contiguous else pixels
