"""The embedded Cypher graph: a projection of a generation, built beside its tables, read without a server."""
