"""What tests of the panel read from it, and where they click."""

from __future__ import annotations

from filterlab.gui.chain.paint import Layout


def wires(bench):
    return {node.name: node.inputs for node in bench.document.pipeline.nodes}


def trigger(bench, name):
    bench.commands.refresh()
    bench.commands.action(name).trigger()


def current_name(panel):
    return panel.model.card(panel.view.currentIndex().row()).name


def cards(panel):
    return {panel.model.card(row).name: panel.model.card(row) for row in range(panel.model.rowCount())}


def middle(panel, name):
    return panel.view.visualRect(panel.model.index(panel.model.row_of(name))).center()


def mark(panel, name, which):
    """The middle of the box or the eye of a card."""
    rect = panel.view.visualRect(panel.model.index(panel.model.row_of(name)))
    layout = Layout.of(rect.toRectF(), panel.view.font(), panel.model.columns)
    return getattr(layout, which).center().toPoint()
