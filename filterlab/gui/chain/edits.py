"""Edits of the graph of layers: each becomes a step of the history, or a message that says why it was refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from filterlab.errors import FilterLabError
from filterlab.graph import editing
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.messages import Messages
from filterlab.gui.bench.selection import Selection
from filterlab.gui.bench.viewstate import ViewState
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.layers import Layer
from filterlab.pipeline import Pipeline


class ChainEdits(QObject):
    """Edits by the names of nodes; new nodes are selected. A refused edit leaves the work as it was."""

    def __init__(
        self,
        *,
        document: Document,
        selection: Selection,
        view: ViewState,
        messages: Messages,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._view, self._messages = document, selection, view, messages

    # -- adding ---------------------------------------------------------------------------------------

    def add(self, kind: type[Layer]) -> None:
        """Put a new layer after the selected node; the nodes that read that one read the new one instead."""

        def edit(pipeline: Pipeline, after: str) -> tuple[Pipeline, str]:
            layer, inputs = self.starter(kind, after)
            return editing.insert(pipeline, layer, after, inputs=inputs)

        self._added(tr("Add {title}", title=tr(kind.title)), edit)

    def branch(self, kind: type[Layer]) -> None:
        """Add a new layer that reads the selected node, beside its present readers."""

        def edit(pipeline: Pipeline, after: str) -> tuple[Pipeline, str]:
            layer, _ = self.starter(kind, after)
            return editing.branch(pipeline, layer, after)

        self._added(tr("Branch into {title}", title=tr(kind.title)), edit)

    def merge(self, kind: type[Layer], inputs: Sequence[str]) -> None:
        """Join nodes by a new layer, which the readers of the selected node then read in its place.

        A reader that leads to the new layer itself stays as it is: it would close a cycle.
        """

        def edit(pipeline: Pipeline, after: str) -> tuple[Pipeline, str]:
            # Where the selected node is not ticked, the new one comes after the last of its inputs.
            place = after if after in inputs else None
            return editing.insert(pipeline, kind.starter(), place, inputs=inputs)

        self._added(tr("Merge by {title}", title=tr(kind.title)), edit)

    def duplicate(self, name: str) -> None:
        """Put a copy of a node's layer after it."""
        self._added(
            tr("Duplicate {node}", node=name), lambda pipeline, _after: editing.duplicate(pipeline, name)
        )

    def starter(self, kind: type[Layer], after: str) -> tuple[Layer, tuple[str, ...]]:
        """A new layer that fits after a node, and its first inputs."""
        picture = self._document.picture
        shape = None if picture is None else picture.shape
        return editing.starter(kind, self._document.pipeline, after, shape)

    def _added(self, label: str, edit: Callable[[Pipeline, str], tuple[Pipeline, str]]) -> None:
        # `_do` takes functions that return a pipeline and nothing else; the name comes out by this list.
        new: list[str] = []

        def change(pipeline: Pipeline) -> Pipeline:
            edited, name = edit(pipeline, self._selection.node)
            new.append(name)
            return edited

        if self._do(label, change):
            # A removed node stays hidden for undo; a new one that happens to get its name is to be seen.
            self._view.set(hidden=self._view.look.hidden - {new[0]})
            self._selection.select(new[0])

    # -- changing -------------------------------------------------------------------------------------

    def remove(self, names: Sequence[str]) -> None:
        """Remove nodes; their readers read what they read."""
        what = names[0] if len(names) == 1 else tr("{n} layers", n=len(names))
        self._do(tr("Remove {what}", what=what), lambda pipeline: editing.remove(pipeline, names))

    def rename(self, old: str, new: str) -> None:
        """Give a node another name."""
        label = tr("Rename {old} to {new}", old=old, new=new)
        self._do(label, lambda pipeline: editing.rename(pipeline, old, new))

    def name_error(self, old: str, new: str) -> str:
        """Return why a node may not have this name; "" where it may."""
        return self.refusal(lambda pipeline: editing.rename(pipeline, old, new))

    def toggle(self, names: Sequence[str]) -> None:
        """Switch nodes off; or on, if the first of them is off."""
        on = not self._document.pipeline.node(names[0]).enabled
        what = names[0] if len(names) == 1 else tr("{n} layers", n=len(names))
        label = tr("Switch on {what}", what=what) if on else tr("Switch off {what}", what=what)
        self._do(label, lambda pipeline: editing.set_enabled(pipeline, names, on))

    def move(self, name: str, index: int) -> None:
        """Move a node to a position among the others."""
        self._do(tr("Move {node}", node=name), lambda pipeline: editing.move(pipeline, name, index))

    def set_inputs(self, name: str, inputs: Sequence[str]) -> None:
        """Replace the inputs of a node."""
        label = tr("Change the inputs of {node}", node=name)
        self._do(label, lambda pipeline: editing.set_inputs(pipeline, name, inputs))

    def refusal(self, edit: Callable[[Pipeline], object]) -> str:
        """Return why an edit would be refused; "" where it would not."""
        # The edit itself is tried: pipelines are immutable, so it costs little and changes nothing.
        try:
            edit(self._document.pipeline)
        except FilterLabError as error:
            return error_words(error)
        return ""

    def _do(self, label: str, edit: Callable[[Pipeline], Pipeline]) -> bool:
        """Make an edit a step of the history; return whether it changed anything."""
        document = self._document
        try:
            edited = edit(document.pipeline)
        except FilterLabError as error:
            self._messages.error(error, doing=tr("Not done: {what}", what=label))
            return False
        # Edits that change nothing return the graph that they were given; they must not become empty steps.
        if edited is document.pipeline:
            return False
        document.edit(label, edited)
        return True

    # -- columns of the wall --------------------------------------------------------------------------

    def toggle_shown(self, names: Sequence[str]) -> None:
        """Hide the columns of nodes on the wall; or show them, if the first is hidden."""
        hidden = self._view.look.hidden
        new = hidden - set(names) if names[0] in hidden else hidden | set(names)
        self._view.set(hidden=new)
