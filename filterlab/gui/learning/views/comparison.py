"""Prediction, target and error side by side."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.learning.views.mapplate import MapPlate
from filterlab.gui.look.strip import Caption
from filterlab.gui.look.theme import Theme
from filterlab.gui.words.i18n import tr
from filterlab.images.views import Scale, joint_extent, scale_of
from filterlab.learning.targets import Judged
from filterlab.text.numbers import brief

COLOURS = -1  # instead of a channel: the first three as red, green and blue
_SIGNED = "RdBu_r"


class ComparisonView(QWidget):
    """Prediction and target share one scale; the error has its own, symmetric about zero."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._judged: Judged | None = None
        self._picture = False
        self.channel = QuietCombo()
        self.channel.setAccessibleName(tr("Channel that is compared"))
        self.channel.setToolTip(tr("Which channel of the maps is shown"))
        self.rms = Caption()
        self.prediction = MapPlate(
            theme, tr("prediction"), tr("The output of the pipeline at the step shown")
        )
        self.target = MapPlate(theme, tr("target"), tr("Target"))
        self.error = MapPlate(
            theme, tr("error"), tr("Prediction minus target: red is too much, blue too little")
        )
        plates = QHBoxLayout()
        plates.setSpacing(4)
        for plate in self.plates:
            plates.addWidget(plate)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.channel, 1)
        head.addWidget(self.rms, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(plates, 1)
        self.channel.activated.connect(self._show)

    @property
    def plates(self) -> tuple[MapPlate, MapPlate, MapPlate]:
        """Prediction, target, error."""
        return self.prediction, self.target, self.error

    def show_judged(self, judged: Judged | None, *, picture: bool) -> None:
        """Show a result, or None. picture: whether three channels are to be drawn as the colours of a picture."""
        self._judged, self._picture = judged, picture
        if judged is not None:
            signed = judged.target.extent[0] < 0
            self._list_channels(judged.target.channels, picture and not signed)
        self._show()

    def _list_channels(self, count: int, picture: bool) -> None:
        colours = picture and count == 3
        wanted = [COLOURS] * colours + list(range(count))
        if wanted == [self.channel.itemData(i) for i in range(self.channel.count())]:
            return  # called for each step that is judged: the channel that the person chose must stay
        self.channel.clear()
        for channel in wanted:
            words = tr("colours") if channel == COLOURS else tr("channel {number}", number=channel)
            self.channel.addItem(words, channel)
        self.channel.setEnabled(len(wanted) > 1)

    def _show(self) -> None:
        judged = self._judged
        if judged is None:
            for plate in self.plates:
                plate.show_map(None)
            self.rms.show_text("")
            return
        channel = self.channel.currentData()
        one = None if channel == COLOURS else channel
        scale, colormap = self._scale(judged)
        self.prediction.show_map(judged.prediction, one, scale, colormap)
        self.target.show_map(judged.target, one, scale, colormap)
        # Beside colours, the error shown is that of the first channel: three signed errors make no colour.
        self.error.show_map(judged.error, one or 0, scale_of(judged.error.extent, _SIGNED), _SIGNED)
        self.rms.show_text(tr("RMS error {n}", n=brief(judged.rms)))

    def _scale(self, judged: Judged) -> tuple[Scale, str]:
        # A picture is drawn as the wall draws it, where its tones can be recognised; other maps use the whole scale.
        low, high = judged.target.extent
        if self._picture and low >= 0 and high <= 1:
            return Scale(0, 1, 0, 1), "gray"
        extent = joint_extent([judged.prediction, judged.target])
        colormap = "gray" if extent[0] >= 0 else _SIGNED
        return scale_of(extent, colormap), colormap
