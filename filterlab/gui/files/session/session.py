"""The session: what was open when the window was closed is open again at the next start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QLockFile, QObject

from filterlab.errors import FileError, FilterLabError
from filterlab.graph import IMAGE
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.viewstate import Look
from filterlab.gui.bench.work import Picture, Work
from filterlab.gui.bench.workbench import OpenWork, Workbench
from filterlab.gui.files.reading import Opened, levels_of, read
from filterlab.gui.files.session.file import SessionState, picture_of, read_state, write_state
from filterlab.gui.files.session.pasted import Pasted
from filterlab.gui.files.session.recovery import Recovery
from filterlab.gui.files.session.weights import WeightFiles
from filterlab.gui.words.i18n import tr
from filterlab.images import read_picture

LONGEST_WAIT = 5_000  # milliseconds for other windows that save their session, too
AT_ONCE = 2_000_000  # bytes; reading a larger session would keep the window from appearing


class Window(Protocol):
    """What a session needs of a window: its sizes, as text by name."""

    def layout_state(self) -> dict[str, str]: ...

    def restore_layout(self, state: dict[str, str]) -> None: ...


class Session(QObject):
    """Writes `session.json` when the window closes; at the start, reads it, or the work that a crash left behind."""

    def __init__(self, bench: Workbench, window: Window | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench, self._window = bench, window
        self.file = bench.folder / "session.json"
        self._weights = WeightFiles(self.file)
        # A picture that is being read again: it belongs into the session even if the window closes before it is there.
        self._awaited = SessionState()
        self._session_name = tr("the last session")
        self._returning = False  # whether a large session was not read to its end
        self._loading: Path | None = None  # the file of the pipeline that is being read again
        self.pasted = Pasted(bench, self)
        self.recovery = Recovery(bench, self.state, self)

    def state(self) -> SessionState:
        """What is open and how it is viewed."""
        # During a lesson there are two works; a session keeps one: the person's own, unless only the lesson is unsaved.
        own = self._bench.own_work
        if own is not None and (own.modified or not self._bench.document.modified):
            return self._state_of(own)
        return self._state_of(self._bench.open_work())

    def _state_of(self, shown: OpenWork) -> SessionState:
        picture = shown.work.picture
        awaited = self._awaited
        file = awaited.picture if picture is None and awaited.picture else self.pasted.file_of(picture)
        path = shown.work.path
        elsewhere = self._loading is not None and path is None and not len(shown.work.pipeline)
        return SessionState(
            elsewhere=elsewhere,
            pipeline=shown.work.pipeline,
            path=self._loading if elsewhere else path,
            title=shown.work.title,
            saved=not shown.modified,
            picture=file,
            picture_name=picture.name if picture else awaited.picture_name,
            size=picture.shape if picture else awaited.size,
            look=shown.look.to_dict(),
            node=shown.node,
            pin=shown.pin,
            window={} if self._window is None else self._window.layout_state(),
        )

    # -- at the end -----------------------------------------------------------------------------------

    def save(self) -> None:
        """Write the session and end recovery, because the window closes normally."""
        if self._returning and self._session_name in self._bench.background.loading:
            self.recovery.end()
            return  # what is open is nothing yet, and must not take the place of what is being read
        try:
            self._bench.folder.mkdir(parents=True, exist_ok=True)
            if self._returning and self.file.exists():  # given up: it may hold unsaved work
                self.file.replace(self.file.with_name("session-before.json"))
            self.pasted.finish()  # first: the session names their files
            self._write()
        except (FilterLabError, OSError) as error:
            self._bench.messages.error(error, tr("The session was not saved"))
        self.recovery.end()
        self._sweep()

    def keep(self) -> None:
        """Leave the work to the next start as after a crash, because the program ends without asking the person."""
        try:
            self.pasted.finish()  # first: the file names theirs
        except (FilterLabError, OSError) as error:
            self._bench.messages.error(error, tr("The session was not saved"))
        self.recovery.keep()

    def _write(self) -> None:
        # At the end of a desktop all windows save at once, and each removes what the last one needed.
        lock = QLockFile(str(self.file.with_suffix(".lock")))
        lock.tryLock(LONGEST_WAIT)
        try:
            write_state(self.state(), self._weights)
        finally:
            lock.unlock()

    def _sweep(self) -> None:
        """Remove pasted pictures that neither this session nor the recovery file of any window needs."""
        needed: set[Path] = set()
        for file in (self.file, *self.recovery.folder.glob("*.json")):
            try:
                picture = picture_of(file)
            except (FilterLabError, OSError):
                return  # what a broken file needs is unknown, so everything stays
            needed |= {picture} if picture else set()
        self.pasted.sweep(needed)

    # -- at the start ---------------------------------------------------------------------------------

    def restore(self) -> None:
        """Restore the work that a crash left behind, or else the last session. The picture follows once it is read."""
        state = self.recovery.take()
        if state is not None:
            self._apply(state)
            self.recovery.write()  # at once: the file that the crash left behind goes once this window has its own
            self._say_back(state)
            return
        try:
            files = self.file, *self._weights.files()
            large = sum(file.stat().st_size for file in files) > AT_ONCE
        except OSError:
            large = False
        if large:
            self._return()
            return
        state = self._read()
        if state is not None:
            self._apply(state)

    def _return(self) -> None:
        """Read a large session in the background, where it can be given up."""
        document, self._returning = self._bench.document, True

        def done(state: SessionState | None) -> None:
            self._returning = False
            if state is not None and len(document.history.labels) == 1:
                self._apply(state)

        def fail(error: Exception, details: str) -> None:
            self._returning = False
            self._keep_broken(error)

        self._bench.background.submit(lambda: read_state(self.file), done, fail, self._session_name)

    def _say_back(self, state: SessionState) -> None:
        if state.saved:
            self._bench.messages.warn(tr("FilterLab ended unexpectedly; what was open is back"))
            return
        what = tr("FilterLab ended unexpectedly; the unsaved work of {name} is back", name=_name(state))
        self._bench.messages.warn(what, tr("Save it, or close the window and discard it."))

    def _read(self) -> SessionState | None:
        try:
            return read_state(self.file)
        except FileNotFoundError:
            return None  # the first start
        except (FilterLabError, OSError) as error:
            self._keep_broken(error)
            return None

    def _keep_broken(self, error: Exception) -> None:
        """Rename a file that cannot be read, since closing the window would overwrite it."""
        broken = self.file.with_name("session-broken.json")
        try:
            self.file.replace(broken)
        except OSError as reason:
            self._bench.messages.error(reason, tr("The damaged session file could not be renamed"))
            return
        if isinstance(error, FilterLabError):
            error = FileError(error.what, error.where, tr("it is kept as {path}", path=broken))
        self._bench.messages.error(error, tr("The last session was not restored"))

    def _apply(self, state: SessionState) -> None:
        bench = self._bench
        # Until a pipeline has been read again its file is not that of the document: saving would empty it.
        self._loading = state.path if state.elsewhere else None
        path = None if self._loading is not None else state.path
        bench.document.restore(Work(state.pipeline, None, path, state.title), saved=state.saved)
        bench.view.set(**Look.from_dict(state.look).__dict__)
        bench.selection.select(state.node)
        if state.pin is not None and (state.pin[0] == IMAGE or state.pin[0] in state.pipeline):
            bench.selection.set_pin(Spot(*state.pin))
            bench.selection.select(state.node)  # again, because a pin selects its own node
        if self._window is not None:
            self._window.restore_layout(state.window)
        if state.elsewhere and state.path is not None:
            self._load(state, state.path)
        elif state.saved and state.path is not None:
            self._compare_file(state, state.path)
        if state.picture is not None:
            self._read_picture(state, state.picture)

    # -- in the background ---------------------------------------------------------------------------

    def _read_picture(self, state: SessionState, file: Path) -> None:
        kept = file.parent == self.pasted.folder
        self._awaited = state

        def done(pixels: Any) -> None:
            self._awaited = SessionState()
            picture = Picture(state.picture_name or file.name, pixels, None if kept else file)
            if kept:
                self.pasted.adopt(picture, file)
            self._show(picture)

        def fail(error: Exception, details: str) -> None:
            self._bench.messages.error(
                error,
                tr(
                    "{name} was not opened again; the rest of the session is restored",
                    name=state.picture_name,
                ),
            )

        name = state.picture_name or file.name
        room = self._bench.results.room

        def work() -> Any:
            large = levels_of(file, room)
            return read_picture(file).values if large is None else large

        self._bench.background.submit(work, done, fail, name)

    def _show(self, picture: Picture) -> None:
        document, own = self._bench.document, self._bench.own_work
        if own is not None and own.work.picture is None:
            self._bench.own_work = replace(own, work=own.work.replace(picture=picture))
            return
        if document.picture is not None:
            return  # the person has opened another picture meanwhile
        # Nothing was done yet: the picture belongs to the beginning, and Undo should not take it away.
        if len(document.history.labels) == 1:
            document.restore(document.work.replace(picture=picture), saved=not document.modified)
        else:
            document.show_picture(tr("Open {name}", name=picture.name), picture)

    def _load(self, state: SessionState, path: Path) -> None:
        """Read the pipeline of a state that holds its path alone."""
        self._loading = path

        def done(opened: Opened) -> None:
            self._loading = None
            document = self._bench.document
            if len(document.pipeline) > 0 or len(document.history.labels) > 1:
                return  # the person has begun something else meanwhile
            left_out = opened.network.left_out if opened.network is not None else ()
            document.restore(Work(opened.value, document.picture, path, left_out=left_out), saved=True)
            self._bench.selection.select(state.node)

        def fail(error: Exception, details: str) -> None:
            self._loading = None
            self._bench.messages.error(error, tr("{name} was not opened again", name=path.name))

        self._bench.background.submit(lambda: read(path, "pipeline", size=state.size), done, fail, path.name)

    def _compare_file(self, state: SessionState, path: Path) -> None:
        """Mark the pipeline as unsaved if its file has changed or gone since the session was written."""

        def take(same: bool) -> None:
            document = self._bench.document
            if same or document.pipeline is not state.pipeline:
                return
            document.restore(document.work, saved=False)
            hint = tr(
                "The window shows the pipeline of the last session; saving writes it to that file again."
            )
            self._bench.messages.warn(tr("{name} was changed or removed meanwhile", name=path.name), hint)

        def fail(error: Exception, details: str) -> None:
            take(False)

        def same() -> bool:
            return bool(read(path, "pipeline", size=state.size).value == state.pipeline)

        self._bench.background.submit(same, take, fail)


def _name(state: SessionState) -> str:
    return state.path.name if state.path else state.title or tr("an unnamed pipeline")
