"""The editors of parameters, one for each kind: `editor_type(kind)` finds it."""

from filterlab.gui.inspector.editors.base import Editor, editor_for, editor_type

__all__ = ["Editor", "editor_for", "editor_type"]
