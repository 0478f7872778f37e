"""The card that derives the shape of the output, and says what the layer costs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from filterlab.errors import FilterLabError
from filterlab.graph import IMAGE
from filterlab.graph.shapes import shape_lines
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import macs_words, parameters_words, problem_words, shape_words
from filterlab.layers.base.formula import Line
from filterlab.layers.base.layer import Shape
from filterlab.run.ledger import Row, bytes_text


class FormulaCard(QFrame):
    """Follows the results; `follow(node)` chooses the node."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "note")
        self._bench = bench
        self.node = IMAGE
        self.formula, self.notes, self.costs, self.problem = (QLabel(self) for _ in range(4))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(9, 8, 9, 8)
        layout.setSpacing(4)
        for label in (self.formula, self.notes, self.costs, self.problem):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(label)
        self.notes.setProperty("role", "dim")
        self.problem.setProperty("role", "error")
        bench.results.surveyed.connect(self.refresh)
        bench.results.failed.connect(self.refresh)

    def follow(self, node: str) -> None:
        """Show the formula of a node."""
        self.node = node
        self.refresh()

    def refresh(self) -> None:
        """Show what the results now say about the node."""
        results = self._bench.results
        row = results.row(self.node)
        problem = results.problem(self.node)
        lines: tuple[Line, ...] = ()
        try:
            lines = self._lines() if row is not None else ()
        except FilterLabError as error:
            # The document was edited since the last survey; the next one will say the same.
            row, problem = None, error
        self._say(self.formula, "<br>".join(_line_words(line) for line in lines) or _unchanged_words(row))
        self._say(self.notes, "<br>".join(_note_words(line) for line in lines if line.notes))
        self._say(self.costs, "" if row is None else _cost_words(row))
        self._say(self.problem, "" if problem is None else problem_words(problem))
        self.setVisible(row is not None or bool(self.problem.text()))

    def _lines(self) -> tuple[Line, ...]:
        picture, pipeline = self._bench.document.picture, self._bench.document.pipeline
        if picture is None or self.node not in pipeline:
            return ()
        rows = self._bench.results.rows
        shapes: dict[str, Shape] = {IMAGE: picture.shape}
        shapes |= {name: row.shape for name, row in rows.items() if isinstance(row, Row)}
        # A node that was just put in has no row before the next survey.
        known = all(name in shapes for name in pipeline.node(self.node).inputs or ())
        return shape_lines(pipeline, self.node, shapes) if known else ()

    @staticmethod
    def _say(label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))


def _line_words(line: Line) -> str:
    formula = "" if line.formula == str(line.result) else f"{line.formula} "
    return f"{tr(line.axis)} {formula}= <b>{line.result}</b>"


def _note_words(line: Line) -> str:
    return tr("{axis}: {notes}", axis=tr(line.axis), notes="; ".join(map(tr, line.notes)))


def _unchanged_words(row: Row | None) -> str:
    return "" if row is None else tr("the shape stays {shape}", shape=shape_words(row.shape))


def _cost_words(row: Row) -> str:
    parts = []
    field = row.receptive_field
    if field is not None and field.whole:
        parts.append(tr("field: the whole picture"))
    elif field is not None:
        parts.append(tr("field {h} × {w}", h=field.size[0], w=field.size[1]))
        rows, cols = (f"{float(stride):.4g}" for stride in field.stride)
        parts.append(tr("stride {h} × {w}", h=rows, w=cols))
    if row.macs:
        parts.append(macs_words(row.macs))
    if row.parameters:
        parts.append(parameters_words(row.parameters))
    parts.append(bytes_text(row.bytes))
    words = " · ".join(parts)
    return words if field is not None else f"{words}<br>{tr('no field')}: {tr(row.reason)}"
