"""Everything of the window that reads or writes files: opening, saving, the start page, session and recovery."""

from filterlab.gui.files.dropzone import DropArea
from filterlab.gui.files.files import Files
from filterlab.gui.files.loading import LoadingStrip
from filterlab.gui.files.network.preparing import PreparingNote
from filterlab.gui.files.preview import PicturePreview
from filterlab.gui.files.session.session import Session
from filterlab.gui.files.startpage import StartPage

__all__ = ["DropArea", "Files", "LoadingStrip", "PicturePreview", "PreparingNote", "Session", "StartPage"]
