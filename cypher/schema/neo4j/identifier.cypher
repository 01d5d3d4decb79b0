// An identifier by kind:value.
CREATE INDEX scvgraph_identifier IF NOT EXISTS FOR (n:Identifier) ON (n.id)
