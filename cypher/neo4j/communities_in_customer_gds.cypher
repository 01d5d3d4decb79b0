// Does a large customer fall into parts: which of its identifiers hang together closely (Louvain)?
// param customer text: a customer id
// returns community, identifier, kind
MATCH (c:Customer {id: $customer})-[:HAS]->(x:Identifier)
OPTIONAL MATCH (x)-[l:LINKED {followed: true}]->(y:Identifier)
WHERE (c)-[:HAS]->(y)
WITH gds.graph.project('scvgraph communities', x, y, {relationshipProperties: {weight: coalesce(l.weight, 0.0)}},
                       {undirectedRelationshipTypes: ['*']}) AS g
WITH g WHERE g IS NOT NULL
CALL gds.louvain.stream(g.graphName, {relationshipWeightProperty: 'weight', concurrency: 1}) YIELD nodeId, communityId
WITH g, communityId, gds.util.asNode(nodeId) AS i
WITH g, communityId, i ORDER BY i.id
WITH g, communityId, collect(i) AS members
WITH g, collect(members) AS parts
CALL gds.graph.drop(g.graphName) YIELD graphName
UNWIND parts AS members
WITH members ORDER BY size(members) DESC, members[0].id
WITH collect(members) AS parts
UNWIND range(1, size(parts)) AS community
UNWIND parts[community - 1] AS i
RETURN community, i.id AS identifier, i.kind AS kind
ORDER BY community, identifier
