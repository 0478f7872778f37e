"""Slides the window over its layer: play, pause, step and seek, at a chosen speed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QSlider, QStyle, QWidget

from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.look.theme import Theme
from filterlab.gui.look.toolrow import IconButton
from filterlab.gui.words.i18n import tr

SPEEDS = (1, 2, 4, 8, 16, 32)  # windows a second
USUAL = 4
REDUCED = "explain/reduced_motion"
SPEED = "explain/windows_a_second"


def motion_reduced(settings: QSettings) -> bool:
    """Return whether nothing may move by itself: as the person chose, or else where the style has animations off."""
    still = QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
    # QSettings returns booleans as text where the settings are a file.
    return settings.value(REDUCED, still) in (True, "true")


class Player(QObject):
    """Moves the pin over the positions of its map, row by row, and starts again at the end.

    changed: playing, the position or their number has changed. While the cursor is on the same map, the player waits:
    the window then follows the cursor.
    """

    changed = Signal()

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.speed = self._kept_speed()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        bench.selection.pin_changed.connect(self.changed)
        bench.results.surveyed.connect(self.changed)
        # An edit may change the size of the map, and a person who edits does not watch the window slide.
        bench.document.changed.connect(self.pause)

    def _kept_speed(self) -> int:
        text = str(self._bench.settings.value(SPEED, USUAL))
        # The file of settings may hold anything that somebody has written into it.
        return int(text) if text.isdecimal() and int(text) in SPEEDS else USUAL

    @property
    def playing(self) -> bool:
        """True if the window slides by itself."""
        return self._timer.isActive()

    @property
    def reduced_motion(self) -> bool:
        """True if nothing may move by itself."""
        return motion_reduced(self._bench.settings)

    def set_reduced_motion(self, on: bool) -> None:
        """Set whether nothing may move by itself, and remember it."""
        self._bench.settings.setValue(REDUCED, on)
        if on:
            self.pause()

    @property
    def size(self) -> tuple[int, int]:
        """(rows, columns) of the map that the window slides over; (0, 0) where there is none."""
        pin, fields = self._bench.selection.pin, self._bench.results.fields
        if pin is None or fields is None:
            return 0, 0
        return fields.sizes.get(pin.node, (0, 0))

    @property
    def count(self) -> int:
        """The number of positions."""
        return self.size[0] * self.size[1]

    @property
    def position(self) -> int:
        """The present position."""
        pin = self._bench.selection.pin
        return 0 if pin is None else pin.row * self.size[1] + pin.col

    def can_play(self) -> bool:
        """Return whether there is more than one position."""
        return self.count > 1

    def play(self) -> None:
        """Start sliding."""
        if self.can_play():
            self._timer.start(round(1000 / self.speed))
            self.changed.emit()

    def autoplay(self) -> None:
        """Start sliding, unless nothing may move by itself."""
        if not self.reduced_motion:
            self.play()

    def pause(self, *_: object) -> None:
        """Stop at the present position."""
        if self.playing:
            self._timer.stop()
            self.changed.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def step(self, steps: int) -> None:
        """Move by some positions and pause."""
        self.pause()
        self._go(self.position + steps)

    def seek(self, position: int) -> None:
        """Move to a position and pause."""
        if position != self.position:
            self.pause()
            self._go(position)

    def set_speed(self, speed: int) -> None:
        """Set the speed in windows a second."""
        self.speed = speed
        self._bench.settings.setValue(SPEED, speed)
        if self.playing:
            self._timer.start(round(1000 / speed))

    def _tick(self) -> None:
        pin, hover = self._bench.selection.pin, self._bench.selection.hover
        if not self.can_play():
            self.pause()
        elif pin is not None and not (hover is not None and hover.node == pin.node):
            self._go(self.position + 1)

    def _go(self, position: int) -> None:
        pin, (_, width) = self._bench.selection.pin, self.size
        if pin is not None and self.count:
            # After the last position comes the first, and before the first the last.
            row, col = divmod(position % self.count, width)
            self._bench.selection.set_pin(Spot(pin.node, pin.channel, row, col))


class PlayerBar(QObject):
    """Buttons, a slider and a choice of speeds for a player, which a row of tools lays out."""

    def __init__(self, player: Player, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._player, self._theme = player, theme
        self.play_button = self._button("play", tr("Slide the window over the map"), player.toggle)
        self.back_button = self._button("step-back", tr("The previous window"), lambda: player.step(-1))
        self.next_button = self._button("step-forward", tr("The next window"), lambda: player.step(1))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Position of the window"))
        self.slider.setToolTip(tr("Drag the window over the map"))
        self.slider.setMinimumWidth(60)
        self.slider.valueChanged.connect(player.seek)
        self.speeds = QComboBox()
        self.speeds.setAccessibleName(tr("Windows a second"))
        self.speeds.setToolTip(tr("How many windows are shown per second"))
        # The same choice for the menu of a row that has no room for the box.
        self.speed_menu = QMenu(tr("Windows a second"), parent)
        for place, speed in enumerate(SPEEDS):
            text = tr("{speed}/s", speed=speed)
            self.speeds.addItem(text, speed)
            self.speed_menu.addAction(text, partial(self.speeds.setCurrentIndex, place))
        self.speeds.setCurrentIndex(SPEEDS.index(player.speed))
        self.speeds.currentIndexChanged.connect(lambda i: player.set_speed(SPEEDS[i]))
        player.changed.connect(self.refresh)
        self.refresh()

    def _button(self, sign: str, tip: str, run: Callable[[], object]) -> IconButton:
        button = IconButton(sign, self._theme)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        # `clicked` passes on whether the button is checked, which `run` does not take.
        button.clicked.connect(lambda: run())
        return button

    def refresh(self) -> None:
        """Show the state of the player."""
        player = self._player
        self.play_button.show_icon("pause" if player.playing else "play")
        name = tr("Pause") if player.playing else tr("Slide the window over the map")
        self.play_button.setToolTip(name)
        self.play_button.setAccessibleName(name)
        for widget in (self.play_button, self.back_button, self.next_button, self.slider):
            widget.setEnabled(player.can_play())
        # Range and value come one after the other: a value that the new range clips would move the pin.
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(player.count - 1, 0))
        self.slider.setPageStep(max(player.size[1], 1))
        self.slider.setValue(player.position)
        self.slider.blockSignals(False)
