"""What can be done to the graph of layers: each a step of the document, or a message that says why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from filterlab.errors import FilterLabError
from filterlab.graph import editing
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.layers import Layer
from filterlab.pipeline import Pipeline


class ChainEdits(QObject):
    """Edits by name; new nodes are selected. What is refused leaves the work as it was."""

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench

    # -- adding ---------------------------------------------------------------------------------------

    def add(self, kind: type[Layer]) -> None:
        """Put a new layer after the selected node; what read that node reads the new one."""

        def edit(pipeline: Pipeline, after: str) -> tuple[Pipeline, str]:
            layer, inputs = self._starter(kind, after)
            return editing.insert(pipeline, layer, after, inputs=inputs)

        self._added(tr("Add {title}", title=tr(kind.title)), edit)

    def branch(self, kind: type[Layer]) -> None:
        """Let a new layer read the selected node, beside those that read it already."""

        def edit(pipeline: Pipeline, after: str) -> tuple[Pipeline, str]:
            layer, _ = self._starter(kind, after)
            return editing.branch(pipeline, layer, after)

        self._added(tr("Branch into {title}", title=tr(kind.title)), edit)

    def merge(self, kind: type[Layer], inputs: Sequence[str]) -> None:
        """Join nodes by a new layer; what read the selected one reads it then, unless it leads to it."""

        def edit(pipeline: Pipeline, after: str) -> tuple[Pipeline, str]:
            place = after if after in inputs else None
            return editing.insert(pipeline, kind.starter(), place, inputs=inputs)

        self._added(tr("Merge by {title}", title=tr(kind.title)), edit)

    def duplicate(self, name: str) -> None:
        """Put the same layer once more after a node."""
        self._added(
            tr("Duplicate {node}", node=name), lambda pipeline, _after: editing.duplicate(pipeline, name)
        )

    def _starter(self, kind: type[Layer], after: str) -> tuple[Layer, tuple[str, ...]]:
        picture = self._bench.document.picture
        shape = None if picture is None else picture.shape
        return editing.starter(kind, self._bench.document.pipeline, after, shape)

    def _added(self, label: str, edit: Callable[[Pipeline, str], tuple[Pipeline, str]]) -> None:
        new: list[str] = []

        def change(pipeline: Pipeline) -> Pipeline:
            edited, name = edit(pipeline, self._bench.selection.node)
            new.append(name)
            return edited

        if self._do(label, change):
            self._bench.view.set(hidden=self._bench.view.look.hidden - {new[0]})
            self._bench.selection.select(new[0])

    # -- changing -------------------------------------------------------------------------------------

    def remove(self, names: Sequence[str]) -> None:
        """Take nodes away; what read them reads what they read."""
        what = names[0] if len(names) == 1 else tr("{n} layers", n=len(names))
        self._do(tr("Remove {what}", what=what), lambda pipeline: editing.remove(pipeline, names))

    def rename(self, old: str, new: str) -> None:
        """Give a node another name."""
        label = tr("Rename {old} to {new}", old=old, new=new)
        self._do(label, lambda pipeline: editing.rename(pipeline, old, new))

    def name_error(self, old: str, new: str) -> str:
        """Why a node may not be called so; "" where it may."""
        try:
            editing.rename(self._bench.document.pipeline, old, new)
        except FilterLabError as error:
            return error_words(error)
        return ""

    def toggle(self, names: Sequence[str]) -> None:
        """Switch nodes off, or on where the first of them is off."""
        on = not self._bench.document.pipeline.node(names[0]).enabled
        what = names[0] if len(names) == 1 else tr("{n} layers", n=len(names))
        label = tr("Switch on {what}", what=what) if on else tr("Switch off {what}", what=what)
        self._do(label, lambda pipeline: editing.set_enabled(pipeline, names, on))

    def move(self, name: str, index: int) -> None:
        """Move a node to a position among the others."""
        self._do(tr("Move {node}", node=name), lambda pipeline: editing.move(pipeline, name, index))

    def set_inputs(self, name: str, inputs: Sequence[str]) -> None:
        """Let a node read others."""
        label = tr("Change the inputs of {node}", node=name)
        self._do(label, lambda pipeline: editing.set_inputs(pipeline, name, inputs))

    def inputs_error(self, edit: Callable[[Pipeline], object]) -> str:
        """Why an edit of inputs would be refused; "" where it would not."""
        try:
            edit(self._bench.document.pipeline)
        except FilterLabError as error:
            return error_words(error)
        return ""

    def _do(self, label: str, edit: Callable[[Pipeline], Pipeline]) -> bool:
        """Make an edit a step of the document; whether there was something to do."""
        document = self._bench.document
        try:
            edited = edit(document.pipeline)
        except FilterLabError as error:
            self._bench.messages.error(error, doing=tr("Not done: {what}", what=label))
            return False
        if edited is document.pipeline:
            return False
        document.seal()
        document.edit(label, edited)
        return True

    # -- columns of the wall --------------------------------------------------------------------------

    def toggle_shown(self, names: Sequence[str]) -> None:
        """Leave the columns of nodes out of the wall, or show them again where the first is left out."""
        hidden = self._bench.view.look.hidden
        new = hidden - set(names) if names[0] in hidden else hidden | set(names)
        self._bench.view.set(hidden=new)
