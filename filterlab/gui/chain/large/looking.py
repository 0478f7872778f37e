"""The commands for going through a large graph, and the parts of the panel that they show."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractItemView, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.chain.large.birdseye import BirdsEye
from filterlab.gui.chain.large.figures import LedgerWindow
from filterlab.gui.chain.large.finding import FindBar, matches
from filterlab.gui.chain.model import ChainModel
from filterlab.gui.chain.view import ChainView
from filterlab.gui.look import layouts
from filterlab.gui.look.toolrow import IconButton
from filterlab.gui.words.i18n import tr

# The least width of the panel beside a large graph: names, shapes and the bird's eye need it.
ROOMY = 290


class LargeGraph(QObject):
    """Declares `layer.find`, `layer.fold_all`, `layer.unfold_all` and `layer.ledger`.

    tools: buttons of these commands, for the heading; they and the bird's eye are there for large graphs only.
    """

    def __init__(self, bench: Workbench, model: ChainModel, view: ChainView, panel: QWidget) -> None:
        super().__init__(panel)
        self._bench, self._model, self._view, self._panel = bench, model, view, panel
        self.window: LedgerWindow | None = None
        self.find_bar = FindBar(self._find, bench.theme)
        self.birds_eye = BirdsEye(bench, model, view)
        self._declare()
        self.tools = self._tools()
        self.find_bar.went.connect(self._go)
        self.find_bar.found.connect(self.birds_eye.show_found)
        self.find_bar.left.connect(view.setFocus)
        self.birds_eye.went.connect(self._scroll)
        bench.results.surveyed.connect(self.find_bar.renew)
        bench.document.changed.connect(self._follow)
        self._follow()

    def _declare(self) -> None:
        folds = self._bench.folds
        for verb, text, run, key, tip in (
            (
                "find",
                tr("&Find layers…"),
                self.find_bar.open,
                "Ctrl+F",
                tr("Find layers by name, kind, operator or shape"),
            ),
            ("fold_all", tr("Fold all blocks"), lambda: folds.set_all(False), None, ""),
            ("unfold_all", tr("Unfold all blocks"), lambda: folds.set_all(True), None, ""),
            (
                "ledger",
                tr("Ledger…"),
                self.open_ledger,
                None,
                tr("All layers in a table that sorts by its columns"),
            ),
        ):
            self._bench.commands.add(
                f"layer.{verb}",
                text,
                run,
                menu=tr("&Layer"),
                shortcut=key,
                tip=tip,
                enabled=(lambda: bool(folds.blocks))
                if "fold" in verb
                else (lambda: bool(len(self._bench.document.pipeline))),
            )

    def _tools(self) -> QWidget:
        tools = QWidget()
        buttons = [
            IconButton(icon, self._bench.theme, self._bench.commands.action(f"layer.{verb}"))
            for verb, icon in (
                ("find", "search"),
                ("ledger", "arrow-down-wide-narrow"),
                ("unfold_all", "chevrons-up-down"),
                ("fold_all", "chevrons-down-up"),
            )
        ]
        layouts.row(tools, *buttons, margins=(0, 0, 8, 0), spacing=2)
        return tools

    def open_ledger(self) -> None:
        """Open the table."""
        if self.window is None:
            self.window = LedgerWindow(self._bench, self._panel)
        self.window.open()

    def _follow(self, *_: object) -> None:
        large = bool(self._bench.folds.blocks)
        self.tools.setVisible(large)
        self._panel.setMinimumWidth(ROOMY if large else 0)
        self.find_bar.renew()

    def _find(self, query: str) -> list[str]:
        pipeline, results = self._bench.document.pipeline, self._bench.results
        rows = ((step.name, results.row(step.name)) for step in pipeline.steps)
        return [n for n, row in rows if matches(query, pipeline.node(n), row.shape if row else None)]

    def _go(self, name: str) -> None:
        # Also the last node of a folded block, which stands there as the block.
        self._bench.folds.reveal(name)
        self._bench.selection.select(name)
        self._view.show_selected(name)

    def _scroll(self, place: int) -> None:
        index = self._model.index(self._model.row_at(place))
        self._view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
