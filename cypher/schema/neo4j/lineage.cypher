// The lineage of a customer id.
CREATE INDEX scvgraph_lineage IF NOT EXISTS FOR (n:Lineage) ON (n.id)
