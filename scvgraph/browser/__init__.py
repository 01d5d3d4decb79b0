"""Neo4j Browser: a guide, a style and favourites for the published graph, and a small server that hands them to it."""
