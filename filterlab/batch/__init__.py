"""One pipeline file over many pictures: what is written where, one after the other or in processes."""

from filterlab.batch.plan import Job, Plan, plan
from filterlab.batch.runner import Outcome, run
from filterlab.batch.settings import Settings

__all__ = ["Job", "Outcome", "Plan", "Settings", "plan", "run"]
