from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from filterlab.gui.look.ink import contrast, luminance, mixed, text_color

BLACK, WHITE = QColor("#000000"), QColor("#ffffff")


@pytest.mark.parametrize(
    "back", [QColor(r, g, b) for r in (0, 90, 255) for g in (0, 118, 255) for b in (0, 255)]
)
def test_text_is_black_or_white_whichever_has_more_contrast(back):
    better = max((BLACK, WHITE), key=lambda ink: contrast(ink, back))
    assert text_color(back) == better
    assert contrast(text_color(back), back) >= 4.5


def test_contrast_is_that_of_wcag():
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(QColor("#767676"), WHITE) == pytest.approx(4.54, abs=0.01)
    assert luminance(QColor("#ff0000")) == pytest.approx(0.2126)


def test_mixtures():
    assert mixed(BLACK, WHITE, 0) == BLACK
    assert mixed(BLACK, QColor(200, 100, 50), 0.5).getRgb()[:3] == (100, 50, 25)
