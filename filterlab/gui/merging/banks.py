"""The dialog in which a bank of kernels is made by a few parameters."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QScrollArea, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.local.planes import PlanesView
from filterlab.gui.look import layouts
from filterlab.gui.merging.rows import ParameterRows
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.kernels.families import FAMILIES, Bank, family
from filterlab.merging.sights import bank_sight


class BankDialog(QDialog):
    """The parameters of a family, its kernels, and the sums that steer them. chosen(Bank): OK was pressed."""

    chosen = Signal(object)

    def __init__(self, bench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self.bank: Bank | None = None
        self.setWindowTitle(tr("Add a bank of kernels"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.kind = QuietCombo(self)
        for one in FAMILIES.values():
            self.kind.addItem(tr(one.title), one.name)
        self.kind.setAccessibleName(tr("Family of kernels"))
        self.words = layouts.label("dim", wrap=True)
        self.rows = ParameterRows(bench)
        self.view = PlanesView(bench.theme)
        self.view.setAccessibleName(tr("Kernels of the bank"))
        self.facts = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.formulas = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.formulas.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.formulas.setAccessibleName(tr("Steering"))
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._lay_out()
        self.kind.activated.connect(self._choose)
        self.rows.changed.connect(self.refresh)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
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
        """Show the bank as it is now, or why there is none."""
        fine = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        try:
            self.bank = family(self.kind.currentData())(**self.rows.values)
            sight = bank_sight(self.bank)
        except FilterLabError as error:
            layouts.show_words(self.facts, error_words(error), "error")
            fine.setEnabled(False)
            return
        fine.setEnabled(True)
        self.view.show_sight(sight)
        layouts.show_words(
            self.facts, tr("{n} kernels, each with the same contrast here", n=len(self.bank.recipes))
        )
        formulas = self.bank.formulas()
        self.formulas.setText("\n".join(formulas))
        self.sums.setVisible(bool(formulas))

    def _accept(self) -> None:
        bank = self.bank
        self.accept()
        if bank is not None:
            self.chosen.emit(bank)
