"""The colours of both sides, and of their difference."""

from __future__ import annotations

from dataclasses import replace

from filterlab.gui.bench.tones import Held, Tone, Tones
from filterlab.gui.bench.viewstate import Look
from filterlab.gui.compare.sides import MapSide, SidePair
from filterlab.images.display import COLORMAPS
from filterlab.images.views import MapView, Scale


def pair_tones(tones: Tones, pair: SidePair, *, same: bool) -> tuple[Tone, Tone]:
    """The colours of A and B. same: whether equal colours mean equal values, and one legend serves both."""
    a, b = (_own(tones, side, channel) for side, channel in zip(pair.sides, pair.channels, strict=True))
    return (joined(a, b),) * 2 if same else (a, b)


def _own(tones: Tones, side: MapSide, channel: int | None) -> Tone:
    # Ranges that the wall holds steady are of nodes by their names, which may be those of another pipeline here.
    pictures = frozenset({side.node} if side.picture else ())
    # The mean has no number; ranges that are fixed for channel 0 are not meant for it.
    channel = None if side.mean else channel
    return replace(tones, held=Held(), pictures=pictures).tone(side.node, side.view, channel)


def joined(a: Tone, b: Tone) -> Tone:
    """One scale for the values of both, symmetric about zero where either of them is."""
    low, high = min(a.scale.low, b.scale.low), max(a.scale.high, b.scale.high)
    signed = [tone.colormap for tone in (a, b) if COLORMAPS[tone.colormap][1] == "diverging"]
    if signed:
        top = max(-low, high)
        return Tone(signed[0], Scale(-top, top, -top, top))
    # Grey is for pictures alone, and one that is beside a feature map is coloured as that.
    colormap = a.colormap if a.colormap != "gray" else b.colormap
    return Tone(colormap, Scale(low, high, low, high))


def apart_tone(tones: Tones, view: MapView) -> Tone:
    """The colours of a difference: diverging about zero, whatever signs occur in it."""
    # A look of its own: a range that was set by hand, or a sequential colour map, is meant for the maps.
    plain = Tones(Look(range=tones.look.range), tones.dark, {}, frozenset(), None, Held())
    scale = plain.tone("", view).scale
    top = max(-scale.low, scale.high)
    return Tone(plain.colormap("", signed=True), Scale(-top, top, -top, top))
