"""The pipeline: a graph with everything that is done with one, as methods of one or two lines.

Every room below takes a `Graph` and gives back the class that it was given; what they build from nothing is made into a
`Pipeline` here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from filterlab.explain import explainer, provenance
from filterlab.explain.explanation import Explanation
from filterlab.explain.provenance import Provenance
from filterlab.fields import ReceptiveField, Region, regions
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.graph import IMAGE, Graph
from filterlab.run import evaluate, files, source

if TYPE_CHECKING:
    from filterlab.learning.classify.training import Epoch


class Pipeline(Graph):
    """Named layers joined into a graph without cycles, as an immutable value.

    nodes: layers, (name, layer) pairs or `Node`s, each reading the one before it unless its inputs are named.
    Raises FilterLabError for duplicate names, unknown inputs, cycles and wrong numbers of inputs.
    """

    # -- fields ---------------------------------------------------------------------------------------

    def receptive_field(
        self, name: str, of: str = IMAGE, size: tuple[int, ...] | None = None
    ) -> ReceptiveField:
        """Size, stride and padding of the receptive field of node `name` in the map of `of`.

        Output i sees the cells i * stride - padding to i * stride - padding + size - 1 of each axis (Araujo,
        Norris, Sim, Distill 2019). Branches off centre give the union. `size`: (h, w) of the picture, needed
        only where the answer depends on it. Without it no map of a merge is taken to be 1x1, which on pictures
        as small as the field some may be by chance. Raises FilterLabError where branches of unequal stride meet
        and where `of` does not lead to `name`.
        """
        return regions.receptive_field(self, name, of, size)

    def input_region(
        self,
        name: str,
        row: int,
        col: int,
        of: str = IMAGE,
        size: tuple[int, ...] | None = None,
        channel: int | None = None,
    ) -> Region:
        """The cells of node `of` (or the picture) that value (row, col) of node `name` sees.

        Half-open, and not clipped to the map: rows and columns outside it are padding. `size` as for
        `receptive_field`. channel: of that channel alone, or of that position of a vector, and `size` the picture's
        (channels, height, width): a flattened value is one cell of its map, a concatenated channel that of one
        branch; the region is empty where `of` has nothing to do with it.
        """
        if channel is None:
            return regions.input_region(self, name, row, col, of, size)
        return provenance.channel_region(self, name, (channel, row, col), of, size)

    def output_region(
        self, name: str, row: int, col: int, of: str, size: tuple[int, ...] | None = None
    ) -> Region:
        """The cells of map `of` that cell (row, col) of node `name`, or of the picture ("image"), can reach.

        The smallest box around them, in whatever channel, clipped to the map; empty where there are none.
        size: (h, w) of the picture. Raises ParameterError, NeedsSizeError without a size.
        """
        return provenance.output_region(self, name, row, col, of, size)

    # -- running --------------------------------------------------------------------------------------

    def run(
        self,
        image: Any,
        outputs: Iterable[str] | None = None,
        *,
        cancel: Cancel | None = None,
        progress: evaluate.Progress | None = None,
    ) -> dict[str, Array]:
        """The maps of all nodes, or of those that `outputs` names, for a picture (C, H, W) or batch (N, C, H, W).

        float32 in gives float32 out, float64 float64. `cancel` is asked between nodes; `progress` is told
        (done, of how many). Raises FilterLabError naming the node, Cancelled.
        """
        return evaluate.run(self, image, outputs, cancel=cancel, progress=progress)

    def explain(
        self,
        image: Any,
        name: str,
        channel: int,
        row: int = 0,
        col: int = 0,
        depth: int | None = 1,
        top: int | None = None,
    ) -> Explanation:
        """The sum that made value (channel, row, col) of node `name`; for a vector, `channel` is the position.

        depth: levels of terms that are explained in turn, None for all down to the picture; top: of each sum only the
        so many terms that matter most. Raises ParameterError for a position outside the map and for a tree of too
        many terms or levels.
        """
        return explainer.explain(self, image, name, (channel, row, col), depth, top)

    def provenance(
        self,
        image: Any,
        name: str,
        channel: int,
        row: int = 0,
        col: int = 0,
        maps: Mapping[str, Array] | None = None,
    ) -> Provenance:
        """Where value (channel, row, col) of node `name` comes from: regions, winners, effective receptive field.

        Only the part of the picture that the value sees is computed. maps: whole maps of this picture (C, H, W) or
        (features,) that are there already, by node. Raises as `explain`.
        """
        return provenance.provenance(self, image, name, channel, row, col, maps)

    # -- files ----------------------------------------------------------------------------------------

    def save(self, path: str | Path) -> None:
        """Write the file, whole or not at all: weights inline for .json, as tensors for .safetensors."""
        files.save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a file that `save` or a person wrote. Raises FileError or ParameterError saying what is wrong."""
        return cls.of(files.load(Path(path)))

    def to_text(self) -> str:
        """The pipeline as the text of a .json file, weights inline."""
        return files.to_text(self)

    @classmethod
    def from_text(cls, text: str | bytes) -> Self:
        """A pipeline from the text of a .json file. Raises FileError, with line and column, or ParameterError."""
        return cls.of(files.from_text(text))

    def to_python(self) -> str:
        """Python source that makes an equal pipeline. Raises FilterLabError where its weights would fill pages."""
        return source.to_python(self)


# What follows is loaded when it is used: labelled pictures, their decoders and the rules of learning take a while.


def classifier(*args: Any, **options: Any) -> Pipeline:
    """A network for pictures of some classes: see `filterlab.learning.classify.classifier.classifier`."""
    from filterlab.learning.classify.classifier import classifier as build

    return Pipeline.of(build(*args, **options))


def train_classifier(
    data: Any, pipeline: Pipeline | None = None, **options: Any
) -> Iterator[Epoch[Pipeline]]:
    """Train a network on labelled pictures: see `filterlab.learning.classify.training.train_classifier`."""
    from filterlab.learning.classify.training import train_classifier as train

    return train(data, pipeline, kind=Pipeline, **options)
