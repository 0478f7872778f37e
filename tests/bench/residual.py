"""Two networks with residual connections, as their papers describe them, with random weights by seed.

Batch norms stay layers of their own, as in a file of a trained network: whoever runs it has to fold them.
"""

from __future__ import annotations

from typing import Any

import filterlab as fl

CLASSES = 1000


class _Nodes(list[fl.Node]):
    """The nodes of a network so far; what is added reads the last one unless told otherwise."""

    def add(self, layer: Any, *inputs: str) -> str:
        name = f"{layer.key}_{len(self)}"
        self.append(fl.Node(name, layer, inputs or (self[-1].name if self else "image",)))
        return name

    def conv(
        self, source: str, channels: tuple[int, int], kernel: int, stride: int = 1, groups: int = 1
    ) -> str:
        """A convolution without bias, and its batch norm."""
        inputs, outputs = channels
        weight = self._numbers("kaiming_normal", [outputs, inputs // groups, kernel, kernel])
        self.add(fl.Conv2d(weight, stride=stride, padding=kernel // 2, groups=groups), source)
        numbers = {
            "running_mean": self._numbers("normal", [outputs], std=0.1),
            "running_var": self._numbers("uniform", [outputs], low=0.5, high=1.5),
            # Below 1, so that the sums of many residual blocks stay of the size of the picture's values.
            "weight": self._numbers("uniform", [outputs], low=0.3, high=0.7),
            "bias": self._numbers("normal", [outputs], std=0.1),
        }
        return self.add(fl.BatchNorm2d(**numbers))

    def classes(self, features: int) -> fl.Pipeline:
        """The network with its last layers: means of the maps, and a sum for each class."""
        self.add(fl.GlobalAvgPool2d())
        self.add(fl.Flatten())
        weight, bias = (
            self._numbers("kaiming_normal", [CLASSES, features]),
            {"init": "zeros", "shape": [CLASSES]},
        )
        self.add(fl.Linear(weight, bias=bias))
        return fl.Pipeline(self)

    def _numbers(self, init: str, shape: list[int], **options: float) -> dict[str, Any]:
        return {"init": init, "shape": shape, "seed": len(self), **options}


def resnet50() -> fl.Pipeline:
    """ResNet-50 (He et al. 2016), with the stride on the 3x3 of a block, as torchvision has it."""
    nodes = _Nodes()
    nodes.conv("image", (3, 64), 7, stride=2)
    nodes.add(fl.ReLU())
    at, width = nodes.add(fl.MaxPool2d(3, stride=2, padding=1)), 64
    for stage, blocks in enumerate((3, 4, 6, 3)):
        inner = 64 << stage
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            nodes.conv(at, (width, inner), 1)
            nodes.conv(nodes.add(fl.ReLU()), (inner, inner), 3, stride)
            found = nodes.conv(nodes.add(fl.ReLU()), (inner, 4 * inner), 1)
            other = at if block else nodes.conv(at, (width, 4 * inner), 1, stride)
            nodes.add(fl.Add(), found, other)
            at, width = nodes.add(fl.ReLU()), 4 * inner
    return nodes.classes(width)


def mobilenet_v2() -> fl.Pipeline:
    """MobileNetV2 (Sandler et al. 2018)."""
    nodes = _Nodes()
    nodes.conv("image", (3, 32), 3, stride=2)
    at, width = nodes.add(fl.ReLU6()), 32
    # Factor of the inner channels, output channels, blocks, and the stride of the first block.
    stages = (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2)
    for factor, outputs, blocks, first in (*stages, (6, 320, 1, 1)):
        for block in range(blocks):
            at, width = _inverted(nodes, at, (width, outputs), factor, 1 if block else first), outputs
    nodes.conv(at, (width, 1280), 1)
    nodes.add(fl.ReLU6())
    return nodes.classes(1280)


def _inverted(nodes: _Nodes, source: str, channels: tuple[int, int], factor: int, stride: int) -> str:
    inputs, outputs = channels
    inner, at = inputs * factor, source
    if factor > 1:
        nodes.conv(at, (inputs, inner), 1)
        at = nodes.add(fl.ReLU6())
    nodes.conv(at, (inner, inner), 3, stride, groups=inner)
    found = nodes.conv(nodes.add(fl.ReLU6()), (inner, outputs), 1)
    return nodes.add(fl.Add(), found, source) if stride == 1 and inputs == outputs else found
