"""The forms of the inspector: made ahead, a row at a time, and kept as long as they show nothing outdated."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from filterlab.gui.bench.work import Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.form import LayerForm
from filterlab.layers.base.layer import Layer

AHEAD = 10  # milliseconds between two rows that are made ahead


class Forms(QObject):
    """A form for each type of layer in the pipeline, of which the inspector shows one and hides the others."""

    def __init__(self, bench: Workbench, body: QWidget) -> None:
        super().__init__(body)
        self._bench, self._body = bench, body
        self._forms: dict[type[Layer], LayerForm] = {}
        self._timer = QTimer(self, interval=AHEAD)
        self._timer.timeout.connect(self._make_ahead)
        bench.document.changed.connect(self._follow)
        bench.results.busy_changed.connect(self._rest)
        # A window may outlive its workbench for some turns of the loop, and a form cannot be made without one.
        bench.destroyed.connect(self._timer.stop)
        self._rest()

    def form(self, layer_type: type[Layer]) -> LayerForm:
        """The form of a type, with all its rows; hidden, unless it is the one that is shown."""
        form = self._begun(layer_type)
        while form.make_more():
            pass
        return form

    @property
    def resting(self) -> bool:
        """Whether nothing is left to be made ahead, or the maps come first."""
        return not self._timer.isActive()

    def _begun(self, layer_type: type[Layer]) -> LayerForm:
        if layer_type not in self._forms:
            form = self._forms[layer_type] = LayerForm(layer_type, self._bench, self._body)
            form.hide()
        return self._forms[layer_type]

    def _follow(self, _old: Work, new: Work) -> None:
        """Let forms go that hold layers which are no longer there: these may have large weights."""
        present = {id(node.layer) for node in new.pipeline}
        for layer_type, form in list(self._forms.items()):
            if not (form.node or form.layer is None or id(form.layer) in present):
                form.deleteLater()
                del self._forms[layer_type]
        self._rest()

    def _rest(self, *_: object) -> None:
        """Make forms once nothing is computed: the processor is free, and the person looks at the maps."""
        if self._bench.results.busy:
            self._timer.stop()
        else:
            self._timer.start()

    def _make_ahead(self) -> None:
        for layer_type in {type(node.layer): None for node in self._bench.document.pipeline}:
            if self._begun(layer_type).make_more():
                return
        self._timer.stop()
