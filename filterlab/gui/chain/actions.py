"""The commands of the pipeline panel: what menus, keys and the palette do to the graph of layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from filterlab.graph import IMAGE, editing
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.folds import Folds
from filterlab.gui.bench.selection import Selection
from filterlab.gui.chain.edits import ChainEdits
from filterlab.gui.chain.inputs import InputsDialog, Source
from filterlab.gui.chain.menu import LayerMenu, all_types, merging_types
from filterlab.gui.chain.view import ChainView
from filterlab.gui.commands import Commands
from filterlab.gui.look.theme import Theme
from filterlab.gui.words.i18n import tr
from filterlab.layers import Layer


class ChainActions(QObject):
    """Declares the commands `layer.*`, and asks for what they need with popups and dialogs over the panel."""

    def __init__(
        self,
        edits: ChainEdits,
        view: ChainView,
        panel: QWidget,
        *,
        document: Document,
        selection: Selection,
        commands: Commands,
        theme: Theme,
        folds: Folds,
    ) -> None:
        super().__init__(panel)
        self._folds = folds
        self._edits, self._view, self._panel = edits, view, panel
        self._document, self._selection, self._commands, self._theme = document, selection, commands, theme
        self.menu = LayerMenu(theme, panel)
        self.menu.chosen.connect(self._take)
        # One menu serves for adding, branching and merging; this is what the type that is chosen in it is for.
        self._then: Callable[[type[Layer]], object] = edits.add
        self._declare_adding()
        self._declare_changing()
        self._declare_looking()

    def _declare_adding(self) -> None:
        self._add(
            "add",
            tr("Add layer…"),
            self.ask_add,
            "Ctrl+L",
            tip=tr("Put a layer after the selected one"),
            # Who asks the palette for a layer is led to the list of them. All layers take a while to load, so that the
            # window is painted first.
            search_words=_layer_words,
        )
        tip = tr("Add another layer that reads the selected one, beside its present readers")
        self._add("branch", tr("Branch…"), self.ask_branch, "Ctrl+B", tip=tip)
        tip = tr("Merge branches in a new layer")
        self._add("merge", tr("Merge…"), self.ask_merge, "Ctrl+M", tip=tip)
        self._add("duplicate", tr("Duplicate layer"), self._duplicate, "Ctrl+D", node=True)

    def _declare_changing(self) -> None:
        self._add("rename", tr("Rename…"), self._rename, "F2", node=True, local=True)
        self._add(
            "toggle",
            tr("Switch layer on or off"),
            lambda: self._edits.toggle(self.targets()),
            "Space",
            tip=tr("A layer that is switched off passes its input through unchanged"),
            node=True,
            local=True,
        )
        self._add("inputs", tr("Choose inputs…"), self.ask_inputs, "Ctrl+I", node=True)
        self._add("move_up", tr("Move layer up"), lambda: self._move(-1), "Alt+Up", node=True, local=True)
        self._add(
            "move_down", tr("Move layer down"), lambda: self._move(1), "Alt+Down", node=True, local=True
        )
        self._add(
            "remove",
            tr("Remove layer"),
            self._remove,
            "Del",
            node=True,
            local=True,
            search_words="delete 删除 移除",
        )

    def _declare_looking(self) -> None:
        self._add("previous", tr("Previous layer"), lambda: self._step(-1), "Ctrl+Up")
        self._add("next", tr("Next layer"), lambda: self._step(1), "Ctrl+Down")
        self._add(
            "hide",
            tr("Show or hide maps"),
            lambda: self._edits.toggle_shown(self.targets() or [IMAGE]),
            "Shift+Space",
            tip=tr("Hide the column of the selected layer on the wall of maps, or show it again"),
            local=True,
        )

    def _add(
        self,
        verb: str,
        text: str,
        run: Callable[[], object],
        shortcut: str,
        *,
        tip: str = "",
        node: bool = False,
        local: bool = False,
        search_words: str | Callable[[], str] = "",
    ) -> None:
        """Declare a command. node: it needs a node, not the picture. local: its key works in the panel only."""
        self._commands.add(
            f"layer.{verb}",
            text,
            run,
            menu=tr("&Layer"),
            shortcut=shortcut,
            tip=tip,
            enabled=(lambda: self._selection.node != IMAGE) if node else None,
            # Space, Delete and F2 mean something else in other parts of the window.
            within=self._panel if local else None,
            search_words=search_words,
        )

    def targets(self) -> list[str]:
        """The nodes that a command works on: all that are selected in the list, else the selected one."""
        # Several cards count only if the node whose settings are shown is among them; otherwise a command would touch
        # layers that nobody looks at.
        selected, node = self._view.selected_names(), self._selection.node
        return selected if node in selected else [] if node == IMAGE else [node]

    # -- asking ---------------------------------------------------------------------------------------

    def ask_add(self) -> None:
        """Open the menu of layers, to add one."""
        node = self._selection.node
        self._ask(tr("Add a layer after {node}", node=node), self._edits.add, all_types())

    def ask_branch(self) -> None:
        """Open the menu of layers, to branch into one."""
        node = self._selection.node
        self._ask(tr("Branch from {node} into", node=node), self._edits.branch, all_types())

    def ask_merge(self) -> None:
        """Open the menu of layers that join, to choose their inputs next."""
        node = self._selection.node
        self._ask(tr("Merge {node} with others by", node=node), self.ask_merge_inputs, merging_types())

    def _ask(self, heading: str, then: Callable[[type[Layer]], object], kinds: list[type[Layer]]) -> None:
        self._then = then
        view = self._view
        # A card that is scrolled out of sight has no place; the menu then opens at the corner of the list.
        place = view.visualRect(view.currentIndex()).intersected(view.viewport().rect())
        self.menu.popup(heading, kinds, QRect(view.viewport().mapToGlobal(place.topLeft()), place.size()))

    def _take(self, kind: type[Layer]) -> None:
        self._then(kind)

    def ask_merge_inputs(self, kind: type[Layer]) -> InputsDialog:
        """Open the dialog in which the inputs of a new joining layer are chosen."""
        pipeline, node = self._document.pipeline, self._selection.node
        layer, inputs = self._edits.starter(kind, node)
        sources = [self._source(name) for name in [IMAGE, *(step.name for step in pipeline.steps)]]
        title = tr("Inputs of the new {title}", title=tr(kind.title))

        def error(names: list[str]) -> str:
            return self._edits.refusal(lambda p: editing.insert(p, layer, inputs=names))

        return self._open(title, sources, inputs, error, kind, lambda names: self._edits.merge(kind, names))

    def ask_inputs(self) -> InputsDialog:
        """Open the dialog in which the inputs of the selected node are chosen."""
        pipeline, name = self._document.pipeline, self._selection.node
        node = pipeline.node(name)
        legal = editing.legal_inputs(pipeline, name)
        refusal = tr("it depends on {node}: the layers would form a cycle", node=name)
        others = [IMAGE, *(step.name for step in pipeline.steps if step.name != name)]
        sources = [self._source(other, "" if other in legal else refusal) for other in others]

        def error(names: list[str]) -> str:
            return self._edits.refusal(lambda p: editing.set_inputs(p, name, names))

        return self._open(
            tr("Inputs of {node}", node=name),
            sources,
            node.inputs or (),
            error,
            type(node.layer),
            lambda names: self._edits.set_inputs(name, names),
        )

    def _open(
        self,
        title: str,
        sources: Sequence[Source],
        inputs: Sequence[str],
        error: Callable[[list[str]], str],
        kind: type[Layer],
        then: Callable[[list[str]], object],
    ) -> InputsDialog:
        several = kind.arity[1] != 1
        dialog = InputsDialog(title, sources, inputs, error, self._theme, several=several, parent=self._panel)
        dialog.chosen.connect(then)
        # Not `exec`: its nested event loop would hold this call, and all that waits for it, until the dialog is closed.
        dialog.open()
        return dialog

    def _source(self, name: str, refusal: str = "") -> Source:
        pipeline = self._document.pipeline
        return Source(name, tr("picture") if name == IMAGE else tr(pipeline[name].title), refusal)

    # -- doing ----------------------------------------------------------------------------------------

    def _remove(self) -> None:
        self._edits.remove(self.targets())

    def _duplicate(self) -> None:
        self._edits.duplicate(self._selection.node)

    def _rename(self) -> None:
        # A folded block has no room for the name of the node that it stands for.
        self._folds.reveal(self._selection.node)
        # The field opens over the current card, which is another one if the node was selected on the wall.
        self._view.show_selected(self._selection.node)
        self._view.start_renaming()

    def _move(self, step: int) -> None:
        name = self._selection.node
        self._folds.reveal(name)
        order = [s.name for s in self._document.pipeline.steps]
        index = order.index(name) + step
        if 0 <= index < len(order):
            self._edits.move(name, index)

    def _step(self, step: int) -> None:
        # In the order of the cards: a folded block is gone to as one.
        order = self._view.names()
        place = order.index(self._selection.node) + step
        self._selection.select(order[min(max(place, 0), len(order) - 1)])


def _layer_words() -> str:
    return " ".join(f"{kind.title} {tr(kind.title)} {kind.search_words}" for kind in all_types())
