"""The same operations in OpenCV, PyTorch, onnxruntime and SciPy: each function returns a call to be timed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from filterlab.functional.threads import thread_count

Call = Callable[[], Any]


def session_of(model: Any) -> Any:
    """A session of onnxruntime, from a path or bytes, on as many threads as FilterLab has."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = thread_count()
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def onnx_session(operator: str, inputs: dict[str, Any], x: Any, **attributes: Any) -> Call:
    """A call of one ONNX operator on x (1, C, H, W), other inputs constant."""
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
    session = session_of(model.SerializeToString())
    return lambda: session.run(None, {"x": x})[0]


def onnx_conv(x: Any, weight: Any, stride: int, pad: int, groups: int) -> Call:
    """Conv of ONNX."""
    return onnx_session("Conv", {"w": weight}, x, strides=[stride] * 2, pads=[pad] * 4, group=groups)


def onnx_pool(operator: str, x: Any, size: int, stride: int, pad: int = 0) -> Call:
    """MaxPool or AveragePool of ONNX."""
    sizes: dict[str, Any] = {"kernel_shape": [size] * 2, "strides": [stride] * 2, "pads": [pad] * 4}
    if operator == "AveragePool":
        sizes["count_include_pad"] = 1
    return onnx_session(operator, {}, x, **sizes)


def torch_call(function: Callable[..., Any], *arrays: Any, **options: Any) -> Call:
    """A function of PyTorch on these arrays, without gradients."""
    import torch

    torch.set_num_threads(thread_count())
    tensors = [torch.from_numpy(a) for a in arrays]

    def call() -> Any:
        with torch.inference_mode():
            return function(*tensors, **options).numpy()

    return call


def torch_functional(name: str, *arrays: Any, **options: Any) -> Call:
    """A function of torch.nn.functional."""
    import torch

    return torch_call(getattr(torch.nn.functional, name), *arrays, **options)


def torch_conv(x: Any, weight: Any, stride: int, pad: int, groups: int) -> Call:
    """torch.nn.functional.conv2d."""
    return torch_functional("conv2d", x, weight, stride=stride, padding=pad, groups=groups)


def opencv_planes(x: Any, name: str, *arguments: Any, **options: Any) -> Call:
    """A function of OpenCV on each plane of x (1, C, H, W); `border` names one of its BORDER constants."""
    import cv2

    cv2.setNumThreads(thread_count())
    if "border" in options:
        options["borderType"] = getattr(cv2, f"BORDER_{options.pop('border')}")
    function, planes = getattr(cv2, name), [np.ascontiguousarray(plane) for plane in x[0]]
    if len(planes) == 1:
        return lambda: function(planes[0], *arguments, **options)

    # The results go into one array, as they do for all others.
    first = function(planes[0], *arguments, **options)

    def call() -> Any:
        y = np.empty((len(planes), *first.shape), np.float32)
        for plane, place in zip(planes, y, strict=True):
            function(plane, *arguments, dst=place, **options)
        return y

    return call


def opencv_filter(x: Any, kernel: Any) -> Call:
    """filter2D of one grey picture, zeros beyond the border."""
    return opencv_planes(x, "filter2D", -1, kernel, border="CONSTANT")


def inside(call: Call, margin: int) -> Call:
    """The result without its margin, where programs differ in what they do at the border."""
    return lambda: np.asarray(call())[..., margin:-margin, margin:-margin]


def scipy_filter(name: str, x: Any, *arguments: Any, **options: Any) -> Call:
    """A function of scipy.ndimage on one grey picture."""
    from scipy import ndimage

    picture = np.ascontiguousarray(x[0, 0])
    return lambda: getattr(ndimage, name)(picture, *arguments, **options)
