"""The rows of one layer type; they take what is typed into the document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors import Editor
from filterlab.gui.inspector.groups import group_by_name, group_title, group_words
from filterlab.gui.inspector.row import ParameterRow
from filterlab.gui.inspector.section import Section
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import label_of
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.weights import Weights


class LayerForm(QWidget):
    """Shows a node's layer. Legal settings go into the document at once.

    Others wait, marked and explained, until they are legal by themselves or together with later ones; until then the
    document stays as it was. The rows come by and by, see `make_more`; before it shows a layer, all must be there.
    """

    def __init__(self, layer_type: type[Layer], bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layer_type, self.bench = layer_type, bench
        self.node = ""
        self.layer: Layer | None = None
        self._waiting: dict[str, Any] = {}
        self._applying = False
        self._origin: tuple[tuple[str, ...], Layer] | None = None
        self.rows: dict[str, ParameterRow] = {}
        self.sections: dict[str, Section] = {}
        self._steps = self._make()

    def make_more(self) -> bool:
        """Make a row, or lay all of them out in the end; return whether there was anything left to do.

        All of it takes longer than a click may wait, the kernel editor alone a third of that.
        """
        return next(self._steps, False)

    def _make(self) -> Iterator[bool]:
        for parameter in (*self.layer_type.sizes, *self.layer_type.declarations()):
            row = self.rows[parameter.name] = ParameterRow(parameter, self.bench, self)
            row.editor.edited.connect(self.apply)
            row.editor.finished.connect(self._finish)
            row.reset.connect(partial(self.reset, parameter.name))
            yield True
        self.sections = self._make_sections()
        yield True

    def _make_sections(self) -> dict[str, Section]:
        """Lay out the rows, in groups where there are several."""
        # Once all are there: from a layout that has begun, Qt hands sizes up by one level at each turn of its loop.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        groups = group_by_name(row.parameter for row in self.rows.values())
        sections: dict[str, Section] = {}
        for name, members in groups.items():
            rows = layout
            if len(groups) > 1:
                words = group_title(name, members)
                sections[name] = Section(name, words, self.bench.theme, self.bench.settings)
                layout.addWidget(sections[name])
                rows = sections[name].rows
            for member in members:
                row = self.rows[member.name]
                rows.addWidget(row)
                # The heading names the kernel already.
                row.head.setHidden(name in sections and member.kind.editor == "kernel")
        return sections

    def editor(self, name: str) -> Editor:
        """The editor of a parameter."""
        return self.rows[name].editor

    @property
    def waiting(self) -> bool:
        """Whether something that was typed is not legal, at least not yet."""
        return bool(self._waiting)

    def follow(self, node: str, layer: Layer) -> None:
        """Show a node's layer. What waits is dropped, unless the layer comes from an edit of this form."""
        if not self._applying and (node != self.node or layer is not self.layer):
            self._forget(*self._waiting)
            self._origin = None
        self.node, self.layer = node, layer
        for name, row in self.rows.items():
            if name not in self._waiting:
                row.follow(node, layer)
        for name, section in self.sections.items():
            section.state.show_text(group_words(name, layer))

    def come_back(self) -> None:
        """Be shown again, folded as the groups of all other forms are by now."""
        for section in self.sections.values():
            section.fold_as_kept()
        self.show()

    def leave(self) -> None:
        """Be put aside, with the windows that were opened from here."""
        self.node = ""  # a field that loses the focus now must not edit, which would lead back here
        self.hide()
        for window in self.findChildren(QDialog):
            window.close()

    def reset(self, name: str) -> None:
        """Set a parameter to its default."""
        parameter = self.rows[name].parameter
        self._waiting.pop(name, None)
        label = tr(
            "Reset {parameter} of {node}",
            parameter=tr(label_of(self.rows[name].parameter)).lower(),
            node=self.node,
        )
        self.apply({name: parameter.default}, label, None)
        self._finish()

    def _finish(self) -> None:
        """The field was left: the next edit is a step of its own."""
        self._origin = None
        self.bench.document.seal()

    def apply(self, changes: dict[str, Any], label: str = "", merge: object = None) -> None:
        """Take the values that an editor asks for into the document, or explain why not."""
        assert self.layer is not None, "edits come from a shown layer"
        if self.node not in self.bench.document.pipeline:
            return  # a field that loses the focus because its node has just gone
        layer = self._layer_with(changes)
        if layer is None:
            return
        if layer == self.layer and _recipes(layer) == _recipes(self.layer):
            self.follow(self.node, self.layer)
            return
        name = next(iter(changes))
        label = label or tr(
            "Change {parameter} of {node}",
            parameter=tr(label_of(self.rows[name].parameter)).lower(),
            node=self.node,
        )
        pipeline = self.bench.document.pipeline.with_layers({self.node: layer})
        # What is typed into one field in quick succession is one step, unless the editor brings a key of its own.
        merge = merge or ("param", self.node, name)
        # The document's signal leads back to `follow` with the new layer, which must not drop what still waits.
        self._applying = True
        try:
            self.bench.document.edit(label, pipeline, merge=merge)
        finally:
            self._applying = False

    def _layer_with(self, changes: dict[str, Any]) -> Layer | None:
        """The layer with these changes and all that waits, else with these alone.

        None where neither is legal: then the changes wait too, and their row says why.
        """
        assert self.layer is not None, "edits come from a shown layer"
        # From the layer as it was before this field was touched: whoever types 16 for a size types 1 first, which must
        # not cost the numbers that 16 leaves.
        if self._origin is None or self._origin[0] != tuple(changes):
            self._origin = tuple(changes), self.layer
        origin = self._origin[1]
        together = {**self._waiting, **changes}
        for wished in (together, changes) if self._waiting else (changes,):
            try:
                layer = origin.resized(**wished)
            except FilterLabError as found:
                error = found
            else:
                self._forget(*wished)
                return layer
        self._waiting = together
        for name in changes:
            self.rows[name].complain(None)
        self._row_for(error, changes).complain(error)
        return None

    def _row_for(self, error: FilterLabError, changes: dict[str, Any]) -> ParameterRow:
        name = error.parameter if error.parameter in changes else next(iter(changes))
        return self.rows[name]

    def _forget(self, *names: str) -> None:
        for name in names:
            self._waiting.pop(name, None)
            self.rows[name].complain(None)


def _recipes(layer: Layer) -> list[Any]:
    """The recipes of the arrays. Layers are equal when their numbers are, but a file keeps a preset as a preset."""
    return [value.recipe for value in layer.raw().values() if isinstance(value, Weights)]
