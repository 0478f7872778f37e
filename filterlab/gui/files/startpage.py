"""The start page, shown until there are a picture and a pipeline: two clicks lead to an edge map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QWidget

from filterlab.gui.bench.document import Document
from filterlab.gui.bench.work import Picture
from filterlab.gui.commands import Commands
from filterlab.gui.files.dropzone import DropZone
from filterlab.gui.files.files import Files
from filterlab.gui.files.gallery import Gallery, fit_galleries
from filterlab.gui.files.showcase import example_exhibits, sample_exhibits
from filterlab.gui.files.steps import Steps
from filterlab.gui.look import layouts
from filterlab.gui.look.theme import Theme
from filterlab.gui.words.i18n import tr

_MOST_RECENT = 6


class StartPage(QScrollArea):
    """Asks for what is missing: a picture, then a pipeline. needed_changed(bool): whether anything is still missing.

    A picture is enough for a person who chooses to build the layers by hand.
    """

    needed_changed = Signal(bool)

    def __init__(self, *, document: Document, commands: Commands, theme: Theme, files: Files) -> None:
        super().__init__(widgetResizable=True)
        self._document, self._commands, self._files = document, commands, files
        self._by_hand = False  # whether the person builds the layers by hand
        self._needed = True
        self.setAccessibleName(tr("Start page"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # until `_fit` knows
        self._room = QSize()
        self._unsettled = QTimer(self, singleShot=True, interval=0)
        self._unsettled.timeout.connect(self._settle)
        self._lay_out(theme)
        document.changed.connect(self._follow)
        files.recent.changed.connect(self._show_recent)
        files.thumbnails.picture_ready.connect(self._take_picture)
        self._follow()
        self._show_recent()

    @property
    def needed(self) -> bool:
        """Whether anything is missing, so that this page is to be shown."""
        return self._needed

    # -- building -------------------------------------------------------------------------------------

    def _lay_out(self, theme: Theme) -> None:
        page = QWidget()
        self.steps = Steps(theme)
        self.zone = DropZone(theme=theme, opening=self._files.opening)
        buttons = self._zone_buttons()
        self.samples = Gallery(self._files.thumbnails, sample_exhibits(), tr("Sample pictures"), fit=True)
        self.examples = Gallery(self._files.thumbnails, example_exhibits(), tr("Example pipelines"), fit=True)
        self.samples.chosen.connect(self._files.open_exhibit)
        self.examples.chosen.connect(self._files.open_exhibit)
        self._sample_section = _section(tr("Or begin with a sample picture"), self.samples)
        self._example_section = _section(tr("Or choose what the layers are to do"), self.examples)
        self._recent_section = _section(tr("Opened recently"), self._recent_holder())
        sections = (self._sample_section, self._example_section, self._recent_section)
        self._sections = layouts.column(None, *sections, spacing=12)
        self._layout = layouts.column(
            *(page, self.steps, self.zone, buttons, self._sections, None),
            margins=(24, 18, 24, 18),
            spacing=12,
        )
        self.setWidget(page)

    def _zone_buttons(self) -> QWidget:
        holder = QWidget()
        self.edges_button = self._button(
            tr("Show its edges"),
            self._open_edges,
            tr("Apply two Sobel kernels to the picture and merge the results"),
        )
        self.open_button = self._button(tr("Open a picture…"), self._files.ask_open, tr("Choose a file"))
        self.paste_button = self._button(tr("Paste"), self._files.paste, tr("Open what is on the clipboard"))
        self.lessons_button = self._button(
            tr("Lessons"),
            lambda: self._commands.action("help.lessons").trigger(),
            tr("Learn step by step what convolution does"),
        )
        self.empty_button = self._button(
            tr("Build the layers myself"),
            self._build_by_hand,
            tr("Close this page and start with an empty pipeline"),
        )
        self.edges_button.setProperty("role", "primary")
        buttons = (
            self.edges_button,
            self.open_button,
            self.paste_button,
            self.lessons_button,
            self.empty_button,
        )
        layouts.row(holder, None, *buttons, None, margins=(0, 0, 0, 0))
        return holder

    @staticmethod
    def _button(text: str, run: Callable[[], object], tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAccessibleDescription(tip)
        button.clicked.connect(lambda: run())
        return button

    def _recent_holder(self) -> QWidget:
        holder = QFrame()
        self._recent_rows = layouts.column(holder, margins=(0, 0, 0, 0), spacing=2)
        self._recent_buttons: list[QPushButton] = []
        return holder

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let the thumbnails take the room that there is."""
        super().resizeEvent(event)
        # At once, so that they are not drawn twice; not where only a scroll bar comes or goes.
        if self.size() != self._room:
            self._room = self.size()
            self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Also when something on the page appears, or becomes taller."""
        handled = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self._unsettled.start()  # nested layouts know their new heights only when they have been laid out
        return handled

    def _settle(self) -> None:
        self._fit()
        # At once, or the page would be painted once with new thumbnails in the old places.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def _fit(self) -> None:
        galleries, layout = (self.samples, self.examples), self._layout
        margins = layout.contentsMargins()
        width = self.width() - 2 * self.frameWidth()
        tall = (
            layout.totalHeightForWidth(width)
            if layout.hasHeightForWidth()
            else layout.totalSizeHint().height()
        )
        others = tall - sum(gallery.minimumHeight() for gallery in galleries)
        room = QSize(width - margins.left() - margins.right(), self.height() - 2 * self.frameWidth() - others)
        fits = fit_galleries(galleries, room)
        # Never left to Qt: a scroll bar narrows the rows, which makes the galleries taller, but only when they have
        # been laid out. Meanwhile the bar would stay, or come and go for ever.
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        self.setVerticalScrollBarPolicy(policy)

    # -- following ------------------------------------------------------------------------------------

    def _follow(self, *_: object) -> None:
        document = self._document
        picture, layers = document.picture is not None, len(document.pipeline) > 0
        if not picture and not layers:
            self._by_hand = False  # everything was closed: ask anew
        if picture and document.work.bare:
            self._set_needed(False)  # and nothing here takes the keyboard
            return
        needed = not picture or not (layers or self._by_hand)
        if needed:  # each edit of a pipeline comes by here, and scaling its picture again takes milliseconds
            self.steps.show_state(picture, layers)
            self._show_zone(picture, layers)
            # The next step comes first: pictures until there is one, then examples.
            self._sections.removeWidget(self._example_section)
            self._sections.insertWidget(0 if picture else 1, self._example_section)
        self._set_needed(needed)

    def _set_needed(self, needed: bool) -> None:
        if needed != self._needed:
            self._needed = needed
            self.needed_changed.emit(needed)

    def _show_zone(self, picture: bool, layers: bool) -> None:
        shown = self._document.picture
        comes = picture and not layers and (self.edges_button.isHidden() or not self._needed)
        self.edges_button.setVisible(picture and not layers)
        if comes:
            self.edges_button.setFocus()  # so that Enter leads on; otherwise it would ask for another picture
        self.empty_button.setVisible(picture and not layers)
        self.paste_button.setVisible(not picture)
        self.lessons_button.setVisible(not picture)
        self.open_button.setText(tr("Another picture…") if picture else tr("Open a picture…"))
        if shown is None:
            self.zone.show_words(
                tr("Drop a picture here"), tr("or a pipeline, or a kernel; pasting with Ctrl+V works too")
            )
        else:
            self.zone.show_words(shown.name, tr("What should be done with it?"))
            self._files.thumbnails.get_picture(shown)

    def _take_picture(self, picture: Picture, image: QImage) -> None:
        if picture is self._document.picture:  # another one may have been opened meanwhile
            self.zone.show_image(image)

    def _open_edges(self) -> None:
        self._files.open_exhibit(self.examples.exhibits[0])

    def _build_by_hand(self) -> None:
        self._by_hand = True
        self._follow()

    # -- recent files ---------------------------------------------------------------------------------

    def _show_recent(self) -> None:
        for button in self._recent_buttons:
            button.deleteLater()
        paths = [p for p in self._files.recent.paths if p not in self._files.recent.missing][:_MOST_RECENT]
        self._recent_buttons = [self._recent_button(path) for path in paths]
        for button in self._recent_buttons:
            self._recent_rows.addWidget(button)
        self._recent_section.setVisible(bool(paths))

    def _recent_button(self, path: Path) -> QPushButton:
        button = QPushButton(f"{path.name}   —   {path.parent}")
        button.setFlat(True)
        button.setToolTip(str(path))
        button.setAccessibleName(tr("Open {name}", name=path.name))
        button.clicked.connect(lambda: self._files.open_paths([path]))
        return button


def _section(title: str, content: QWidget) -> QWidget:
    section = QWidget()
    heading = layouts.label("heading", title)
    heading.setBuddy(content)
    layouts.column(section, heading, content, margins=(0, 0, 0, 0), spacing=4)
    return section
