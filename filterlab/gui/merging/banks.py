"""The dialog in which a bank of kernels is made by a few parameters."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from filterlab.explain.drawing.sights import Sight
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.local.planes import PlanesView
from filterlab.gui.look import layouts
from filterlab.gui.merging.dialog import CraftDialog
from filterlab.gui.merging.rows import ParameterRows
from filterlab.gui.words.i18n import tr
from filterlab.kernels.families import FAMILIES, Bank, family
from filterlab.merging.sights import bank_sight


class BankDialog(CraftDialog):
    """The parameters of a family, its kernels, and the sums that steer them. chosen(Bank): OK was pressed."""

    def __init__(self, computations: Computations, bench: Workbench, parent: QWidget) -> None:
        super().__init__(computations, tr("Add a bank of kernels"), parent)
        self.bank: Bank | None = None
        self.kind = QuietCombo(self)
        for one in FAMILIES.values():
            self.kind.addItem(tr(one.title), one.name)
        self.kind.setAccessibleName(tr("Family of kernels"))
        self.words = layouts.label("dim", wrap=True)
        self.rows = ParameterRows(bench)
        self.view = PlanesView(bench.theme)
        self.view.setAccessibleName(tr("Kernels of the bank"))
        self.formulas = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.formulas.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.formulas.setAccessibleName(tr("Steering"))
        self._lay_out()
        self.kind.activated.connect(self._choose)
        self.rows.changed.connect(self.refresh)
        self.rows.refused.connect(self.refuse)
        self._choose()

    def _lay_out(self) -> None:
        holder = QWidget()
        holder.setFixedWidth(self.fontMetrics().horizontalAdvance("m") * 24)
        layouts.column(holder, self.kind, self.words, self.rows, None, margins=(0, 0, 0, 0))
        self.sums = QScrollArea()
        self.sums.setWidget(self.formulas)
        self.sums.setWidgetResizable(True)
        self.sums.setMaximumHeight(self.fontMetrics().height() * 8)
        shown = layouts.column(None, (self.view, 1), self.facts, self.sums)
        both = layouts.row(None, holder, shown)
        both.setStretch(1, 1)
        column = layouts.column(self, both, self.buttons)
        column.setStretch(0, 1)
        self.resize(860, 520)

    def _choose(self) -> None:
        found = family(self.kind.currentData())
        self.words.setText(tr(found.doc))
        self.rows.show_parameters(found.parameters)
        self.refresh()

    def refresh(self) -> None:
        """Make the bank as it is chosen now."""
        self.ask(partial(_made, self.kind.currentData(), dict(self.rows.values)))

    def show_made(self, made: tuple[Bank, Sight]) -> None:
        """Show the kernels and the sums."""
        self.bank, sight = made
        self.view.show_sight(sight)
        n = len(self.bank.recipes)
        layouts.show_words(self.facts, tr("{n} kernels, each with the same contrast here", n=n))
        formulas = self.bank.formulas()
        self.formulas.setText("\n".join(formulas))
        self.sums.setVisible(bool(formulas))

    def accept(self) -> None:
        """Hand the bank on."""
        bank = self.bank
        super().accept()
        if bank is not None:
            self.chosen.emit(bank)


def _made(name: str, values: dict[str, Any]) -> tuple[Bank, Sight]:
    bank = family(name)(**values)
    return bank, bank_sight(bank)
