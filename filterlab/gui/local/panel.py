"""The panel "Kernel here": what the network is at the pinned value, as one kernel, and the lenses on it."""

from __future__ import annotations

from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from filterlab.errors import Cancelled, FilterLabError
from filterlab.explain.drawing import sights
from filterlab.explain.drawing.kernels import sight_sheet
from filterlab.explain.drawing.sights import NumberPlane, Sight, sight
from filterlab.explain.lenses import LENSES, Sanity, sanity
from filterlab.graph import IMAGE
from filterlab.gui.bench.computations import Computations, PendingQuestion
from filterlab.gui.bench.overlays import FieldOverlay
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.explain.exporting import TargetDialog, write_in_background
from filterlab.gui.local.planes import PlanesView
from filterlab.gui.local.sums import kernel_words, view_words
from filterlab.gui.local.using import Using
from filterlab.gui.look import layouts
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words
from filterlab.images.parts.levels import LevelSource, PictureLevels
from filterlab.images.writing import NUMBER_SUFFIXES, write_array, write_pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from filterlab.gui.bench.work import Picture
    from filterlab.pipeline import Pipeline

PAUSE = 30  # milliseconds; a pin that is being dragged would ask for kernels that nobody sees
FOLDER = "folder/kernel"
_KINDS = (("PNG", "png"), ("NumPy", "npy"), ("TIFF", "tiff"))
_SLOW = (sights.GRID, sights.ALONG_ROW, sights.ALONG_COLUMN, sights.OCCLUSION)


class _Asked(NamedTuple):
    pin: Spot
    kind: str
    pipeline: Pipeline
    picture: Picture


