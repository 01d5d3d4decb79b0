// Which customers hold more than so many identifiers of a kind?
// param kind text = loyalty_id: the kind of identifier
// param n whole = 1: more than so many
// param top whole = 50: at most so many rows
// returns customer, identifiers
MATCH (c:Customer)-[:HAS]->(i:Identifier {kind: $kind})
WITH c, count(DISTINCT i.value) AS identifiers
WHERE identifiers > $n
RETURN c.id AS customer, identifiers
ORDER BY identifiers DESC, customer LIMIT $top
