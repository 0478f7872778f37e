"""The panels below the maps, the status bar, messages, the command palette and small dialogs."""

from filterlab.gui.panels.banner import Banner
from filterlab.gui.panels.dialogs import AboutDialog, ShortcutsDialog
from filterlab.gui.panels.distribution import DistributionPanel
from filterlab.gui.panels.fatal import FaultReporter, install_hooks
from filterlab.gui.panels.messages import MessagesPanel
from filterlab.gui.panels.palette import Palette
from filterlab.gui.panels.readout import Readout
from filterlab.gui.panels.regions import RegionPanel

__all__ = [
    "AboutDialog",
    "Banner",
    "DistributionPanel",
    "FaultReporter",
    "MessagesPanel",
    "Palette",
    "Readout",
    "RegionPanel",
    "ShortcutsDialog",
    "install_hooks",
]
