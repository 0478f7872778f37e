"""What a layer is: one declaration that feeds evaluation, the file format, the inspector and the help.

A layer type is one file with one subclass of `Layer`: its parameters, which are those of its operation in
`functional`, and, where an output sees more than its own position, `windows`. Defining the class registers it; nothing
else lists it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import prod
from typing import Any, ClassVar, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict

import filterlab.functional as F
from filterlab.errors import ChannelError, FilterLabError, GradientError, ParameterError, ShapeError
from filterlab.functional.arrays import Array, own, shape_text
from filterlab.functional.geometry import Pair
from filterlab.functional.prepared import Change, InPlace, Prepared, followed
from filterlab.layers.base.block import Block, Mask
from filterlab.layers.base.border import Border
from filterlab.layers.base.derived import explain_by_gradient, explain_by_window
from filterlab.layers.base.formula import Line
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.part import InParts
from filterlab.layers.base.terms import Arithmetic, PartialMap
from filterlab.layers.base.weights import Weights, same_value
from filterlab.layers.base.window import Size, Window, need_count, need_possible, need_size, same_window
from filterlab.parameters import Kind, Parameter, bind
from filterlab.text.messages import say

Shape = tuple[int, ...]  # (channels, height, width) of maps, (features,) of a vector
Forward = Callable[..., Array]  # from the inputs of a layer to its output


class Gradients(NamedTuple):
    """What `backward` gives: a gradient for each input, and for each trainable parameter by name."""

    inputs: tuple[Array, ...]
    parameters: dict[str, Array]


class Layer(InParts, BaseModel):
    """Base of all layers: an immutable value.

    Arrays have a batch axis: maps (N, C, H, W), vectors (N, features). Shapes are given without it: (C, H, W),
    (features,).

    Class attributes:
        key             the type's name in files
        title, group    its name and place in the window's menu
        search_words    other words, in English and Chinese, by which people look for it
        stem            the beginning of made-up node names; the key where it is left out
        arity           the least and the greatest number of inputs (None: any number)
        per_channel     output channel c depends on channel c of the inputs alone
        locally_linear  between kinks, an output is the sum of inputs times weights, plus a constant
        differentiable  there is a gradient; without one, learning and lenses refuse the layer by name
        sizes           what `resized` changes beside the parameters, declared as they are; properties have their values
        colours         "kept": channels of a picture are so still, although they were mixed; "made": they are so now
        singles_out     one or two of the cells that a value reads stand for it: the chosen, the normalised one
        takes_maps      operations that follow in `prepared` may join another map to the output

    Every type declares its parameters as fields. Where they are keywords of `functional.<key>` and of its gradient
    `functional.<key>_backward`, `forward` and `backward` call these; a layer with other or trainable parameters defines
    both. What else it overrides depends on what kind of layer it is; bases in `families` do most of it:

        pointwise (ReLU)          base Elementwise: `written`, the formula that is shown for one value; `pointwise`
                                  where it can be computed in place
        windowed (MaxPool2d)      base Pooling, or `windows` and `shape_formula`; `border` where it pads;
                                  `kernel_stride` where the same weights are used in every window; `explain`
        weighted (Conv2d, Linear) `macs`, `partials`, `explain`; `input_gradients` and `parameter_gradients` where
                                  one of them alone is cheaper than both
        merging (Add)             base Merge or WeightedSum: `arity`, `explain`
        vector (Linear, Flatten)  `output_shape`, which is not made from `windows` there
        normalisation             base WholeMapNorm where the statistics are those of the map itself; else
                                  `output_channels`, which refuses another number of channels, and `explain`
        resizing (Upsample)       base Resampling: `weights`, `windows`, `shape_formula`, `explain`
        whole maps (a mean)       `streaming`, so that maps which memory does not hold can be run in tiles
        rearranging (Flatten)     `windows`, `channels_read`, `rearranged`
        mixing channels           `per_channel = False`; `output_channels` where their number changes;
                                  `channels_read` where not every output reads every input channel

    `starting_values` is overridden where the required parameters depend on the input, `check` where parameters depend
    on each other. The default of `explain` is correct for every layer that has `backward` and `windows`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    types: ClassVar[dict[str, type[Layer]]] = {}  # all layer types by key; `registry` reads it
    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    search_words: ClassVar[str] = ""
    stem: ClassVar[str] = ""
    group: ClassVar[str] = ""
    arity: ClassVar[tuple[int, int | None]] = (1, 1)
    per_channel: ClassVar[bool] = True
    locally_linear: ClassVar[bool] = False
    differentiable: ClassVar[bool] = True
    colours: ClassVar[str] = ""
    singles_out: ClassVar[bool] = False
    takes_maps: ClassVar[bool] = False
    sizes: ClassVar[tuple[Parameter, ...]] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        # Bases that several layers share have no key of their own.
        if "key" in cls.__dict__:
            cls._register()

    @classmethod
    def _register(cls) -> None:
        # A module that is loaded again defines its class again, and replaces it; another class with the same key would
        # make files ambiguous.
        known = Layer.types.get(cls.key)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise ParameterError(say("the key {!r} names {} already", cls.key, known.__name__), cls.__name__)
        cls.stem = cls.stem or cls.key
        Layer.types[cls.key] = cls

    # -- how it is made --------------------------------------------------------------------------------

    def __init__(self, /, *args: Any, **params: Any) -> None:
        named = bind(self.declarations(), args, params, type(self).__name__)
        try:
            super().__init__(**named)
            self.check()
        except FilterLabError as error:
            # The kinds know the parameter but not whose it is.
            error.where = error.where or type(self).__name__
            raise

    def __setattr__(self, name: str, value: Any) -> None:
        # pydantic refuses as well, since the model is frozen, but with a ValidationError; callers catch FilterLabError.
        hint = say("make another: layer.replace({}=...)", name)
        raise ParameterError("layers are immutable", type(self).__name__, hint, parameter=name)

    @classmethod
    def starter(cls, *shapes: Shape, seed: int = 0) -> Layer:
        """The layer that the window adds for inputs of these shapes; without any, for a picture of three channels.

        seed: makes two layers of a type that starts with random weights differ.
        """
        return cls(**cls.starting_values(*shapes, seed=seed))

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        """The parameters of `starter`: by default the required ones, as their declarations say."""
        channels = shapes[0][0] if shapes else 3
        return {p.name: p.kind.starting(channels) for p in cls.declarations() if p.required}

    def model_post_init(self, context: Any) -> None:
        # A recipe must not be made into numbers before somebody looks at them: opening a file of large random weights
        # would take seconds and gigabytes. So the arrays are taken out of pydantic's fields, and `__getattr__`, which
        # Python calls only for attributes that are missing, makes each when it is first asked for.
        stored = {name: value for name, value in self.__dict__.items() if isinstance(value, Weights)}
        for name in stored:
            del self.__dict__[name]
        self.__dict__["_weights"] = stored

    def __getattr__(self, name: str) -> Any:
        # An object that `__new__` alone has made has no weights yet; hasattr must have an answer for it too.
        stored = self.__dict__.get("_weights", {})
        if name not in stored:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        self.__dict__[name] = stored[name].array
        return self.__dict__[name]

    def check(self) -> None:
        """Raise ParameterError where parameters that are legal one by one contradict each other."""

    # -- its parameters --------------------------------------------------------------------------------

    @classmethod
    def declarations(cls) -> list[Parameter]:
        """The declared parameters in their order."""
        return list(_declarations(cls))

    def raw(self) -> dict[str, Any]:
        """The parameters by name, arrays as `Weights` with their recipes: what an equal layer is made from."""
        stored = self.__dict__["_weights"]
        return {
            name: stored[name] if name in stored else getattr(self, name) for name in type(self).model_fields
        }

    def params(self) -> dict[str, Any]:
        """The parameters as a file holds them, without those that have their default."""
        values = self.raw()
        return {p.name: p.kind.to_json(values[p.name]) for p in self.stated()}

    def stated(self) -> list[Parameter]:
        """The parameters that a file holds. Millions of weights are not made into lists for it, unlike by `params`."""
        values = self.raw()
        return [p for p in self.declarations() if p.required or not same_value(values[p.name], p.default)]

    def replace(self, **changes: Any) -> Layer:
        """The same layer with some parameters changed. Raises as the constructor does."""
        return type(self)(**{**self.raw(), **changes})

    def resized(self, **changes: Any) -> Layer:
        """As `replace`, where `changes` may also name `sizes`; the numbers of arrays that stay are kept."""
        return self.replace(**changes)

    # -- its arrays ------------------------------------------------------------------------------------

    def with_arrays(self, arrays: Mapping[str, Array]) -> Layer:
        """The same layer with other numbers, in arrays of the same shapes.

        Training does this at every step, so that, unlike in `replace`, the numbers are neither checked nor copied.
        """
        # This bypasses __init__, which would check and bind every parameter anew.
        made = type(self).__new__(type(self))
        changed = {name: Weights.of(array) for name, array in arrays.items()}
        weights = {**self.__dict__["_weights"], **changed}
        # The arrays stand in __dict__ too, where attribute access finds them as they are: `Weights` would copy each at
        # its first look.
        object.__setattr__(made, "__dict__", {**self.__dict__, **arrays, "_weights": weights})
        # The slots that pydantic's own __init__, which is not called here, would have filled.
        for name in ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
            object.__setattr__(made, name, getattr(self, name))
        return made

    def shape_of(self, name: str) -> Shape:
        """The shape of an array, without making its numbers; () where the array is left out."""
        weights = self.__dict__["_weights"].get(name)
        return () if weights is None else weights.shape

    def drawn(self) -> list[Weights]:
        """The arrays that recipes have made and that are in memory."""
        stored: Iterable[Weights] = self.__dict__["_weights"].values()
        return [weights for weights in stored if weights.recipe is not None and weights.ready]

    def forget(self, drawn: Iterable[Weights]) -> None:
        """Free the memory of some of the `drawn` arrays; they are made again, the same, when somebody looks."""
        for weights in drawn:
            weights.forget()
            # `__getattr__` has put the array into __dict__ as well, which would keep it in memory.
            for name, known in self.__dict__["_weights"].items():
                if known is weights:
                    self.__dict__.pop(name, None)

    def trainable(self) -> dict[str, Array]:
        """The arrays that learning may change, by name."""
        return {name: getattr(self, name) for name in self._trainable_names()}

    def _trainable_names(self) -> Iterator[str]:
        for p in self.declarations():
            if isinstance(p.kind, Tensor) and p.kind.trainable and p.name in self.__dict__["_weights"]:
                yield p.name

    def given(self, **gradients: Array | None) -> dict[str, Array]:
        """The gradients of those parameters that the layer has; a bias, for one, may be left out."""
        stored = self.__dict__["_weights"]
        return {name: value for name, value in gradients.items() if name in stored and value is not None}

    def parameter_count(self) -> int:
        """How many trainable numbers the layer holds."""
        return sum(prod(self.shape_of(name)) for name in self._trainable_names())

    # -- a value: compared, copied, pickled, printed ---------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other) or not isinstance(other, Layer):
            return False
        mine, theirs = self.raw(), other.raw()
        return all(same_value(mine[name], theirs[name]) for name in mine)

    # By shapes instead of numbers: equal layers hash alike, and no recipe has to be made for it.
    def __hash__(self) -> int:
        shapes = tuple((name, w.shape) for name, w in self.__dict__["_weights"].items())
        scalars = tuple(repr(v) for v in self.raw().values() if not isinstance(v, Weights))
        return hash((self.key, shapes, scalars))

    def __copy__(self) -> Layer:
        return self

    def __deepcopy__(self, memo: Any = None) -> Layer:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # By parameters, recipes as recipes: a layer of a million random weights goes to another process in a few bytes.
        return _remake, (type(self), self.raw())

    def __repr__(self) -> str:
        parts = []
        for p in self.declarations():
            value = self.raw()[p.name]
            if isinstance(value, Weights):
                parts.append(f"{p.name}=<{shape_text(value.shape)}>")
            elif p.required or not same_value(value, p.default):
                parts.append(f"{p.name}={p.kind.to_json(value)!r}")
        return f"{type(self).__name__}({', '.join(parts)})"

    # pydantic has a __str__ of its own, which knows nothing of arrays that are kept aside.
    __str__ = __repr__

    # -- what it computes -----------------------------------------------------------------------------

    def options(self) -> dict[str, Any]:
        """All parameters, as keyword arguments of the operation."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def forward(self, *xs: Array) -> Array:
        """The output for a batch of inputs: (N, C, H, W) or (N, features), in the dtype of the first."""
        y: Array = getattr(F, self.key)(xs[0], **self.options())
        return y

    def prepared(self, dtype: Any, *shapes: Shape, then: Sequence[InPlace] = ()) -> Forward:
        """`forward` for inputs of these shapes, batch axis included, and this dtype, which is given again and again.

        What follows from shapes and parameters alone is worked out here, not with every call; nothing is checked.
        then: operations on the output, see `pointwise`, one after the other. The function that is returned may apply
        them to parts of the output as soon as these are made, while they are in the cache. Where it is a `Prepared`, a
        run of small maps places it, and the operations of `then` by themselves.
        """
        change = self.pointwise(dtype)
        forward = (lambda *xs: own(self.forward(*xs), *xs)) if then else self.forward
        return followed(Prepared(forward, change.place) if isinstance(change, Change) else forward, then)

    def pointwise(self, dtype: Any) -> InPlace | None:
        """The layer as an operation that overwrites its input, or any part of it, with its output.

        Only where each output is made from the input at the same place alone; None for all other layers. The operation
        is called with values (n, channels, height, width) or (n, features) of `dtype`, any part of the map, and the
        slice of channels that they are; the digits are those of `forward`. A `Change` may be placed as well.
        """
        return None

    def joined(self) -> InPlace | None:
        """The layer as `pointwise`, for two inputs of one shape: it overwrites either, and is called with the other."""
        return None

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        """The gradients of a scalar with respect to the inputs and the trainable parameters.

        dy: its gradient with respect to the output `y` that `forward` gave for `xs`, in the shape of `y`. Raises
        GradientError where there is none.
        """
        if not self.differentiable:
            hint = "learn layers after it, or choose a value before it"
            raise GradientError("it has no gradient", type(self).__name__, hint)
        return Gradients((getattr(F, f"{self.key}_backward")(dy, xs[0], **self.options()),), {})

    def input_gradients(self, dy: Array, xs: tuple[Array, ...], y: Array) -> tuple[Array, ...]:
        """The gradients of `backward` with respect to the inputs alone, which some layers compute faster."""
        return self.backward(dy, xs, y).inputs

    def parameter_gradients(self, dy: Array, xs: tuple[Array, ...], y: Array) -> dict[str, Array]:
        """The gradients of `backward` with respect to the parameters alone."""
        return self.backward(dy, xs, y).parameters

    # -- geometry -------------------------------------------------------------------------------------

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        """For each input of size (height, width), the rows and columns that an output sees; a vector has size 1x1.

        Raises NeedsSizeError where the answer depends on sizes that are None.
        """
        return tuple(same_window(size) for size in sizes)

    @property
    def kernel_stride(self) -> Pair | None:
        """The stride of a kernel whose weights are the same in every window; None for layers without such a kernel."""
        return None

    def border(self, size: Pair) -> Border | None:
        """The cells that are added around an input of `size` (height, width); None where there are none."""
        return None

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        """The channels (or features) of input `number` that the outputs marked in `channels` depend on, as a mask.

        shapes: those of all inputs.
        """
        count = shapes[number][0]
        # The counts differ where a map of one channel stands for all channels, as in Add: then any output reads it.
        same = self.per_channel and count == len(channels)
        return channels if same else np.full(count, bool(channels.any()))

    def rearranged(self, outputs: Block, shape: Shape) -> Block | None:
        """The cells of the input, of `shape`, that are copied to `outputs`, where channels become cells or vice versa.

        None for all other layers, of which `windows` and `channels_read` tell everything.
        """
        return None

    def output_shape(self, *shapes: Shape) -> Shape:
        """Shape of the output for inputs of these shapes.

        Raises ShapeError where they do not fit, ParameterError where the padding mode cannot fill so wide a border.
        """
        self.need_maps(*shapes)
        sizes = [(s[1], s[2]) for s in shapes]
        rows, cols = self.windows(*sizes)[0]
        border = self.border(sizes[0])
        if border is not None:
            border.check(sizes[0], type(self).__name__)
        return self.output_channels(*[s[0] for s in shapes]), need_count(rows.count), need_count(cols.count)

    def possible_shape(self, *shapes: Shape) -> Shape:
        """As `output_shape`, but raises ShapeError also for an output that no memory could hold."""
        shape = self.output_shape(*shapes)
        need_possible(shape, type(self).__name__)
        return shape

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        """The arithmetic of the output's shape for inputs of these shapes, line by line; () where there is none.

        Raises as `output_shape`.
        """
        return ()

    def output_channels(self, *channels: int) -> int:
        """The number of output channels for these numbers of input channels. Raises ChannelError if they are wrong."""
        return channels[0]

    def need_maps(self, *shapes: Shape) -> None:
        """Raise ShapeError for a vector, where the layer needs maps."""
        for shape in shapes:
            if len(shape) != 3:
                raise ShapeError(
                    say(
                        "it needs maps (channels, height, width) and is given a vector of {}",
                        shape_text(shape),
                    ),
                    type(self).__name__,
                    "put it before Flatten",
                )

    def macs(self, shapes: tuple[Shape, ...], output: Shape) -> int:
        """Multiply-adds for one picture. As usual in the literature, only those of weighted sums count."""
        return 0

    # -- explanation ----------------------------------------------------------------------------------

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        """How one value of `y` was computed; arrays as for `forward`, of a single picture (N = 1)."""
        # Gradients are weights only where value = sum of weight * input + constant; elsewhere they would look like
        # weights and not add up.
        explain = explain_by_gradient if self.locally_linear else explain_by_window
        return explain(self, xs, y, channel, row, col)

    def partials(self, xs: tuple[Array, ...], y: Array, channel: int) -> tuple[PartialMap[int], ...]:
        """The contribution of each input channel to channel `channel` of `y`, as maps that add up to it with the bias.

        () for layers that do not sum over input channels. Arrays as for `explain`.
        """
        return ()


def _remake(kind: type[Layer], params: dict[str, Any]) -> Layer:
    return kind(**params)


@cache  # asked for at every drawing of a network of hundreds of layers
def _declarations(kind: type[Layer]) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(name, _kind_of(info), info.description or "", info.default, info.is_required())
        for name, info in kind.model_fields.items()
    )


def _kind_of(info: Any) -> Kind:
    return next(item for item in info.metadata if isinstance(item, Kind))


def need_channels(given: int, wanted: int, layer: Layer, rule: str) -> None:
    """Raise ChannelError unless a layer is given as many channels as its parameters are made for."""
    if given != wanted:
        raise ChannelError(
            say("it is given {} channel(s) and takes {}", given, wanted),
            type(layer).__name__,
            rule,
            parameter=next((each.name for each in layer.declarations()), ""),
        )


__all__ = [
    "Arithmetic",
    "Block",
    "Border",
    "Forward",
    "Gradients",
    "InPlace",
    "Layer",
    "Mask",
    "PartialMap",
    "Shape",
    "need_channels",
    "need_size",
]
