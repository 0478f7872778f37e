"""What large graphs need besides their list: a map of the whole graph, a search, and the ledger as a table."""
