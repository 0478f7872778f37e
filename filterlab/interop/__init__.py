"""Networks of other programs: read from ONNX files, and written as ONNX, PyTorch source and safetensors.

The libraries that this needs are optional (`pip install 'filterlab[onnx]'`), and imported where they are used.
"""
