"""The head of the inspector: the node's name, which can be changed, its layer and what the layer does."""

from __future__ import annotations

from inspect import cleandoc

from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from filterlab.errors import FilterLabError
from filterlab.graph.editing import rename
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.base import set_wrong
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words, first_sentence
from filterlab.layers.base.layer import Layer


class Header(QWidget):
    """A line edit with the name, the layer's title, and the first sentence of its description."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._node = ""
        self.title, self.doc, self.problem = QLabel(self), QLabel(self), QLabel(self)
        self.name = QLineEdit(self)
        self.name.setAccessibleName(tr("name of the node"))
        self.name.setToolTip(tr("The node's name: letters, digits and _ - . /; Enter renames it"))
        self.title.setProperty("role", "heading")
        self.doc.setProperty("role", "dim")
        self.problem.setProperty("role", "error")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        for widget in (self.title, self.name, self.problem, self.doc):
            layout.addWidget(widget)
        for label in (self.title, self.doc, self.problem):
            label.setWordWrap(True)
        self.name.textEdited.connect(self._check)
        self.name.editingFinished.connect(self._rename)

    def follow(self, node: str, layer: Layer) -> None:
        """Show a node."""
        self.title.setText(tr(layer.title).upper())
        doc = type(layer).__doc__ or ""
        self.doc.setText(first_sentence(doc))
        self.doc.setToolTip(tr(cleandoc(doc).replace("`", "")))
        # A name that is being typed stays while other things of the node change.
        if node != self._node:
            self._node = node
            self.name.setText(node)
            self._complain(None)

    def _check(self, text: str) -> None:
        """Say what is wrong with a name while it is being typed."""
        try:
            if text != self._node:
                rename(self._bench.document.pipeline, self._node, text)
        except FilterLabError as error:
            self._complain(error)
        else:
            self._complain(None)

    def _rename(self) -> None:
        new, old = self.name.text(), self._node
        if new == old or old not in self._bench.document.pipeline:
            return
        try:
            pipeline = rename(self._bench.document.pipeline, old, new)
        except FilterLabError:
            # The reason was shown while the name was typed; now the old name comes back.
            self.name.setText(old)
            self._complain(None)
            return
        self._bench.document.edit(tr("Rename {old} to {new}", old=old, new=new), pipeline)

    def _complain(self, error: FilterLabError | None) -> None:
        set_wrong(self.name, error is not None)
        self.problem.setText("" if error is None else error_words(error))
        self.problem.setVisible(error is not None)
