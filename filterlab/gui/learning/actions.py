"""The commands of learning."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction

from filterlab.errors import FilterLabError
from filterlab.gui.commands import Commands
from filterlab.gui.learning.session import LearningSession
from filterlab.gui.learning.trainer import State
from filterlab.gui.learning.wording import solvable_words
from filterlab.gui.words.i18n import tr

Begin = Callable[[int | None], None]


class LearningActions:
    """Declares the commands of the Learn menu and carries them out.

    ready: returns whether there is anything to learn from. solvable: returns whether least squares is exact for the
    answers of the form. begin(pause_after), solve(): start a run with these answers. show: brings the panel to the
    front. refused(error): called where a step cannot be kept.
    """

    def __init__(
        self,
        *,
        commands: Commands,
        session: LearningSession,
        ready: Callable[[], bool],
        solvable: Callable[[], bool],
        begin: Begin,
        solve: Callable[[], None],
        show: Callable[[], None],
        refused: Callable[[FilterLabError], None],
    ) -> None:
        self._commands, self._session = commands, session
        self._ready, self._begin, self._refused = ready, begin, refused
        menu = tr("Lea&rn")
        commands.add("learn.show", tr("Show learning"), show, menu=menu, shortcut="Ctrl+Shift+L")
        commands.add(
            "learn.solve",
            tr("Solve by least squares"),
            solve,
            menu=menu,
            shortcut="Shift+Alt+F9",
            tip=solvable_words(),
            enabled=lambda: solvable() and session.state is not State.RUNNING,
        ).setIconText(tr("Least squares"))
        self.start_action = self._add_running(menu)
        self._add_places(menu)
        self.keep_action = self._add_keeping(menu)
        self.name_actions()

    def _add_running(self, menu: str) -> QAction:
        # The buttons of `Transport` show the icon texts, which are short: five of them stand in one row.
        add, session = self._commands.add, self._session
        start = add(
            "learn.start",
            tr("Start learning"),
            self.start,
            menu=menu,
            shortcut="F9",
            tip=tr("Start learning from the picture and the target, or continue after a pause"),
            enabled=self._may_begin,
            search_words="train training fit gradient descent 训练 拟合 梯度下降",
        )
        add(
            "learn.pause",
            tr("Pause learning"),
            session.trainer.pause,
            menu=menu,
            shortcut="Shift+F9",
            enabled=lambda: session.state is State.RUNNING,
        ).setIconText(tr("Pause"))
        step = add(
            "learn.step",
            tr("One step of learning"),
            self.step,
            menu=menu,
            shortcut="F8",
            enabled=self._may_begin,
        )
        step.setIconText(tr("Step"))
        add(
            "learn.stop",
            tr("Stop learning"),
            session.trainer.stop,
            menu=menu,
            shortcut="Ctrl+F9",
            tip=tr("End the run; its steps can still be viewed and kept"),
            enabled=lambda: session.state in (State.RUNNING, State.PAUSED),
        ).setIconText(tr("Stop"))
        add(
            "learn.go_on",
            tr("Go on learning"),
            session.go_on,
            menu=menu,
            tip=tr("Make as many steps again, from the newest on"),
            enabled=lambda: session.may_go_on,
        ).setIconText(tr("Go on"))
        return start

    def _add_keeping(self, menu: str) -> QAction:
        add, session = self._commands.add, self._session
        add(
            "learn.compare",
            tr("Compare with least squares"),
            lambda: session.compare(not session.comparing),
            menu=menu,
            tip=tr("Show the least-squares kernel, and how far the shown kernel is from it"),
            checked=lambda: session.comparing,
        ).setIconText(tr("Difference"))
        add(
            "learn.keep_best",
            tr("Keep the best step"),
            partial(self.keep, session.keep_best),
            menu=menu,
            shortcut="Ctrl+Alt+F9",
            tip=tr("Put the weights of the step with the smallest loss into the pipeline, as one edit"),
            enabled=lambda: session.best > 0 and not session.solved,
        )
        return add(
            "learn.keep",
            tr("Keep the shown step"),
            partial(self.keep, session.keep),
            menu=menu,
            shortcut="Alt+F9",
            tip=tr("Put the weights of the shown step into the pipeline, as one edit"),
            enabled=lambda: session.place > 0,
        )

    def _add_places(self, menu: str) -> None:
        # The same as moving the slider, for the menu, the palette of commands and the keyboard.
        session = self._session
        places: tuple[tuple[str, str, Callable[[], None], Callable[[], bool], str], ...] = (
            ("rewind", tr("Show the start"), lambda: session.show(0), lambda: session.place > 0, ""),
            (
                "back",
                tr("Show the previous step"),
                lambda: session.move(-1),
                lambda: session.place > 0,
                "Alt+F8",
            ),
            ("forward", tr("Show the next step"), lambda: session.move(1), self._not_newest, "Shift+F8"),
            ("newest", tr("Show the newest step"), lambda: session.show(session.count), self._not_newest, ""),
            (
                "best",
                tr("Show the step with the smallest loss"),
                self.show_best,
                lambda: session.count > 0,
                "",
            ),
        )
        for name, words, run, enabled, keys in places:
            self._commands.add(f"learn.{name}", words, run, menu=menu, shortcut=keys or None, enabled=enabled)

    def _may_begin(self) -> bool:
        # Answers may still be missing or wrong: starting says which, where a disabled button would say nothing.
        return self._ready() and self._session.state is not State.RUNNING

    def _not_newest(self) -> bool:
        record = self._session.record
        return record is not None and self._session.place < record.places[-1]

    def start(self) -> None:
        """Start a run, or continue after a pause."""
        if self._session.state is State.PAUSED:
            self._session.trainer.resume()
        else:
            self._begin(None)

    def step(self) -> None:
        """Make one step: of the paused run, or else the first of a new one."""
        if self._session.state is State.PAUSED:
            self._session.show(self._session.count)  # at the newest step, the view follows the one to come
            self._session.trainer.step()
        else:
            self._begin(1)

    def show_best(self) -> None:
        """View the step with the smallest loss."""
        record = self._session.record
        if record is not None:
            self._session.show(record.best())

    def keep(self, keep: Callable[[], None]) -> None:
        """Put a step into the pipeline."""
        try:
            keep()
        except FilterLabError as error:
            self._refused(error)

    def name_actions(self) -> None:
        """Name Start and the two that keep a step after what they would do now."""
        paused = self._session.state is State.PAUSED
        self.start_action.setText(tr("Continue learning") if paused else tr("Start learning"))
        self.start_action.setIconText(tr("Continue") if paused else tr("Start"))
        place, best = self._session.place, self._session.best
        if self._session.solved:
            words = icon = tr("Keep the least-squares kernel")
        else:
            words, icon = tr("Keep the shown step"), tr("Keep step")
            words, icon = (tr("Keep step {n}", n=place),) * 2 if place else (words, icon)
        self.keep_action.setText(words)
        self.keep_action.setIconText(icon)
        self._commands.action("learn.keep_best").setIconText(
            tr("Keep best: {n}", n=best) if best and not self._session.solved else tr("Keep best")
        )
