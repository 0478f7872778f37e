"""What learning may be told, declared once: for `learn`, the command line and the learning panel.

The options of one optimizer, of one schedule, and the constraints are declared with these. Defaults are those of
`learn`; the window and the command line begin with others where they know more about the task.
"""

from __future__ import annotations

from math import inf

from filterlab.parameters import Choice, Integer, Number, Pairs, Parameter

# Sums over steps and pictures stay exact, and nobody waits for so many.
MOST = 1_000_000_000
# The steps of a run that nobody has counted, and the most of one that ends when it has converged.
USUAL, MANY = 300, 10_000

LOSS = Parameter(
    "loss",
    Choice(
        options=("mse", "sse", "l1"),  # for maps; classes are always learned by cross-entropy
        titles=("mean of squares", "sum of squares", "mean of magnitudes"),
        sentences=(
            "The mean of the squared errors",
            "The sum of the squared errors, which grows with the picture",
            "The mean of the absolute errors: outliers count less",
        ),
    ),
    "The quantity that is minimised",
    "mse",
    title="Loss",
)
RATE = Parameter(
    "lr",
    Number(minimum=0, open_minimum=True),
    "The learning rate: how far a step goes",
    1e-2,
    title="Learning rate",
)
STEPS = Parameter("steps", Integer(minimum=1, maximum=MOST), "How many steps to make", 100, title="Steps")
EPOCHS = Parameter(
    "epochs", Integer(minimum=1, maximum=MOST), "Passes through all training pictures", 12, title="Epochs"
)
SEED = Parameter(
    "seed",
    Integer(minimum=0, maximum=inf),  # NumPy takes seeds of any length
    "The seed of all random numbers: the same seed gives the same run",
    0,
    title="Seed",
)
BATCH = Parameter(
    "batch",
    Integer(minimum=1, maximum=MOST, optional=True),
    "How many pictures a step sees",
    title="Batch",
)
CROP = Parameter(
    "crop",
    Pairs(minimum=1, unit="cells", optional=True),
    "Side of the random crop that each step sees, in cells; empty: the whole picture",
    title="Parts of",
)
VALIDATION = Parameter(
    "validation",
    Number(minimum=0, maximum=1, open_minimum=True, open_maximum=True),
    "The share of each class that is held back to test what was learned",
    0.2,
)
RIDGE = Parameter("ridge", Number(minimum=0), "Least squares: the price of large weights", 0.0)
FILL = Parameter("value", Number(), 'The value that the padding mode "constant" fills in', 0.0)
