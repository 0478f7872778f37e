"""The pipeline: a graph with everything that can be done with one, as methods of one or two lines.

The rooms below take a `Graph` and return the class that they are given. The graphs that they build from nothing, of a
file or a classifier, become a `Pipeline` here, so that no room needs to import this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar

import numpy as np

from filterlab.errors import ParameterError, ShapeError
from filterlab.explain import explainer, provenance
from filterlab.explain import local_kernel as local
from filterlab.explain import local_layers as beside
from filterlab.explain.explanation import Explanation
from filterlab.explain.local_kernel import LocalKernel
from filterlab.explain.provenance import Provenance
from filterlab.fields import ReceptiveField, Region, regions
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.graph import IMAGE, Graph
from filterlab.run import evaluate, files, source
from filterlab.text.html import html_table
from filterlab.text.messages import say

P = TypeVar("P", bound=Graph)

if TYPE_CHECKING:
    from filterlab.explain.page import Page
    from filterlab.interop.importing import Imported
    from filterlab.learning.classify.training import Epoch
    from filterlab.merging.batch_norms import Folding
    from filterlab.merging.splitting import Split
    from filterlab.merging.whole import MergedAll


class Beside(NamedTuple, Generic[P]):
    """A pipeline with the kernel of a value beside it; see `Pipeline.with_local_kernel`."""

    pipeline: P
    names: dict[str, str]
    refused: str


class Pipeline(Graph):
    """Named layers joined into a graph without cycles, as an immutable value.

    nodes: layers, (name, layer) pairs or `Node`s, each reading the one before it unless its inputs are named.
    Raises FilterLabError for duplicate names, unknown inputs, cycles and wrong numbers of inputs.
    """

    # -- fields ---------------------------------------------------------------------------------------

    def receptive_field(
        self, name: str, of: str = IMAGE, size: tuple[int, ...] | None = None
    ) -> ReceptiveField:
        """Size, stride and padding of the receptive field of node `name` in the map of node `of`.

        Output i sees the cells i * stride - padding to i * stride - padding + size - 1 of each axis (Araujo, Norris,
        Sim: Computing receptive fields of convolutional neural networks, Distill 2019). Branches that are not centred
        on each other give the union. size: (h, w) of the picture, needed only where the answer depends on it; without
        it, maps that meet in a merge are taken to be larger than 1x1. Raises NeedsSizeError where a size is needed,
        and FilterLabError where branches of unequal stride meet or `of` does not lead to `name`.
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
        """The cells of node `of` (or the picture) that value (row, col) of node `name` sees, in any channel.

        The region is half-open and not clipped to the map: rows and columns outside it are padding. size: as for
        `receptive_field`. channel: ask about this channel alone, or this position of a vector; `size` must then be
        (channels, height, width) of the picture. A flattened value is one cell of its map, a concatenated channel
        comes from one branch, and the region is empty where `of` has nothing to do with the channel. Raises
        ParameterError for a position outside the map, and as `receptive_field`.
        """
        if channel is None:
            return regions.input_region(self, name, row, col, of, size)
        return provenance.channel_region(self, name, (channel, row, col), of, size)

    def output_region(
        self, name: str, row: int, col: int, of: str, size: tuple[int, ...] | None = None
    ) -> Region:
        """The cells of map `of` that cell (row, col) of node `name`, or of the picture, can reach.

        The region is the smallest box around them, in any channel, clipped to the map; empty where there are none.
        size: (h, w) of the picture. Raises NeedsSizeError without a size, and ParameterError for a position outside
        the map or where `name` does not lead to `of`.
        """
        return provenance.output_region(self, name, row, col, of, size)

    def _repr_html_(self) -> str:
        """The nodes as a table, for notebooks."""
        read = {step.name: ", ".join(step.inputs) for step in self.steps}
        rows = [(n.name, repr(n.layer), read[n.name], n.layer.parameter_count()) for n in self.nodes]
        return html_table(f"{len(self)} nodes", ("node", "layer", "reads", "parameters"), rows)

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

        float32 in gives float32 out, float64 gives float64. cancel: asked between nodes and within long operations;
        progress: called with (nodes done, nodes in all). Raises FilterLabError naming the node, and Cancelled.
        """
        return evaluate.run(self, image, outputs, cancel=cancel, progress=progress)

    def run_tiled(
        self,
        image: Any,
        outputs: Iterable[str] | None = None,
        *,
        tile: int | tuple[int, int] | None = None,
        memory: float | None = None,
        sinks: Mapping[str, Any] | None = None,
        cancel: Cancel | None = None,
        progress: evaluate.Progress | None = None,
    ) -> dict[str, Array]:
        """As `run` for one picture (C, H, W) of any size, tile by tile: the same numbers in bounded memory.

        image: an array, also a memory map, or whatever has a `shape` and `read(rows, cols)`, which gives the values
        (C, h, w) of half-open rows and columns. tile: rows and columns of the picture that a tile stands for; without
        it, 1024, or the most that `memory`, in bytes for the whole process, has room for. sinks: for nodes whose maps
        are not wanted as arrays, what takes them part by part: `write(rows, cols, values)`. progress: called with
        (tiles done, tiles in all). Layers that need their whole input, such as a mean of the map, take a pass of their
        own; where that input is large, their values are those of `run` within 1e-5 of the larger of range and
        magnitude. Raises FilterLabError naming the node before anything is computed where a layer needs more than that,
        and Cancelled.
        """
        from filterlab.run.tiling import tiled

        return tiled.run_tiled(
            self,
            image,
            outputs,
            tile=tile,
            memory=memory,
            sinks=sinks,
            cancel=cancel,
            progress=progress,
        )

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

        image: one picture (C, H, W). depth: how many levels are explained, the terms of one level being the values of
        the next; None goes down to the picture. top: of each sum, explain only this many terms further, those that
        matter most. Raises ParameterError for a batch, a position outside the map, and a tree of too many terms or
        levels.
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
        """The origin of value (channel, row, col) of node `name`: regions, winners, effective receptive field.

        Only the part of the picture that the value sees is computed. maps: maps of this picture that are known
        already, by node, whole and without a batch axis. Raises as `explain`.
        """
        return provenance.provenance(self, image, name, channel, row, col, maps)

    def local_kernel(
        self,
        image: Any,
        name: str,
        channel: int,
        row: int = 0,
        col: int = 0,
        maps: Mapping[str, Array] | None = None,
    ) -> LocalKernel:
        """The one kernel and the constant that the network is at value (channel, row, col) of node `name`.

        value = (kernel * pixels of the region).sum() + sum(bias.values()) + remainder. The kernel (C, h, w) lies on
        `.region` of the picture, `.bias` has the constants by node, and `.exact` says whether all layers on the way are
        straight between kinks; others are linearised at the value, and leave a `.remainder`. Computed in float64 at the
        maps as they are; the kernel has the dtype of the picture. maps: as for `provenance`. Raises as `explain`.
        """
        return local.local_kernel(self, image, name, (channel, row, col), maps)

    def with_local_kernel(
        self, image: Any, found: LocalKernel, *, cancel: Cancel | None = None
    ) -> Beside[Self]:
        """The pipeline with the kernel of `local_kernel` beside it, and the best single kernel for the whole picture.

        Returns .pipeline, .names of the new nodes by what they are ("here" and "bent", its difference from the node;
        "best" and "missed" likewise) and .refused, why no best kernel could be fitted, else "". image: the picture
        (C, H, W) that `found` is from. Raises ParameterError where the kernel is not finite, Cancelled.
        """
        from filterlab.learning.fit.fitting import fit_kernel

        place, shape, refused, best = found.where, image.shape, "", None
        try:
            options = beside.best_options(self, found, shape)
            target = self.run(image, place.node, cancel=cancel)[place.node][place.channel]
            fitted = fit_kernel(image, target, **options, cancel=cancel)
            best = fitted.weight[0], float(np.ravel(fitted.bias)[0])
        except (ParameterError, ShapeError) as error:
            refused = error.what
        pipeline, names = beside.beside(self, found, shape, best)
        return Beside(pipeline, dict(names), refused)

    def page(
        self,
        image: Any,
        name: str,
        channel: int,
        row: int = 0,
        col: int = 0,
        *,
        maps: Mapping[str, Array] | None = None,
        picture: str = "",
        title: str = "",
        language: str = "en",
        theme: str = "",
    ) -> Page:
        """Value (channel, row, col) of node `name` and its sums as one HTML file that needs no network, of up to 2 MB.

        `.write(path)` writes it; `.left_out` names what had no room. Values around the pinned one can be slid over.
        image: the picture (C, H, W). picture, title: what picture and page are called. language: "en" or "zh_CN", which
        the page begins with. theme: "light", "dark" or "", that of the reader. Raises as `explain`.
        """
        from filterlab.explain.page import make_page

        place = channel, row, col
        words = {"picture": picture, "title": title, "language": language, "theme": theme}
        return make_page(self, image, name, place, maps=maps, **words)

    # -- other pipelines --------------------------------------------------------------------------------

    def fold_batch_norms(self) -> Folding[Self]:
        """The same numbers from fewer layers: batch norms go into the convolutions that they follow.

        Returns .pipeline, .folded {node that is gone: node that took it in} and .kept {normalisation: why it stays};
        see `filterlab.merging.batch_norms.fold_batch_norms`.
        """
        from filterlab.merging.batch_norms import fold_batch_norms

        return fold_batch_norms(self)

    def merge(
        self,
        *names: str,
        size: tuple[int, ...] | None = None,
        borders: bool = False,
        dearer: bool = False,
    ) -> MergedAll[Self]:
        """Layers that are weighted sums as one: those of `names` with the next, or the branches that meet there.

        Without names, all that keeps every number and takes no more multiply-adds; borders: also where cells at the
        border change, dearer: also where it costs more. size: (C, H, W) of the picture. Returns .pipeline, .merged,
        each with .differs (rows and columns at each side whose numbers change) and .why, and .kept {node: why it
        stays}. Raises ParameterError for a named node that cannot be merged.
        """
        from filterlab.merging.whole import merge_all, merge_named

        if names:
            return merge_named(self, names, size)
        return merge_all(self, size, borders=borders, dearer=dearer)

    def split(
        self,
        name: str,
        *,
        rank: int | None = None,
        piece: int | None = None,
        size: tuple[int, ...] | None = None,
    ) -> Split[Self]:
        """A filter or convolution as `rank` columns and rows, or as a cascade of kernels of up to `piece` cells a side.

        size: (C, H, W) of the picture. Returns .pipeline, .names of the new nodes, the relative .error of the weights
        and .macs (before, after). Raises ParameterError for a layer that cannot be split, and unless one of rank and
        piece is given.
        """
        from filterlab.merging.splitting import split_cascade, split_ranks

        if (rank is None) == (piece is None):
            raise ParameterError(say("give either rank or piece"), "split", parameter="rank")
        if rank is not None:
            return split_ranks(self, name, rank, size)
        assert piece is not None, "one of the two is given"
        return split_cascade(self, name, piece, size)

    # -- files ----------------------------------------------------------------------------------------

    def save(self, path: str | Path) -> None:
        """Write a .json file, weights inline, or a .safetensors file, weights as tensors; whole or not at all.

        Raises FileError for another suffix, or where the file cannot be written.
        """
        files.save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path, size: tuple[int, ...] | None = None) -> Self:
        """Read a file that `save` or a person wrote, or an ONNX file. Raises FileError or ParameterError.

        size: (C, H, W) of the picture, for what an ONNX file leaves open. `import_onnx` also tells what could not be
        carried, and the tensor of each node.
        """
        if Path(path).suffix.lower() == ".onnx":
            from filterlab.interop.importing import load_onnx_graph

            return cls.of(load_onnx_graph(Path(path), size))
        return cls.of(files.load(Path(path)))

    def to_text(self) -> str:
        """The pipeline as the text of a .json file, weights inline."""
        return files.to_text(self)

    @classmethod
    def from_text(cls, text: str | bytes) -> Self:
        """A pipeline from the text of a .json file. Raises FileError, with line and column, or ParameterError."""
        return cls.of(files.from_text(text))

    def to_python(self) -> str:
        """Python source that builds an equal pipeline. Raises FilterLabError for more than 100,000 written weights."""
        return source.to_python(self)


# Imported on first use: the decoders of labelled pictures and the rules of learning would slow every start down.


def import_onnx(
    path: str | Path,
    size: tuple[int, ...] | None = None,
    preprocess: str | None = None,
    labels: list[str] | str | None = None,
) -> Imported:
    """A network from an ONNX file: see `filterlab.interop.importing.network.import_onnx`."""
    from filterlab.interop.importing import import_onnx as read

    return read(path, size, preprocess, labels, Pipeline)


def export_onnx(pipeline: Graph, path: str | Path, size: tuple[int, ...], *, overwrite: bool = True) -> None:
    """Write a pipeline as an ONNX file: see `filterlab.interop.exporting.onnx.model.export_onnx`."""
    from filterlab.interop.exporting.onnx import export_onnx as write

    write(pipeline, path, size, overwrite=overwrite)


def to_pytorch(pipeline: Graph) -> str:
    """A pipeline as PyTorch source, which takes its weights from a .safetensors file of the same stem beside it.

    `load()` makes the module in eval mode; a call on (N, C, H, W) gives a tensor for one end node, else a dictionary by
    the nodes' names. `filterlab export --to pytorch` writes both files. Raises FilterLabError for a layer without an
    equivalent, naming the node.
    """
    from filterlab.interop.exporting.torch import torch_module

    return torch_module(pipeline).source


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
