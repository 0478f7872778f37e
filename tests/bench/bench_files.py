"""From file to file: 200 photographs of 2 MP through edges.json in two processes, beside OpenCV and PyTorch.

Each program is a script that is started anew, reads the same JPEG files and writes the same three PNG files of each,
every one in its usual compression: OpenCV with a pool of processes, PyTorch (which reads
and writes by OpenCV) with a DataLoader whose workers do it all.
Prints seconds of the whole from start to exit, those of the processors, and the milliseconds that decoding and
encoding take by themselves: python tests/bench/bench_files.py [COUNT]
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2]))

import filterlab as fl
from filterlab.batch.options.declared import OPTIONS

ROOT = Path(__file__).parents[2]
PIPELINE = ROOT / "resources" / "pipelines" / "edges.json"
NAMES = ("sobel-x", "sobel-y", "edges")
SIZE = (1632, 1224)
SAMPLES = ("hubble_deep_field.jpg", "rocket.jpg", "coffee.png", "chelsea.png", "astronaut.png")
TURNS = 3
LEVEL = OPTIONS["png_level"].default
Spent = tuple[float, float]  # seconds from start to exit, and of the processors

OPENCV = """
import sys
from multiprocessing import get_context
from pathlib import Path
import cv2, numpy as np
kernels, files, out = [np.array(k, np.float32) for k in eval(sys.argv[1])], sys.argv[3:], Path(sys.argv[2])
cv2.setNumThreads(1)
def work(file):
    picture = cv2.imread(file).astype(np.float32)
    x, y = (cv2.filter2D(picture, -1, kernel, borderType=cv2.BORDER_REPLICATE) for kernel in kernels)
    edges = cv2.sqrt(x * x + y * y)
    folder = out / Path(file).stem
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in (("sobel-x", x), ("sobel-y", y), ("edges", edges)):
        pixels = np.rint(np.clip(values, 0, 255)).astype(np.uint8)
        assert cv2.imwrite(str(folder / f"{name}.png"), pixels)
if __name__ == "__main__":
    with get_context("fork").Pool(2) as pool:
        for _ in pool.imap_unordered(work, files):
            pass
"""

TORCH = """
import sys
from pathlib import Path
import cv2, torch
from torch.utils.data import DataLoader, Dataset
weight, files, out = torch.tensor(eval(sys.argv[1])).unsqueeze(1), sys.argv[3:], Path(sys.argv[2])
class Photographs(Dataset):
    def __len__(self):
        return len(files)
    def __getitem__(self, index):
        picture = torch.from_numpy(cv2.imread(files[index])).permute(2, 0, 1).float().unsqueeze(1)
        padded = torch.nn.functional.pad(picture, (1, 1, 1, 1), mode="replicate")
        maps = torch.nn.functional.conv2d(padded, weight)
        x, y = maps[:, 0], maps[:, 1]
        folder = out / Path(files[index]).stem
        folder.mkdir(parents=True, exist_ok=True)
        for name, values in (("sobel-x", x), ("sobel-y", y), ("edges", torch.sqrt(x * x + y * y))):
            pixels = values.clamp(0, 255).round().byte().permute(1, 2, 0).contiguous()
            assert cv2.imwrite(str(folder / f"{name}.png"), pixels.numpy())
        return index
if __name__ == "__main__":
    cv2.setNumThreads(1)
    with torch.inference_mode():
        for _ in DataLoader(Photographs(), batch_size=None, num_workers=2):
            pass
