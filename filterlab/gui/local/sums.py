"""The sums beside the pictures, as rich text."""

from __future__ import annotations

from html import escape

from filterlab.explain.drawing import sights
from filterlab.explain.drawing.sights import Sight
from filterlab.explain.lenses import lens
from filterlab.explain.local_kernel import LocalKernel
from filterlab.gui.words.i18n import tr


def kernel_words(found: LocalKernel) -> str:
    """The sum of kernel, constants and remainder, and what it is worth."""
    place = found.where
    product = found.value - found.constant
    channels, height, width = found.kernel.shape
    rows = [
        (
            product,
            tr("kernel of {channels} × {height} × {width}", channels=channels, height=height, width=width),
        ),
        *((part, tr("constant of {node}", node=node)) for node, part in found.bias.items()),
        (found.remainder, tr("remainder: round-off") if found.exact else tr("remainder")),
    ]
    title = f"{place.node} [{place.channel}, {place.row}, {place.col}] = {found.value:.8g}"
    kind = (
        tr("Exact: on the way to this value the network is this kernel and these constants.")
        if found.exact
        else tr(
            "Linearised, remainder {remainder}: not every layer on the way is straight between kinks.",
            remainder=f"{found.remainder:.4g}",
        )
    )
    lines = "".join(
        f"<tr><td align='right'><code>{number:+.8g}</code></td><td>&nbsp;&nbsp;{escape(words)}</td></tr>"
        for number, words in rows
    )
    return f"<b>{escape(title)}</b><table>{lines}</table><p>{escape(kind)}</p>"


def view_words(kind: str, seen: Sight) -> str:
    """What a lens or a mosaic shows, its formula and its limits."""
    if kind in (sights.GRID, sights.ALONG_ROW, sights.ALONG_COLUMN):
        text = tr(
            "The kernel at each of these places, all channels together and all in one range. Equal kernels mean that "
            "one kernel is enough here; click one to go there."
        )
        return f"<p>{escape(text)}</p>"
    note = seen.view.note if seen.view is not None else ""
    if kind == sights.OCCLUSION:
        text = tr(
            "What the value loses where a grey patch of 16 × 16 pixels hides the picture, averaged over the places of "
            "the patch. A grey patch is an edge of its own, so that other fills give other maps."
        )
        parts = ["<code>v(x) − v(x̃)</code>", escape(text)]
    else:
        own = lens(kind)
        parts = [f"<code>{escape(own.formula)}</code>", escape(tr(own.limits))]
    if note:
        parts.append(escape(tr(note)))
    return "".join(f"<p>{part}</p>" for part in parts)
