"""The base of the editors of arrays, and when their numbers are made."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from filterlab.errors import FilterLabError
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.base import Editor
from filterlab.gui.words.i18n import tr
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.slices import with_number
from filterlab.layers.base.weights import Weights
from filterlab.parameters import Parameter

MOST_EDITED = 20_000_000  # numbers; every edit copies them all
MOST_MADE = 4_000_000  # numbers that a recipe may make while the window waits
_MOST_DESIGNED = 250_000  # the same for named kernels, whose cells take longer than random numbers


def is_made(weights: Weights) -> bool:
    """Whether the numbers are there, or so few that making them is not noticed."""
    drawn = isinstance(weights.recipe, Mapping) and "init" in weights.recipe
    return weights.ready or prod(weights.shape) <= (MOST_MADE if drawn else _MOST_DESIGNED)


def recipe_words(weights: Weights) -> str:
    """A phrase that says how the numbers of an array will be made."""
    recipe = weights.recipe if isinstance(weights.recipe, Mapping) else {}
    name = recipe.get("init", "")
    return tr("to be drawn by “{name}”", name=name) if name else tr("to be made from named kernels")


class Unmade(QWidget):
    """Shown in place of numbers: why they are not there, and a button that has them made."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "dim")
        self.button = QPushButton(tr("Make the numbers"), self)
        # Until they are made, or the attempt has failed: a second click would have them made twice.
        self.button.clicked.connect(lambda: self.button.setEnabled(False))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words)
        layout.addWidget(self.button)
        self.setFocusProxy(self.button)

    def explain(self, words: str, *, can_be_made: bool) -> None:
        """Say this, with or without the button."""
        self.words.setText(words)
        self.button.setVisible(can_be_made)
        self.button.setEnabled(True)


class ArrayEditor(Editor):
    """Base of the editors of one array parameter.

    weights: the array of the layer that is shown, with its recipe; None where it is left out.
    """

    wide = True

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        assert isinstance(parameter.kind, Tensor), "an array has axes"
        self.kind = parameter.kind
        self.node = ""
        self.layer: Layer | None = None
        self.weights: Weights | None = None

    def follow(self, node: str, layer: Layer) -> None:
        # The layer's attribute would be the numbers, which a recipe makes when they are asked for.
        self.node, self.layer, self.weights = node, layer, layer.raw()[self.parameter.name]
        self.refresh()

    def refresh(self) -> None:
        """Show what `weights` holds now."""
        raise NotImplementedError(type(self).__name__)

    def make_numbers(self) -> None:
        """Have the numbers of a recipe made in the background, then show them."""
        weights = self.weights
        assert weights is not None, "asked for where there is an array"

        def done(_: Any) -> None:
            # Meanwhile the editor may have been deleted with its form, or show another layer.
            if isValid(self) and self.weights is weights:
                self.refresh()

        def failed(error: Exception, details: str) -> None:
            self.bench.messages.error(error, tr("the numbers were not made"), details)
            done(None)  # the button can be pressed again

        self.bench.background.submit(lambda: weights.array, done, failed)

    def give_number(self, index: tuple[int, ...], value: float) -> None:
        """Ask for the array with one number changed, as a step of its own."""
        weights = self.weights
        assert weights is not None, "what is edited is there"
        try:
            if prod(weights.shape) > MOST_EDITED:
                what = tr("the matrix is too large to be edited number by number")
                raise FilterLabError(what, hint=tr("change it in Python or in its file"))
            self.give(with_number(weights.array, index, value))
        except FilterLabError as error:
            self.refuse(error)
        self.finished.emit()

    def refuse(self, error: FilterLabError) -> None:
        """Say why a number was not changed."""
        self.bench.messages.error(error, tr("the number was not changed"))
