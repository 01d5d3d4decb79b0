// Who makes up a household, and what relates each to the others?
// param household id: a household id
// returns customer, other, why, strength
MATCH (c:Customer {household: $household})
OPTIONAL MATCH (c)-[r:RELATED]-(o:Customer {household: $household})
RETURN c.id AS customer, o.id AS other, r.why AS why, r.strength AS strength
ORDER BY customer, strength DESC, other
