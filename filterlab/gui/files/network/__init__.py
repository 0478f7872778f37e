"""Networks of other programs: what was carried of a file, what is put before it, and pipelines written for others."""
