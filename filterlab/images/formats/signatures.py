"""Which kind of picture a file is, by its first bytes; its name says nothing."""

from __future__ import annotations

from filterlab.errors import ImageError
from filterlab.text.messages import say

LONGEST = 256  # bytes of a file that are looked at

_BEGINNINGS = {
    b"\x93NUMPY": "npy",
    **dict.fromkeys((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), "tiff"),
    b"\x89PNG": "png.decoder",
    b"\xff\xd8": "jpeg.decoder",
    **dict.fromkeys((b"GIF87a", b"GIF89a"), "gif.decoder"),
    b"BM": "bmp",
    **dict.fromkeys((b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"P7", b"Pf", b"PF"), "pnm.decoder"),
    **dict.fromkeys((b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"), "jpegxl.decoder"),
    **dict.fromkeys((b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  \r\n\x87\n"), "jpeg2000"),
}
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "avif"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "heif"),
}
_OTHERS = {
    b"%PDF": "a PDF document",
    b"%!PS": "a PostScript document",
    b"<svg": "an SVG drawing",
    b"<?xml": "an XML document",
    b"8BPS": "a Photoshop document",
    b"gimp xcf": "a GIMP document",
    b"v/1\x01": "an OpenEXR picture",
    b"#?RADIANCE": "a Radiance picture",
    b"SIMPLE  =": "a FITS file",
    b"\x89HDF": "an HDF5 file",
    b"\0\0\1\0": "an icon",
    b"DDS ": "a DDS texture",
    b"II\xbc": "a JPEG XR picture",
    b"qoif": "a QOI picture",
    b"PK\3\4": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
}
_READ = say("PNG, JPEG, WebP, GIF, BMP, TIFF, PNM, AVIF, HEIC, JPEG XL, JPEG 2000 and .npy are read")


def decoder_of(start: bytes) -> str:
    """The name of the module in this room that reads files with this start. Raises ImageError where there is none."""
    for beginning, module in _BEGINNINGS.items():
        if start.startswith(beginning):
            return module
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "webp"
    if start[4:8] == b"ftyp":
        return _of_brands(start)
    if start[128:132] == b"DICM":
        raise ImageError("it is a DICOM picture, which is not read", hint=_READ)
    # Text formats may begin with blanks. These come last, as they only make the refusal clearer.
    for beginning, name in _OTHERS.items():
        if start.lstrip().startswith(beginning):
            raise ImageError(say("it is {}, which is not read", name), hint=_READ)
    raise ImageError("it is not a picture", hint=_READ)


def _of_brands(start: bytes) -> str:
    """The module for a file in the container that AVIF, HEIC and videos share.

    Its first box lists the brands as which the file may be read, the best first (ISO/IEC 14496-12, 4.3).
    """
    length = int.from_bytes(start[:4], "big")
    brands = [start[8:12], *(start[i : i + 4] for i in range(16, min(length, len(start)), 4))]
    # "mif1" and "msf1" stand for any compression; another brand of the list tells which.
    for brand in sorted(brands, key=(b"mif1", b"msf1").__contains__):
        if brand in _BRANDS:
            return _BRANDS[brand]
    raise ImageError("it is a video, or a picture of a kind that cannot be read", hint=_READ)
