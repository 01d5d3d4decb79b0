// Do Neo4j's own components agree: which customers do weakly connected components over followed links join?
// param top whole = 50: at most so many rows
// returns customers, component, identifiers, one_customer, other_customer
MATCH (x:Identifier)
WHERE x.status = 'ok'
OPTIONAL MATCH (x)-[l:LINKED {followed: true}]->(y:Identifier)
WITH gds.graph.project('scvgraph components', x, y) AS g
WITH g WHERE g IS NOT NULL
CALL gds.wcc.stream(g.graphName) YIELD nodeId, componentId
WITH g, componentId, gds.util.asNode(nodeId) AS i
OPTIONAL MATCH (c:Customer)-[:HAS]->(i)
WITH g, c.id AS customer, componentId, count(i) AS identifiers
WITH g, collect({customer: customer, component: componentId, identifiers: identifiers}) AS found
CALL gds.graph.drop(g.graphName) YIELD graphName
UNWIND found AS row
WITH row.component AS component, collect(DISTINCT row.customer) AS held, sum(row.identifiers) AS identifiers
WHERE size(held) > 1
RETURN size(held) AS customers, component, identifiers, held[0] AS one_customer, held[1] AS other_customer
ORDER BY customers DESC, one_customer LIMIT $top
