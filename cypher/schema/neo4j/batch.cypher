// A batch is written once, however often its transaction is tried.
CREATE CONSTRAINT scvgraph_batch IF NOT EXISTS FOR (n:_ScvBatch) REQUIRE n.id IS UNIQUE
