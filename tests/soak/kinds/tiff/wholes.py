"""Whole TIFFs of every layout, kind of number, colour and packing, and what each was made of."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import numpy as np
import tifffile
from PIL import Image

from tests.soak import pictures
from tests.soak.pictures import Whole, whole


def written(array: Any, **options: Any) -> bytes:
    """A TIFF of this array, as tifffile writes it."""
    stream = io.BytesIO()
    tifffile.imwrite(stream, array, **options)
    return stream.getvalue()


def _pyramid(array: Any) -> bytes:
    """A picture that is turned, with a smaller copy in a directory of its own."""
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        writer.write(array, photometric="rgb", extratags=[(274, 3, 1, 6, True)], subifds=1)
        writer.write(array[::2, ::2].copy(), photometric="rgb", subfiletype=1)
    return stream.getvalue()


def plain() -> list[Whole]:
    """Without packing: strips, tiles, planes, every type of number and of colour, pages, and both orders of bytes."""
    rgb, grey, rgba, wide = pictures.rgb(), pictures.grey(), pictures.rgba(), pictures.wide()
    many = np.arange(7 * 12 * 20, dtype=np.float32).reshape(7, 12, 20)
    bands, signed = many.transpose(1, 2, 0), grey.astype(np.int16) - 99
    pages = np.stack([grey, grey[::-1], grey[:, ::-1]])
    # tifffile draws another UUID each time unless it is given one.
    ome = written(
        pages, photometric="minisblack", ome=True, metadata={"axes": "ZYX", "UUID": f"urn:uuid:{UUID(int=1)}"}
    )
    ink = pictures.saved(Image.fromarray(rgba, "CMYK"), "TIFF")
    separate = written(rgb.transpose(2, 0, 1), photometric="rgb", planarconfig="separate")
    interleaved = written(bands, photometric="minisblack", planarconfig="contig", byteorder=">")
    double = written(many[0].astype(np.float64), photometric="minisblack", bigtiff=True, byteorder=">")
    return [
        whole(written(grey, photometric="minisblack", rowsperstrip=5), grey),
        whole(written(grey, photometric="miniswhite", byteorder=">"), 255 - grey),
        whole(written(rgb, photometric="rgb", rowsperstrip=7, resolution=(72, 72), description="words"), rgb),
        whole(separate, rgb),
        whole(written(rgba, photometric="rgb", extrasamples=["unassalpha"]), rgba),
        whole(written(rgba, photometric="rgb", extrasamples=["assocalpha"], tile=(16, 16)), _divided(rgba)),
        whole(written(wide, photometric="minisblack", bigtiff=True, tile=(16, 16)), wide),
        whole(written(many, photometric="minisblack", planarconfig="separate"), bands),
        whole(interleaved, bands),
        *_with_palettes(grey),
        whole(written(grey > 99, photometric="minisblack"), grey > 99),
        whole(written(signed, photometric="minisblack"), signed),
        whole(double, many[0]),
        whole(written(many[0].astype(np.float16), photometric="minisblack"), many[0]),
        whole(written(grey.astype(np.uint32) << 20, photometric="minisblack"), grey.astype(np.uint32) << 20),
        whole(written(pages, photometric="minisblack"), *pages),
        whole(written(pages, photometric="minisblack", imagej=True), np.dstack(list(pages))),
        whole(ome, *pages),
        whole(_pyramid(rgb), pictures.upright(rgb)),
        whole(ink, pictures.inked(rgba)),
    ]


def _divided(rgba: Any) -> Any:
    """Colours that were multiplied with alpha, as they were before."""
    colours, alpha = rgba[..., :3] / 255, rgba[..., 3:] / 255
    divided = np.minimum(np.divide(colours, alpha, out=colours.copy(), where=alpha > 0), 1)
    return np.concatenate([divided, alpha], -1)


def _with_palettes(grey: Any) -> list[Whole]:
    """Palettes of 8 bits, stored in each way, and of 16 bits whose lower bytes count, for indices of 8 and of 16."""
    bytes_of = np.arange(3 * 256, dtype=np.uint16).reshape(3, 256) % 256
    fine = (np.arange(3 * 256, dtype=np.uint16) * 85).reshape(3, 256)
    long = (np.arange(3 << 16, dtype=np.uint32) * 40_503 % 65_536).astype(np.uint16).reshape(3, 1 << 16)
    indices = pictures.wide()
    return [
        whole(written(grey, photometric="palette", colormap=fine), fine[:, grey].transpose(1, 2, 0)),
        *(
            whole(
                written(grey, photometric="palette", colormap=bytes_of * factor),
                bytes_of[:, grey].transpose(1, 2, 0).astype(np.uint8),
            )
            for factor in (256, 257)
        ),
        whole(written(indices, photometric="palette", colormap=long), long[:, indices].transpose(1, 2, 0)),
    ]


def packed() -> list[Whole]:
    """With each packing that is common, and predictors."""
    rgb, grey, wide = pictures.rgb(), pictures.grey(), pictures.wide()
    floats = (rgb / np.float32(255)).astype(np.float32)
    bits = Image.fromarray(grey).convert("1")
    separate = written(
        floats.transpose(2, 0, 1), photometric="rgb", compression="deflate", planarconfig="separate"
    )
    pages = np.stack([grey, grey[::-1]])
    found = [
        whole(
            pictures.saved(Image.fromarray(rgb), "TIFF", compression=name),
            rgb,
            lossy=name in ("jpeg", "webp"),
        )
        for name in ("tiff_lzw", "packbits", "tiff_adobe_deflate", "jpeg", "tiff_deflate", "zstd", "lzma")
    ]
    found += [whole(pictures.saved(bits, "TIFF", compression=f"group{n}"), np.asarray(bits)) for n in (3, 4)]
    ycc = np.asarray(Image.fromarray(rgb).convert("YCbCr"))
    subsampled = written(ycc, photometric="ycbcr", compression="jpeg", subsampling=(2, 2))
    return [
        *found,
        whole(written(rgb, photometric="rgb", compression="deflate", predictor=True, rowsperstrip=6), rgb),
        whole(written(wide, compression="lzw", predictor=True, tile=(16, 16)), wide),
        whole(written(floats, photometric="rgb", compression="zlib", predictor=True), floats),
        whole(separate, floats),
        whole(written(rgb, photometric="rgb", compression="jpeg", tile=(16, 16)), rgb, lossy=True),
        whole(subsampled, rgb, lossy=True),
        whole(written(rgb, photometric="rgb", compression="zstd"), rgb),
        whole(written(rgb, photometric="rgb", compression="webp"), rgb, lossy=True),
        whole(written(rgb, photometric="rgb", compression="lzma"), rgb),
        whole(written(grey, compression="jpeg2000"), grey, lossy=True),
        whole(written(floats[..., 0].copy(), compression="lerc"), floats[..., 0]),
        whole(written(pages, photometric="minisblack", compression="packbits"), *pages),
    ]


def summed() -> list[Whole]:
    """Packed by Deflate, whose streams end with a sum of what they hold."""
    rgb, grey, wide = pictures.rgb(), pictures.grey(), pictures.wide()
    floats = (grey / np.float32(255)).astype(np.float32)
    return [
        whole(written(rgb, photometric="rgb", compression="deflate", predictor=True, rowsperstrip=6), rgb),
        whole(written(rgb, photometric="rgb", compression="zlib", tile=(16, 16), bigtiff=True), rgb),
        whole(written(wide, compression="deflate", rowsperstrip=4, byteorder=">"), wide),
        whole(written(floats, compression="deflate", predictor=True), floats),
        whole(pictures.saved(Image.fromarray(rgb), "TIFF", compression="tiff_deflate"), rgb),
    ]