class LocalPanel(QWidget):
    """Shows the kernel at the pinned value and its sum; follows the pin while it is visible."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.sight: Sight | None = None
        self._asked: _Asked | None = None
        self._shown: _Asked | None = (
            None  # what was asked for what is seen, which may no longer be what is chosen
        )
        self._laid: FieldOverlay | None = None  # what this panel has laid over the picture
        self._computations = Computations(bench.messages, bench)
        self._computations.answered.connect(self._take)
        self._checks = Computations(bench.messages, bench)
        self._checks.answered.connect(self._tell_check)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.refresh)
        self.kinds = QComboBox()
        self.view = PlanesView(bench.theme)
        self.words = layouts.label("", wrap=True)
        self.status = layouts.label("dim")
        self.hint = layouts.label("dim", wrap=True)
        self.use_button = QPushButton(tr("Use as kernel"))
        self.check_button = QPushButton(tr("Check with shuffled weights"))
        self.save_button = QPushButton(tr("Save…"))
        self.using = Using(self, bench)
        self._fill_kinds()
        self._lay_out()
        self._connect()
        self.refresh()

    # -- building -------------------------------------------------------------------------------------

    def _fill_kinds(self) -> None:
        for key, title in (
            (sights.KERNEL, tr("Kernel here")),
            (sights.GRID, tr("Kernels on a grid")),
            (sights.ALONG_ROW, tr("Kernels along the row")),
            (sights.ALONG_COLUMN, tr("Kernels along the column")),
            *((lens.key, tr(lens.title)) for lens in LENSES),
            (sights.OCCLUSION, tr("Occlusion")),
        ):
            self.kinds.addItem(title, key)
        self.kinds.setAccessibleName(tr("What is shown of the pinned value"))

    def _lay_out(self) -> None:
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.use_button.setToolTip(
            tr(
                "Put this kernel beside the network as a layer, with the best single kernel for the whole picture"
            )
        )
        self.check_button.setToolTip(
            tr(
                "Look at the same network with its weights in random order: a lens that shows the same is blind"
            )
        )
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(240)
        scroll.setWidget(self.words)
        content = QWidget()
        picture = layouts.column(None, (self.view, 1), self.status, spacing=4)
        side = QWidget()
        layouts.column(side, (scroll, 1), margins=(0, 0, 0, 0))
        body = layouts.row(content, margins=(0, 0, 0, 0), spacing=12)
        body.addLayout(picture, 3)
        body.addWidget(side, 2)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.hint)
        self._stack.addWidget(content)
        tools = layouts.row(None, self.kinds, None, self.use_button, self.check_button, self.save_button)
        layouts.column(self, tools, (self._stack, 1), margins=(12, 6, 12, 6), spacing=6)

    def _connect(self) -> None:
        bench = self._bench
        bench.selection.pin_changed.connect(self._wait)
        for signal in (bench.results.surveyed, bench.results.staleness_changed, bench.results.busy_changed):
            signal.connect(self._wait)
        bench.document.changed.connect(self._wait)
        self.kinds.currentIndexChanged.connect(self.refresh)
        self.view.pointed.connect(self._point)
        self.view.chosen.connect(self._go)
        self.use_button.clicked.connect(self._use)
        self.check_button.clicked.connect(self._check)
        self.save_button.clicked.connect(self._ask_file)

    # -- asking ---------------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """What is shown."""
        return str(self.kinds.currentData())

    def choose(self, kind: str) -> None:
        """Show another kind."""
        self.kinds.setCurrentIndex(self.kinds.findData(kind))

    def refresh(self, *_: object) -> None:
        """Ask for what is chosen about the present pin."""
        self._timer.stop()
        pin, work = self._bench.selection.pin, self._bench.document.work
        if pin is None or work.picture is None or not self._exists(pin):
            self._computations.drop()
            self._asked = None
            self._show(None)
            return
        asked = _Asked(pin, self.kind, work.pipeline, work.picture)
        # While maps are computed, some of them still belong to the pipeline before the edit.
        if self._bench.results.busy or not self.isVisible() or asked == self._asked:
            return
        self._asked = asked
        self.status.setText(tr("Computing…") if self.kind in _SLOW else "")
        self._computations.ask(asked, partial(self._work, pin, self.kind, work.pipeline, work.picture.pixels))

    def _work(
        self, pin: Spot, kind: str, pipeline: Any, pixels: Any, question: PendingQuestion
    ) -> Sight | FilterLabError:
        maps = {} if kind == sights.OCCLUSION else self._maps()
        if isinstance(pixels, PictureLevels):
            maps = {}
        place = pin.channel, pin.row, pin.col
        tell = partial(question.tell, self._tell_progress)
        try:
            return sight(
                pipeline, _source(pixels), pin.node, place, kind, maps, cancel=question, progress=tell
            )
        except Cancelled:
            raise
        # A lens that does not apply to this value is no fault: the panel says why in its place.
        except FilterLabError as error:
            return error

    def _maps(self) -> dict[str, NDArray[Any]]:
        results = self._bench.results
        return {name: shown.view.array for name, shown in dict(results.maps).items() if not shown.stale}

    def _tell_progress(self, done: int, of: int) -> None:
        self.status.setText(tr("Computing… {done} of {all}", done=done, all=of))

    def _exists(self, pin: Spot) -> bool:
        shown, problem = self._bench.results.maps.get(pin.node), self._bench.results.problem(pin.node)
        return shown is not None and problem is None and shown.view.holds(*pin[1:])

    def _wait(self, *_: object) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask about what was pinned while the panel was hidden."""
        super().showEvent(event)
        self._lay_over(self.sight)
        self.refresh()

    # -- showing --------------------------------------------------------------------------------------

    def _take(self, asked: _Asked, found: Sight | FilterLabError) -> None:
        # The answer may have been on its way while the pin moved on.
        if asked != self._asked:
            return
        self._shown = asked
        if isinstance(found, FilterLabError):
            self._show(None)
            self.hint.setText(error_words(found))
        else:
            self._show(found)

    def _show(self, found: Sight | None) -> None:
        self.sight = found
        self.view.show_sight(found)
        self._lay_over(found)
        self.status.setText("")
        for button in (self.use_button, self.check_button, self.save_button):
            button.setEnabled(found is not None)
        self.use_button.setVisible(self.kind == sights.KERNEL)
        self.check_button.setVisible(any(lens.key == self.kind for lens in LENSES))
        if found is None:
            self.hint.setText(self._hint())
            self._stack.setCurrentIndex(0)
            return
        if found.kernel is not None:
            self.words.setText(kernel_words(found.kernel))
        else:
            self.words.setText(view_words(self.kind, found))
        self._stack.setCurrentIndex(1)

    def _lay_over(self, found: Sight | None) -> None:
        """Draw what is shown over the picture on the wall, unless the effective field is there."""
        overlays, picture = self._bench.overlays, self._bench.document.picture
        if overlays.field is not None and overlays.field is not self._laid:
            return
        heat = None
        if found is not None and picture is not None and self.isVisible():
            height, width = picture.pixels.shape[1:]
            heat = found.laid((height, width))
        self._laid = None if heat is None else FieldOverlay(heat)
        overlays.set_field(self._laid)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Take the kernel from the picture."""
        super().hideEvent(event)
        self._lay_over(None)

    def _hint(self) -> str:
        if self._bench.document.picture is None:
            return tr(
                "Open a picture, then click a value in any map to see the kernel that the network is there."
            )
        return tr("Click a value in any map to see the kernel that the network is there.")

    def _point(self, plane: NumberPlane | None, row: int, col: int) -> None:
        if plane is None or self.sight is None:
            self.status.setText("")
            return
        value = f"{plane.value(row, col):.6g}"
        if plane.place is not None:
            place = f"{plane.place[0]}, {plane.place[1]}"
            self.status.setText(
                tr("{value} in the kernel at {place}: click to go there", value=value, place=place)
            )
            return
        down, across = self.sight.top + row, self.sight.left + col
        over = tr("the picture") if self.sight.over == IMAGE else self.sight.over
        self.status.setText(
            tr("{value} at row {row}, column {col} of {map}", value=value, row=down, col=across, map=over)
        )

    def _go(self, plane: NumberPlane) -> None:
        """Pin the value whose kernel was clicked."""
        pin = self._bench.selection.pin
        if plane.place is not None and pin is not None:
            self._bench.selection.set_pin(Spot(pin.node, pin.channel, *plane.place))

    # -- doing ----------------------------------------------------------------------------------------

    def _use(self) -> None:
        if self.sight is not None and self.sight.kernel is not None:
            self.using.begin(self.sight.kernel)

    def _check(self) -> None:
        asked, found = self._shown, self.sight
        if asked is None or found is None or found.view is None:
            return
        self.status.setText(tr("Computing…"))
        pin = asked.pin
        place, view = (pin.channel, pin.row, pin.col), found.view
        source = _source(asked.picture.pixels)
        work_of = partial(sanity, asked.pipeline, source, asked.kind, pin.node, place, view)
        self._checks.ask(found, lambda cancel: work_of())

    def _tell_check(self, asked: object, found: Sanity) -> None:
        if asked is not self.sight or self.sight is None or self._shown is None:
            return
        text = tr(
            "With shuffled weights this lens shows a picture whose magnitudes correlate with this one by {likeness}. "
            "Near 1, it shows the picture more than what the network has learned.",
            likeness=f"{found.likeness:.2f}",
        )
        self.words.setText(f"{view_words(self._shown.kind, self.sight)}<p>{escape(text)}</p>")
        self.status.setText("")

    def _ask_file(self) -> None:
        kept = str(self._bench.settings.value(FOLDER, "") or Path.home())
        dialog = TargetDialog(Path(kept), self._name(), _KINDS, self)
        dialog.fileSelected.connect(lambda file: self.save(Path(file)))
        dialog.open()

    def _name(self) -> str:
        if self._shown is None:
            return self.kind
        pin = self._shown.pin
        return f"{self._shown.kind}-{pin.node.replace('/', '_')}-{pin.channel}-{pin.row}-{pin.col}"

    def save(self, path: Path) -> None:
        """Write what is shown: the picture as .png, the numbers as .npy or .tiff."""
        if self.sight is not None:
            write_in_background(self._bench, path, partial(_write, self.sight, path), FOLDER)


def _source(pixels: Any) -> Any:
    """What a value is looked back to: the picture, or one that is larger than memory in parts."""
    return LevelSource(pixels, 0) if isinstance(pixels, PictureLevels) else pixels


def _write(found: Sight, path: Path) -> None:
    # Asked about by the dialog where the file exists.
    if path.suffix.lower() in NUMBER_SUFFIXES:
        write_array(path, found.numbers)
    else:
        write_pixels(path, sight_sheet(found))
