"""What became of the operators of a network's file, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlab.gui.bench.messages import Remark
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import said, shape_words

if TYPE_CHECKING:
    from filterlab.interop.importing import Imported, LeftOut


def account(network: Imported, name: str) -> Remark:
    """The message on a network that was opened. name: of its file."""
    words = {"name": name, "layers": len(network.pipeline), "size": shape_words(network.size)}
    left_out = network.left_out
    if not left_out:
        return Remark("note", tr("All of {name} is carried: {layers} layers for {size}", **words))
    first = left_out[0]
    words |= {"n": len(left_out), "tensor": first.tensor, "why": _why(first)}
    text = tr("{name}: {layers} layers for {size}; left out, {n} in all: {tensor}, because {why}", **words)
    return Remark("warning", text, details="\n".join(f"{e.tensor}: {_why(e)}" for e in left_out))


def _why(entry: LeftOut) -> str:
    return f"{entry.operator}: {said(entry.reason)}" if entry.operator else said(entry.reason)
