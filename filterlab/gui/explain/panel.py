"""The panel that explains the pinned value: three levels, the table of its regions, and the links between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from filterlab.explain.drawing.answer import Answer, Looks
from filterlab.explain.drawing.grids import hue_of
from filterlab.explain.drawing.overview import overview_sheet
from filterlab.explain.drawing.scene import Item, Paper, Sheet
from filterlab.explain.drawing.unit import unit_sheet
from filterlab.explain.drawing.window import window_sheet
from filterlab.explain.lattice import touched
from filterlab.graph import IMAGE
from filterlab.gui.bench.overlays import TouchOverlay
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.explain.canvas import SheetView
from filterlab.gui.explain.comparing import CompareDialog
from filterlab.gui.explain.crumbs import Crumbs
from filterlab.gui.explain.exporting import Exporting
from filterlab.gui.explain.fieldview import EffectiveField
from filterlab.gui.explain.inquiry import Inquiry
from filterlab.gui.explain.linking import Linking
from filterlab.gui.explain.painting import Fonts
from filterlab.gui.explain.player import Player
from filterlab.gui.explain.tools import LEVELS, Tools
from filterlab.gui.explain.walk import Chain, Walk
from filterlab.gui.panels.regions import RegionPanel
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import problem_words

LEVEL = "explain/level"  # in the settings: the level that the person chose last
MOST_COPIED = 1000  # terms in the text that is copied
PAUSE = 15  # milliseconds; the cursor passes over many values on its way
Builder = Callable[[Answer, Looks, Paper, int], Sheet]
BUILDERS: dict[str, Builder] = {"overview": overview_sheet, "unit": unit_sheet, "window": window_sheet}


class ExplainPanel(QWidget):
    """Explains the value under the cursor where it lies on the map of the pinned one, or else the pinned value.

    Without a pin it explains the value under the cursor. wanted: the panel was asked for by a command and should come
    to the front.
    """

    wanted = Signal()

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.level = self._kept_level()
        self.answer: Answer | None = None
        self.walk, self.chain = Walk(), Chain()
        self._chosen = 0
        self._hovering: Spot | None = None  # the value shown while the cursor is on a small map
        # The document has changed since the answer: the sheet stays until the next one, but is not laid out anew.
        self._outdated = False
        # The level and the map that were last scrolled to.
        self._revealed: tuple[object, ...] = ()
        self.inquiry = Inquiry(bench, self)
        self.player = Player(bench, self)
        self.regions = RegionPanel(bench)
        self.effective = EffectiveField(bench, self)
        self.linking = Linking(bench, self.inquiry, self)
        self.comparing = CompareDialog(bench, self.inquiry, self)
        self.crumbs = Crumbs()
        self.sheets = SheetView(bench.theme)
        self.canvas = self.sheets.canvas
        self.hint = QLabel(wordWrap=True)
        self.status = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.tools = Tools(self, bench)
        self.exporting = Exporting(self, self, bench)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.refresh)
        self._lay_out()
        self._connect()
        self.show_level(self.level)

    # -- building -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.hint.setProperty("role", "dim")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        # Otherwise a long name would keep the panel from being made narrower.
        self.hint.setMinimumWidth(1)
        self.status.setProperty("role", "dim")
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.crumbs)
        column.addWidget(self.sheets, 1)
        column.addWidget(self.status)
        self._stack = QStackedWidget()
        for widget in (self.hint, self._content, self.regions):
            self._stack.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 6, 12, 4)
        outer.setSpacing(4)
        outer.addWidget(self.tools)
        outer.addWidget(self._stack, 1)

    def _connect(self) -> None:
        bench = self._bench
        bench.selection.pin_changed.connect(self._pinned)
        bench.selection.hover_changed.connect(self._wait)
        for signal in (bench.results.surveyed, bench.results.map_ready, bench.results.staleness_changed):
            signal.connect(self._wait)
        bench.results.busy_changed.connect(self._wait)
        bench.results.tiles.refined.connect(self._refined)
        bench.view.changed.connect(self._build)
        bench.theme.changed.connect(self._build)
        bench.document.changed.connect(self._follow_document)
        self.inquiry.answered.connect(self._take)
        # A sheet is laid out for one size: digits and columns are chosen to fit into it.
        self.sheets.resized.connect(self._build)
        self.canvas.activated.connect(self._activate)
        self.canvas.pointed.connect(self._point)
        self.crumbs.chosen.connect(self._go)

    def _kept_level(self) -> str:
        level = str(self._bench.settings.value(LEVEL, "window"))
        return level if level in LEVELS else "window"

    # -- what is explained ----------------------------------------------------------------------------

    @property
    def spot(self) -> Spot | None:
        """The value that is explained."""
        pin, hover = self._bench.selection.pin, self._bench.selection.hover
        if pin is not None and hover is not None and hover.node == pin.node:
            return hover
        return pin or hover

    def _exists(self, spot: Spot) -> bool:
        """Return whether the value exists. Layers that no longer fit keep their last maps, which do not count."""
        shown, problem = self._bench.results.maps.get(spot.node), self._bench.results.problem(spot.node)
        return shown is not None and problem is None and shown.view.holds(*spot[1:])

    def refresh(self) -> None:
        """Ask the engine about the value again."""
        self._timer.stop()
        spot = self.spot
        shown = self._bench.results.maps.get(spot.node) if spot is not None else None
        if self.level == "regions":
            self._stack.setCurrentWidget(self.regions)
        elif spot is None or not self._exists(spot):
            self.inquiry.drop()
            self.answer = None
            self.chain.clear()
            self.hint.setText(self._hint(spot))
            self._stack.setCurrentWidget(self.hint)
        # A stale map is waited for: `staleness_changed` calls again once the new one is there.
        elif shown is not None and not shown.stale:
            self.inquiry.ask(spot, partials=self.level == "unit")
        self._bench.commands.refresh()

    def _hint(self, spot: Spot | None) -> str:
        if self._bench.document.picture is None:
            return tr("Open a picture, then click a value in any map to see where it comes from.")
        if spot is None:
            return tr("Click a value in any map to see where it comes from.")
        problem = self._bench.results.problem(spot.node)
        if problem is not None:
            return tr("{node} has no values now: {why}", node=spot.node, why=problem_words(problem))
        return tr("{node} has no such value now; click another one.", node=spot.node)

    def _take(self, answer: Answer) -> None:
        # The cursor has moved on, and the answer about the new value is on its way.
        if answer.spot != self.spot or self.level == "regions":
            return
        before = self.answer
        # Another map has other channels, so the chosen one means nothing there.
        if before is None or before.spot[:2] != answer.spot[:2]:
            self._chosen = 0
        self.answer, self._outdated = answer, False
        self.chain.show(answer.path)
        self._build()
        # From now on there is something to copy and to go down to, and their commands become enabled.
        if before is None:
            self._bench.commands.refresh()

    def _build(self, *_: object) -> None:
        """Lay the sheet out again."""
        answer = self.answer
        # With the layers and fields of another pipeline, under the same names, an old answer would make no sense.
        if answer is None or self._outdated or self.level not in BUILDERS:
            return
        looks, build = self._looks(), BUILDERS[self.level]
        self._stack.setCurrentWidget(self._content)
        self.crumbs.show_chain(self.chain, looks.vectors)
        for layout in (self._stack.layout(), self._content.layout()):
            assert layout is not None, "both were laid out"
            layout.activate()  # only now is the room for the sheet known
        paper = self.paper()
        page = build(answer, looks, paper, self._chosen)
        # Only now is it known whether the page scrolls, so that it may have to be laid out twice.
        if page.size[1] > paper.height + 4:  # it scrolls: the bar must not lie over it
            paper = replace(paper, width=paper.width - self.sheets.bar_width())
            page = build(answer, looks, paper, self._chosen)
        self.canvas.show_sheet(page, paper)
        if self.canvas.lit is None:
            self._tell(None)
        self._reveal(answer.spot)

    def _reveal(self, spot: Spot) -> None:
        """Scroll to the pinned map among many others, when it or the level has changed."""
        shown = self.level, spot.node, spot.channel
        # Never for the cursor, under which nothing may move away, and once for a pin, so that the person can scroll on.
        if spot != self._bench.selection.pin or shown == self._revealed:
            return
        self._revealed = shown
        own = next(
            (item for item in self.canvas.sheet.items if item.wins and item.key[:1] == ("output",)), None
        )
        if own is not None:
            self.sheets.reveal(own.rect)

    def paper(self) -> Paper:
        """The room, colours and letters for sheets."""
        room = self.sheets.room()
        fonts = Fonts(self.font())
        measures = fonts.size, fonts.height, fonts.width
        return Paper(room.width() - 6, room.height() - 4, self._bench.theme.colors, *measures)

    def _looks(self) -> Looks:
        bench = self._bench
        views = {name: shown.view for name, shown in bench.results.maps.items()}
        work, fields, pin = bench.document.work, bench.results.fields, bench.selection.pin
        tones = bench.tones()
        signed = tones.colormap("", signed=True)
        # As on the wall: a value must have the same colour in both places.
        return Looks(views, signed, work.pipeline, fields, pin, tr, lambda *map_: tones.tone(*map_)[:2])

    # -- following ------------------------------------------------------------------------------------

    def _wait(self, *_: object) -> None:
        # A timer that runs is not started anew: while the cursor moves on, the panel follows in steps of the pause.
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _refined(self, *_: object) -> None:
        # The answer stays; the small maps and the values below them have more to show.
        if self.isVisible() and self.answer is not None:
            self._build()

    def _pinned(self) -> None:
        pin = self._bench.selection.pin
        if pin is not None:
            self.walk.pin(pin)
        self._wait()

    def _follow_document(self, old: Work, new: Work) -> None:
        # Saving under another name replaces the work as well, but nothing that is explained.
        if old.pipeline is new.pipeline and old.picture is new.picture:
            return
        self._outdated = True
        self.walk.leave_out(lambda spot: spot.node == IMAGE or spot.node in new.pipeline)
        self.chain.clear()
        self._wait()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Changes that were made while the panel was hidden are shown now."""
        super().showEvent(event)
        self.refresh()

    # -- navigating ----------------------------------------------------------------------------------

    def show_level(self, level: str) -> None:
        """Show "overview", "unit", "window" or "regions"."""
        self.level = level
        self.tools.show_level(level)
        self._build()
        self.refresh()

    def call_level(self, level: str) -> None:
        """Show a level, bring the panel to the front and give it the keyboard focus."""
        self._choose(level)
        self.wanted.emit()
        target = self.regions.table if level == "regions" else self.canvas
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def turn_level(self, level: str) -> None:
        """Show the level whose button was pressed."""
        if level in LEVELS and level != self.level:
            self._choose(level)

    def _choose(self, level: str) -> None:
        """Remember a level that the person chose for the next start. A lesson's choice is not remembered."""
        self._bench.settings.setValue(LEVEL, level)
        self.show_level(level)

    def follow(self, spot: Spot) -> None:
        """Follow a link: pin the value that it leads to."""
        self.chain.follow()
        self._go(spot)

    def _go(self, spot: Spot) -> None:
        # Otherwise the next tick would carry the pin away from where the link has led.
        self.player.pause()
        if not self._has(spot.node):
            return
        self._bench.selection.set_pin(spot)
        self.refresh()

    def _has(self, node: str) -> bool:
        """Return whether a node still exists: what is shown may be older than the pipeline."""
        return node == IMAGE or node in self._bench.document.pipeline

    def can_go(self, steps: int) -> bool:
        """Return whether there is a value to go back or forward to."""
        return self.walk.can_go(steps)

    def go(self, steps: int) -> None:
        """Go back or forward between pinned values."""
        spot = self.walk.go(steps)
        if spot is not None:
            self._go(spot)

    def down(self) -> None:
        """Go one layer down: to the winner, or to the cell that adds most."""
        answer = self.answer
        heaviest = answer.path[0].heaviest if answer is not None and answer.path else None
        if heaviest is not None:
            self.follow(Spot(*heaviest[:4]))

    def _activate(self, item: Item) -> None:
        if item.pick is not None:
            self._chosen = item.pick
            self._build()
        elif item.go is not None:
            self.follow(item.go)

    def _point(self, item: Item | None) -> None:
        """Mark all cells that a weight touches; in the overview, look at another map of the node."""
        touch = self._touch(item) if item is not None else None
        self._bench.overlays.set_touch(touch)
        over = (
            item.go if item is not None and self.level == "overview" and item.key[:1] == ("output",) else None
        )
        if over is not None and not self._has(over.node):
            over = None
        # The hover is cleared only if it is still the one set here, and not that of the cursor on the wall.
        if over is not None or self._bench.selection.hover == self._hovering:
            self._bench.selection.set_hover(over)
        self._hovering = over
        self._tell(item, touches=touch is not None)

    def _tell(self, item: Item | None, *, touches: bool = False) -> None:
        """Describe an item in all digits. Without an item, say what can be done at this level.

        touches: whether the cells that its weight meets are coloured on the wall.
        """
        pixel = self.answer is not None and self.answer.spot.node == IMAGE
        text = item.description if item is not None else _advice(self.level, pixel=pixel)
        if touches:
            text += " · " + tr("coloured above: the cells that this weight meets")
        self.status.setText(
            self.status.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.status.width())
        )

    def _touch(self, item: Item) -> TouchOverlay | None:
        answer, fields = self.answer, self._bench.results.fields
        if answer is None or item.term is None or fields is None or answer.spot.node == IMAGE:
            return None
        if self._outdated:
            return None
        spot, term = answer.spot, item.term
        if not self._has(spot.node) or spot.node not in fields.sizes:
            return None
        layer = self._bench.document.pipeline[spot.node]
        lattice = touched(layer, term, (spot.row, spot.col), fields.sizes[spot.node])
        if lattice is None:
            return None
        # The hue depends on the place within the group; it must be that of the cell under the cursor.
        group = next(g for g in answer.account.groups if term in g.terms)
        hue = hue_of(group.terms.index(term), len(group.terms), self._bench.theme.colors)
        color = hue or self._bench.theme.colors.accent
        return TouchOverlay(term.where.node, term.where.channel, lattice, QColor(color))

    # -- words ----------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Copy the explanation as text."""
        if self.level == "regions":
            self.regions.copy()
        else:
            QGuiApplication.clipboard().setText(self.text())

    def text(self) -> str:
        """The text that `filterlab explain` prints about the value: all digits, and of very many terms the largest."""
        if self.answer is None:
            return ""
        # Loaded when something is copied for the first time, to keep the start of the window short.
        from filterlab.explain.drawing.outline import outline

        return "\n".join(outline(self.answer.account.explanation, MOST_COPIED))


def _advice(level: str, *, pixel: bool) -> str:
    """A sentence about what can be done at a level. pixel: whether it shows a pixel of the picture itself."""
    if pixel:
        return tr("This is a pixel of the picture: no layer lies before it.")
    keys = tr("By keyboard: arrows and Enter.")
    if level == "overview":
        return f"{tr('Point to a map to see what it reads; click a map to go there.')} {keys}"
    return f"{tr('Click a number or a map to go one layer down.')} {keys}"
