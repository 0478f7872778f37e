"""The Python source and the command that repeat a restoration. No Qt."""

from __future__ import annotations

from pathlib import Path

from filterlab.gui.restoring.plan import OPEN, RestorePlan

PICTURE = "blurred.png"  # where the blurred picture has no file
RESTORED = "restored.tiff"


def picture_file(plan: RestorePlan) -> Path | None:
    """The file of the blurred picture, None where it has none."""
    return plan.picture.path if plan.source == OPEN and plan.picture is not None else None


def restore_python(plan: RestorePlan) -> str:
    """Source that reads the picture, undoes the blur and writes the result."""
    kernel, added = plan.blur
    bias = f", bias={added.tolist()!r}" if added.any() else ""
    options = "".join(f", {name}={value!r}" for name, value in plan.answers().items())
    lines = [
        "import numpy as np",
        "",
        "import filterlab as fl",
        "",
        f"kernel = np.array({kernel.tolist()!r})",
        f"picture = fl.read_image({str(picture_file(plan) or PICTURE)!r})",
        f"found = fl.restore(picture, kernel{bias}{options})",
        "print(found.stopped, found.noise, found.residual)",
        f"fl.write_image({RESTORED!r}, found.image)",
    ]
    return "\n".join(lines) + "\n"


def restore_words(plan: RestorePlan, file: Path | None) -> tuple[str, ...]:
    """The words of the command that does the same. file: of the pipeline, None where it has none yet."""
    options = (word for name, value in plan.answers().items() for word in (f"--{name}", str(value)))
    picture, pipeline = str(picture_file(plan) or PICTURE), str(file or "pipeline.json")
    words = ("filterlab", "restore", picture, "--kernel", f"{pipeline}:{plan.node}")
    return (*words, *options, "--out", RESTORED)
