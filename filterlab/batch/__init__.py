"""One pipeline over many pictures, in one process or several, with a journal so that it can be resumed."""

from filterlab.batch.plan import Job, Plan, plan
from filterlab.batch.runner import Outcome, run
from filterlab.batch.settings import Settings

__all__ = ["Job", "Outcome", "Plan", "Settings", "plan", "run"]
