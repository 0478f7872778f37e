"""What stands at the beginning of a JPEG XL picture, bit by bit. Source: ISO/IEC 18181-1, annex D."""

from __future__ import annotations

from dataclasses import dataclass

from filterlab.images.decoded import broken
from filterlab.images.formats.boxes import boxes

SIGNATURE = b"\xff\x0a"

_LONGEST = 256  # bytes that are looked at
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_SIDE = ((1, 9), (1, 13), (1, 18), (1, 30))  # a number to add to that many bits, for each of four choices
_PREVIEW_SIDE = ((1, 6), (65, 8), (321, 10), (1345, 12))
_PREVIEW_EIGHTHS = ((16, 0), (32, 0), (1, 5), (33, 9))
_DEPTH = ((8, 0), (10, 0), (12, 0), (1, 6))
_FLOAT_DEPTH = ((32, 0), (16, 0), (24, 0), (1, 6))
_EXTRA = ((0, 0), (1, 0), (2, 4), (1, 12))
_TICKS = ((100, 0), (1000, 0), (1, 10), (1, 30)), ((1, 0), (1001, 0), (1, 8), (1, 10))
_LOOPS = ((0, 0), (0, 3), (0, 16), (0, 32))


@dataclass(frozen=True)
class JxlHeader:
    """Size as stored, before it is turned upright; bits of a sample; channels, colours and others together."""

    width: int
    height: int
    bits: int
    channels: int
    is_animated: bool


def header_of(data: bytes) -> JxlHeader:
    """Of a bare picture, or of one in a container. Raises ImageError where it is damaged."""
    start = data[:_LONGEST] if data.startswith(SIGNATURE) else _from_container(data)
    if not start.startswith(SIGNATURE):
        raise broken("its header is damaged")
    bits = _Bits(start[len(SIGNATURE) :])
    height, width = _size(bits)
    if bits.take(1):  # everything else is as usual
        return JxlHeader(width, height, 8, 3, False)
    is_animated = bool(bits.take(1)) and _extra_fields(bits)
    is_float = bits.take(1)
    depth = bits.choose(_FLOAT_DEPTH if is_float else _DEPTH)
    if is_float:
        bits.take(4)
    bits.take(1)
    return JxlHeader(width, height, depth, 3 + bits.choose(_EXTRA), is_animated)


def _from_container(data: bytes) -> bytes:
    """The beginning of the picture among the boxes of a container; a picture in parts has a number before each."""
    for kind, body in boxes(memoryview(data)):
        if kind == b"jxlc":
            return bytes(body[:_LONGEST])
        if kind == b"jxlp":
            return bytes(body[4:_LONGEST])
    return b""


class _Bits:
    """Bits from the lowest of the first byte on."""

    def __init__(self, data: bytes) -> None:
        self.rest = int.from_bytes(data, "little")
        self.count = 8 * len(data)

    def take(self, count: int) -> int:
        """The number that the next bits make. Raises ImageError behind the end."""
        self.count -= count
        if self.count < 0:
            raise broken("it is cut short")
        number = self.rest & ((1 << count) - 1)
        self.rest >>= count
        return number

    def choose(self, choices: tuple[tuple[int, int], ...]) -> int:
        """Two bits choose how many more there are, and what is added to them."""
        added, count = choices[self.take(2)]
        return added + self.take(count)


def _size(bits: _Bits) -> tuple[int, int]:
    """Height and width."""
    in_eighths = bits.take(1)
    height = 8 * (1 + bits.take(5)) if in_eighths else bits.choose(_SIDE)
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        return height, height * across // down
    return height, 8 * (1 + bits.take(5)) if in_eighths else bits.choose(_SIDE)


def _extra_fields(bits: _Bits) -> bool:
    """Pass over what is not needed; whether the picture is an animation."""
    bits.take(3)  # which side is up: the decoder turns it
    if bits.take(1):
        _size(bits)
    if bits.take(1):
        _pass_preview(bits)
    if not bits.take(1):
        return False
    for choices in (*_TICKS, _LOOPS):
        bits.choose(choices)
    bits.take(1)
    return True


def _pass_preview(bits: _Bits) -> None:
    choices = _PREVIEW_EIGHTHS if bits.take(1) else _PREVIEW_SIDE
    bits.choose(choices)
    if not bits.take(3):
        bits.choose(choices)