"""


def photographs(folder: Path, count: int) -> list[Path]:
    """Crops, flips and enlargements of the samples, each with noise of its own as cameras have it."""
    rng, files = np.random.default_rng(5), []
    for number in range(count):
        with Image.open(ROOT / "resources" / "samples" / SAMPLES[number % len(SAMPLES)]) as sample:
            picture = sample.convert("RGB").resize(SIZE, Image.Resampling.BICUBIC)
        pixels = np.asarray(picture)[:: rng.choice((1, -1)), :: rng.choice((1, -1))]
        noisy = np.clip(pixels + rng.normal(0, 2, pixels.shape), 0, 255).astype(np.uint8)
        files.append(folder / f"photo{number:03}.jpg")
        Image.fromarray(noisy).save(files[-1], quality=92)
    return files


def commands(files: list[Path]) -> dict[str, Callable[[Path], list[str]]]:
    """The command of each program that is installed, which takes the folder for its files."""
    pipeline, words = fl.Pipeline.load(PIPELINE), [str(file) for file in files]
    kernels = repr([np.asarray(pipeline[name].kernel).tolist() for name in NAMES[:2]])
    run = [sys.executable, "-m", "filterlab", "run", str(PIPELINE), *words, "--jobs", "2", "--out"]
    found = {"filterlab": lambda out: [*run, str(out)]}
    for name, module, script in (("opencv", "cv2", OPENCV), ("torch", "cv2, torch", TORCH)):
        if subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0:
            found[name] = lambda out, script=script: [sys.executable, "-c", script, kernels, str(out), *words]
    return found


def spent(command: list[str]) -> Spent:
    """Run a command to its end."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    return seconds, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def check_same(out: Path, other: Path, file: Path) -> None:
    """Assert that both wrote the same pixels, but for rounding."""
    for name in NAMES:
        one, two = (np.asarray(Image.open(f / file.stem / f"{name}.png")).astype(int) for f in (out, other))
        assert one.shape == two.shape
        assert np.abs(one - two).max() <= 1, f"{other.name}: {name} is another picture"


def codecs(file: Path, maps: Path) -> dict[str, dict[str, float]]:
    """Milliseconds of decoding a photograph, and of encoding its three maps."""
    pixels = [np.asarray(Image.open(maps / file.stem / f"{name}.png")) for name in NAMES]
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "map.png")
        return {name: _timed(calls) for name, calls in _codecs(str(file), pixels, place).items()}


def _timed(calls: tuple[Callable[[], Any], Callable[[], Any]]) -> dict[str, float]:
    found = {}
    for word, call in zip(("decoding", "encoding"), calls, strict=True):
        times = []
        for _ in range(5):
            began = time.process_time()
            call()
            times.append(time.process_time() - began)
        found[word] = 1000 * min(times)
    return found


def _codecs(file: str, pixels: list[Any], place: str) -> dict[str, Any]:
    from filterlab.images.writing import write_pixels

    found: dict[str, Any] = {
        "filterlab": (
            lambda: fl.read_image(file),
            lambda: [write_pixels(place, p, level=LEVEL) for p in pixels],
        )
    }
    try:
        import cv2

        mirrored = [np.ascontiguousarray(p[..., ::-1]) for p in pixels]
        found["opencv"] = (lambda: cv2.imread(file), lambda: [cv2.imwrite(place, p) for p in mirrored])
    except ImportError:
        pass
    return found


def main() -> None:
    """See the module."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory(prefix="filterlab-bench-") as base:
        (Path(base) / "in").mkdir()
        files = photographs(Path(base) / "in", count)
        found: dict[str, list[Spent]] = {}
        for turn in range(TURNS):
            for name, command in commands(files).items():
                out = Path(base) / f"{name}-{turn}"
                found.setdefault(name, []).append(spent(command(out)))
                check_same(Path(base) / f"filterlab-{turn}", out, files[turn])
        apart = codecs(files[0], Path(base) / "filterlab-0")
    print(f"{count} photographs of 2 MP, two processes; median of {TURNS} turns")
    print(
        f"{'':<12}{'seconds':>9}{'of cpu':>9}{'a further picture, ms of cpu':>31}{'decoding':>11}{'encoding':>11}"
    )
    for name, times in found.items():
        whole, cpu = median(t for t, _ in times), median(t for _, t in times)
        codec = apart.get(name, {"decoding": np.nan, "encoding": np.nan})
        print(
            f"{name:<12}{whole:>9.2f}{cpu:>9.2f}{1000 * cpu / count:>31.1f}"
            f"{codec['decoding']:>11.1f}{codec['encoding']:>11.1f}"
        )


if __name__ == "__main__":
    main()
