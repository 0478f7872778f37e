"""The kernel that is being edited: one plane of an array parameter, and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from filterlab import kernels
from filterlab.errors import FilterLabError, ParameterError
from filterlab.gui.bench.history import Gesture
from filterlab.gui.words.i18n import tr
from filterlab.kernels import AmbiguousKernelError, editing, text
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.slices import Index, fitted_recipe, plane, plane_recipe, with_plane
from filterlab.layers.base.weights import Weights, parse_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray


class KernelSession(QObject):
    """The array of a node's layer, the plane of it that is shown, and everything that can be done to that plane.

    changed: another kernel or plane is to be shown. edited: as in `Editor`, with a value for the whole array; without a
    key to merge by it is a step of its own, however soon it follows another. refused(error): why what was asked for
    cannot be done; None: that no longer matters. unclear(AmbiguousKernelError, put): what was pasted can be read in
    several ways; `put` takes the one that is meant. symmetry: cells are edited together with their mirror images.
    painting: a left drag over cells gives them the number `brush`, which is the one that was typed last.
    """

    changed = Signal()
    edited = Signal(object, str, object)
    refused = Signal(object)
    unclear = Signal(object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.node = ""
        self.symmetry = "none"
        self.painting, self.brush = False, 1.0
        self.index: Index = ()
        self._seed = 0
        self.weights: Weights = parse_weights([[0.0]], name)  # of the whole parameter; here a stand-in

    # -- looking --------------------------------------------------------------------------------------

    def follow(self, node: str, layer: Layer) -> None:
        """Show the array of a node's layer. For the same node the index of the plane stays, or the nearest is taken."""
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

    def apply(
        self, operation: Callable[[NDArray[Any]], NDArray[Any]], verb: str, merge: object = None
    ) -> None:
        """Replace the plane by what a function makes of it, or say why not. verb: for the history, translated."""
        try:
            kernel = operation(self.kernel)
            self._need_size(kernel.shape)
            value = with_plane(self.weights, self.index, kernel)
        except FilterLabError as error:
            self.refused.emit(error)
        else:
            self.edited.emit({self.name: value}, self._label(verb), merge or Gesture())

    def _need_size(self, shape: tuple[int, ...]) -> None:
        if shape != self.size and not self.alone:
            what = tr("this kernel is {h} by {w}", h=shape[0], w=shape[1])
            hint = tr(
                "first change the size of the layer's kernels to {h} by {w}", h=self.size[0], w=self.size[1]
            )
            raise ParameterError(what, tr("kernel"), hint, parameter=self.name)

    def set_preset(self, recipe: Mapping[str, Any], label: str, merge: object = None) -> None:
        """Make the plane by a preset, which stays a preset in the file. Raises ParameterError for wrong parameters."""
        made = kernels.make(recipe["preset"], **{k: v for k, v in recipe.items() if k != "preset"})
        if made.shape != self.size and not self.alone:
            fitted = fitted_recipe(recipe, *self.size)
            if fitted is None:
                self._need_size(made.shape)
            recipe = fitted or recipe
        value = with_plane(self.weights, self.index, dict(recipe))
        self.edited.emit({self.name: value}, label, merge or Gesture())

    def scale(self, factor: float) -> None:
        """Multiply every cell of the plane."""
        self.apply(lambda kernel: editing.scaled(kernel, factor), tr("Rescale"))

    def randomize(self) -> None:
        """Fill the plane with random numbers, different ones at every call."""
        self._seed += 1
        self.apply(lambda kernel: editing.randomized(kernel, self._seed), tr("Randomise"))

    def written(self, form: str) -> str:
        """The plane as text."""
        return text.write(self.kernel, form)

    def paste(self, content: str, put: Callable[[NDArray[Any]], None] | None = None) -> None:
        """Read the matrix that a text spells; `unclear` is emitted where it spells several.

        put: takes the matrix; by default it replaces the plane.
        """
        put = put or self.put
        try:
            kernel = text.parse(content, self.kernel.dtype)
        except AmbiguousKernelError as error:
            self.refused.emit(None)
            self.unclear.emit(error, put)
        except FilterLabError as error:
            self.refused.emit(error)
        else:
            put(kernel)

    def put(self, kernel: NDArray[Any]) -> None:
        """Replace the plane by a kernel that was pasted."""
        self.apply(lambda _: kernel, tr("Paste into"))

    def _label(self, verb: str) -> str:
        return tr("{verb} kernel of {node}", verb=verb, node=self.node)
