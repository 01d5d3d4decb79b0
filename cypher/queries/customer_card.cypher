// Who is behind an identifier: the customer, how much is known of it, what it has bought?
// param identifier text: kind:value, such as email:jane@x.com
// returns customer, first_seen, last_seen, identifiers, rows, touchpoints, conversions, value
MATCH (c:Customer)-[:HAS]->(i:Identifier {id: $identifier})
WITH DISTINCT c
OPTIONAL MATCH (c)-[:MADE]->(t:Touchpoint)
WITH c, count(t) AS touchpoints, sum(CASE WHEN t.converted THEN 1 ELSE 0 END) AS conversions,
     sum(CASE WHEN t.converted THEN coalesce(t.value, 0.0) ELSE 0.0 END) AS total
RETURN c.id AS customer, c.first_seen AS first_seen, c.last_seen AS last_seen, c.identifiers AS identifiers,
       c.rows AS rows, touchpoints, conversions, round(total, 2) AS value
ORDER BY customer
