"""All kernels with their histogram and norms, and words about the layer and the kernel under the mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QSplitter, QToolButton, QWidget

from filterlab.explain.weights import WeightSurvey
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.look import layouts
from filterlab.gui.look.theme import Theme
from filterlab.gui.panels.plots import HistogramOf, HistogramPlot, LineOf, ProfilePlot
from filterlab.gui.weights.mosaic import KernelAt, MosaicView, kernel_name
from filterlab.gui.words.i18n import tr
from filterlab.text.numbers import brief


class NormPlot(ProfilePlot):
    """The norms of output channels in the order of `outputs`."""

    outputs: tuple[int, ...] | list[int] = ()

    def text_at(self, place: float) -> str:
        """The output channel at a place, and its norm."""
        if not 0 <= round(place) < len(self.outputs):
            return ""
        norm = self._series[0].line.text(round(place))
        return f"{tr('output {o}', o=self.outputs[round(place)])}: {norm}"


class KernelsPanel(QWidget):
    """The view with its choices above, the plots beside, and the words below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._survey: WeightSurvey | None = None
        self.view = MosaicView(theme)
        self.kind = QuietCombo()
        self.kind.addItem(tr("RGB pictures"), True)
        self.kind.addItem(tr("Every kernel"), False)
        self.kind.setAccessibleName(tr("How kernels are shown"))
        self.kind.setToolTip(
            tr(
                "Kernels of three input channels as colour pictures, or output channels down and inputs across"
            )
        )
        self.kind.widen()
        self.by_norm = QCheckBox(tr("Sorted by norm"))
        self.by_norm.setToolTip(tr("The channels with the largest weights first"))
        self.each = QCheckBox(tr("Each on its own scale"))
        self.each.setToolTip(tr("Full colour is the largest weight of each kernel, else that of the layer"))
        self.words, self.kernel = (
            QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText) for _ in range(2)
        )
        self.words.setProperty("role", "dim")
        self.scale = layouts.label("dim")
        self.histogram, self.norms = HistogramPlot(theme), NormPlot(theme)
        self.norms.setAccessibleName(tr("Norms of the output channels"))
        self.histogram_text, self.norms_text = layouts.label("dim"), layouts.label("dim")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        minus, plus = QToolButton(), QToolButton()
        for button, sign, words, steps in ((minus, "−", tr("Smaller"), -1), (plus, "+", tr("Larger"), 1)):
            button.setText(sign)
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.clicked.connect(lambda _=False, by=steps: self.view.zoom(by))
        head = layouts.row(
            None, self.kind, self.by_norm, self.each, None, self.scale, minus, plus, spacing=10
        )
        plots = QWidget()
        layouts.column(
            plots,
            self.histogram_text,
            (self.histogram, 1),
            self.norms_text,
            (self.norms, 1),
            margins=(8, 0, 0, 0),
            spacing=2,
        )
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.view)
        split.addWidget(plots)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        # Two lines always, so that the kernels do not jump as the mouse passes over them.
        self.kernel.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.kernel.setAlignment(Qt.AlignmentFlag.AlignTop)
        layouts.column(self, head, (split, 1), self.words, self.kernel, margins=(0, 0, 0, 0), spacing=6)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(self._choose_kind)
        self.by_norm.toggled.connect(self._arrange)
        self.each.toggled.connect(self._arrange)
        self.view.pointed.connect(self._say)
        self.view.picked.connect(self._say)
        self.histogram.pointed.connect(lambda text: self.histogram_text.setText(text or tr("Weights")))
        self.norms.pointed.connect(
            lambda text: self.norms_text.setText(text or tr("Norms of the output channels"))
        )
        self.norms.picked.connect(self._pick_output)

    def wait(self, node: str) -> None:
        """Show nothing until the numbers of another node have been found."""
        self._survey = None
        self.view.show_survey(None)
        self.words.setText(tr("Looking at the weights of {node}…", node=node))
        self.kernel.clear()

    def show_survey(self, found: WeightSurvey) -> None:
        """Show the kernels of a layer."""
        new = self._survey is None
        self._survey = found
        self.view.show_survey(found)
        self.kind.setEnabled(found.coloured)
        if new or not found.coloured:
            self.kind.show_data(found.coloured)
            self._choose_kind()
        self.words.setText(tr(found.layer_words()))
        self._arrange()
        self.histogram.show_histograms([HistogramOf(tr("Weights"), found.summary.histogram)], log=True)
        self.histogram_text.setText(tr("Weights"))
        self.norms_text.setText(tr("Norms of the output channels"))

    def _choose_kind(self) -> None:
        # Pictures are compared by their colours, and kernels of a mosaic by how strong they are.
        self.each.setChecked(bool(self.kind.currentData()))
        self._arrange()

    def _arrange(self) -> None:
        found = self._survey
        if found is None:
            return
        each = self.each.isChecked()
        self.view.arrange(as_pictures=self.kind.currentData(), by_norm=self.by_norm.isChecked(), each=each)
        largest = tr("full colour: ±{value}", value=brief(found.largest(), 3))
        self.scale.setText(tr("each on its own scale") if each else largest)
        self.norms.outputs = self.view.outputs
        self.norms.show_lines([LineOf("", found.norm_line(self.view.outputs))], along_row=True)
        self._say(None)

    def _say(self, kernel: KernelAt | None) -> None:
        """Say norm, rank and separability of a kernel, or of those of an output channel."""
        kernel, found = kernel or self.view.current, self._survey
        if kernel is None or found is None:
            self.kernel.setText(
                tr("A click on a kernel shows it in the kernel editor, a double click opens it large.")
            )
            return
        whole, output = self.view.as_pictures, kernel.output
        words = found.channel_words(output) if whole else found.kernel_words(output, kernel.source)
        self.kernel.setText(f"{kernel_name(kernel, whole)}: {tr(words)}")

    def _pick_output(self, place: int) -> None:
        kernel = KernelAt(self.view.outputs[place], 0)
        self.view.show_current(kernel)
        self.view.picked.emit(kernel)
