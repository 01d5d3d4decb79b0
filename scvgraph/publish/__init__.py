"""Publishing a generation to Neo4j: what differs is staged out of sight, shown in one transaction, verified.

Every node written carries the label `_Scv` and a number `_key`; a node that is not to be seen yet carries no label a
reader asks for. docs/neo4j.md says what a reader may see when.
"""
