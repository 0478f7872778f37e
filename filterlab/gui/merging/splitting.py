"""The dialog in which a layer is split: how, at which rank, with the error of the kernel and what it costs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QRadioButton, QSlider, QWidget

from filterlab.errors import FilterLabError
from filterlab.explain.drawing.sights import Sight
from filterlab.gui.bench.computations import Computations
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.local.planes import PlanesView
from filterlab.gui.look import layouts
from filterlab.gui.look.theme import Theme
from filterlab.gui.merging.dialog import CraftDialog
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import said
from filterlab.kernels.factors import PIECES
from filterlab.layers.base.layer import Shape
from filterlab.merging.sights import error_sight, kernels_sight
from filterlab.merging.splitting import Split, first_rank, split_cascade, split_ranks
from filterlab.pipeline import Pipeline
from filterlab.text.numbers import brief


class SplitDialog(CraftDialog):
    """Shows what a split layer is like before it is one. chosen(Split): OK was pressed."""

    def __init__(
        self,
        computations: Computations,
        pipeline: Pipeline,
        node: str,
        picture: Shape | None,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(computations, tr("Split {node}", node=node), parent)
        self._pipeline, self._node, self._picture = pipeline, node, picture
        self.found: Split[Pipeline] | None = None
        self._make_choices()
        self.kernels, self.error = PlanesView(theme), PlanesView(theme)
        self.kernels.setAccessibleName(tr("Kernels before and after"))
        self.error.setAccessibleName(tr("Error of the kernels"))
        self.scale = layouts.label("dim")
        self._lay_out()
        self.refresh()

    def _make_choices(self) -> None:
        self.by_rank = QRadioButton(tr("&Columns and rows"))
        self.by_rank.setToolTip(
            tr("Products of a column and a row, the largest first; all of them together are the kernel")
        )
        self.by_pieces = QRadioButton(tr("Cascade of &small kernels"))
        self.by_pieces.setToolTip(
            tr("Small kernels one after the other: exact where the kernel has factors, else the closest")
        )
        self.rank = QSlider(Qt.Orientation.Horizontal)
        self.rank.setRange(0, 0)  # until the errors of all ranks are known
        self.rank.setPageStep(1)
        self.rank.setAccessibleName(tr("rank"))
        self.rank_words = layouts.label("dim")
        self.piece = QuietCombo(self)
        for side in PIECES:
            self.piece.addItem(f"{side} × {side}", side)
        self.piece.setAccessibleName(tr("Largest kernel of the cascade"))
        self.by_rank.setChecked(True)
        self.by_rank.toggled.connect(self.refresh)
        self.rank.valueChanged.connect(self.refresh)
        self.piece.activated.connect(self.refresh)

    def _lay_out(self) -> None:
        choices = layouts.column(
            None,
            layouts.row(None, self.by_rank, (self.rank, 1), self.rank_words),
            layouts.row(None, self.by_pieces, self.piece, None),
        )
        heading = layouts.label("heading", tr("Error of the kernels"))
        views = layouts.row(
            None,
            layouts.column(None, layouts.label("heading", tr("Kernel before and after")), (self.kernels, 1)),
            layouts.column(None, layouts.row(None, heading, None, self.scale), (self.error, 1)),
        )
        views.setStretch(0, 2)
        views.setStretch(1, 1)
        column = layouts.column(self, choices, views, self.facts, self.buttons)
        column.setStretch(1, 1)
        self.resize(720, 480)

    def refresh(self, *_: object) -> None:
        """Make the split that is chosen now."""
        ranks = self.by_rank.isChecked()
        self.rank.setEnabled(ranks)
        self.piece.setEnabled(not ranks)
        if self.rank.maximum():
            self.rank_words.setText(tr("rank {n} of {most}", n=self.rank.value(), most=self.rank.maximum()))
        rank, piece = (self.rank.value(), None) if ranks else (None, self.piece.currentData())
        self.ask(partial(_made, self._pipeline, self._node, self._picture, rank, piece))

    def show_made(self, made: tuple[Split[Pipeline], Sight, Sight, tuple[int, int] | None]) -> None:
        """Show the kernels, their error and what the split costs."""
        self.found, kernels, error, ranks = made
        if ranks is not None:
            self.rank.blockSignals(True)  # the split of this rank is the one that came
            self.rank.setRange(1, ranks[1])
            self.rank.setValue(ranks[0])
            self.rank.blockSignals(False)
            self.rank_words.setText(tr("rank {n} of {most}", n=ranks[0], most=ranks[1]))
        self.kernels.show_sight(kernels)
        self.error.show_sight(error)
        self.scale.setText(f"±{brief(error.range[1])}")
        layouts.show_words(self.facts, said(self.found.words()))

    def refuse(self, error: FilterLabError) -> None:
        """Say why there is no such split, and show none."""
        super().refuse(error)
        self.found = None
        for view in (self.kernels, self.error):
            view.show_sight(None)
        self.scale.setText("")

    def accept(self) -> None:
        """Hand the split on."""
        found = self.found
        super().accept()
        if found is not None:
            self.chosen.emit(found)


def _made(
    pipeline: Pipeline, node: str, picture: Shape | None, rank: int | None, piece: int | None
) -> tuple[Split[Pipeline], Sight, Sight, tuple[int, int] | None]:
    """A split with its pictures; for rank 0 that of the rank to begin with, and this rank with the highest."""
    ranks = None
    if piece is not None:
        split = split_cascade(pipeline, node, piece, picture)
    else:
        ranks = first_rank(pipeline[node]) if rank == 0 else None
        split = split_ranks(pipeline, node, rank or (1 if ranks is None else ranks[0]), picture)
    return split, kernels_sight(split), error_sight(split), ranks
