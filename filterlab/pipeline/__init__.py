"""Pipelines: the immutable graph, its file, its evaluation, its geometry and its explanation."""

from filterlab.pipeline.evaluate import Evaluator
from filterlab.pipeline.geometry import ReceptiveField, Region
from filterlab.pipeline.graph import IMAGE, Node, Pipeline
from filterlab.pipeline.ledger import ledger

__all__ = ["IMAGE", "Evaluator", "Node", "Pipeline", "ReceptiveField", "Region", "ledger"]
