// One publication in a database.
CREATE CONSTRAINT scvgraph_publication IF NOT EXISTS FOR (n:_ScvPublication) REQUIRE n.name IS UNIQUE
