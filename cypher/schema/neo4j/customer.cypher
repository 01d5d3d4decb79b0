// A customer by its id.
CREATE INDEX scvgraph_customer IF NOT EXISTS FOR (n:Customer) ON (n.id)
