"""How a map looks in a file: as on the wall, even if the wall does not show it now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlab.batch.saving import Appearance, Looks
from filterlab.batch.targets import Target
from filterlab.gui.bench.tones import Tone
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.wall.content import read_content
from filterlab.images.views import MapView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def looks_of(bench: Workbench, maps: Mapping[str, NDArray[Any]]) -> Looks:
    """Return the function by which `write_all` asks how a map looks: as on the wall at this moment."""
    # Everything is read from the wall here, in the window's thread; the function is called in another one. `maps` is
    # looked up only then, when the maps that were missing have been computed.
    tones, strips = bench.tones(), read_content(bench).strips
    views = {n: strip.view for n, strip in strips.items() if strip.view is not None and not strip.stale}

    def appearance(target: Target) -> Appearance:
        view = views.get(target.node) or views.setdefault(target.node, MapView(maps[target.node]))
        tone: Tone = tones.tone(target.node, view, target.channel)
        # All channels in one file: their mean, unless they are a picture.
        mean = target.channel is None and view.channels == 3 and target.node not in tones.pictures
        return Appearance(tone.scale.low, tone.scale.high, tone.colormap, mean)

    return appearance
