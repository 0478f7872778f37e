"""Convolutions and poolings."""

from __future__ import annotations

from typing import Any

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair, span
from filterlab.interop.exporting.torch.writers import Torch, holder, module, writes

_MODES = ("reflect", "replicate", "circular")  # of padding that PyTorch's convolutions have by the same names


def _pads(layer: Any, kernel: Pair, dilation: Pair) -> list[int] | None:
    """The border as [top, bottom, left, right]; None where it depends on the size of the picture ("same")."""
    padding = layer.padding
    if padding == "same" and tuple(layer.stride or kernel) != (1, 1):
        return None
    if padding == "valid":
        return [0, 0, 0, 0]
    if padding == "full":
        return [n for k, d in zip(kernel, dilation, strict=True) for n in [span(k, d) - 1] * 2]
    if padding == "same":
        extra = [span(k, d) - 1 for k, d in zip(kernel, dilation, strict=True)]
        return [n for e in extra for n in (e // 2, e - e // 2)]
    return [int(n) for side in padding for n in side]


def _plain(pads: list[int] | None) -> Pair | None:
    """The border as PyTorch's modules take it, equal on both sides; None for all others."""
    if pads is None or pads[0] != pads[1] or pads[2] != pads[3]:
        return None
    return pads[0], pads[2]


def _short(pair: Any) -> Any:
    """A pair as one number where both are equal."""
    return pair[0] if pair[0] == pair[1] else tuple(pair)


def _padded(layer: Any, kernel: Pair, pads: list[int] | None) -> tuple[str, tuple[str, ...]]:
    """The expression of the input with its border, and the helpers that it needs."""
    mode, value = layer.padding_mode, layer.value
    options = "" if mode == "zeros" else f", {mode!r}" + (f", {value!r}" if mode == "constant" else "")
    if pads is not None:
        return ("{0}", ()) if not any(pads) else (f"pad({{0}}, {pads}{options})", ("pad",))
    border = f"same({{0}}, {tuple(kernel)}, {tuple(layer.stride)}, {tuple(layer.dilation)})"
    return f"pad({{0}}, {border}{options})", ("pad", "same")


@writes("conv2d")
def conv2d(layer: Any) -> Torch:
    weight = layer.weight if layer.operation == "cross-correlation" else layer.weight[:, :, ::-1, ::-1]
    out, each, *kernel = weight.shape
    pads = _pads(layer, (kernel[0], kernel[1]), layer.dilation)
    plain = _plain(pads)

    def made(padding: Pair | None, **mode: str) -> str:
        return module(
            "Conv2d",
            _in=each * layer.groups,
            _out=out,
            _kernel=_short(kernel),
            stride=_short(layer.stride) if tuple(layer.stride) != (1, 1) else None,
            padding=_short(padding) if padding and any(padding) else None,
            dilation=_short(layer.dilation) if tuple(layer.dilation) != (1, 1) else None,
            groups=layer.groups if layer.groups > 1 else None,
            bias=False if layer.bias is None else None,
            **mode,
        )

    tensors = _tensors(weight=weight, bias=layer.bias)
    if plain is not None and layer.padding_mode == "zeros":
        return Torch("{m}({0})", made(plain), tensors)
    border, helpers = _padded(layer, (kernel[0], kernel[1]), pads)
    # The module itself does without: PyTorch's modes refuse borders that are wider than the picture.
    named = plain is not None and any(plain) and layer.padding_mode in _MODES
    alone = made(plain, padding_mode=layer.padding_mode) if named else ""
    return Torch(f"{{m}}({border})", made(None), tensors, helpers, alone)


def _tensors(**arrays: Array | None) -> dict[str, Array]:
    return {name: array for name, array in arrays.items() if array is not None}


@writes("filter2d")
def filter2d(layer: Any) -> Torch:
    kernel = layer.kernel if layer.operation == "cross-correlation" else layer.kernel[::-1, ::-1]
    border, helpers = _padded(layer, kernel.shape, _pads(layer, kernel.shape, layer.dilation))
    numbers = f"{tuple(layer.stride)}, {tuple(layer.dilation)}, {layer.divisor!r}, {layer.offset!r}"
    call = f"filter2d({border}, {{m}}.kernel, {numbers})"
    return Torch(call, holder(kernel=kernel), {"kernel": kernel}, ("Tensors", "filter2d", *helpers))


@writes("conv_transpose2d")
def conv_transpose2d(layer: Any) -> Torch:
    into, each, *kernel = layer.weight.shape
    stride, dilation, extra = layer.stride, layer.dilation, layer.output_padding
    if layer.padding == "same":
        cuts = [span(k, d) + e - s for k, d, e, s in zip(kernel, dilation, extra, stride, strict=True)]
        pads = [n for cut in cuts for n in (cut // 2, cut - cut // 2)]
    else:
        pads = _pads(layer, (kernel[0], kernel[1]), dilation) or [0, 0, 0, 0]
    plain = _plain(pads)
    # PyTorch cuts the same off both sides; what is left is cut by slices. It takes no output_padding below a cut.
    fits = plain is not None and min(plain) >= 0
    made = module(
        "ConvTranspose2d",
        _in=into,
        _out=each * layer.groups,
        _kernel=_short(kernel),
        stride=_short(stride) if tuple(stride) != (1, 1) else None,
        padding=_short(plain) if fits and any(plain or ()) else None,
        output_padding=_short(extra) if any(extra) else None,
        dilation=_short(dilation) if tuple(dilation) != (1, 1) else None,
        groups=layer.groups if layer.groups > 1 else None,
        bias=False if layer.bias is None else None,
    )
    tensors = _tensors(weight=layer.weight, bias=layer.bias)
    if fits:
        return Torch("{m}({0})", made, tensors)
    return Torch(f"pad({{m}}({{0}}), {[-n for n in pads]})", made, tensors, ("pad",))


def _window(layer: Any) -> tuple[Pair, Pair, Pair, list[int] | None]:
    kernel = layer.kernel_size
    dilation = getattr(layer, "dilation", (1, 1))
    return kernel, layer.stride or kernel, dilation, _pads(layer, kernel, dilation)


def _border(layer: Any) -> str:
    kernel, stride, dilation, pads = _window(layer)
    return (
        str(pads) if pads is not None else f"same({{0}}, {tuple(kernel)}, {tuple(stride)}, {tuple(dilation)})"
    )


def _needs(layer: Any) -> tuple[str, ...]:
    return () if _window(layer)[3] is not None else ("same",)


@writes("max_pool2d", "min_pool2d")
def max_pool2d(layer: Any) -> Torch:
    kernel, stride, dilation, pads = _window(layer)
    sign = "-" if layer.key == "min_pool2d" else ""
    plain = _plain(pads)
    # PyTorch takes borders up to half the kernel.
    if plain is not None and all(2 * p <= k for p, k in zip(plain, kernel, strict=True)):
        made = module(
            "MaxPool2d",
            _kernel=_short(kernel),
            stride=_short(stride) if tuple(stride) != tuple(kernel) else None,
            padding=_short(plain) if any(plain) else None,
            dilation=_short(dilation) if tuple(dilation) != (1, 1) else None,
            ceil_mode=True if layer.ceil_mode else None,
        )
        return Torch(f"{sign}{{m}}({sign}{{0}})", made)
    options = f"{tuple(kernel)}, {tuple(stride)}, {tuple(dilation)}, {_border(layer)}, {layer.ceil_mode}"
    return Torch(f"{sign}max_pool({sign}{{0}}, {options})", helpers=("max_pool", *_needs(layer)))


@writes("avg_pool2d")
def avg_pool2d(layer: Any) -> Torch:
    kernel, stride, _, pads = _window(layer)
    plain = _plain(pads)
    if plain is not None and all(2 * p <= k for p, k in zip(plain, kernel, strict=True)):
        made = module(
            "AvgPool2d",
            _kernel=_short(kernel),
            stride=_short(stride) if tuple(stride) != tuple(kernel) else None,
            padding=_short(plain) if any(plain) else None,
            ceil_mode=True if layer.ceil_mode else None,
            count_include_pad=None if layer.count_include_pad else False,
        )
        return Torch("{m}({0})", made)
    options = (
        f"{tuple(kernel)}, {tuple(stride)}, {_border(layer)}, {layer.ceil_mode}, {layer.count_include_pad}"
    )
    return Torch(f"avg_pool({{0}}, {options})", helpers=("avg_pool", *_needs(layer)))


@writes("median_pool2d")
def median_pool2d(layer: Any) -> Torch | None:
    if layer.percentile != 50:
        return None  # PyTorch's quantiles know no window without some of its cells
    kernel, stride, _, _ = _window(layer)
    options = f"{tuple(kernel)}, {tuple(stride)}, {layer.ceil_mode}, {_border(layer)}"
    return Torch(f"median_pool({{0}}, {options})", helpers=("median_pool", *_needs(layer)))


@writes("lp_pool2d")
def lp_pool2d(layer: Any) -> Torch:
    stride = layer.stride or layer.kernel_size
    made = module(
        "LPPool2d",
        _norm=layer.norm_type,
        _kernel=_short(layer.kernel_size),
        stride=_short(stride) if tuple(stride) != tuple(layer.kernel_size) else None,
        ceil_mode=True if layer.ceil_mode else None,
    )
    return Torch("{m}({0})", made)


@writes("adaptive_avg_pool2d", "adaptive_max_pool2d")
def adaptive(layer: Any) -> Torch:
    name = "AdaptiveAvgPool2d" if layer.key == "adaptive_avg_pool2d" else "AdaptiveMaxPool2d"
    # None in a pair keeps the size of an axis; alone, it is no size.
    size = tuple(layer.output_size) if None in layer.output_size else _short(layer.output_size)
    return Torch("{m}({0})", module(name, _size=size))


@writes("global_avg_pool2d")
def global_avg_pool2d(layer: Any) -> Torch:
    return Torch("{m}({0})", module("AdaptiveAvgPool2d", _size=1))


@writes("pad")
def pad(layer: Any) -> Torch:
    pads = [int(n) for side in layer.padding for n in side]
    mode = layer.mode
    options = "" if mode == "zeros" else f", {mode!r}" + (f", {layer.value!r}" if mode == "constant" else "")
    return Torch(f"pad({{0}}, {pads}{options})", helpers=("pad",))


@writes("crop")
def crop(layer: Any) -> Torch:
    if layer.size is not None:
        return Torch(f"crop({{0}}, {layer.size[0]}, {layer.size[1]})", helpers=("crop",))
    pads = [-int(n) for side in layer.margin for n in side]
    return Torch(f"pad({{0}}, {pads})", helpers=("pad",))


_INTERPOLATION = {"nearest": "nearest", "bilinear": "bilinear", "bicubic": "bicubic", "area": "area"}


@writes("upsample")
def upsample(layer: Any) -> Torch:
    factors = tuple(float(s) for s in layer.scale)
    scale = factors[0] if factors[0] == factors[1] else factors
    return Torch("{m}({0})", module("Upsample", scale_factor=scale, mode=_INTERPOLATION[layer.mode]))


@writes("resize")
def resize(layer: Any) -> Torch:
    size, smooth = tuple(layer.size), layer.mode in ("bilinear", "bicubic")
    if layer.coordinates is not None and layer.mode != "area":
        places = (
            f"{layer.coordinates!r}, {layer.rounding!r}, {layer.scale or (None, None)!r}, {layer.cubic!r}"
        )
        return Torch(f"resized({{0}}, {size}, {layer.mode!r}, {places})", helpers=("resized",))
    words = f"size={size}, mode={_INTERPOLATION[layer.mode]!r}"
    return Torch(f"F.interpolate({{0}}, {words}{', antialias=True' if layer.antialias and smooth else ''})")
