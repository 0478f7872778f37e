"""The commands that compare two maps, or two pipelines on one picture, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from filterlab.graph import IMAGE
from filterlab.graph.editing import renamed
from filterlab.gui.bench.computations import Computations, PendingQuestion
from filterlab.gui.bench.messages import Remark
from filterlab.gui.bench.viewstate import MODES
from filterlab.gui.bench.work import Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.compare.asking import PipelineDialog, StepDialog, step_words
from filterlab.gui.compare.page import PairPage
from filterlab.gui.compare.parts import ComparedPart, PartDifferences, compare_parts, seen_part
from filterlab.gui.compare.saving import save_comparison
from filterlab.gui.compare.sides import Channels, MapSource, SidePair, alike, load, measure
from filterlab.gui.files.reading import read
from filterlab.gui.wall import Wall
from filterlab.gui.words.i18n import tr
from filterlab.images.parts.levels import PictureLevels
from filterlab.pipeline import Pipeline
from filterlab.run.comparing import compare
from filterlab.run.evaluate import Evaluator

SETTLED = 60  # milliseconds after an edit: by then the maps of the wall are there, or on their way
# Bytes of maps of other pipelines, so that the next node does not begin at the picture.
REMEMBERED = 256 << 20


class Comparing(QObject):
    """Compares in the background; what fails is a message, and leaves the work as it was.

    active_changed: the page is to be shown, or the wall again.
    """

    active_changed = Signal()

    def __init__(self, bench: Workbench, wall: Wall, window: QWidget) -> None:
        super().__init__(window)
        self._bench, self._wall, self._window = bench, wall, window
        self.active = False
        self.first: tuple[str, int | None] | None = None
        self._invitation: Remark | None = None  # to choose another map
        self.sources: tuple[MapSource, MapSource] | None = None
        self.nodes = ("", "")
        self.channels: Channels = (0, 0)
        self._means = (False, False)  # whether the mean of three channels is meant, for A and for B
        self._evaluator = Evaluator(REMEMBERED)
        self.page = PairPage(bench)
        self._showing = Computations(bench.messages, bench)
        self._listing = Computations(bench.messages, bench)
        self._later = QTimer(self, singleShot=True, interval=SETTLED)
        self._later.timeout.connect(self._ask_again)
        self._declare()
        self.page.lay_out()
        self._connect()

    def _declare(self) -> None:
        self._declare_maps()
        self._declare_pipelines()
        page, active = self.page, lambda: self.active
        for name, text, run, key, tip in (
            ("swap", tr("Exchange A and B"), self.swap, "X", ""),
            ("largest", tr("Go to the largest difference"), page.go_to_largest, "L", ""),
            (
                "save",
                tr("Save the comparison as picture…"),
                self.ask_target,
                "S",
                tr("The maps and their legend as they are shown, with the statistics as text in the file"),
            ),
            ("close", tr("Back to the maps"), self.close, "Backspace", ""),
        ):
            self._add(name, text, run, active, key=key, within=page, menu="", tip=tip)

    def _declare_maps(self) -> None:
        view = self._wall.view
        self._add(
            "first",
            tr("Set as A"),
            partial(self._choose_selected, second=False),
            lambda: self._wall.selected_map() is not None,
            key="A",
            within=view,
            tip=tr("Take the selected map as A, with which another is to be compared"),
        )
        self._add(
            "with_first",
            tr("Compare with A"),
            partial(self._choose_selected, second=True),
            lambda: self.first is not None and self._wall.selected_map() is not None,
            key="B",
            within=view,
            tip=tr("Compare the selected map with A: swipe, blink, difference"),
        )
        self._add(
            "how",
            tr("How to compare two filters"),
            self.explain,
            lambda: True,
            tip=tr("Say in a sentence which commands set two filters side by side"),
        )

    def explain(self) -> None:
        """Say how two filters are compared, by a branch, which nothing in the window suggests."""
        self._bench.messages.note(
            tr(
                "To compare two filters, branch the second one from the input of the first; then choose “Set as A” "
                "on the map of one and “Compare with A” on the map of the other"
            )
        )

    def _declare_pipelines(self) -> None:
        there = self._has_picture
        self._add(
            "pipeline",
            tr("Compare with another pipeline…"),
            self.ask_file,
            there,
            tip=tr("Open a second pipeline beside this one, and see where their maps differ"),
        )
        self._add(
            "saved",
            tr("Compare with the saved file"),
            self.compare_saved,
            self._is_edited,
            tip=tr("See which maps the edits since the last saving have changed, and how"),
        )
        self._add(
            "step",
            tr("Compare with the step before"),
            lambda: self.compare_step(self._bench.document.history.place - 1),
            lambda: there() and self._bench.document.history.place > 0,
            tip=tr(
                "See which maps the last edit has changed, and how: before and after learning, for example"
            ),
        )

        self._add(
            "history",
            tr("Compare with a step of the history…"),
            self.ask_step,
            lambda: there() and len(self._bench.document.history.labels) > 1,
            tip=tr(
                "Choose an earlier or later state of the pipeline, and see which of its maps are others now"
            ),
        )

    def _add(
        self,
        name: str,
        text: str,
        run: Callable[[], object],
        enabled: Callable[[], bool],
        *,
        key: str | None = None,
        within: QWidget | None = None,
        menu: str | None = None,
        tip: str = "",
    ) -> None:
        self._bench.commands.add(
            f"compare.{name}",
            text,
            run,
            menu=tr("&View") if menu is None else menu,
            shortcut=key,
            tip=tip,
            enabled=enabled,
            within=within,
        )

    def _connect(self) -> None:
        bench, page = self._bench, self.page
        self._wall.side_chosen.connect(self.choose)
        bench.document.changed.connect(self._follow)
        bench.view.changed.connect(self._follow_view)
        for mode in MODES:
            # By the commands and not by the look: choosing the mode of before goes back to the wall, too.
            bench.commands.action(f"view.mode_{mode}").triggered.connect(self.close)
        self._showing.answered.connect(self._take_pair)
        self._showing.failed.connect(self._give_up)
        self._listing.answered.connect(self._take_list)
        self._listing.failed.connect(self._give_up)
        page.left.connect(self.close)
        page.tools.channels.wanted.connect(self._show_channels)
        page.listing.wanted.connect(self.show_node)
        page.listing.cancelled.connect(self.close)

    # -- what is compared -----------------------------------------------------------------------------

    def choose(self, node: str, channel: int | None, second: bool) -> None:
        """Take a map as A; or compare it with A. channel: None for all three in colours, or for their mean."""
        if not second:
            self._set_first((node, channel))
            place = node if channel is None else tr("{node}, channel {channel}", node=node, channel=channel)
            place = tr("{node}, mean of its channels", node=node) if self._is_mean(node, channel) else place
            words = tr("A is {map}; choose another map to compare with it", map=place)
            self._invitation = self._bench.messages.note(words)
            self._bench.commands.refresh()
        elif self.first is not None:
            if self._invitation is not None:
                self._bench.messages.withdraw(self._invitation)
            own = MapSource("", self._bench.document.pipeline, live=True)
            self.nodes, self.channels = (self.first[0], node), (self.first[1], channel)
            self._means = self._is_mean(*self.first), self._is_mean(node, channel)
            self._open(own, own)
            self.page.view.setFocus()
            pin = self._bench.selection.pin
            # Who has pinned a value of one of the maps wants to know what the other has there. Of a part, cells are
            # counted from its corner, which is not known yet.
            there = pin is not None and pin.node in self.nodes and seen_part(self._bench) is None
            self.page.view.cell = pin[2:] if pin is not None and there else None
            self._ask()

    def _set_first(self, chosen: tuple[str, int | None] | None) -> None:
        self.first = self._wall.view.first = chosen
        self._wall.refresh()  # it marks the map

    def _is_mean(self, node: str, channel: int | None) -> bool:
        """Whether a tile without a channel shows the mean of three, and not colours."""
        strip = self._wall.view.content.strips.get(node)
        return channel is None and strip is not None and strip.mean

    def _choose_selected(self, *, second: bool) -> None:
        found = self._wall.selected_map()
        if found is not None:
            self.choose(*found, second)

    def compare_pipelines(self, a: MapSource, b: MapSource) -> None:
        """Compare two pipelines node by node on the picture, and show the first node that differs."""
        self.nodes, self.channels, self._means = ("", ""), (None, None), (False, False)
        self._open(a, b)
        self.page.view.setFocus()
        self.page.show_pair(None)
        self.page.listing.clear()
        self.page.listing.wait((a.title, b.title))
        self._ask_list()

    def compare_given(self, a: MapSource, b: MapSource, *, same: bool) -> None:
        """Compare two maps that no pipeline makes. same: whether one range of colours serves both.

        Asked again, as by a slider, the new maps take the place of the old ones, and the keyboard stays where it is.
        """
        # The name of the picture stands for its colours; other maps have those of maps.
        nodes = tuple(IMAGE if source.picture else source.title for source in (a, b))
        if not self.given or nodes != self.nodes:
            self.channels = (None, None)
        if not self.given:
            self._open(a, b)
            self.page.listing.hide()
        self.sources, self.nodes, self._means = (a, b), (nodes[0], nodes[1]), (False, False)
        self.page.view.set_up(same=same)
        self._ask()

    @property
    def given(self) -> bool:
        """Whether maps that no pipeline makes are being compared."""
        return self.active and self.sources is not None and self.sources[0].given is not None

    @property
    def waiting(self) -> bool:
        """Whether the maps that are to be compared are not shown yet."""
        pair = self.page.view.pair
        shown = None if pair is None else (pair.a.source, pair.b.source)
        return self.active and shown != self.sources

    def compare_saved(self) -> None:
        """Compare the pipeline as its file holds it with what it is now."""
        saved = MapSource(tr("as saved"), self._bench.document.saved_pipeline)
        self.compare_pipelines(saved, self._own(tr("now")))

    def compare_step(self, place: int) -> None:
        """Compare the pipeline at a step of the history with what it is now."""
        history = self._bench.document.history
        there = MapSource(step_words(place, history.labels), history.at(place).pipeline)
        self.compare_pipelines(there, self._own(tr("now")))

    def ask_step(self) -> QInputDialog:
        """Ask for a step of the history, and compare the pipeline there with what it is now."""
        history = self._bench.document.history
        words = [step_words(place, history.labels) for place in range(len(history.labels))]
        dialog = StepDialog(words, max(history.place - 1, 0), self._window)
        dialog.textValueSelected.connect(lambda text: self.compare_step(words.index(text)))
        dialog.open()
        return dialog

    def ask_file(self) -> QFileDialog:
        """Ask which file holds the other pipeline."""
        folder = str(self._bench.settings.value("folder/open", ""))
        dialog = PipelineDialog(folder, self._window)
        dialog.fileSelected.connect(lambda file: self.compare_file(Path(file)))
        dialog.open()
        return dialog

    def compare_file(self, path: Path) -> None:
        """Read another pipeline in the background, and compare the present one with it."""
        bench, picture = self._bench, self._bench.document.picture
        size = picture.shape if picture is not None else None

        def fail(error: Exception, details: str) -> None:
            what = tr("{name} was not opened", name=path.name)
            bench.messages.error(error, what, details)

        def done(pipeline: Pipeline) -> None:
            if self._has_picture():
                self.compare_pipelines(self._own(self._title()), MapSource(path.name, pipeline))

        bench.background.submit(lambda: read(path, "pipeline", size=size).value, done, fail, path.name)

    def swap(self) -> None:
        """Exchange A and B."""
        if self.sources is None:
            return
        self.sources, self.nodes = self.sources[::-1], self.nodes[::-1]
        self.channels, self._means = self.channels[::-1], self._means[::-1]
        self._ask()

    def show_node(self, node: str) -> None:
        """Show the maps of a node of both pipelines."""
        self.nodes = node, node
        self._ask()

    def _show_channels(self, channels: Channels) -> None:
        self.channels = channels
        self._ask()

    def _own(self, title: str) -> MapSource:
        return MapSource(title, self._bench.document.pipeline, live=True)

    def _title(self) -> str:
        return self._bench.document.work.name or tr("untitled pipeline")

    def _has_picture(self) -> bool:
        return self._bench.document.picture is not None

    def _is_edited(self) -> bool:
        document = self._bench.document
        return self._has_picture() and len(document.saved_pipeline) > 0 and document.modified

    # -- asking ---------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Find both maps and compare them, in a thread."""
        picture, sources, nodes, channels = (
            self._bench.document.picture,
            self.sources,
            self.nodes,
            self.channels,
        )
        if picture is None or sources is None or not all(nodes):
            return
        maps = self._bench.results.maps
        known = [maps.get(node) if source.live else None for source, node in zip(sources, nodes, strict=True)]
        known = [shown if shown is not None and not shown.stale else None for shown in known]
        before, evaluator, means = self.page.view.pair, self._evaluator, self._means
        part = seen_part(self._bench)

        def work(question: PendingQuestion) -> SidePair:
            if before is not None and before.is_of(sources, nodes, means, part):
                return measure(before.a, before.b, channels, before)
            parts = zip(sources, nodes, known, means, strict=True)
            a, b = (
                load(source, node, picture, shown, evaluator, question, mean=mean, part=part)
                for source, node, shown, mean in parts
            )
            return measure(*alike(a, b), channels)

        self._showing.ask((sources, nodes), work)

    def _ask_list(self) -> None:
        """Compare all nodes of both pipelines, in a thread."""
        picture, sources = self._bench.document.picture, self.sources
        if picture is None or sources is None:
            return
        (a, b), pixels, part = (source.pipeline for source in sources), picture.pixels, seen_part(self._bench)

        def work(cancel: PendingQuestion) -> PartDifferences:
            if part is not None and isinstance(pixels, PictureLevels):
                return compare_parts(a, b, pixels, part, cancel)
            return PartDifferences(compare(a, b, pixels, cancel=cancel), {})

        self._listing.ask((sources, part), work)

    def _take_pair(self, tag: object, pair: SidePair) -> None:
        if self.active and tag == (self.sources, self.nodes):
            self.channels = pair.channels
            self.page.view.stale = False
            self.page.show_pair(pair)
            self.page.tools.refresh()
            self._follow_view()  # which may be another one since the question was asked

    def _take_list(self, tag: tuple[object, ComparedPart | None], compared: PartDifferences) -> None:
        sources, part = tag
        if not self.active or sources != self.sources:
            return
        found = compared.found
        names = [node.name for node in found.nodes]
        chosen = self.nodes[0] if self.nodes[0] in names else found.first or names[-1]
        self.page.listing.show_found(compared, chosen, of_part=part is not None)
        self.show_node(chosen)
        if part != seen_part(self._bench):
            self._later.start()  # the person has moved on meanwhile

    def _give_up(self, _tag: object) -> None:
        """Something failed, and the message says what."""
        self.close()

    # -- the page -------------------------------------------------------------------------------------

    def _open(self, a: MapSource, b: MapSource) -> None:
        self.sources = a, b
        self.page.listing.setVisible(a is not b)
        if not self.active:
            self.active = True
            self.active_changed.emit()

    def close(self) -> None:
        """Go back to the wall, and let the maps of other pipelines go."""
        self._later.stop()
        self._showing.drop()
        self._listing.drop()
        self._showing.afterwards(self._evaluator.clear)
        self.sources = None
        if self.active:
            self.active = False
            self.page.show_pair(None)
            self.page.listing.clear()
            self.active_changed.emit()
            self._wall.setFocus()

    def _follow(self, old: Work, new: Work) -> None:
        """Compare anew after an edit; the maps of before stay meanwhile, marked stale."""
        gone = self.first is not None and not _exists(new.pipeline, self.first[0])
        if gone or old.origin is not new.origin:
            self._set_first(None)
        if not self.active or self.sources is None:
            return
        if self.given:
            # They do not change with the pipeline, but with another picture nobody knows any more what they are of.
            if old.picture is not new.picture:
                self.close()
            return
        live = [source.live for source in self.sources]
        if old.pipeline is new.pipeline and old.picture is new.picture:
            return
        if new.picture is None or old.origin is not new.origin:
            self.close()
            return
        a, b = (s if not s.live else MapSource(s.title, new.pipeline, live=True) for s in self.sources)
        self.sources = (a, a) if self.sources[0] is self.sources[1] else (a, b)
        self.nodes = tuple(  # type: ignore[assignment]
            _renamed(old.pipeline, new.pipeline, node) if own else node
            for node, own in zip(self.nodes, live, strict=True)
        )
        if self.sources[0] is self.sources[1] and not all(self.nodes):
            self.close()
            return
        self.page.view.set_up(stale=True)
        self._later.start()

    def _follow_view(self) -> None:
        """Compare the part that is seen now, of a picture that is larger than memory."""
        pair, part = self.page.view.pair, seen_part(self._bench)
        if self.active and pair is not None and part is not None and pair.a.part not in (None, part):
            self._later.start()

    def _ask_again(self) -> None:
        if self._bench.results.busy:
            self._later.start()
            return
        two = self.sources is not None and self.sources[0] is not self.sources[1]
        if two:
            self._ask_list()
        # Where the person has only moved on, the maps need not wait until all the others are compared.
        if not two or not self.page.view.stale:
            self._ask()

    # -- saving ---------------------------------------------------------------------------------------

    def ask_target(self) -> QFileDialog | None:
        """Ask for a file, and write the comparison as it is on the screen."""
        pair = self.page.view.pair
        return save_comparison(self._bench, self.page, self._window) if pair is not None else None


def _exists(pipeline: Pipeline, node: str) -> bool:
    return node == IMAGE or node in pipeline


def _renamed(old: Pipeline, new: Pipeline, node: str) -> str:
    return node if node in ("", IMAGE) else renamed(old, new, node)
