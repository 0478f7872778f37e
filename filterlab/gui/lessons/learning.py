"""A lesson sets the learning panel, so that pressing Start does what the lesson says."""

from __future__ import annotations

from filterlab.gui.learning.plan import PICTURE
from filterlab.gui.learning.setup import SetupForm
from filterlab.gui.work import Picture
from filterlab.lessons import Learning


def prepare(form: SetupForm, learning: Learning, target: Picture) -> None:
    """Fill in the form: plain gradient descent from the present weights towards `target`."""
    method = form.method
    method.start.show_data("keep")
    method.loss.show_data(learning.loss)
    method.optimizer.show_data("sgd")
    method.schedule.show_data("constant")
    for field, value in (
        (method.steps, learning.steps),
        (method.momentum, 0.0),
        (method.weight_decay, 0.0),
        (method.crop, None),
    ):
        field.set_value(value)
    method.set_rate(learning.lr)
    # As if it were chosen by hand: the form shows the options that the optimizer has.
    method.optimizer.activated.emit(method.optimizer.currentIndex())
    form.target.choose(kind=PICTURE, picture=target, cropped=False, greyed=False)
