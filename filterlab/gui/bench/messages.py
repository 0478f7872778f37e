"""Notes, warnings and errors, which the message panel lists; the banner shows the newest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from filterlab.errors import FilterLabError
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import said

MOST = 500  # messages that are kept


@dataclass(frozen=True)
class Remark:
    """One message.

    level: "note", "warning" or "error". hint: what to do. details: more for copying, such as a traceback.
    """

    level: str
    text: str
    hint: str = ""
    details: str = ""
    time: datetime = field(default_factory=datetime.now, compare=False)


class Messages(QObject):
    """The list of messages; the oldest are forgotten. withdrawn: a message that is shown is of no use any more."""

    added = Signal(object)
    withdrawn = Signal(object)
    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.all: list[Remark] = []

    def note(self, text: str) -> Remark:
        """Say that something was done, and return the message."""
        message = Remark("note", text)
        self.add(message)
        return message

    def withdraw(self, message: Remark) -> None:
        """Show a message no longer; it stays in the list."""
        self.withdrawn.emit(message)

    def warn(self, text: str, hint: str = "") -> None:
        """Say that something is not as one might expect."""
        self.add(Remark("warning", text, hint))

    def error(self, error: Exception, doing: str = "", details: str = "") -> None:
        """Say that something failed, which left the work as it was.

        doing: what failed, as "cat.jpg was not opened". details: the traceback, which is kept where the error is a
        fault of the program.
        """
        if isinstance(error, FilterLabError):
            # What the engine refuses in words is no fault, so nobody needs to see where in the source it was raised.
            details = ""
            text = f"{said(error.where)}: {said(error.what)}" if error.where else said(error.what)
            hint = said(error.hint) if error.hint else ""
        elif isinstance(error, MemoryError):
            text, hint = tr("there is not enough memory for this"), tr("try a smaller picture")
        else:
            text = f"{type(error).__name__}: {error}"
            hint = tr("this is a bug in FilterLab; your work is unchanged")
        self.add(Remark("error", f"{doing}: {text}" if doing else text, hint, details))

    def add(self, message: Remark) -> None:
        """Keep and show a message."""
        self.all.append(message)
        # However long a session lasts, its messages must not fill the memory.
        del self.all[:-MOST]
        self.added.emit(message)

    def clear(self) -> None:
        """Remove all messages."""
        self.all.clear()
        self.cleared.emit()
