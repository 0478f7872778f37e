"""The header of a JPEG XL picture, bit by bit. Source: ISO/IEC 18181-1, annex D.

imagecodecs does not tell which channels are colours and which are others, so their types are read here.
"""

from __future__ import annotations

from dataclasses import dataclass

from filterlab.images.decoded import broken
from filterlab.images.formats.boxes import boxes

SIGNATURE = b"\xff\x0a"
ALPHA, BLACK = 0, 4  # types of extra channels; others are depth, spot colours, thermal pictures, ...

# Bytes of a header. The names of extra channels count too, and each has 1071 bytes at most.
_LONGEST = 1 << 16
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_SIDE = ((1, 9), (1, 13), (1, 18), (1, 30))  # a number to add to that many bits, for each of four choices
_PREVIEW_SIDE = ((1, 6), (65, 8), (321, 10), (1345, 12))
_PREVIEW_EIGHTHS = ((16, 0), (32, 0), (1, 5), (33, 9))
_DEPTH = ((8, 0), (10, 0), (12, 0), (1, 6))
_FLOAT_DEPTH = ((32, 0), (16, 0), (24, 0), (1, 6))
_EXTRA = ((0, 0), (1, 0), (2, 4), (1, 12))
_TICKS = ((100, 0), (1000, 0), (1, 10), (1, 30)), ((1, 0), (1001, 0), (1, 8), (1, 10))
_LOOPS = ((0, 0), (0, 3), (0, 16), (0, 32))
_ENUM = ((0, 0), (1, 0), (2, 4), (18, 6))
_SHIFT = ((0, 0), (3, 0), (4, 0), (1, 3))
_NAME = ((0, 0), (0, 4), (16, 5), (48, 10))
_CFA_INDEX = ((1, 0), (0, 2), (3, 4), (19, 8))
_SPOT, _CFA = 2, 5
_GREY = 1  # among colour spaces


@dataclass(frozen=True)
class JxlHeader:
    """The properties of a picture that its header tells.

    width, height: as stored, before the picture is turned upright. bits: of a sample, negative for floats. colours:
    the number of channels that are colours, 1 or 3. extra: type and bits of each further channel.
    """

    width: int
    height: int
    bits: int
    is_animated: bool = False
    colours: int = 3
    extra: tuple[tuple[int, int], ...] = ()

    @property
    def has_alpha(self) -> bool:
        """True if one of the further channels says how opaque the picture is."""
        return any(kind == ALPHA for kind, _ in self.extra)


def header_of(data: bytes) -> JxlHeader:
    """The header of a bare picture, or of one in a container. Raises ImageError where it is damaged."""
    start = data[:_LONGEST] if data.startswith(SIGNATURE) else _from_container(data)
    if not start.startswith(SIGNATURE):
        raise broken("its header is damaged")
    bits = _Bits(start[len(SIGNATURE) :])
    height, width = _size(bits)
    if bits.take(1):  # all fields of the metadata have their defaults: 8 bits, sRGB, nothing else
        return JxlHeader(width, height, 8)
    # The optional fields are there only where this bit announces them; animation is one of them.
    is_animated = bool(bits.take(1)) and _extra_fields(bits)
    depth = _depth(bits)
    bits.take(1)  # whether 16 bits are enough for the decoder's buffers
    extra = tuple(_extra_channel(bits) for _ in range(bits.choose(_EXTRA)))
    bits.take(1)  # whether the colours are stored as XYB, which the decoder converts
    return JxlHeader(width, height, depth, is_animated, _colours(bits), extra)


def _from_container(data: bytes) -> bytes:
    """The beginning of the picture among the boxes of a container; a picture in parts has a number before each."""
    parts: list[bytes] = []
    for kind, body in boxes(memoryview(data)):
        if kind == b"jxlc":
            return bytes(body[:_LONGEST])
        if kind == b"jxlp":
            parts.append(bytes(body[4 : 4 + _LONGEST]))
            if sum(map(len, parts)) >= _LONGEST:
                break
    return b"".join(parts)


class _Bits:
    """A reader of bits, which starts with the lowest of each byte."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, count: int) -> int:
        """The number that the next bits make. Raises ImageError behind the end."""
        end = self.position + count
        if end > 8 * len(self.data):
            raise broken("it is cut short")
        first = self.position // 8
        number = int.from_bytes(self.data[first : -(-end // 8)], "little") >> self.position % 8
        self.position = end
        return number & ((1 << count) - 1)

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
        # In whole numbers, rounded down as the format defines it: a float could be off by one for large sides.
        return height, height * across // down
    return height, 8 * (1 + bits.take(5)) if in_eighths else bits.choose(_SIDE)


def _extra_fields(bits: _Bits) -> bool:
    """Pass over the optional fields, and return whether the picture is an animation."""
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


def _depth(bits: _Bits) -> int:
    """Bits of a sample, negative for floats."""
    if not bits.take(1):
        return bits.choose(_DEPTH)
    depth = bits.choose(_FLOAT_DEPTH)
    bits.take(4)  # bits of the exponent
    return -depth


def _extra_channel(bits: _Bits) -> tuple[int, int]:
    """Type and bits of one further channel."""
    if bits.take(1):  # all defaults
        return ALPHA, 8
    kind, depth = bits.choose(_ENUM), _depth(bits)
    # Every field has to be passed over bit by bit: there are no lengths by which one could skip.
    bits.choose(_SHIFT)
    bits.take(8 * bits.choose(_NAME))
    if kind == ALPHA:
        bits.take(1)
    elif kind == _SPOT:
        bits.take(4 * 16)
    elif kind == _CFA:
        bits.choose(_CFA_INDEX)
    return kind, depth


def _colours(bits: _Bits) -> int:
    """The number of channels of the colour encoding (annex E)."""
    if bits.take(1):  # all defaults: sRGB
        return 3
    bits.take(1)  # whether an ICC profile follows
    return 1 if bits.choose(_ENUM) == _GREY else 3
