"""The kernel that is being edited: one plane of an array parameter, and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from filterlab import kernels
from filterlab.errors import FilterLabError, ParameterError
from filterlab.gui.words.i18n import tr
from filterlab.kernels import AmbiguousKernelError, editing, text
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.slices import Index, fitted_recipe, plane, plane_recipe, with_plane, with_size
from filterlab.layers.base.weights import Weights, parse_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

Cell = tuple[int, int]


class KernelSession(QObject):
    """changed: another kernel or plane is to be shown. refused(error): what was asked cannot be done; None: it could.

    wished(value, label, merge): a new value for the whole parameter. unclear(AmbiguousKernelError): what was pasted can
    be read in several ways; `put` takes the one that is meant.
    """

    changed = Signal()
    refused = Signal(object)
    wished = Signal(object, str, object)
    unclear = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.node = ""
        self.symmetry = "none"
        self.index: Index = ()
        self._seed = 0
        self.weights: Weights = parse_weights([[0.0]], name)  # the whole array

    # -- looking --------------------------------------------------------------------------------------

    def follow(self, node: str, layer: Layer) -> None:
        """Show the array of a node's layer; the plane stays where there is one of its number."""
        weights: Weights = layer.raw()[self.name]
        same_node, self.node = node == self.node, node
        depth = len(weights.shape) - 2
        if not same_node or len(self.index) != depth:
            self.index = (0,) * depth
        self.index = tuple(min(i, n - 1) for i, n in zip(self.index, weights.shape, strict=False))
        self.weights = weights
        self.refused.emit(None)
        self.changed.emit()

    @property
    def kernel(self) -> NDArray[Any]:
        """The plane that is shown, (height, width), read-only."""
        return plane(self.weights, self.index)

    @property
    def recipe(self) -> Mapping[str, Any] | None:
        """The preset that the plane was made by, with its parameters; None for plain numbers."""
        return plane_recipe(self.weights, self.index)

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of every plane."""
        return self.weights.shape[-2], self.weights.shape[-1]

    @property
    def alone(self) -> bool:
        """Whether there is only one plane, which may then take any size."""
        return prod(self.weights.shape[:-2]) == 1

    def select(self, index: Index) -> None:
        """Show another plane."""
        if index != self.index:
            self.index = index
            self.refused.emit(None)
            self.changed.emit()

    # -- changing -------------------------------------------------------------------------------------

    def set_kernel(self, kernel: NDArray[Any], label: str, merge: object = None) -> None:
        """Exchange the plane for other numbers."""
        self._need_size(kernel.shape)
        self.wished.emit(with_plane(self.weights, self.index, kernel), label, merge)

    def _need_size(self, shape: tuple[int, ...]) -> None:
        if shape != self.size and not self.alone:
            what = tr("this kernel is {h} by {w}", h=shape[0], w=shape[1])
            hint = tr(
                "first change the size of the layer's kernels to {h} by {w}", h=self.size[0], w=self.size[1]
            )
            raise ParameterError(what, tr("kernel"), hint, parameter=self.name)

    def set_preset(self, recipe: Mapping[str, Any], label: str, merge: object = None) -> None:
        """Make the plane by a preset, which stays one in the file. Raises ParameterError for wrong parameters."""
        made = kernels.make(recipe["preset"], **{k: v for k, v in recipe.items() if k != "preset"})
        if made.shape != self.size and not self.alone:
            fitted = fitted_recipe(recipe, *self.size)
            if fitted is None:
                self._need_size(made.shape)
            recipe = fitted or recipe
        self.wished.emit(with_plane(self.weights, self.index, dict(recipe)), label, merge)

    def set_cells(self, cells: Mapping[Cell, float], merge: object = None) -> None:
        """Set some cells, and by the symmetry their mirror images."""
        self.attempt(
            lambda: self.set_kernel(
                editing.with_cells(self.kernel, cells, self.symmetry), self._label(tr("Edit")), merge
            )
        )

    def step_cells(self, cells: set[Cell], steps: float, merge: object = None) -> None:
        """Raise some cells by so many natural steps."""
        step = steps * editing.natural_step(self.kernel)
        if step:
            self.attempt(
                lambda: self.set_kernel(
                    editing.stepped_cells(self.kernel, cells, step, self.symmetry),
                    self._label(tr("Edit")),
                    merge,
                )
            )

    def resize(self, height: int, width: int, merge: object = None) -> None:
        """Give every plane another size, the middle kept."""

        def run() -> None:
            editing.resized(self.kernel, height, width)  # refuses what is no size
            self.wished.emit(with_size(self.weights, height, width), self._label(tr("Resize")), merge)

        self.attempt(run)

    def scale(self, factor: float) -> None:
        """Multiply every cell of the plane."""
        self.attempt(
            lambda: self.set_kernel(editing.scaled(self.kernel, factor), self._label(tr("Scale")), None)
        )

    def randomize(self) -> None:
        """Random numbers, others at every call."""
        self._seed += 1
        kernel = editing.randomized(self.kernel, self._seed)
        self.attempt(lambda: self.set_kernel(kernel, self._label(tr("Randomise"))))

    def apply(self, operation: Callable[[Any], Any], verb: str) -> None:
        """Exchange the plane for what a function makes of it. verb: for the history, translated."""
        self.attempt(lambda: self.set_kernel(operation(self.kernel), self._label(verb)))

    def written(self, form: str) -> str:
        """The plane as text."""
        return text.write(self.kernel, form)

    def paste(self, content: str) -> None:
        """Exchange the plane for the matrix that a text spells, or let it be asked which one that is."""

        def run() -> None:
            try:
                kernel = text.parse(content, self.kernel.dtype)
            except AmbiguousKernelError as error:
                self.refused.emit(None)
                self.unclear.emit(error)
            else:
                self.put(kernel)

        self.attempt(run)

    def put(self, kernel: NDArray[Any]) -> None:
        """Exchange the plane for a kernel that was pasted."""
        self.attempt(lambda: self.set_kernel(kernel, self._label(tr("Paste into"))))

    def attempt(self, run: Callable[[], None]) -> None:
        """Run, and say in place what went wrong."""
        try:
            run()
        except FilterLabError as error:
            self.refused.emit(error)

    def _label(self, verb: str) -> str:
        return tr("{verb} kernel of {node}", verb=verb, node=self.node)
