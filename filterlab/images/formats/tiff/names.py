"""The kinds of TIFF that are read, by the numbers in their tags, and the names of the kinds that are not."""

from __future__ import annotations

from filterlab.errors import ImageError
from filterlab.images.formats.deflated import LARGEST_EXPANSION
from filterlab.text.messages import say

NONE = 1
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, MASK, SEPARATED, YCBCR = 0, 1, 2, 3, 4, 5, 6

FAX = (2, 3, 4, 32771)
JPEG = (7, 33007, 34892)
CODECS = {
    NONE: "none",
    2: "CCITT RLE",
    3: "CCITT G3",
    4: "CCITT G4",
    5: "LZW",
    7: "JPEG",
    8: "Deflate",
    32771: "CCITT RLE",
    32773: "PackBits",
    32946: "Deflate",
    33004: "JPEG 2000",
    33005: "JPEG 2000",
    33007: "JPEG",
    34712: "JPEG 2000",
    34887: "LERC",
    34892: "JPEG",
    34925: "LZMA",
    34926: "Zstandard",
    34927: "WebP",
    50000: "Zstandard",
    50001: "WebP",
    50002: "JPEG XL",
    50013: "Deflate",
    52546: "JPEG XL",
}
PREDICTED = tuple(code for code, name in CODECS.items() if name in ("LZW", "Deflate", "LZMA", "Zstandard"))
IMAGES = ("JPEG", "JPEG 2000", "WebP", "LERC", "JPEG XL")  # each strip is a picture of that format
SUBSAMPLED = (NONE, 32773, *PREDICTED)

# The most bytes that one byte of compressed data can stand for, so that a strip is refused before memory is taken for
# it. LZW: strings of 3,838 bytes in codes of 12 bits; Deflate: two bits for 258 bytes; PackBits: two bytes for 128;
# Zstandard: blocks of 4 bytes for 128 KiB; LZMA: 273 bytes in 14 binary decisions, the likeliest of which take 0.022
# bits; JPEG: a bit for 64 values, in passes of arithmetic coding much less.
BOUNDS = {
    "none": 1,
    "LZW": 2600,
    "Deflate": LARGEST_EXPANSION,
    "PackBits": 64,
    "Zstandard": 1 << 15,
    "LZMA": 8192,
    "JPEG": 8192,
}
# These need next to nothing for a strip of one colour, so that only the whole file is held against the whole picture.
PIXELS_PER_BYTE = {
    "CCITT RLE": 1 << 16,
    "CCITT G3": 1 << 16,
    "CCITT G4": 1 << 17,
    "JPEG 2000": 10_000,
    "LERC": 10_000,
    "WebP": 10_000,
    "JPEG XL": 10_000,
}

# The photometric interpretations that are read, with the samples that a pixel must have at least. The last ones are
# kinds of grey.
COLOUR_SAMPLES = {
    WHITE_IS_ZERO: 1,
    BLACK_IS_ZERO: 1,
    RGB: 3,
    PALETTE: 1,
    MASK: 1,
    SEPARATED: 4,
    YCBCR: 3,
} | dict.fromkeys((34892, 51177, 52527), 1)
PHOTOMETRICS = {
    RGB: "RGB",
    SEPARATED: "CMYK",
    YCBCR: "YCbCr",
    8: say("CIELAB colours"),
    9: say("ICCLAB colours"),
    10: say("ITULAB colours"),
    32803: say("raw values of a sensor behind a colour filter (CFA)"),
    32844: say("LogL values"),
    32845: say("LogLuv colours"),
}
_CODECS_NOT_READ = {
    6: say("old-style JPEG"),
    9: "JBIG",
    10: "JBIG",
    99: say("lossless JPEG of Leaf"),
    22610: "JPEG XR",
    32766: "NeXT",
    32767: "Sony ARW",
    32809: "ThunderScan",
    32908: "Pixar",
    32909: "Pixar log",
    33003: say("JPEG 2000 in YCbCr"),
    34661: "JBIG",
    34676: "SGI LogLuv",
    34677: "SGI LogLuv",
    34713: "Nikon NEF",
    34715: "JBIG2",
    34933: "PNG",
    34934: "JPEG XR",
    48124: "Jetraw",
    65000: "EER",
    65001: "EER",
    65002: "EER",
}


def unsupported(
    what: str, hint: str = "save it as plain grey or RGB, uncompressed or with Deflate"
) -> ImageError:
    """Return the error for a kind of TIFF that is not read. what: a whole sentence."""
    return ImageError(what, hint=hint)


def unread_codec(compression: int) -> str:
    """Return the sentence about a compression that is not read."""
    name = _CODECS_NOT_READ.get(compression)
    if name:
        return say("its pixels are stored as {}, which is not supported", name)
    return say("its pixels are stored with compression {}, which is not supported", compression)


def unread_colours(photometric: int) -> str:
    """Return the sentence about a photometric interpretation that is not read."""
    name = PHOTOMETRICS.get(photometric)
    if name:
        return say("it holds {}, which are not supported", name)
    return say("it has photometric interpretation {}, which is not supported", photometric)
