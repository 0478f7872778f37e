"""The cells that a value sees: regions, receptive fields, exact sets of cells, and parts of maps."""

from filterlab.fields.regions import ReceptiveField, Region

__all__ = ["ReceptiveField", "Region"]
