"""Opening files, the clipboard and drags as a picture, a pipeline or a kernel of the document."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from filterlab.errors import FileError, FilterLabError
from filterlab.gui.bench.work import Picture, Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.files.applying import with_kernel
from filterlab.gui.files.mime import Incoming, pixels_of_image, read_mime
from filterlab.gui.files.network.account import account
from filterlab.gui.files.reading import Opened, likely_kind, read
from filterlab.gui.files.recent import Recent
from filterlab.gui.panels.readings import ReadingsDialog
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import said
from filterlab.images.parts.levels import PictureLevels
from filterlab.kernels import AmbiguousKernelError, parse
from filterlab.pipeline import Pipeline
from filterlab.resources import comes_with_program
from filterlab.run.files import from_text
from filterlab.run.ledger import bytes_text

if TYPE_CHECKING:
    from filterlab.interop.importing import Imported


class Opener(QObject):
    """Reads in the background and puts each result into the document, as one step of the history.

    network_opened(Imported): a network of another program is now the pipeline. picture_awaited(path): a file that is
    likely a picture is being read.
    """

    network_opened = Signal(object)
    picture_awaited = Signal(object)

    # Reading is asynchronous, so a result may come too late: New, or closing the picture, overtakes it. Every request
    # has a number, and `_dropped` holds for each kind the newest request that was overtaken like that.

    def __init__(self, bench: Workbench, recent: Recent, window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._recent, self._window = bench, recent, window
        self._number = 0
        self._dropped = {"picture": 0, "pipeline": 0, "kernel": 0}
        self._steps: deque[Callable[[], None]] = deque()
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._take_step)

    # -- files ----------------------------------------------------------------------------------------

    def open_paths(self, paths: Iterable[Path], kind: str = "") -> None:
        """Open files; of several pictures or pipelines, the first. kind: what they must be, "" to go by content."""
        first, others = _first_of_each(list(paths), kind)
        picture = self._bench.document.picture
        sizes: list[tuple[int, ...]] = [picture.shape] if picture is not None else []
        for path in first:
            self._open(path, kind, sizes)
        if others:
            self._recent.add(*others)
            names = ", ".join(path.name for path in others[:5]) + (" …" if len(others) > 5 else "")
            self._bench.messages.note(tr("Not opened, but listed under “Open recent”: {names}", names=names))

    def open_resource(self, path: Path, title: str) -> None:
        """Open a file that comes with the program: not listed as recent, and never saved over."""
        self._read(lambda: read(path), lambda opened: self._take_resource(opened, title), title)

    def _take_resource(self, opened: Opened, title: str) -> None:
        label = tr("Open {name}", name=title)
        if opened.kind == "picture":
            self.take_picture(Picture(title, opened.value, opened.path), label)
        else:
            self.take_pipeline(opened.value, None, label, title=title)

    def _open(self, path: Path, kind: str, sizes: list[tuple[int, ...]]) -> None:
        """Read a file and take it. sizes: of the pictures so far; the last is for what a network leaves open."""
        # With a picture open, a small matrix is more likely a kernel for it than another picture.
        small = not kind and self._bench.document.picture is not None

        def work() -> Opened:
            size = sizes[-1] if sizes else None
            opened = read(path, kind, small_is_kernel=small, size=size, room=self._bench.results.room)
            if opened.kind == "picture":
                sizes.append(opened.value.shape)
            return opened

        self._read(work, lambda opened: self._take(opened, path.name, path.absolute()), path.name)
        if (kind or likely_kind(path)) == "picture":
            self.picture_awaited.emit(path)

    def drop_waiting(self, kind: str) -> None:
        """Ignore what is still being read of this kind: something newer has taken its place."""
        self._dropped[kind] = self._number

    def _read(self, work: Callable[[], Opened], done: Callable[[Opened], None], name: str) -> None:
        self._number += 1
        number = self._number

        # The kind is known only after reading, hence the check at the end.
        def take(opened: Opened) -> None:
            while self._steps:  # a kernel goes into the node that is selected last
                self._take_step()
            if number > self._dropped[opened.kind]:
                done(opened)

        def fail(error: Exception, details: str) -> None:
            if isinstance(error, AmbiguousKernelError):
                self._ask(error, name, take)
            else:
                self._say(error, name, details)

        self._bench.background.submit(work, take, fail, name)

    def _ask(self, error: AmbiguousKernelError, name: str, take: Callable[[Opened], None]) -> None:
        """Ask which of several kernels a text holds."""
        dialog = ReadingsDialog(error.readings, name, self._window)
        dialog.chosen.connect(lambda kernel: take(Opened("kernel", kernel, Path())))
        dialog.open()

    def _say(self, error: Exception, name: str, details: str = "") -> None:
        if isinstance(error, FilterLabError) and name in error.where:
            # The message begins with the name already: the path before it would only make it longer.
            error.where = error.where.partition(name)[2].lstrip(", ")
        self._bench.messages.error(error, tr("{name} was not opened", name=name), details)

    # -- results ------------------------------------------------------------------------------------

    def _take(self, opened: Opened, name: str, path: Path) -> None:
        self._recent.add(path)
        for remark in opened.remarks:
            self._bench.messages.warn(f"{name}: {tr(remark)}")
        if opened.pages > 1:
            words = tr("{name} has {n} pages or frames; the first is shown", name=name, n=opened.pages)
            self._bench.messages.note(words)
        if isinstance(opened.value, PictureLevels):
            self._tell_of_size(opened.value, name)
        if opened.kind == "picture":
            self.take_picture(Picture(name, opened.value, path), tr("Open {name}", name=name))
        elif opened.kind == "pipeline":
            # Save must not overwrite what comes with the program.
            own = None if comes_with_program(path) else path
            title = path.stem if own is None else ""
            self.take_pipeline(opened.value, own, tr("Open {name}", name=name), opened.network, title)
            if opened.network is not None:
                self._steps.append(partial(self._account_for, opened.network, name))
        else:
            self.take_kernel(opened.value, Path(name).stem, name)

    def _tell_of_size(self, picture: PictureLevels, name: str) -> None:
        memory, most = bytes_text(picture.nbytes), bytes_text(self._bench.results.room)
        words = tr(
            "{name} takes {memory}, and maps may take {most}: it is read in parts. "
            "Zoomed out, previews are shown, from 1/{n} of the size on; zoomed in, the values at full resolution",
            name=name,
            memory=memory,
            most=most,
            n=round(picture.shape[1] / picture.base.shape[1]),
        )
        if picture.sampled:
            words += tr("; the smallest preview shows single pixels, and nothing of what lies between them")
        self._bench.messages.note(words)

    def _account_for(self, network: Imported, name: str) -> None:
        self._bench.messages.add(account(network, name))
        for words in network.remarks:
            self._bench.messages.warn(f"{name}: {said(words)}")

    def take_picture(self, picture: Picture, label: str) -> None:
        """Show a picture."""
        self._bench.document.show_picture(label, picture)

    def take_pipeline(
        self,
        pipeline: Pipeline,
        path: Path | None,
        label: str,
        network: Imported | None = None,
        title: str = "",
    ) -> None:
        """Replace the pipeline and select its last node. A note says that Undo brings unsaved work back.

        network: what became of the operators of a file that another program has written. title: of an example.
        """
        document = self._bench.document
        if document.modified and len(document.pipeline):
            name = document.work.name or tr("the previous pipeline")
            self._bench.messages.note(tr("The unsaved changes of {name} come back with Undo", name=name))
        document.open_pipeline(label, pipeline, path, network.left_out if network is not None else (), title)
        if len(pipeline):
            self._steps.append(partial(self._bench.selection.select, pipeline.nodes[-1].name))
        if network is not None:
            self._steps.append(partial(self._tell_of, network, document.work))
        # All at once, a deep network would keep the window from answering for a tenth of a second.
        self._turns.start()

    def _take_step(self) -> None:
        """Take one of the steps that follow an opening, each time that the window has answered the person."""
        if self._steps:
            self._steps.popleft()()
        else:
            self._turns.stop()

    def _tell_of(self, network: Imported, work: Work) -> None:
        # Something else may have been opened meanwhile.
        if self._bench.document.work.origin is work.origin:
            self.network_opened.emit(network)

    def take_kernel(self, kernel: Any, wish: str, name: str) -> None:
        """Put a kernel (h, w) into the selected node, or into a new node after it. wish: the name of the new node."""
        bench = self._bench
        try:
            pipeline, node = with_kernel(bench.document.pipeline, bench.selection.node, kernel, wish)
        except FilterLabError as error:
            self._say(error, name)
            return
        height, width = kernel.shape
        words = {"height": height, "width": width, "name": name, "node": node}
        bench.document.edit(tr("Put kernel {name} into {node}", **words), pipeline)
        bench.document.seal()  # so that the next edit is a step of its own
        bench.selection.select(node)
        bench.messages.note(tr("The {height} × {width} kernel of {name} was put into {node}", **words))

    # -- clipboard and drags --------------------------------------------------------------------------

    def can_take(self, mime: QMimeData) -> bool:
        """Return whether mime data holds anything that might be opened."""
        return bool(read_mime(mime))

    def take_mime(self, mime: QMimeData) -> None:
        """Open the content of the clipboard or a drag, or warn that there is none."""
        incoming = read_mime(mime)
        if incoming.paths:
            self.open_paths(incoming.paths)
        elif incoming:
            self._take_pasted(incoming)
        else:
            hint = tr("copy a picture, a file, a pipeline or a matrix of numbers first")
            self._bench.messages.warn(tr("The clipboard holds nothing that can be opened"), hint)

    def _take_pasted(self, incoming: Incoming) -> None:
        def done(opened: Opened) -> None:
            if opened.kind == "picture":
                self.take_picture(Picture(tr("pasted picture"), opened.value), tr("Paste picture"))
            elif opened.kind == "pipeline":
                self.take_pipeline(opened.value, None, tr("Paste pipeline"))
            else:
                self.take_kernel(opened.value, "pasted", tr("the clipboard"))

        self._read(lambda: _read_pasted(incoming), done, tr("the clipboard"))


def _read_pasted(incoming: Incoming) -> Opened:
    if incoming.image is not None:
        return Opened("picture", pixels_of_image(incoming.image), Path())
    if incoming.text.startswith("{"):
        return Opened("pipeline", from_text(incoming.text), Path())
    try:
        return Opened("kernel", parse(incoming.text), Path())
    except AmbiguousKernelError:
        raise  # `_read` then asks which kernel is meant
    except FilterLabError as error:
        what = tr("the text is neither a pipeline nor a matrix of numbers: {why}", why=error.what)
        raise FileError(what, error.where, error.hint) from None


def _first_of_each(paths: list[Path], kind: str) -> tuple[list[Path], list[Path]]:
    """The paths to open, and the others: they are of a kind of which only one can be open."""
    seen: set[str] = set()
    first: list[Path] = []
    others: list[Path] = []
    for path in paths:
        what = kind or likely_kind(path)
        (others if what in seen else first).append(path)
        if what:
            seen.add(what)
    # A network may need the size of the picture that is opened with it, and a kernel goes into the pipeline.
    order = {"pipeline": 1, "kernel": 2}
    first.sort(key=lambda path: order.get(kind or likely_kind(path), 0))
    return first, others
