"""The commands that merge and split layers, and that add kernels by their response or as a bank."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from filterlab.graph import IMAGE, editing
from filterlab.graph.shapes import known_shapes
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.messages import Remark
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.kernel import KernelEditor
from filterlab.gui.merging.banks import BankDialog
from filterlab.gui.merging.designing import DesignDialog
from filterlab.gui.merging.splitting import SplitDialog
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import said
from filterlab.kernels.families import Bank
from filterlab.layers.base.registry import layer_type
from filterlab.merging.banks import insert_bank
from filterlab.merging.layers import MEETINGS, merge_branches, merge_next
from filterlab.merging.splitting import SPLIT, Split
from filterlab.merging.whole import between, merge_all, merge_named
from filterlab.pipeline import Pipeline

if TYPE_CHECKING:
    from filterlab.merging.whole import MergedAll


class KernelCraft:
    """Declares `layer.merge_*`, `layer.split`, `kernel.design` and `kernel.bank`.

    targets: gives the nodes that a command works on. editor: the kernel editor of the selected node, where it has one.
    """

    def __init__(
        self,
        bench: Workbench,
        targets: Callable[[], list[str]],
        editor: Callable[[], KernelEditor | None],
        parent: QWidget,
    ) -> None:
        self._bench, self._targets, self._editor, self._parent = bench, targets, editor, parent
        self._computations: Computations | None = None  # a thread, which waits for the first dialog
        self._declare_merging()
        self._declare_kernels()

    def _declare_merging(self) -> None:
        def add(
            verb: str, text: str, run: Callable[[], object], tip: str, enabled: Callable[[], bool], words: str
        ) -> None:
            menu = tr("&Layer")
            self._bench.commands.add(
                f"layer.{verb}", text, run, menu=menu, tip=tip, enabled=enabled, search_words=words
            )

        add(
            "merge_next",
            tr("Merge with the next layer"),
            self.merge_next,
            tr("One layer with the same numbers in place of this one and the one that reads it"),
            lambda: self._bench.selection.node != IMAGE,
            "fuse compose fold 融合 合并",
        )
        add(
            "merge_branches",
            tr("Merge the branches"),
            self.merge_branches,
            tr("One layer with the same numbers in place of the branches that meet in this one"),
            lambda: self._key() in MEETINGS,
            "fuse reparameterize 融合 合并 重参数化",
        )
        add(
            "merge_all",
            tr("Merge all that is exact"),
            self.merge_all,
            tr("Merge wherever every number stays and the multiply-adds do not become more"),
            lambda: len(self._bench.document.pipeline) > 1,
            "fuse simplify 融合 合并 化简",
        )
        add(
            "split",
            tr("Split…"),
            self.split,
            tr("Columns and rows of a low rank, or a cascade of small kernels, in place of a large kernel"),
            lambda: self._key() in SPLIT,
            "rank svd separable low rank factor decompose 低秩 分解 可分离",
        )

    def _declare_kernels(self) -> None:
        def add(verb: str, text: str, run: Callable[[], object], tip: str, words: str) -> None:
            self._bench.commands.add(
                f"kernel.{verb}", text, run, menu=tr("&Kernel"), tip=tip, search_words=words
            )

        add(
            "design",
            tr("&Design a response…"),
            self.design,
            tr("A kernel that passes a band of frequencies, or removes one"),
            "low-pass high-pass band-pass notch fir cutoff 低通 高通 带通 陷波 频率响应",
        )
        add(
            "bank",
            tr("Add a &bank of kernels…"),
            self.bank,
            tr("Gabor kernels at several angles and scales, or a steerable family"),
            "gabor steerable family orientation filter bank 滤波器组 盖伯 可操纵",
        )

    def _key(self) -> str:
        node, pipeline = self._bench.selection.node, self._bench.document.pipeline
        return pipeline[node].key if node in pipeline else ""

    @property
    def _shape(self) -> tuple[int, ...] | None:
        picture = self._bench.document.picture
        return None if picture is None else picture.shape

    # -- merging ---------------------------------------------------------------------------------------

    def merge_next(self) -> None:
        """Merge the selected layers with each other, or one with the next."""
        pipeline, names = self._bench.document.pipeline, self._targets()
        self._merge(partial(merge_named, pipeline, between(pipeline, names), self._shape, merge_next))

    def merge_branches(self) -> None:
        """Merge the branches that meet in the selected layer."""
        pipeline, node = self._bench.document.pipeline, self._bench.selection.node
        self._merge(partial(merge_named, pipeline, [node], self._shape, merge_branches))

    def merge_all(self) -> None:
        """Merge all that is exact and no dearer."""
        self._merge(partial(merge_all, self._bench.document.pipeline, self._shape))

    def _merge(self, work: Callable[[], MergedAll[Pipeline]]) -> None:
        """Merge in the background: which cells differ is found by trying, which takes a while for many channels."""
        bench, pipeline = self._bench, self._bench.document.pipeline

        def done(found: MergedAll[Pipeline]) -> None:
            if found.merged:
                if not self._edit(tr("Merge layers"), pipeline, found.pipeline):
                    return
                bench.selection.select(found.merged[-1].name)
            bench.messages.add(_account(found))

        def fail(error: Exception, details: str) -> None:
            bench.messages.error(error, tr("Nothing was merged"), details)

        bench.background.submit(work, done, fail)

    def _edit(self, label: str, before: Pipeline, after: Pipeline) -> bool:
        """Make an edit one step, unless the pipeline has changed meanwhile."""
        document = self._bench.document
        if document.pipeline is not before:
            self._bench.messages.warn(tr("Nothing was done: the pipeline has changed meanwhile"))
            return False
        document.edit(label, after)
        document.seal()
        return True

    # -- dialogs ---------------------------------------------------------------------------------------

    def _thread(self) -> Computations:
        if self._computations is None:
            self._computations = Computations(self._bench.messages, self._bench)
        return self._computations

    def split(self) -> SplitDialog:
        """Open the dialog in which the selected layer is split."""
        pipeline, node = self._bench.document.pipeline, self._bench.selection.node
        given = pipeline, node, self._shape, self._bench.theme
        dialog = SplitDialog(self._thread(), *given, self._parent)

        def take(found: Split[Pipeline]) -> None:
            if self._edit(tr("Split {node}", node=node), pipeline, found.pipeline):
                self._bench.messages.note(said(found.words()))

        dialog.chosen.connect(take)
        dialog.open()
        return dialog

    def design(self) -> DesignDialog:
        """Open the dialog of designed responses; the kernel goes into the selected layer, or into a new filter."""
        editor = self._editor()
        dialog = DesignDialog(
            self._thread(), self._bench, editor.session if editor is not None else None, self._parent
        )
        dialog.chosen.connect(self._add_filter)
        dialog.open()
        return dialog

    def _add_filter(self, recipe: Mapping[str, Any]) -> None:
        pipeline, after = self._bench.document.pipeline, self._bench.selection.node
        layer = layer_type("filter2d")(kernel=dict(recipe))
        edited, name = editing.insert(pipeline, layer, after, inputs=(after,))
        if self._edit(tr("Add {title}", title=tr(layer.title)), pipeline, edited):
            self._bench.selection.select(name)

    def bank(self) -> BankDialog:
        """Open the dialog of banks, which are added after the selected layer."""
        dialog = BankDialog(self._thread(), self._bench, self._parent)
        dialog.chosen.connect(self._add_bank)
        dialog.open()
        return dialog

    def _add_bank(self, bank: Bank) -> None:
        pipeline, after = self._bench.document.pipeline, self._bench.selection.node
        shape = known_shapes(pipeline, self._shape).get(after)
        edited, name = insert_bank(pipeline, bank, 1 if shape is None else shape[0], after)
        if self._edit(tr("Add a bank of kernels"), pipeline, edited):
            self._bench.selection.select(name)


def _account(found: MergedAll[Pipeline]) -> Remark:
    """What was merged, which cells differ, and what stays and why."""
    lines: Sequence[str] = [said(one.words()) for one in found.merged]
    kept = [f"{name}: {said(reason)}" for name, reason in found.kept.items()]
    details = "\n".join([*lines, *kept])
    if not lines:
        text = tr("Nothing was merged")
        return Remark("note", f"{text}; {kept[0]}" if kept else text, details=details)
    if len(lines) == 1:
        return Remark("note", lines[0], details=details if kept else "")
    inexact = sum(not one.exact for one in found.merged)
    text = tr("Merged {n} layers", n=sum(len(one.gone) for one in found.merged))
    if inexact:
        text = tr(
            "{merged}; in {n} the numbers at the border changed: {last}",
            merged=text,
            n=inexact,
            last=lines[-1],
        )
    return Remark("note", text, details=details)
