// Which identifiers of a kind touch several customers: tablets, kiosks, the family phone?
// param kind text = device_id: the kind of identifier
// param minimum whole = 2: at least so many customers
// param top whole = 50: at most so many rows
// returns value, status, customers
MATCH (i:Identifier {kind: $kind})-[:LINKED]-(o:Identifier)
MATCH (c:Customer)-[:HAS]->(o)
WITH i, count(DISTINCT c.id) AS customers
WHERE customers >= $minimum
RETURN i.value AS value, i.status AS status, customers
ORDER BY customers DESC, value LIMIT $top
