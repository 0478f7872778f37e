"""How a map looks in a file: as on the wall, even if the wall does not show it now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlab.batch.saving import Appearance, Looks
from filterlab.batch.targets import Target
from filterlab.graph import IMAGE
from filterlab.graph.pictures import picture_nodes
from filterlab.gui.bench.viewstate import Look
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.wall.content import PICTURE_SCALE, Content, colors_of, has_composite, read_content
from filterlab.images.views import channel_extents, extent_of, scale_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def looks_of(bench: Workbench, maps: Mapping[str, NDArray[Any]]) -> Looks:
    """Return the function by which `write_all` asks how a map looks: as on the wall at this moment."""
    # Everything is read from the wall here, in the window's thread; the function is called in another one. `maps` is
    # looked up only then, when the maps that were missing have been computed.
    content, look = read_content(bench), bench.view.look
    picture = bench.document.picture
    pictures = picture_nodes(bench.document.pipeline, picture.shape[0] if picture else 0) | {IMAGE}

    def appearance(target: Target) -> Appearance:
        values = maps[target.node]
        if target.channel is None and has_composite(target.node, len(values)):
            return PICTURE_SCALE.low, PICTURE_SCALE.high, "gray"
        channel = target.channel or 0
        known = _on_wall(content, target.node, channel)
        return known or _alone(values, channel, target.node, look, content, target.node in pictures)

    return appearance


def _on_wall(content: Content, node: str, channel: int) -> Appearance | None:
    strip = content.strips.get(node)
    if strip is None or strip.view is None or strip.stale:
        return None
    scale = strip.scale_at(strip.entry(channel))
    return scale.low, scale.high, strip.colormap


def _alone(values: Any, channel: int, node: str, look: Look, content: Content, picture: bool) -> Appearance:
    """How the wall would show a map that it does not hold. A common range is that of the maps it does hold."""
    extents = channel_extents(values)
    colormap, scale, by_map = colors_of(node, extent_of(extents), look, content.common, picture=picture)
    if by_map:
        scale = scale_of(extent_of(extents[channel : channel + 1]), colormap)
    return scale.low, scale.high, colormap
