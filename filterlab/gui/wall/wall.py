"""The wall of feature maps: the view with its scroll bars, and how it follows the workbench."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QCursor, QFont, QGuiApplication, QImage
from PySide6.QtWidgets import QGridLayout, QScrollBar, QWidget

from filterlab.gui.bench.viewstate import Look
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.look.pixels import image_of
from filterlab.gui.painting import painting
from filterlab.gui.panels.values import value_text
from filterlab.gui.wall.actions import Actions
from filterlab.gui.wall.content import shown_nodes
from filterlab.gui.wall.footer import Footer
from filterlab.gui.wall.gestures import Gestures
from filterlab.gui.wall.keys import Keys
from filterlab.gui.wall.legend.hands import LegendHands
from filterlab.gui.wall.menu import WallMenu
from filterlab.gui.wall.view import WallView
from filterlab.gui.words.i18n import tr
from filterlab.images.views import ViewCrop

# Milliseconds without scrolling before the engine learns what is on the screen: each change of that may restart an
# evaluation, and what is passed on the way to somewhere else is not worth one.
WANT_DELAY = 80
# Milliseconds until a map that has come is painted, or sooner where all have come: a screen shows no more pictures than
# one in this time, and painting each map by itself would keep the evaluation of the next from the processor.
FRAME = 16
UNSEEN_DELAY = 200  # milliseconds until the wall makes room for maps that came for columns beside the screen


class Wall(QWidget):
    """Every layer's maps side by side.

    save_requested(list of (node, channel)): the person wants to save these maps; channel None stands for all
    channels as one picture in colours. side_chosen(node, channel, second): a map is to be compared with another, as the
    first or as the second of both.
    """

    save_requested = Signal(list)
    side_chosen = Signal(str, object, bool)

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.view = WallView(bench, self)
        # Without what is open for a moment only, and takes room from it.
        self.whole: Callable[[], QSize] = self.size
        self.view.room = self._room
        self.view.setAccessibleName(tr("Feature maps"))
        self._bars = QScrollBar(Qt.Orientation.Horizontal), QScrollBar(Qt.Orientation.Vertical)
        self._footer = Footer(self._bars[0], self)
        self._lay_out()
        self.gestures, self.keys = Gestures(self.view), Keys(self.view)
        # With an underscore, because QWidget has a method of the name `actions`.
        self.actions_ = Actions(self.view, self.gestures, self.keys)
        # After the gestures: the filter that was installed last is asked first.
        self.legends = LegendHands(self.view)
        self._add_copying()
        # One edit changes document, results and selection, and each says so: the wall is read anew once, when
        # control is back in the event loop, and then finds all of them in the same state.
        self._dirty = QTimer(self, singleShot=True)
        self._dirty.timeout.connect(self.refresh)
        # The maps of a deep network come by the hundred, and few of them are on the screen.
        self._unseen = QTimer(self, singleShot=True, interval=UNSEEN_DELAY)
        self._unseen.timeout.connect(self.refresh)
        self._want = QTimer(self, singleShot=True, interval=WANT_DELAY)
        self._want.timeout.connect(self._want_visible)
        # What the engine was asked for last: all columns, and those on the screen.
        self._wanted: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        self._opened, self._begins = bench.document.opened, True
        self._connect()
        self.setFocusProxy(self.view)
        self.setAcceptDrops(False)
        self.refresh()

    def _lay_out(self) -> None:
        for bar in self._bars:
            bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the wall's keys scroll
            bar.hide()
            bar.valueChanged.connect(self._bar_moved)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.view, 0, 0)
        grid.addWidget(self._bars[1], 0, 1)
        grid.addWidget(self._footer, 1, 0)

    def _add_copying(self) -> None:
        self.bench.commands.add(
            "view.copy_wall",
            tr("Copy the wall as picture"),
            self.copy_wall,
            menu=tr("&View"),
            shortcut="Ctrl+Shift+C",
            enabled=lambda: bool(self.view.content.strips),
        )
        self.bench.commands.add(
            "view.copy_map",
            tr("Copy the selected map as picture"),
            self._copy_selected,
            menu=tr("&View"),
            enabled=lambda: self.selected_map() is not None,
        )

    def _connect(self) -> None:
        bench, later = self.bench, self._later
        bench.document.changed.connect(self._document_changed)
        for signal in (
            bench.results.surveyed,
            bench.results.failed,
            bench.results.staleness_changed,
            bench.results.busy_changed,
            bench.results.parts_ready,
        ):
            signal.connect(later)
        bench.results.seen = self._seen
        bench.results.map_ready.connect(self._map_ready)
        bench.results.tiles.refined.connect(self._refined)
        bench.theme.changed.connect(later)
        bench.view.changed.connect(self._look_changed)
        bench.folds.changed.connect(self._fold)
        bench.selection.node_changed.connect(self._node_changed)
        bench.selection.pin_changed.connect(self._pin_changed)
        bench.selection.hover_changed.connect(self.view.update_boxes)
        self.view.arranged.connect(self._arranged)
        self.gestures.opened.connect(self.actions_.open_single)
        self.gestures.stepped.connect(self.keys.step_channel)
        self.keys.opened.connect(self.actions_.open_single)
        self._footer.hidden.clicked.connect(self.actions_.show_all)

    # -- following ------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read everything from the workbench anew and show it."""
        # What the timers waited to do is done by this call.
        self._dirty.stop()
        self._unseen.stop()
        self._begins = False
        self.view.refresh()
        self._footer.show_state(self.view.content.hidden)
        self._describe()
        self.bench.commands.refresh()

    def _later(self, *_: object) -> None:
        self._dirty.start(0)

    def _map_ready(self, name: str) -> None:
        on_screen = any(column.node == name for column in self.view.columns_on_screen())
        # Not started anew: they must come to their end, however many maps come.
        if on_screen and not self._dirty.isActive():
            self._dirty.start(FRAME)
        elif not (on_screen or self._unseen.isActive()):
            self._unseen.start()

    def _refined(self, names: frozenset[str]) -> None:
        self.view.recolor(names)
        pin = self.bench.selection.pin
        if pin is not None and pin.node in names:
            self._describe()

    def _document_changed(self, *_: object) -> None:
        if self.bench.document.opened != self._opened:
            self._opened, self._begins = self.bench.document.opened, True
            # Before the evaluation begins: it need not make the maps that folded blocks hide.
            self.bench.results.want(shown_nodes(self.bench))
        self._later()

    def _fold(self) -> None:
        # At once, as the list does: what is selected next may have just come out of its block.
        if not self._dirty.isActive():
            self.refresh()

    def _look_changed(self, old: Look, new: Look) -> None:
        # The sheets of two modes have nothing in common, so that a place in one means nothing in the other.
        if old.mode != new.mode:
            self.view.follow_anew("" if self._begins else self.bench.selection.node)
        self.refresh()

    def _node_changed(self, _node: str) -> None:
        if self._dirty.isActive():
            # The node may be new, with its column only to be made by the refresh that is waiting: `follow`
            # remembers it until then.
            self._follow_selected()
            return
        self.view.refresh()
        self._follow_selected()
        self.bench.commands.refresh()

    def _follow_selected(self) -> None:
        # What was just opened is shown from the picture on, whichever layer it selects.
        if self._begins:
            self.view.scroll_to(0, 0)
        else:
            self.view.follow(self.bench.selection.node)

    def _room(self) -> QSize:
        """The room beside the scroll bars, even while there are none.

        Else tiles that just fit without a bar would bring one, shrink, take it away, and grow again.
        """
        across, down = (bar.sizeHint() for bar in self._bars)
        return self.whole() - QSize(down.width(), across.height())

    def make_room(self) -> None:
        """Let the tiles fill the wall, and show the selected column."""
        self.bench.view.set(tile=0)
        self.view.follow(self.bench.selection.node)

    def _pin_changed(self) -> None:
        self._show_pinned()
        self.view.update_boxes()
        self._describe()

    def _show_pinned(self) -> None:
        """In "single" mode, show the map of a pin that was set elsewhere (by a link, a lesson).

        Side by side nothing is scrolled for it: a click in another panel must not move the maps under one's eyes.
        """
        pin = self.bench.selection.pin
        strip = self.view.content.strips.get(pin.node) if pin is not None else None
        if pin is None or strip is None or self.bench.view.look.mode != "single":
            return
        entry, shown = strip.entry(pin.channel), self.view.entries.get(pin.node, 0)
        # The composite tile shows all channels, and so the pin already.
        if entry != shown and not (strip.composite and shown == 0):
            self.view.entries[pin.node] = entry
            self.view.refresh()

    def keep_pin_in_sight(self) -> None:
        """Scroll to the pinned map if it is out of sight, as where a panel was opened over it."""
        pin = self.bench.selection.pin
        strip = self.view.content.strips.get(pin.node) if pin is not None else None
        if pin is None or strip is None:
            return
        # The tile that was clicked may be the composite one, which shows all channels.
        clicked = self.view.hit(QPointF(self.view.mapFromGlobal(QCursor.pos())))
        here = clicked is not None and clicked.strip is strip and clicked.entry is not None
        self.view.reveal(
            pin.node, clicked.entry if clicked is not None and here else strip.entry(pin.channel)
        )

    def _describe(self) -> None:
        """Describe the pinned value in words, for screen readers."""
        pin, text = self.bench.selection.pin, tr("Nothing is pinned")
        value = value_text(self.bench.results, pin) if pin is not None else None
        if pin is not None and value is not None:
            text = tr(
                "{node}, channel {channel}, row {row}, column {col}: {value}",
                node=pin.node,
                channel=pin.channel,
                row=pin.row,
                col=pin.col,
                value=value,
            )
        self.view.setAccessibleDescription(text)

    # -- scroll bars and what is wanted ---------------------------------------------------------------

    def _arranged(self) -> None:
        rooms = self.view.width(), max(self.view.height() - self.view.head, 1)
        offset = self.view.offset.x(), self.view.offset.y()
        for bar, most, room, value in zip(self._bars, self.view.scroll_range(), rooms, offset, strict=True):
            bar.blockSignals(True)  # the view has scrolled already; the bar only follows it
            bar.setRange(0, most)
            bar.setPageStep(room)
            bar.setSingleStep(40)
            bar.setValue(value)
            bar.blockSignals(False)
            bar.setVisible(most > 0)
        self._want.start()  # starts anew, so that it waits until scrolling has ended

    def _bar_moved(self) -> None:
        self.view.scroll_to(self._bars[0].value(), self._bars[1].value())

    def _seen(self) -> dict[str, ViewCrop]:
        """The part of each map that its tiles show, for the columns in view, in cells of the map."""
        found = {}
        for column in self.view.columns_on_screen():
            place = self.view.content.strips[column.node].place
            if column.kind == "maps" and place is not None:
                found[column.node] = self.view.lens(column.entry).crop(place, 0, 0, *column.entry)
        return found

    def _want_visible(self) -> None:
        if self.bench.document.picture is None:
            return
        shown = tuple(self.view.content.strips)
        wanted = shown, tuple(column.node for column in self.view.columns_on_screen())
        # Every arrangement ends here, and asking for the same maps once more could restart their evaluation.
        if wanted != self._wanted:
            self._wanted = wanted
            self.bench.results.want(*wanted)
            self._later()

    # -- pictures -------------------------------------------------------------------------------------

    def grab_wall(self, scale: float | None = None) -> QImage:
        """The wall as it is on the screen, at `scale` image pixels per logical pixel; None: at the screen's own."""
        # The timer may be waiting still; the picture must show the present state.
        self.refresh()
        return _pictured(self.view, self.view.devicePixelRatioF() if scale is None else scale)

    def map_image(self, node: str, channel: int | None) -> QImage:
        """A whole map with one pixel per cell, in the colours and range in which the wall shows it.

        channel: None for all channels as one picture in colours.
        """
        strip = self.view.content.strips[node]
        assert strip.view is not None and not strip.view.is_vector, f"{node} has no map"  # noqa: PT018
        # Of a map that is larger than memory, as much as its preview has.
        height, width = strip.view.counted.shape[1:]
        tone, mean = strip.tone_at(strip.entry(channel)), channel is None and strip.mean
        crop = ViewCrop(0, 0, *strip.view.size)
        pixels = strip.view.colored(channel, crop, height, width, tone.scale, tone.colormap, mean=mean)
        return image_of(pixels)

    def copy_wall(self) -> None:
        """Put the wall on the clipboard."""
        QGuiApplication.clipboard().setImage(self.grab_wall())
        self.bench.messages.note(tr("The wall was copied"))

    def copy_map(self, node: str, channel: int | None) -> None:
        """Put one map on the clipboard."""
        QGuiApplication.clipboard().setImage(self.map_image(node, channel))
        self.bench.messages.note(tr("A map of {node} was copied", node=node))

    def selected_map(self) -> tuple[str, int | None] | None:
        """The pinned map; else the one that "single" shows, or the first one of the selected column."""
        found, strip = self.keys.pinned(), self.view.single_strip()
        if found is not None and found[1].kind == "maps":
            return found[0].node, found[0].channel
        if strip is None or strip.kind != "maps":
            return None
        return strip.node, strip.channel(self.view.entries.get(strip.node, 0))

    def _copy_selected(self) -> None:
        selected = self.selected_map()
        if selected is not None:
            self.copy_map(*selected)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        at = QPointF(self.view.mapFromGlobal(event.globalPos()))
        found = self.keys.pinned()
        # For the menu key Qt gives the middle of the widget as the place; the pinned value is what was meant.
        if event.reason() == QContextMenuEvent.Reason.Keyboard and found is not None:
            at = self.view.point_of(found[0])
        menu = self.menu_at(at)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.mapToGlobal(at.toPoint()))

    def menu_at(self, at: QPointF) -> WallMenu:
        """The context menu for a point of the view."""
        self.bench.commands.refresh()
        return WallMenu(
            self,
            self.actions_,
            self.view.hit(at),
            self.view.spot_at(at),
            commands=self.bench.commands,
            selection=self.bench.selection,
            copy=self.copy_map,
            save=self.save_requested.emit,
            choose=self.side_chosen.emit,
        )


def _pictured(view: WallView, scale: float) -> QImage:
    """The wall as it is on the screen, at `scale` image pixels per logical pixel."""
    # Without an alpha channel: the ground of the wall is opaque.
    image = QImage(round(view.width() * scale), round(view.height() * scale), QImage.Format.Format_RGB32)
    image.fill(QColor(view.bench.theme.colors.wall))
    with painting(image) as painter:
        painter.setFont(QFont(view.font()))
        view.render(painter, QRectF(image.rect()), view.viewport().rect())
    return image
