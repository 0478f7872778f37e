"""The option `--fold-batch-norms`, which `import` and `export` have in common."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.merging.batch_norms import Folding


def add_folding(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    parser.add_argument(
        "--fold-batch-norms",
        action="store_true",
        help="fold batch norms into the convolutions beside them: the same numbers from fewer nodes",
    )


def folding_words(folding: Folding[Any]) -> list[str]:
    """What was folded and what stays, in lines."""
    lines: list[str] = [say("folded: {} node(s)", len(folding.folded))]
    lines += [f"  {gone} into {into}" for gone, into in folding.folded.items()]
    if folding.kept:
        lines.append(say("not folded: {} node(s)", len(folding.kept)))
        lines += [f"  {name}: {reason}" for name, reason in folding.kept.items()]
    return lines
