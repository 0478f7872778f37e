"""One pipeline file over many pictures: what is written where, one after the other or in processes."""

from filterlab.batch.plan import Job, plan
from filterlab.batch.runner import Outcome, run
from filterlab.batch.settings import Settings

__all__ = ["Job", "Outcome", "Settings", "plan", "run"]
