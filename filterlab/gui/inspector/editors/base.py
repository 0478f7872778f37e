"""The base of the editors of parameters, and the register that finds the one for a kind."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from filterlab.gui.bench.history import Gesture
from filterlab.gui.bench.workbench import Workbench
from filterlab.layers.base.layer import Layer
from filterlab.parameters import Kind, Parameter


class Editor(QWidget):
    """Base of the editors: shows the value of a layer's parameter, and tells what the person wants instead.

    edited(changes, label, merge): the values asked for by parameter name, legal or not; label: what was done, "" for
    "Change <parameter>"; merge: see `History.push`, None for the parameter's own key. finished: the next edit is a step
    of its own. wide: the editor takes the full width, below its label.
    """

    edited = Signal(object, str, object)
    finished = Signal()
    wide: ClassVar[bool] = False

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter, self.bench = parameter, bench
        self._gesture: Gesture | None = None

    def follow(self, node: str, layer: Layer) -> None:
        """Show the layer of a node, without a signal. Typed text that stands for the value already stays as it is."""
        self.set_value(getattr(layer, self.parameter.name))

    def set_value(self, value: Any) -> None:
        """Show a value, without a signal."""
        raise NotImplementedError(type(self).__name__)

    def mark(self, wrong: bool) -> None:
        """Draw a red border around the fields, or remove it."""
        # An editor of several fields gives each of them the property; a single field is the focus proxy.
        for child in (self, *self.findChildren(QWidget)):
            if child.property("wrong") is not None or child is self.focusProxy():
                set_wrong(child, wrong)

    def give(self, value: Any) -> None:
        """Ask for a value."""
        self.edited.emit({self.parameter.name: value}, "", self._gesture)

    def begin(self) -> None:
        """A drag begins: until `end` all edits are one step."""
        self._gesture = Gesture()

    def end(self) -> None:
        """The drag is over."""
        self._gesture = None
        self.finished.emit()


def set_wrong(widget: QWidget, wrong: bool) -> None:
    """Give a widget the red border of a wrong setting, or remove it."""
    word = "true" if wrong else "false"
    if widget.property("wrong") != word:
        widget.setProperty("wrong", word)
        # Qt does not match the selectors of a style sheet again when a property changes.
        widget.style().unpolish(widget)
        widget.style().polish(widget)


E_ = TypeVar("E_", bound=type[Editor])
_types: dict[str, type[Editor]] = {}


def editor_for(name: str) -> Callable[[E_], E_]:
    """Register a class as the editor of the kinds that name it."""

    def register(editor: E_) -> E_:
        assert name not in _types, f"two editors are named {name}"
        _types[name] = editor
        return editor

    return register


@cache
def _discover() -> None:
    """Import every module of this folder once: each registers its editors."""
    # Not by import statements: the rows need this module, and the kernel editor, which shows presets, needs the rows.
    package = __name__.rpartition(".")[0]
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"{package}.{module.name}")


def editor_type(kind: Kind) -> type[Editor]:
    """The editor class of a kind."""
    _discover()
    return _types[kind.editor]
