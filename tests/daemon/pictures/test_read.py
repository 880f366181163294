"""Reading picture files: every kind we take, every bad one refused with its code and one sentence."""

from __future__ import annotations

import io
import os
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from linewash.errors import BadInput
from linewash_daemon.pictures.read import read_picture

from .files import drawing, noise, png, png_bomb


def refused(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_picture(path)
    assert caught.value.sentence.endswith(".")
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tif", "bmp", "gif"])
def test_every_listed_format_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"line.{suffix}"
    Image.fromarray(drawing()).save(path, quality=95)
    pixels = read_picture(path).pixels
    assert pixels.shape[:2] == (40, 60)
    assert abs(int(pixels[20, 30, 0]) - 255) < 8
    assert int(pixels[20, 4, 0]) < 40


@pytest.mark.parametrize(("channels", "color_type"), [(1, 0), (2, 4), (3, 2), (4, 6)])
def test_16_bit_png_keeps_every_bit(tmp_path: Path, channels: int, color_type: int) -> None:
    rows = noise((20, 30, channels), 16)
    pixels = read_picture(png(tmp_path / "deep.png", rows, color_type)).pixels
    assert pixels.dtype == np.uint16
    assert (pixels[..., -1] == rows[..., -1]).all()
    assert (pixels[..., 0] == rows[..., 0]).all()


@pytest.mark.parametrize("channels", [1, 3])
def test_16_bit_tiff_keeps_every_bit(tmp_path: Path, channels: int) -> None:
    rows = noise((20, 30, channels), 16)
    cv2.imwrite(str(tmp_path / "deep.tif"), rows[..., ::-1])
    assert (read_picture(tmp_path / "deep.tif").pixels == rows).all()


def test_tiff_with_white_as_zero_is_turned_round(tmp_path: Path) -> None:
    page = drawing().astype(np.uint16) * 257
    Image.fromarray(page).save(tmp_path / "fax.tif", tiffinfo={262: 0})
    with Image.open(tmp_path / "fax.tif") as stored:
        assert stored.tag_v2[262] == 0  # type: ignore[attr-defined]
        raw = np.asarray(stored)
    assert (read_picture(tmp_path / "fax.tif").pixels[..., 0] == 65535 - raw).all()


def test_palette_png_is_read_with_its_transparent_colour(tmp_path: Path) -> None:
    indices = (drawing() < 128).astype(np.uint8)
    picture = Image.fromarray(indices).convert("P")
    picture.putpalette([255, 255, 255, 10, 20, 30])
    picture.save(tmp_path / "palette.png", transparency=0)
    pixels = read_picture(tmp_path / "palette.png").pixels
    assert pixels.shape == (40, 60, 4)
    assert tuple(pixels[20, 4]) == (10, 20, 30, 255)
    assert pixels[20, 30, 3] == 0


def test_bilevel_png_is_read_as_grey(tmp_path: Path) -> None:
    Image.fromarray(drawing() > 128).save(tmp_path / "fax.png")
    pixels = read_picture(tmp_path / "fax.png").pixels
    assert pixels.shape == (40, 60, 1)
    assert set(np.unique(pixels)) == {0, 255}


def test_cmyk_jpeg_is_read_as_rgb(tmp_path: Path) -> None:
    Image.new("CMYK", (32, 32), (0, 255, 255, 0)).save(tmp_path / "print.jpg", quality=95)
    red, green, blue = (int(v) for v in read_picture(tmp_path / "print.jpg").pixels[16, 16])
    assert red > 200
    assert green < 60
    assert blue < 60


def test_animation_gives_its_first_frame_and_says_so(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (32, 32), color) for color in ("red", "lime", "blue")]
    for name in ("moving.gif", "moving.png", "moving.webp"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], lossless=True)
        picture = read_picture(tmp_path / name)
        assert tuple(picture.pixels[5, 5, :3]) == (255, 0, 0)
        assert [notice.code for notice in picture.notices] == ["first_frame"]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "tif", "png"])
