"""The kernel editor's commands, for the menu and the palette."""

from __future__ import annotations

from collections.abc import Callable

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.kernel import KernelEditor
from filterlab.gui.inspector.kernel.operations import Operation, copy_forms, operations
from filterlab.gui.words.i18n import tr


def add_kernel_commands(bench: Workbench, editor: Callable[[], KernelEditor | None]) -> None:
    """Declare the commands. editor: gives the kernel editor of the selected node, None where it has no kernel."""
    menu = tr("&Kernel")

    def add(
        name: str, text: str, run: Callable[[KernelEditor], object], keys: str | None, tip: str = ""
    ) -> None:
        def act() -> None:
            found = editor()
            if found is not None:
                run(found)
                bench.document.seal()

        bench.commands.add(
            f"kernel.{name}",
            text,
            act,
            menu=menu,
            shortcut=keys,
            tip=tip,
            enabled=lambda: editor() is not None,
        )

    def operate(operation: Operation) -> Callable[[KernelEditor], object]:
        return lambda found: operation.run(found.session)

    def copy(form: str) -> Callable[[KernelEditor], object]:
        return lambda found: found.tools.copy_as(form)

    for operation in operations():
        add(operation.name, operation.text, operate(operation), operation.keys, operation.tip)
    for form, text in copy_forms():
        keys = "Ctrl+K, C" if form == "text" else None
        add(f"copy_{form}", text, copy(form), keys)
    tip = tr("Take the kernel from the clipboard: rows, CSV, Python or MATLAB")
    add("paste", tr("&Paste kernel"), lambda found: found.tools.paste_clipboard(), "Ctrl+K, P", tip)
    add("edit", tr("&Edit cells"), KernelEditor.go_to_grid, "Ctrl+K, E", tr("Go to the grid"))
    add(
        "enlarge",
        tr("Enlar&ge"),
        KernelEditor.open_large,
        "Ctrl+K, G",
        tr("Edit the kernel in a large window"),
    )
