// Who makes up a household, and what relates each to the others?
// param household text: a household id
// returns customer, other, why, strength
MATCH (c:Customer {household: $household})-[r:RELATED]->(o:Customer {household: $household})
RETURN c.id AS customer, o.id AS other, r.why AS why, r.strength AS strength
ORDER BY strength DESC, customer, other
