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
    from filterlab.pipeline import Pipeline


class PreparingNote(ObstacleNote):
    """Asks what to put before a network that was opened, until one is chosen or something else is opened.

    Whoever undoes that, or comes back to the network with Redo, is asked again.
    """

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._network: Imported | None = None
        self._origin: object = None
        self._prepared: Pipeline | None = None  # what the network became by the answer
        document.changed.connect(self._follow)

    def propose(self, network: Imported) -> None:
        """Ask about a network that is now the pipeline."""
        self._network, self._origin, self._prepared = network, self._document.work.origin, None
        self._ask(network)

    def _ask(self, network: Imported) -> None:
        """Ask; what the network most likely expects is highlighted."""
        from filterlab.interop.importing.preprocessing import guessed_preprocessing

        guess = guessed_preprocessing(network.pipeline, network.size)
        presets = _presets(network.size[0])
        fixes: list[Fix] = [(words, partial(self._put, preset)) for preset, words in presets.items()]
        text = tr(
            "The network takes {size}. How is the picture to be prepared for it? The highlighted way is most likely."
        )
        self.say(
            text.format(size=shape_words(network.size)),
            [*fixes, (tr("No change"), self._dismiss)],
        )
        likely = self.buttons[list(presets).index(guess)]
        likely.setProperty("role", "primary")
        likely.style().polish(likely)  # style sheets do not notice a changed property by themselves

    def _dismiss(self) -> None:
        self._network = None
        self.say("")

    def _put(self, preset: str) -> None:
        from filterlab.interop.importing.preprocessing import with_preprocessing

        assert self._network is not None, "there is a button only where there is a network"
        document = self._document
        label = tr("{steps} before the network", steps=_presets(self._network.size[0])[preset])
        self._prepared = with_preprocessing(document.pipeline, preset, self._network.size)
        document.edit(label, self._prepared)
        document.seal()

    def _follow(self) -> None:
        work, network = self._document.work, self._network
        if work.origin is not self._origin or work.pipeline is self._prepared:
            self.say("")
        elif network is not None and work.pipeline is network.pipeline:
            self._ask(network)


def _presets(channels: int) -> dict[str, str]:
    colour = {"imagenet": tr("Resize, ImageNet mean and deviation")} if channels == 3 else {}
    return {
        "resize": tr("Resize"),
        **colour,
        "-1..1": tr("Resize, −1 to 1"),
        "0..255": tr("Resize, 0 to 255"),
    }
