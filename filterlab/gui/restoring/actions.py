"""The commands of undoing a blur."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from filterlab.gui.bench.work import Picture
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.explain.exporting import TargetDialog, write_in_background
from filterlab.gui.restoring.layering import add_layer, may_be_layer
from filterlab.gui.restoring.plan import RestorePlan, RestoreStep
from filterlab.gui.restoring.repeating import PICTURE, picture_file, restore_python, restore_words
from filterlab.gui.restoring.session import RestoreSession
from filterlab.gui.words.i18n import tr
from filterlab.images import write_image

FOLDER = "folder/restored"
_KINDS = (("PNG", "png"), ("TIFF", "tiff"), ("NumPy", "npy"))


class Restoring(Protocol):
    """The part of the panel that the commands act on."""

    session: RestoreSession

    def bring_to_front(self) -> None:
        """Show the panel and give it the keyboard."""

    def begin(self) -> None:
        """Start with the answers of the form."""

    def stop(self) -> None:
        """End the run."""

    def plan(self) -> RestorePlan | None:
        """The answers of the form, None where they are not complete, which the panel then says."""

    def compare(self) -> None:
        """Show both pictures beside each other, or the maps again."""

    def show_maps(self) -> None:
        """Show the maps again, if both pictures lie over them."""

    def comparing(self) -> bool:
        """Return whether both pictures are shown."""

    def leave(self) -> None:
        """Go back to learning."""


class RestoreActions:
    """Declares the commands `restore.*` of the Learn menu and carries them out. window: parent of dialogs."""

    def __init__(self, bench: Workbench, panel: Restoring, window: QWidget) -> None:
        self._bench, self._panel, self._window = bench, panel, window
        self._session = panel.session
        self._kept: tuple[RestoreStep, Picture] | None = None  # what was kept last
        self._declare_running()
        self._declare_keeping()

    def _add(self, name: str, text: str, run: Callable[[], object], icon: str = "", **more: Any) -> None:
        action = self._bench.commands.add(f"restore.{name}", text, run, menu=tr("Lea&rn"), **more)
        if icon:
            action.setIconText(icon)

    def _declare_running(self) -> None:
        panel, session = self._panel, self._session
        self._add(
            "show",
            tr("Undo a blur…"),
            panel.bring_to_front,
            shortcut="Ctrl+Alt+U",
            tip=tr("Undo the blur of a picture whose kernel is known or was learned"),
            search_words="deblur deconvolution restore sharpen wiener richardson lucy 去模糊 反卷积 复原 还原",
        )
        self._add(
            "start",
            tr("Undo the blur"),
            panel.begin,
            shortcut="F7",
            tip=tr(
                "Restore the picture with these answers; the work stays as it is until you keep the result"
            ),
            enabled=lambda: self._bench.document.picture is not None and not session.running,
        )
        self._add(
            "cancel",
            tr("Stop restoring"),
            panel.stop,
            tr("Stop"),
            shortcut="Ctrl+F7",
            tip=tr("End the run; its iterations can still be viewed and kept"),
            enabled=lambda: session.running,
        )
        self._add("back", tr("Back to learning"), panel.leave, enabled=lambda: True)
        self._add(
            "compare",
            tr("Show blurred and restored picture"),
            panel.compare,
            tr("Compare"),
            shortcut="Alt+Shift+F7",
            tip=tr("Both pictures in place of the maps: swipe, blink, difference"),
            enabled=lambda: self._there() and self._bench.document.picture is not None,
            checked=panel.comparing,
        )
        for name, text, by, keys in (
            ("previous", tr("Show the previous iteration"), -1, "Shift+F7"),
            ("next", tr("Show the next iteration"), 1, "F6"),
        ):
            self._add(name, text, partial(session.move, by), shortcut=keys, enabled=self._there)

    def _declare_keeping(self) -> None:
        self._add(
            "keep",
            tr("Keep the restored picture"),
            self.keep,
            tr("Keep"),
            shortcut="Alt+F7",
            tip=tr("Open the restored picture in place of the present one; Undo brings that back"),
            enabled=self._may_keep,
        )
        self._add(
            "save",
            tr("Save the restored picture…"),
            self.ask_file,
            tr("Save…"),
            tip=tr("As a PNG as it is shown, or as numbers in a TIFF or NumPy file"),
            enabled=self._may_keep,
        )
        self._add(
            "layer",
            tr("Undo the blur by a layer"),
            self.add_layer,
            tr("As a layer"),
            tip=tr("Add Wiener’s restoration as a filter, for other pictures and batches"),
            enabled=lambda: may_be_layer(self._session.record),
        )
        self._add(
            "copy_python",
            tr("Copy the restoration as Python"),
            self.copy_python,
            tip=tr("Copy Python source that restores the picture in the same way"),
        )
        self._add(
            "copy_command",
            tr("Copy the restoration as command line"),
            self.copy_command,
            tip=tr("Copy the command that restores the picture in the same way"),
        )

    def _there(self) -> bool:
        return self._session.record is not None

    def _may_keep(self) -> bool:
        return self._session.shown is not None

    # -- keeping --------------------------------------------------------------------------------------

    def keep(self) -> None:
        """Put the picture in view into the document, as one step."""
        step, document = self._session.shown, self._bench.document
        # Kept already: a second edit would be a step of the history that changes nothing.
        if step is None or self._kept == (step, document.picture):
            return
        picture = Picture(f"{self._name()}.png", step.found.image)
        self._kept = step, picture
        document.show_picture(tr("Keep the restored picture"), picture)

    def _name(self) -> str:
        """What the restored picture is called: as the blurred one, without the suffix of its file."""
        record = self._session.record
        assert record is not None and record.plan.picture is not None, "a run has a picture"  # noqa: PT018
        return tr("{name}-restored", name=Path(record.plan.picture.name).stem)

    def ask_file(self) -> QFileDialog:
        """Ask for a file, and write the picture in view to it."""
        folder = Path(str(self._bench.settings.value(FOLDER, "") or Path.home()))
        dialog = TargetDialog(folder, self._name(), _KINDS, self._window)
        step = self._session.shown  # as it is now: the person may go on while the dialog is open
        if step is not None:
            dialog.fileSelected.connect(lambda file: self.save(step.found.image, Path(file)))
        dialog.open()
        return dialog

    def save(self, image: Any, path: Path) -> None:
        """Write a picture in the background; the dialog has asked about a file that exists."""

        def write() -> None:
            # Not "auto", which would take a grey picture with a negative value for a feature map.
            write_image(path, image, (0.0, 1.0))

        write_in_background(self._bench, path, write, FOLDER)

    def add_layer(self) -> None:
        """Add a layer that restores as the run did."""
        if self._session.record is not None:
            add_layer(self._bench, self._session.record, self._panel.show_maps)

    # -- copying --------------------------------------------------------------------------------------

    def copy_python(self) -> None:
        """Put the source on the clipboard."""
        plan = self._panel.plan()
        if plan is not None:
            source = restore_python(plan)
            self._copied(plan, source, tr("Copied {n} lines of Python", n=source.count("\n")))

    def copy_command(self) -> None:
        """Put the command on the clipboard; it names the files as they are saved."""
        plan, document = self._panel.plan(), self._bench.document
        if plan is None:
            return
        line = shlex.join(restore_words(plan, document.path))
        words = tr("Copied the command for {file}", file=str(document.path or "pipeline.json"))
        hint = ""
        if plan.pipeline is not document.pipeline:
            hint = tr("keep the learned step and save the pipeline first")
        elif document.path is None or document.modified:
            hint = tr("save the pipeline: the command runs what the file holds")
        self._copied(plan, line, words, hint)

    def _copied(self, plan: RestorePlan, text: str, words: str, hint: str = "") -> None:
        QGuiApplication.clipboard().setText(text)
        if picture_file(plan) is None:
            hint = tr("save the blurred picture as {name} first", name=PICTURE)
        if hint:
            self._bench.messages.warn(words, hint)
        else:
            self._bench.messages.note(words)
