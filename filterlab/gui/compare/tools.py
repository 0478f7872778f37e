"""The tools of a comparison: its mode, the channels, how it blinks, and what else can be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QToolButton, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.compare.sides import Channels, SidePair
from filterlab.gui.compare.view import PairView
from filterlab.gui.explain.player import motion_reduced
from filterlab.gui.look import layouts
from filterlab.gui.look.toolrow import IconButton, ToolRow, framed
from filterlab.gui.words.i18n import tr

INTERVAL = "compare/seconds"
USUAL = 0.6
# Seconds. Pictures that change more than three times a second to and fro may bring on a seizure (WCAG 2.3.1).
SHORTEST, LONGEST = 0.2, 10.0
MODES = ("swipe", "blink", "difference")
_SIGNS = {
    "compare.swap": "arrow-left-right",
    "compare.largest": "focus",
    "compare.save": "download",
}


class Blinker(QWidget):
    """Shows A and B in turns. flipped: it is the turn of the other one."""

    flipped = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.flipped)
        self.seconds = QDoubleSpinBox(minimum=SHORTEST, maximum=LONGEST, singleStep=0.1, decimals=1)
        self.seconds.setSuffix(tr(" s"))
        self.seconds.setAccessibleName(tr("Seconds for each side"))
        self.seconds.setToolTip(tr("For how long each side is shown"))
        self.seconds.setValue(_kept(bench))
        self.seconds.valueChanged.connect(self._keep)
        layouts.row(self, self.seconds, margins=(0, 0, 0, 0))

    @property
    def running(self) -> bool:
        """True while the sides change by themselves."""
        return self._timer.isActive()

    def run(self, on: bool) -> None:
        """Let the sides change by themselves, or not."""
        if on:
            self._timer.start(round(1000 * self.seconds.value()))
        else:
            self._timer.stop()

    def wanted(self) -> bool:
        """Whether the sides may change by themselves as soon as they blink."""
        return not motion_reduced(self._bench.settings)

    def _keep(self, seconds: float) -> None:
        self._bench.settings.setValue(INTERVAL, seconds)
        self._timer.setInterval(round(1000 * seconds))


def _kept(bench: Workbench) -> float:
    # The file of settings may hold anything that somebody has written into it.
    try:
        return float(str(bench.settings.value(INTERVAL, USUAL)))
    except ValueError:
        return USUAL


class ChannelBoxes(QWidget):
    """The channels of both sides. wanted(channels): the person has chosen others."""

    wanted = Signal(object)

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self.boxes = QSpinBox(), QSpinBox()
        self.together = IconButton("link", bench.theme)
        self.together.setCheckable(True)
        self.together.setChecked(True)
        self.together.setAccessibleName(tr("Change both channels together"))
        self.together.setToolTip(self.together.accessibleName())
        a, b = self.boxes
        for box, name in ((a, tr("Channel of A")), (b, tr("Channel of B"))):
            box.setAccessibleName(name)
            box.setToolTip(tr("{name} (Page Up, Page Down)", name=name))
            box.setKeyboardTracking(False)
        a.valueChanged.connect(partial(self._changed, 0))
        b.valueChanged.connect(partial(self._changed, 1))
        label = layouts.label("dim", tr("Channel"))
        label.setBuddy(a)
        layouts.row(self, label, a, self.together, b, margins=(0, 0, 0, 0), spacing=4)
        self._shown: Channels = (0, 0)

    def show_pair(self, pair: SidePair | None) -> None:
        """Show the channels of a pair."""
        if pair is None:
            return
        self._shown = pair.channels
        colours = pair.a.in_colours and pair.b.in_colours
        for box, side, channel in zip(self.boxes, pair.sides, pair.channels, strict=True):
            with QSignalBlocker(box):
                box.setSpecialValueText("RGB" if colours else "")
                # The number below the first channel stands for all of them in colours.
                box.setRange(-1 if colours else 0, side.view.channels - 1)
                box.setValue(-1 if channel is None else channel)
            box.setEnabled(box.minimum() < box.maximum())

    def step(self, by: int) -> None:
        """Go to another channel on both sides."""
        self.boxes[0].setValue(self.boxes[0].value() + by)
        if not self.together.isChecked():
            self.boxes[1].setValue(self.boxes[1].value() + by)

    def _changed(self, side: int, value: int) -> None:
        other = self.boxes[1 - side]
        before = self._shown[side]
        by = value - (-1 if before is None else before)
        # Colours are on both sides or on none.
        together = self.together.isChecked() or -1 in (value, other.value())
        if together:
            with QSignalBlocker(other):
                other.setValue(
                    -1 if value == -1 else max(other.value() + by, 0) if before is not None else value
                )
        a, b = (None if box.value() == -1 else box.value() for box in self.boxes)
        self._shown = a, b
        self.wanted.emit(self._shown)


class CompareTools(QWidget):
    """The row of tools, and the commands `compare.*` that change how a pair is shown."""

    def __init__(self, bench: Workbench, view: PairView, page: QWidget) -> None:
        super().__init__()
        self._bench, self._view, self._page = bench, view, page
        self.channels, self.blinker = ChannelBoxes(bench), Blinker(bench)
        self.blinker.flipped.connect(self.flip)
        view.flipped.connect(self._flip_by_hand)
        view.stepped.connect(self.channels.step)
        self._declare()

    def _declare(self) -> None:
        modes = (
            ("swipe", tr("Swipe"), "1", tr("A to the left of a handle, B to the right of it")),
            ("blink", tr("Blink"), "2", tr("A and B in turns at the same place; Space changes them by hand")),
            ("difference", tr("Difference"), "3", tr("A minus B, in colours about zero")),
        )
        for mode, text, key, tip in modes:
            run, checked = partial(self.show_mode, mode), partial(self._is_mode, mode)
            self._add(mode, text, run, shortcut=key, tip=tip, checked=checked)
        self._add(
            "play",
            tr("Blink by itself"),
            lambda: self._play(not self.blinker.running),
            shortcut="P",
            tip=tr("Let A and B change by themselves, or by hand alone"),
            checked=lambda: self.blinker.running,
        )
        self._add(
            "same_range",
            tr("Same range"),
            self._toggle_range,
            shortcut="R",
            tip=tr(
                "One range of colours for A and B, so that equal colours mean equal values; or each its own"
            ),
            checked=lambda: self._view.same,
        )

    def _add(self, name: str, text: str, run: Callable[[], object], **more: object) -> None:
        self._bench.commands.add(
            f"compare.{name}",
            text,
            run,
            enabled=lambda: self._view.pair is not None and self._page.isVisible(),
            within=self._page,
            **more,  # type: ignore[arg-type]
        )

    def lay_out(self) -> None:
        """Make the row, once all commands are declared."""
        action, theme = self._bench.commands.action, self._bench.theme
        row = ToolRow(theme)
        row.add(IconButton("arrow-left", theme, action("compare.close")))
        modes = [QToolButton() for _ in MODES]
        for button, mode in zip(modes, MODES, strict=True):
            button.setDefaultAction(action(f"compare.{mode}"))
        # The last to leave, and the widest: without it the window fits a small screen with large letters.
        row.add(framed(modes), rank=1, entries=[action(f"compare.{mode}") for mode in MODES])
        self.play = IconButton("pause", theme, action("compare.play"))
        layout = self.blinker.layout()
        assert layout is not None, "the field has a row"
        layout.addWidget(self.play)
        row.add(self.blinker)
        row.add_gap()
        row.add(self.channels)
        row.add_gap()
        same = QToolButton()
        same.setDefaultAction(action("compare.same_range"))
        row.add(same, rank=2, entries=[action("compare.same_range")])
        for name, sign in _SIGNS.items():
            row.add(IconButton(sign, theme, action(name)), rank=3, entries=[action(name)])
        layouts.row(self, row, margins=(8, 6, 8, 4))
        self.refresh()

    def refresh(self) -> None:
        """Show the tools of the mode."""
        # Its parts and not the whole, which the row shows whenever there is room for it.
        for part in (self.blinker.seconds, self.play):
            part.setVisible(self._view.mode == "blink")
        self.play.show_icon("pause" if self.blinker.running else "play")
        self._bench.commands.refresh()

    def show_mode(self, mode: str) -> None:
        """Change the mode."""
        self._view.set_up(mode=mode, second=False)
        self._play(mode == "blink" and self.blinker.wanted())

    def _is_mode(self, mode: str) -> bool:
        return self._view.mode == mode

    def _play(self, on: bool) -> None:
        self.blinker.run(on)
        self.refresh()

    def pause(self) -> None:
        """Let nothing move: the page is hidden."""
        # Without a look at the commands: the window may be on its way out, and other parts of it gone already.
        self.blinker.run(on=False)

    def flip(self) -> None:
        """Show the other side, where only one is shown."""
        if self._view.mode == "blink":
            self._view.set_up(second=not self._view.second)

    def _flip_by_hand(self) -> None:
        if self._view.mode != "blink":
            self.show_mode("blink")
        self._play(on=False)
        self.flip()

    def _toggle_range(self) -> None:
        self._view.set_up(same=not self._view.same)
        self._bench.commands.refresh()
