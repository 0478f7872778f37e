"""A picture of 30,000 x 30,000 within 1 GB, beside one of 6,000 x 6,000 done whole.

Five layers, the last map as compressed TIFF. python tests/bench/bench_tiles.py [SIDE]: seconds, and processor seconds,
a megapixel, the ratio of both, and the memory that the system says the process has taken. 5 GB on the disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import tifffile

sys.path.insert(0, str(Path(__file__).parents[2]))

import filterlab as fl

LARGE, SMALL, MEMORY, BLOCK = 30_000, 6_000, "1G", 512
RNG = np.random.default_rng(1)


def picture(path: Path, side: int) -> None:
    """Waves and noise, in tiles that are no copies of each other."""
    waves = np.sin(np.arange(1024) / 17)[:, None] * np.cos(np.arange(1024) / 23)
    base = (127 + 60 * waves + RNG.normal(0, 10, waves.shape)).clip(0, 255).astype(np.uint8)
    count = -(-side // BLOCK)
    tiles = (
        np.roll(base, (row * 37, col * 61), (0, 1))[:BLOCK, :BLOCK]
        for row in range(count)
        for col in range(count)
    )
    options = {"tile": (BLOCK, BLOCK), "photometric": "minisblack", "bigtiff": True}
    tifffile.imwrite(path, tiles, shape=(side, side), dtype=np.uint8, **options)


def layers() -> fl.Pipeline:
    """Five local layers, some of four channels."""
    return fl.Pipeline(
        [
            (
                "blur",
                fl.Filter2d(kernel={"preset": "gaussian", "size": 7, "sigma": 1.5}, padding_mode="reflect"),
            ),
            ("edges", fl.Conv2d(RNG.normal(0, 1, (4, 1, 3, 3)), padding=1)),
            ("relu", fl.ReLU()),
            ("pool", fl.MaxPool2d(3, stride=1, padding=1)),
            ("last", fl.Conv2d(RNG.normal(0, 1, (1, 4, 3, 3)), padding=1)),
        ]
    )


def run(folder: Path, side: int, *options: str) -> tuple[float, float, float]:
    """(seconds a megapixel, processor seconds a megapixel, megabytes at the peak) of one command."""
    image, out = folder / f"{side}.tif", folder / f"out-{side}"
    picture(image, side)
    words = ["run", folder / "p.json", image, "--out", out, "--maps", "last", "--format", "tiff", *options]
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "filterlab", *map(str, words)], check=True, stdout=subprocess.DEVNULL
    )
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    report = json.loads((out / "report.jsonl").read_text().splitlines()[-1])
    for path in (image, *out.glob("*/*.tiff")):
        path.unlink()
    pixels = side * side / 1e6
    return (after.elapsed - before.elapsed) / pixels, spent / pixels, report["peak"] / 2**20


def main() -> None:
    side = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        layers().save(folder / "p.json")
        run(folder, 256)  # compiles what is not compiled yet
        whole = run(folder, SMALL)
        tiled = run(folder, side, "--memory", MEMORY, "--compress")
    for title, (seconds, spent, peak) in ((f"{SMALL} whole", whole), (f"{side} in {MEMORY}", tiled)):
        print(
            f"{title}: {1000 * seconds:.1f} ms a megapixel, {1000 * spent:.1f} of processors, {peak:.0f} MB"
        )
    print(
        f"rate: {whole[0] / tiled[0]:.2f} of the whole's, {whole[1] / tiled[1]:.2f} by processor time (0.8 asked for)"
    )


if __name__ == "__main__":
    main()
