"""The same operations in OpenCV, PyTorch and onnxruntime."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def onnx_session(operator: str, inputs: dict[str, Any], x: Any, **attributes: Any) -> Callable[[], Any]:
    """A call of one ONNX operator on x (1, C, H, W), other inputs constant."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    node = helper.make_node(operator, ["x", *inputs], ["y"], **attributes)
    graph = helper.make_graph(
        [node],
        "one",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, list(x.shape))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.ascontiguousarray(v), name) for name, v in inputs.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"x": x})[0]


def onnx_conv(x: Any, weight: Any, stride: int, pad: int, groups: int) -> Callable[[], Any]:
    """Conv of ONNX."""
    return onnx_session("Conv", {"w": weight}, x, strides=[stride] * 2, pads=[pad] * 4, group=groups)


def torch_conv(x: Any, weight: Any, stride: int, pad: int, groups: int) -> Callable[[], Any]:
    """torch.nn.functional.conv2d without gradients."""
    import torch

    tensor, kernel = torch.from_numpy(x), torch.from_numpy(weight)

    def call() -> Any:
        with torch.inference_mode():
            return torch.nn.functional.conv2d(
                tensor, kernel, stride=stride, padding=pad, groups=groups
            ).numpy()

    return call


def opencv_filter(x: Any, kernel: Any) -> Callable[[], Any]:
    """filter2D of one grey picture, zeros beyond the border."""
    import cv2

    picture = np.ascontiguousarray(x[0, 0])
    return lambda: cv2.filter2D(picture, cv2.CV_32F, kernel, borderType=cv2.BORDER_CONSTANT)
