"""The pipeline panel: the graph of layers as a list of cards, with the ledger, errors and edits."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from filterlab.gui.bench.work import Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.chain.actions import ChainActions
from filterlab.gui.chain.cards import total_words
from filterlab.gui.chain.copying import Copying
from filterlab.gui.chain.delegate import CardDelegate
from filterlab.gui.chain.edits import ChainEdits
from filterlab.gui.chain.large.looking import LargeGraph
from filterlab.gui.chain.leftout import LeftOutRow
from filterlab.gui.chain.mending import MendingNote
from filterlab.gui.chain.model import ChainModel
from filterlab.gui.chain.recording import Recording
from filterlab.gui.chain.view import ChainView
from filterlab.gui.look import layouts
from filterlab.gui.look.toolrow import ToolRow
from filterlab.gui.words.i18n import tr

_CONTEXT = (
    ("add", "branch", "merge"),
    ("inputs", "rename", "duplicate", "toggle", "hide"),
    ("move_up", "move_down"),
    ("merge_next", "merge_branches", "split"),
    ("copy_python", "copy_pytorch", "copy_onnx", "copy_command"),
    ("remove",),
)


class ChainPanel(QWidget):
    """Cards of the picture and of all nodes; everything that is done here is a command `layer.*`."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.setAccessibleName(tr("Pipeline"))
        document, selection, commands = bench.document, bench.selection, bench.commands
        self.edits = ChainEdits(
            document=document, selection=selection, view=bench.view, messages=bench.messages, parent=self
        )
        self.model = ChainModel(
            document=document, results=bench.results, view=bench.view, folds=bench.folds, parent=self
        )
        delegate = CardDelegate(bench.theme, self.edits.name_error, self.edits.rename)
        self.view = ChainView(self.model, delegate, bench.theme)
        self.commands = ChainActions(
            self.edits,
            self.view,
            self,
            document=document,
            selection=selection,
            commands=commands,
            theme=bench.theme,
            folds=bench.folds,
        )
        self._copying = Copying(bench, self)
        self._recording = Recording(bench, self)
        self.note = MendingNote(bench)
        self.left_out = LeftOutRow(document)
        self.large = LargeGraph(bench, self.model, self.view, self)
        self.totals = QLabel(wordWrap=True)
        self.totals.setProperty("role", "fine")
        self._lay_out()
        self._connect()
        self._follow_selection(bench.selection.node)
        self._show_totals()

    # -- building -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(8)
        column.addLayout(layouts.row(None, self._heading(), None, self.large.tools, margins=(0, 0, 0, 0)))
        column.addWidget(self.large.find_bar)
        graph = layouts.row(None, (self.view, 1), self.large.birds_eye, margins=(0, 0, 0, 0), spacing=0)
        column.addLayout(graph, 1)
        column.addWidget(self.note)  # below, so that no card moves when it comes or goes
        column.addWidget(self.left_out)
        column.addWidget(self._buttons())
        self.totals.setContentsMargins(12, 0, 12, 0)
        self.totals.setAccessibleName(tr("All layers together"))
        column.addWidget(self.totals)

    def _heading(self) -> QLabel:
        heading = QLabel(tr("Pipeline"))
        heading.setProperty("role", "heading")
        heading.setContentsMargins(12, 0, 12, 0)
        font = heading.font()
        # By the font and not in the text: screen readers may spell words that are written in capitals.
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        heading.setFont(font)
        return heading

    def _buttons(self) -> ToolRow:
        row = ToolRow(self._bench.theme)
        row.setContentsMargins(8, 0, 8, 0)
        for rank, (verb, text) in enumerate(
            (("add", tr("+ Layer")), ("branch", tr("Branch")), ("merge", tr("Merge")))
        ):
            button = QToolButton()
            action = self._bench.commands.action(f"layer.{verb}")
            button.setText(text)
            button.setToolTip(action.toolTip())
            button.setAccessibleName(text)
            # Not `setDefaultAction`, by which the button would take over the longer text of the command.
            button.clicked.connect(action.trigger)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row.add(button, rank, [action], stretch=1)
        return row

    def _connect(self) -> None:
        bench, edits = self._bench, self.edits
        self.view.switched.connect(lambda name: edits.toggle([name]))
        self.view.eyed.connect(lambda name: edits.toggle_shown([name]))
        self.view.dropped.connect(self._drop)
        self.view.folded.connect(bench.folds.set_open)
        self.view.selectionModel().currentChanged.connect(self._select)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._open_menu)
        bench.selection.node_changed.connect(self._follow_selection)
        # Qt calls slots in the order in which they were connected, so the model has its new rows by then.
        bench.document.changed.connect(self._follow_document)
        bench.folds.changed.connect(lambda: self._follow_selection(bench.selection.node))
        bench.results.surveyed.connect(self._show_totals)

    # -- following ------------------------------------------------------------------------------------

    def _select(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._bench.selection.select(self.model.card(current.row()).name)

    def _follow_selection(self, name: str) -> None:
        # Otherwise the rows are about to change, and `_follow_document` comes after them.
        if self.model.current:
            self.view.show_selected(name)

    def _follow_document(self, _old: Work, _new: Work) -> None:
        self.view.show_selected(self._bench.selection.node)
        self._show_totals()

    def _show_totals(self) -> None:
        rows = self._bench.results.rows
        self.totals.setVisible(bool(rows))
        self.totals.setText(total_words(rows.values()))

    # -- doing ----------------------------------------------------------------------------------------

    def _drop(self, name: str, row: int) -> None:
        source = self.model.row_of(name)
        if source > 0:
            # Positions are counted without the node that moves.
            below = (
                self.model.entry(row).start
                if row < self.model.rowCount()
                else len(self._bench.document.pipeline)
            )
            self.edits.move(name, below - (source < row))

    def _open_menu(self, place: QPoint) -> None:
        menu = self.context_menu()
        menu.popup(self.view.viewport().mapToGlobal(place))

    def context_menu(self) -> QMenu:
        """The commands for the selected card, as a menu."""
        # Commands are enabled when they are looked at; a shortcut may have changed the work since the last time.
        self._bench.commands.refresh()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in _CONTEXT:
            menu.addSeparator()
            for name in (f"layer.{verb}" for verb in group):
                # Those of other parts are there where the window has these parts.
                if name in self._bench.commands:
                    menu.addAction(self._bench.commands.action(name))
        return menu
