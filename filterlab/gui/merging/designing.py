"""The dialog in which a kernel is designed by the frequencies that it passes."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from filterlab import kernels
from filterlab.errors import FilterLabError
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.kernel.response import ResponseView
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.look import layouts
from filterlab.gui.merging.dialog import CraftDialog
from filterlab.gui.merging.rows import ParameterRows
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import first_sentence, said
from filterlab.kernels.bands import DESIGNED, achieved
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.registry import layer_type
from filterlab.parameters import Parameter


class DesignDialog(CraftDialog):
    """The parameters of a response, and the response that the kernel has.

    target: the kernel that takes the design; without one, chosen(recipe) asks for a new filter.
    """

    def __init__(
        self, computations: Computations, bench: Workbench, target: KernelSession | None, parent: QWidget
    ) -> None:
        super().__init__(computations, tr("Design a response"), parent)
        self._target = target
        self.kind = QuietCombo(self)
        for name in DESIGNED:
            self.kind.addItem(tr(kernels.get(name).title), name)
        self.kind.setAccessibleName(tr("Kind of response"))
        self.words = layouts.label("dim", wrap=True)
        self.rows = ParameterRows(bench)
        self.session = KernelSession("kernel", self)
        self.response = ResponseView(self.session, bench.theme, self)
        self._lay_out()
        self.kind.activated.connect(lambda: self._choose({}))
        self.rows.changed.connect(self.refresh)
        self.rows.refused.connect(self.refuse)
        self._begin()

    def _lay_out(self) -> None:
        holder = QWidget()
        holder.setFixedWidth(self.fontMetrics().horizontalAdvance("m") * 24)
        layouts.column(holder, self.kind, self.words, self.rows, None, margins=(0, 0, 0, 0))
        shown = layouts.column(None, (self.response, 1), self.facts)
        both = layouts.row(None, holder, shown)
        both.setStretch(1, 1)
        column = layouts.column(self, both, self.buttons)
        column.setStretch(0, 1)
        self.resize(860, 460)

    def _begin(self) -> None:
        """Begin with the design that the kernel has already."""
        values = dict(self._target.recipe or {}) if self._target is not None else {}
        if values.get("preset") in DESIGNED:
            self.kind.show_data(values.pop("preset"))
            self._choose(values)
        else:
            self._choose({})

    def _choose(self, values: dict[str, Any]) -> None:
        design = kernels.get(self.kind.currentData())
        self.words.setText(first_sentence(design.doc))
        size = self._given_size(next(p for p in design.parameters if p.name == "size"))
        self.rows.show_parameters(design.parameters, values if size is None else {**values, "size": size})
        if size is not None:
            self.rows.rows["size"].setEnabled(False)
            self.rows.rows["size"].setToolTip(tr("The kernels of a layer have one size"))
        self.refresh()

    def _given_size(self, size: Parameter) -> Any:
        """The size of a kernel that is one of several, None where the design may have any.

        Made smaller only when it is put in, a kernel would have another response than the one that was shown.
        """
        if self._target is None or self._target.alone:
            return None
        try:
            return size.kind.to_json(size.kind.read(self._target.size, size.name))
        except FilterLabError:
            return None  # no design has such a size, which is said when it is put in

    def recipe(self) -> dict[str, Any]:
        """The kernel as it is designed now."""
        return {"preset": self.kind.currentData(), **self.rows.values}

    def refresh(self) -> None:
        """Make the kernel that is designed now."""
        self.ask(partial(_made, self.recipe(), dict(self.rows.values)))

    def show_made(self, made: tuple[Layer, str]) -> None:
        """Show the response, and how close it comes to the wanted one."""
        layer, words = made
        self.session.follow("", layer)
        layouts.show_words(self.facts, said(words))

    def accept(self) -> None:
        """Put the kernel into its layer, or ask for a new one."""
        if self._target is None:
            super().accept()
            self.chosen.emit(self.recipe())
            return
        label = tr("Preset {preset} for {node}", preset=self.kind.currentData(), node=self._target.node)
        try:
            self._target.set_preset(self.recipe(), label)
        except FilterLabError as error:
            # The kernels of a layer have one size.
            self.refuse(error)
            return
        super().accept()


def _made(recipe: dict[str, Any], values: dict[str, Any]) -> tuple[Layer, str]:
    words = achieved(recipe["preset"], **values).words()
    layer: Any = layer_type("filter2d")(kernel=recipe)
    _ = layer.kernel  # made here, not by the window when it paints
    return layer, words
