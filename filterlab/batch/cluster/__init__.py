"""A batch on many machines, by the scheduler and the workers of Dask.

The plan, the journal, the report and the retries stay with the command; pictures go out in groups that take about a
second, a few for each thread of the cluster, so that the scheduler never holds more of a million pictures than that. A
worker of Dask gets the pipeline once, as a plugin, and does its pictures in processes of its own, as `local.crew` does
them here: a picture that takes too long or crashes its process costs the worker nothing, and Ctrl-C ends those
processes. Large pictures are done in tiles by the worker that has them.
"""
