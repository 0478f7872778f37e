"""Maps as tables with a row for each value, for data frames and plots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from filterlab.errors import ShapeError
from filterlab.functional.arrays import Array, shape_text
from filterlab.text.messages import say


def tidy(maps: Mapping[str, Array]) -> dict[str, Array]:
    """What `Pipeline.run` gives as columns of equal length: node, channel, row, col, value.

    maps: by node, (C, H, W) or (features,); a vector has row 0 and column 0. `pandas.DataFrame(fl.tidy(maps))` makes a
    data frame of it. Values keep their dtype where all maps have the same. Raises ShapeError for a batch.
    """
    columns: dict[str, list[Any]] = {"node": [], "channel": [], "row": [], "col": [], "value": []}
    for name, values in maps.items():
        if values.ndim not in (1, 3):
            what = say("the map of {!r} has shape {}", name, shape_text(values.shape))
            raise ShapeError(what, "tidy", "give the maps of one picture")
        planes = values if values.ndim == 3 else values[:, None, None]
        channel, row, col = np.indices(planes.shape)
        columns["node"].append(np.full(planes.size, name))
        for key, column in (("channel", channel), ("row", row), ("col", col), ("value", planes)):
            columns[key].append(column.ravel())
    return {key: np.concatenate(parts) if parts else np.empty(0) for key, parts in columns.items()}
