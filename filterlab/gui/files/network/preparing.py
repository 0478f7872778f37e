"""What a network expects of its picture is proposed above the maps: a preset becomes layers that can be edited."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from filterlab.gui.bench.document import Document
from filterlab.gui.look.note import Fix, ObstacleNote
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import shape_words

if TYPE_CHECKING:
    from filterlab.interop.importing import Imported


class PreparingNote(ObstacleNote):
    """Asks what to put before a network that was opened, until one is chosen or something else is opened."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._network: Imported | None = None
        document.changed.connect(self._follow)

    def propose(self, network: Imported) -> None:
        """Ask about a network that is now the pipeline; what it most likely expects is highlighted."""
        from filterlab.interop.importing.preprocessing import guessed_preprocessing

        self._network, self._origin = network, self._document.work.origin
        guess = guessed_preprocessing(network.pipeline, network.size)
        presets = _presets(network.size[0])
        fixes: list[Fix] = [(words, partial(self._put, preset)) for preset, words in presets.items()]
        text = tr(
            "The network takes {size}. How is the picture to be prepared for it? The highlighted way is most likely."
        )
        self.say(
            text.format(size=shape_words(network.size)),
            [*fixes, (tr("No change"), partial(self.say, ""))],
        )
        likely = self.buttons[list(presets).index(guess)]
        likely.setProperty("role", "primary")
        likely.style().polish(likely)  # style sheets do not notice a changed property by themselves

    def _put(self, preset: str) -> None:
        from filterlab.interop.importing.preprocessing import with_preprocessing

        assert self._network is not None, "there is a button only where there is a network"
        self.say("")
        document = self._document
        label = tr("{steps} before the network", steps=_presets(self._network.size[0])[preset])
        document.edit(label, with_preprocessing(document.pipeline, preset, self._network.size))
        document.seal()

    def _follow(self) -> None:
        if self.text and self._document.work.origin is not self._origin:
            self.say("")


def _presets(channels: int) -> dict[str, str]:
    colour = {"imagenet": tr("Resize, ImageNet mean and deviation")} if channels == 3 else {}
    return {
        "resize": tr("Resize"),
        **colour,
        "-1..1": tr("Resize, −1 to 1"),
        "0..255": tr("Resize, 0 to 255"),
    }
