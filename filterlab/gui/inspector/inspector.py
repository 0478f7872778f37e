"""The panel on the right: the settings of the selected node."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from filterlab.graph import IMAGE
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.kernel import KernelEditor
from filterlab.gui.inspector.facts import PictureFacts
from filterlab.gui.inspector.focus import Body
from filterlab.gui.inspector.form import LayerForm
from filterlab.gui.inspector.forms import Forms
from filterlab.gui.inspector.formula import FormulaCard
from filterlab.gui.inspector.header import Header
from filterlab.gui.inspector.kernel.commands import add_kernel_commands
from filterlab.gui.inspector.kernel.tools import draw_icons_ahead
from filterlab.gui.inspector.torchline import TorchSection
from filterlab.gui.words.i18n import tr


class Inspector(QScrollArea):
    """Shows and edits the node that is selected; for "image", the facts of the picture."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.form: LayerForm | None = None
        self._kernel_editor: KernelEditor | None = None
        self._shown = ""  # the node that was shown last
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Inspector"))
        body = Body(self)
        self._layout = QVBoxLayout(body)
        self._layout.setContentsMargins(10, 10, 8, 12)
        self._layout.setSpacing(10)
        self.heading = QLabel(tr("PICTURE"), body)
        self.heading.setProperty("role", "heading")
        self.hint = QLabel(
            tr("No picture is open. Drop one onto the window, or choose Open… in the File menu."), body
        )
        self.hint.setWordWrap(True)
        self.hint.setProperty("role", "dim")
        self.facts = PictureFacts(body)
        self.header = Header(bench, body)
        self.formula = FormulaCard(bench, body)
        self.torch = TorchSection(bench)
        for widget in (self.heading, self.hint, self.facts, self.header, self.formula, self.torch):
            self._layout.addWidget(widget)
        self._layout.addStretch(1)
        self._forms = Forms(bench, body)
        self.setWidget(body)
        body.entered.connect(self.ensureWidgetVisible)
        add_kernel_commands(bench, self.kernel_editor)
        draw_icons_ahead(bench.theme, self)
        bench.selection.node_changed.connect(self.refresh)
        bench.document.changed.connect(self.refresh)
        bench.results.map_ready.connect(self._map_ready)
        self.refresh()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide enough for every form in the present font."""
        return QSize(self.fontMetrics().horizontalAdvance("m") * 24, 200)

    def kernel_editor(self) -> KernelEditor | None:
        """The kernel editor of the selected node; None where it has no kernel, or one too large to be edited."""
        editor = self._kernel_editor
        return editor if editor is not None and editor.editable else None

    def refresh(self) -> None:
        """Show the selected node as the document has it now."""
        node, pipeline = self.bench.selection.node, self.bench.document.pipeline
        is_node = node != IMAGE and node in pipeline
        picture = self.bench.document.picture
        self.heading.setVisible(not is_node)
        self.hint.setVisible(not is_node and picture is None)
        self.facts.setVisible(not is_node and picture is not None)
        self.header.setVisible(is_node)
        self.torch.setVisible(is_node)
        if is_node:
            self._show_node(node)
        else:
            self._drop_form()
            self._show_picture()
        self.formula.follow(node)
        if node != self._shown:
            self._shown = node
            self.verticalScrollBar().setValue(0)
        self.bench.commands.refresh()

    def _show_node(self, node: str) -> None:
        layer = self.bench.document.pipeline[node]
        # A form serves all layers of its type: its widgets take a while to make, and an edit must not take the focus.
        if self.form is None or self.form.layer_type is not type(layer):
            self._drop_form()
            self.form = self._forms.form(type(layer))
            self._kernel_editor = self.form.findChild(KernelEditor)
            if self._layout.indexOf(self.form) < 0:
                self._layout.insertWidget(self._layout.indexOf(self.formula), self.form)
        self.header.follow(node, layer)
        self.form.follow(node, layer)
        if self.form.isHidden():
            self.form.come_back()
        if node != self._shown:
            _lay_out_now(self.form)
        self.torch.follow(layer)

    def _drop_form(self) -> None:
        if self.form is not None:
            self.form.leave()
            self.form, self._kernel_editor = None, None

    def _show_picture(self) -> None:
        picture = self.bench.document.picture
        if picture is not None:
            shown = self.bench.results.maps.get(IMAGE)
            current = shown is not None and not shown.stale
            self.facts.follow(picture, shown.view if shown is not None and current else None)

    def _map_ready(self, name: str) -> None:
        if name == IMAGE and self.facts.isVisibleTo(self):
            self._show_picture()


def _lay_out_now(widget: QWidget) -> None:
    """Lay out a widget from the inside: Qt itself hands sizes up by one level, and paints, at each turn of its loop."""
    for part in reversed((widget, *widget.findChildren(QWidget))):
        layout = part.layout()
        if layout is not None:
            layout.activate()
