"""What a file is, told by its first bytes: a format we read, a picture of another kind, or no picture."""

from __future__ import annotations

READ = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")
"""Pillow's names of the formats that are read; its other decoders are never tried."""

HEAD = 64
"""Bytes of the file that are looked at."""

_OURS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}
_OTHERS = {
    b"8BPS": "Photoshop",
    b"gimp xcf": "GIMP",
    b"%PDF": "PDF",
    b"%!PS": "PostScript",
    b"\x76\x2f\x31\x01": "OpenEXR",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\x01\0": "icon",
    b"qoif": "QOI",
    b"II+\0": "BigTIFF",
    b"MM\0+": "BigTIFF",
}


def known_format(head: bytes) -> str:
    """The name of the readable format that ``head`` begins like, "" for none."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return next((name for magic, name in _OURS.items() if head.startswith(magic)), "")


def foreign_format(head: bytes) -> str:
    """The name of a picture format that ``head`` begins like though it is not read, "" for none."""
    if head[4:8] == b"ftyp":
        return "AVIF" if head[8:12] in (b"avif", b"avis") else "HEIF" if head[8:11] in (b"hei", b"mif") else ""
    if head[:2] == b"PK":
        return {b"application/x-krita": "Krita", b"image/openraster": "OpenRaster"}.get(_zip_mimetype(head), "")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"svg" in start):
        return "SVG"
    return next((name for magic, name in _OTHERS.items() if head.startswith(magic)), "")


def _zip_mimetype(head: bytes) -> bytes:
    """The stored ``mimetype`` entry that Krita and OpenRaster files begin with (30 bytes of header, the name, text)."""
    if head[30:38] != b"mimetype":
        return b""
    text = head[38:]
    return next((kind for kind in (b"application/x-krita", b"image/openraster") if text.startswith(kind)), b"")