def test_exif_orientation_is_applied(tmp_path: Path, orientation: int, suffix: str) -> None:
    page = np.full((32, 48), 255, np.uint8)
    page[:16, :16] = 0
    exif = Image.Exif()
    exif[274] = orientation
    path = tmp_path / f"turned.{suffix}"
    Image.fromarray(page).save(path, exif=exif.tobytes())
    expected = {
        1: page,
        2: page[:, ::-1],
        3: page[::-1, ::-1],
        4: page[::-1],
        5: page.T,
        6: np.rot90(page, -1),
        7: page[::-1, ::-1].T,
        8: np.rot90(page),
    }[orientation]
    pixels = read_picture(path).pixels
    assert pixels.shape[:2] == expected.shape
    assert np.abs(pixels[..., 0].astype(int) - expected).max() < 24  # JPEG rings a little


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_exif_orientation_is_applied_to_16_bit_files(tmp_path: Path, orientation: int) -> None:
    page = noise((20, 30), 16)
    exif = Image.Exif()
    exif[274] = orientation
    expected = {1: page, 3: page[::-1, ::-1], 6: np.rot90(page, -1), 8: np.rot90(page)}[orientation]
    for suffix in ("png", "tif"):
        Image.fromarray(page).save(tmp_path / f"turned.{suffix}", exif=exif.tobytes())
        assert (read_picture(tmp_path / f"turned.{suffix}").pixels[..., 0] == expected).all()


