"""What the curves of a run show: names, values, heights. No Qt."""

from __future__ import annotations

from filterlab.gui.learning.classes import ClassPlan
from filterlab.gui.learning.plan import LearningPlan
from filterlab.gui.learning.record import Record, log_of
from filterlab.gui.words.i18n import tr
from filterlab.learning.options import LOSS
from filterlab.parameters import Choice


def measure_words(plan: LearningPlan | ClassPlan, accuracy: bool) -> str:
    """What the curves show, for the vertical axis."""
    if isinstance(plan, ClassPlan):
        return tr("accuracy") if accuracy else tr("loss (cross-entropy)")
    kind = LOSS.kind
    assert isinstance(kind, Choice), "losses are declared as a choice"
    title = dict(zip(kind.options, kind.titles, strict=True))[plan.loss]
    return tr("loss ({kind})", kind=tr(title))


def curves_of(
    record: Record, *, accuracy: bool, log: bool
) -> tuple[list[str], list[list[float]], list[list[float]]]:
    """The names of the curves, their values, and the heights at which these are drawn."""
    if not record.epochs:
        return [tr("loss")], [record.losses], [record.log_losses if log else record.losses]
    if accuracy:
        values = [[e.accuracy for e in record.epochs], [e.validation_accuracy for e in record.epochs]]
    else:
        values = [record.losses, [e.validation_loss for e in record.epochs]]
    heights = [[log_of(v) for v in curve] for curve in values] if log else values
    return [tr("training"), tr("validation")], values, heights
