"""Files that are no networks, under the names of networks."""

from __future__ import annotations

import pickle
import zipfile

import numpy as np
import pytest

from filterlab.cli import main
from tests.interop.models import constant, model, node

EXPORT = "never read (write the network in PyTorch with torch.onnx.export("
BESIDE = "which is no file in the model's folder"
COMMANDS = [
    ["info", "MODEL"],
    ["info", "MODEL", "--json"],
    ["run", "MODEL", "photo.npy", "--out", "out"],
    ["explain", "MODEL", "photo.npy", "y", "0", "1", "1"],
    ["export", "MODEL", "--to", "onnx", "--out", "out.onnx"],
    ["import", "MODEL", "--out", "out.json"],
    ["diff", "MODEL", "MODEL", "photo.npy"],
]


def network(beside=None):
    """The bytes of a model. beside: the file that it says to have its weights in."""
    made = model([node("Conv", "x w", "y")], constants=[constant("w", np.ones((2, 6, 3, 3)))])
    if beside is not None:
        tensor = made.graph.initializer[0]
        tensor.ClearField("raw_data")
        tensor.data_location = tensor.EXTERNAL
        tensor.external_data.add(key="location", value=beside)
    return made.SerializeToString()


def archive(path):
    """A checkpoint as PyTorch has written it since version 1.6."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("archive/data.pkl", pickle.dumps({"w": 1.0}))


FOREIGN = [
    ("empty.onnx", b"", "it is empty"),
    ("folder.onnx", lambda path: path.mkdir(), "it is a folder"),
    ("page.onnx", b"\n<!DOCTYPE html><html><title>404</title></html>", "it is a web page"),
    ("pointer.onnx", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 9\n", "git lfs pull"),
    ("old.onnx", pickle.dumps({"w": 1.0}, 2), EXPORT),
    ("old.pt", pickle.dumps({"w": 1.0}, 2), EXPORT),
    ("old.pth", pickle.dumps({"w": 1.0}, 4), EXPORT),
    ("new.onnx", archive, EXPORT),
    ("new.pt", archive, EXPORT),
    ("new.pth", archive, EXPORT),
    ("half.onnx", network()[: len(network()) // 2], "or is damaged"),
    ("short.onnx", network()[:-1], "or is damaged"),
    ("alone.onnx", network("w.bin"), f"its data is in 'w.bin', {BESIDE}"),
    ("outside.onnx", network("../w.bin"), f"its data is in '../w.bin', {BESIDE}"),
    ("absolute.onnx", network("/etc/passwd"), f"its data is in '/etc/passwd', {BESIDE}"),
]


@pytest.mark.parametrize(("name", "content", "words"), FOREIGN, ids=[name for name, *_ in FOREIGN])
def test_what_is_no_network_is_refused_in_one_line_by_every_command(
    tmp_path, monkeypatch, capsys, name, content, words
):
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "w.bin").write_bytes(np.ones((2, 6, 3, 3), np.float32).tobytes())
    monkeypatch.chdir(folder)
    np.save("photo.npy", np.ones((6, 8, 10), np.float32))
    path = folder / name
    content(path) if callable(content) else path.write_bytes(content)
    for command in COMMANDS:
        assert main([name if word == "MODEL" else word for word in command]) == 2, command
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith(f"filterlab: {name}"), command
        assert words in printed.err, command
        assert printed.err.count("\n") == 1, command
    assert sorted(entry.name for entry in folder.iterdir()) == sorted([name, "photo.npy"])
