"""Finding nodes by name, kind of layer, ONNX operator and shape, in a field above the list."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton, QWidget

from filterlab.graph import Node
from filterlab.gui.look import layouts
from filterlab.gui.look.theme import Theme
from filterlab.gui.look.toolrow import IconButton
from filterlab.gui.words.i18n import tr
from filterlab.layers.base.layer import Shape

_TIMES = re.compile(r"(?<=\d)\s*[x×*]\s*(?=\d)")
# ONNX operators whose names are not those of our layers, by the layers' keys.
_OPERATORS = {
    "conv2d": "Conv",
    "conv_transpose2d": "ConvTranspose",
    "linear": "Gemm MatMul",
    "batch_norm2d": "BatchNormalization",
    "instance_norm2d": "InstanceNormalization",
    "layer_norm2d": "LayerNormalization",
    "group_norm": "GroupNormalization",
    "local_response_norm": "LRN",
    "max_pool2d": "MaxPool",
    "avg_pool2d": "AveragePool",
    "global_avg_pool2d": "GlobalAveragePool ReduceMean",
    "lp_pool2d": "LpPool",
    "subtract": "Sub",
    "multiply": "Mul",
    "divide": "Div",
    "maximum": "Max",
    "minimum": "Min",
    "scale_shift": "Mul Add",
    "constant_arithmetic": "Add Sub Mul Div Pow",
    "clamp": "Clip",
    "relu6": "Clip",
    "channel_slice": "Split Slice",
    "slice2d": "Slice",
    "channel_shuffle": "Reshape Transpose",
    "unflatten": "Reshape",
    "pixel_shuffle": "DepthToSpace",
    "pixel_unshuffle": "SpaceToDepth",
    "upsample": "Resize Upsample",
}


def matches(query: str, node: Node, shape: Shape | None) -> bool:
    """Return whether each word of the query is found in what is known of a node.

    These are its name, the kind of its layer in the language of the window and in English, the name of the ONNX
    operator, and the shape of its map, as "64x56x56" or "64 × 56 × 56".
    """
    kind = type(node.layer)
    known = [node.name, kind.title, tr(kind.title), kind.__name__, kind.key, _OPERATORS.get(kind.key, "")]
    known.append("x".join(map(str, shape or ())))
    text = "\n".join(known).casefold()
    return all(word in text for word in _words(query))


def _words(query: str) -> list[str]:
    # A shape is one word, however it is written.
    return _TIMES.sub("x", query.casefold()).split()


class FindBar(QWidget):
    """The field, hidden until `open` is called.

    find(query): the names that match, in their order. went(name): go to this node. found(names): what is found now,
    nothing once the search is given up, when `left` follows.
    """

    went = Signal(str)
    found = Signal(list)
    left = Signal()

    def __init__(self, find: Callable[[str], list[str]], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find, self._names, self._place = find, list[str](), -1
        self.field = QLineEdit(placeholderText=tr("Name, layer, operator or shape"), clearButtonEnabled=True)
        self.field.setAccessibleName(tr("Find layers"))
        self.field.setToolTip(tr("Enter goes to the next, Shift+Enter to the one before, Esc gives up"))
        self.count: QLabel = layouts.label("fine")
        self.close_button: QToolButton = IconButton("x", theme)
        self.close_button.setToolTip(tr("Give up the search (Esc)"))
        self.close_button.setAccessibleName(tr("Give up the search"))
        layouts.row(self, (self.field, 1), self.count, self.close_button, margins=(8, 0, 8, 0), spacing=4)
        self.field.textChanged.connect(self._search)
        self.close_button.clicked.connect(self.give_up)
        self.field.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show the field, with the text of the last time selected."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._search()

    def give_up(self) -> None:
        """Hide the field, and what it has found."""
        self.hide()
        self._names, self._place = [], -1
        self.found.emit([])
        self.left.emit()

    def renew(self) -> None:
        """Search again, because the graph or its shapes have changed."""
        if not self.isHidden():
            at = self._names[self._place] if self._place >= 0 else ""
            self._search()
            self._place = self._names.index(at) if at in self._names else -1
            self._say()

    def step(self, forwards: bool) -> None:
        """Go to the next node that was found, or to the one before, and around at the end."""
        if not self._names:
            return
        first = 0 if forwards else len(self._names) - 1
        self._place = first if self._place < 0 else (self._place + (1 if forwards else -1)) % len(self._names)
        self._say()
        self.went.emit(self._names[self._place])

    def _search(self) -> None:
        self._names = self._find(self.field.text()) if self.field.text().strip() else []
        self._place = -1
        self._say()
        self.found.emit(self._names)

    def _say(self) -> None:
        count = len(self._names)
        if not self.field.text().strip():
            text = ""
        elif not count:
            text = tr("none")
        elif self._place < 0:
            text = tr("{n} found", n=count)
        else:
            text = tr("{k} of {n}", k=self._place + 1, n=count)
        self.count.setText(text)
        # The label does not have the focus; a screen reader reads the field's own description.
        self.field.setAccessibleDescription(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Enter, Shift+Enter, the arrows up and down, and Esc."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(not back)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step(event.key() == Qt.Key.Key_Down)
        else:
            return False
        return True