def swapped_profile() -> bytes:
    """A valid profile that is not sRGB: made from sRGB by exchanging its red and blue primaries."""
    raw = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = raw.index(b"rXYZ", 128), raw.index(b"bXYZ", 128)
    raw[red : red + 4], raw[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(raw)


def test_embedded_profile_is_converted_to_srgb_and_alpha_kept(tmp_path: Path) -> None:
    Image.new("RGBA", (32, 32), (250, 0, 0, 77)).save(tmp_path / "wide.png", icc_profile=swapped_profile())
    pixel = read_picture(tmp_path / "wide.png").pixels[3, 3]
    assert pixel[2] > 200
    assert pixel[0] < 30
    assert pixel[3] == 77


def test_srgb_profile_leaves_16_bit_pixels_untouched(tmp_path: Path) -> None:
    rows = noise((20, 30, 3), 16)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = png(tmp_path / "deep.png", rows, 2, [(b"iCCP", b"editor\0\0" + zlib.compress(srgb))])
    picture = read_picture(path)
    assert (picture.pixels == rows).all()
    assert picture.notices == ()


def test_16_bit_picture_of_another_profile_says_that_bits_were_lost(tmp_path: Path) -> None:
    rows = np.zeros((20, 30, 3), np.uint16)
    rows[..., 0] = 64_000
    path = png(tmp_path / "deep.png", rows, 2, [(b"iCCP", b"wide\0\0" + zlib.compress(swapped_profile()))])
    picture = read_picture(path)
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels[0, 0, 2] > 200
    assert [notice.code for notice in picture.notices] == ["depth_reduced"]


def test_damaged_profile_is_ignored_with_a_notice(tmp_path: Path) -> None:
    Image.new("RGB", (32, 32), (250, 0, 0)).save(tmp_path / "odd.png", icc_profile=b"not a profile" * 20)
    picture = read_picture(tmp_path / "odd.png")
    assert tuple(picture.pixels[0, 0]) == (250, 0, 0)
    assert [notice.code for notice in picture.notices] == ["profile_ignored"]


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tif", "bmp", "gif"])
def test_truncated_file_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"whole.{suffix}"
    Image.fromarray(noise((200, 200, 3), 8)).save(path)
    whole = path.read_bytes()
    for part in (len(whole) // 2, len(whole) // 5, 12):
        path.write_bytes(whole[:part])
        assert refused(path).code == "truncated_image"


@pytest.mark.parametrize("channels", [1, 3])
def test_truncated_16_bit_file_is_refused(tmp_path: Path, channels: int) -> None:
    path = png(tmp_path / "deep.png", noise((100, 100, channels), 16), 0 if channels == 1 else 2)
    path.write_bytes(path.read_bytes()[:9000])
    assert refused(path).code == "truncated_image"


@pytest.mark.parametrize("size", [(100_000, 100_000), (16_385, 16), (16, 16_385), (2**31 - 1, 2**31 - 1)])
def test_header_that_announces_too_much_is_refused_before_decoding(tmp_path: Path, size: tuple[int, int]) -> None:
    error = refused(png_bomb(tmp_path / "bomb.png", *size))
    assert error.code == "image_too_large"
    assert "16,384" in error.sentence


@pytest.mark.parametrize("size", [(1, 500), (500, 1), (15, 16)])
def test_picture_under_16_px_is_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("L", size, 255).save(tmp_path / "thin.png")
    error = refused(tmp_path / "thin.png")
    assert error.code == "bad_size"
    assert f"{size[0]} × {size[1]}" in error.sentence


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"8BPS\0\1" + bytes(40), "Photoshop"),
        (b"gimp xcf v011" + bytes(40), "GIMP"),
        (b"<?xml version='1.0'?>\n<svg xmlns='x'/>", "SVG"),
        (b"\0\0\0\x20ftypavif" + bytes(40), "AVIF"),
        (b"\0\0\0\x20ftypheic" + bytes(40), "HEIF"),
        (b"PK\3\4" + bytes(26) + b"mimetypeapplication/x-krita", "Krita"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_picture_of_a_kind_that_is_not_read_is_named(tmp_path: Path, head: bytes, name: str) -> None:
    (tmp_path / "drawing.png").write_bytes(head)
    error = refused(tmp_path / "drawing.png")
    assert error.code == "unsupported_image"
    assert name in error.sentence
    assert "PNG" in error.remedy


def test_32_bit_float_tiff_is_refused_as_unsupported(tmp_path: Path) -> None:
    Image.fromarray(np.ones((32, 32), np.float32)).save(tmp_path / "hdr.tif")
    assert refused(tmp_path / "hdr.tif").code == "unsupported_image"


@pytest.mark.parametrize("content", [b"", b"hello\n", b"\0" * 500, b"<html></html>"])
def test_file_that_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "letter.png").write_bytes(content)
    assert refused(tmp_path / "letter.png").code == "not_an_image"


def test_missing_file_folder_and_pipe_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.png").code == "no_such_file"
    assert refused(tmp_path / "gone" / "deeper.png").code == "no_such_file"
    assert refused(tmp_path).code == "not_an_image"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
        assert refused(tmp_path / "pipe.png").code == "not_an_image"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_refused(tmp_path: Path) -> None:
    Image.new("L", (32, 32)).save(tmp_path / "mine.png")
    (tmp_path / "mine.png").chmod(0)
    assert refused(tmp_path / "mine.png").code == "bad_input"


def encoded(suffix: str, deep: bool = False) -> bytes:
    pixels = noise((24, 24, 3), 16 if deep else 8)
    if deep:
        return cv2.imencode(f".{suffix}", pixels)[1].tobytes()
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, {"jpg": "JPEG", "tif": "TIFF"}.get(suffix, suffix.upper()))
    return buffer.getvalue()


WHOLE = [encoded(s) for s in ("png", "jpg", "webp", "tif", "bmp", "gif")] + [encoded(s, True) for s in ("png", "tif")]


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A good file with some bytes changed, then cut or lengthened."""
    data = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(0, 12))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(0, len(data)))]) + draw(st.binary(max_size=20))


FUZZ = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(spoiled() | st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail_otherwise_than_with_bad_input(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "random.png"
    path.write_bytes(content)
    try:
        pixels = read_picture(path).pixels
    except BadInput as error:
        assert error.sentence
        return
    assert pixels.ndim == 3
    assert min(pixels.shape[:2]) >= 16
    assert pixels.dtype in (np.uint8, np.uint16)
