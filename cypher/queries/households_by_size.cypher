// Which households hold the most customers, and what do they spend?
// param minimum whole = 2: at least so many customers
// param top whole = 50: at most so many rows
// returns household, customers, touchpoints, value
MATCH (c:Customer)
WHERE c.household IS NOT NULL
OPTIONAL MATCH (c)-[:MADE]->(t:Touchpoint)
WITH c.household AS household, count(DISTINCT c.id) AS customers, count(t) AS touchpoints,
     round(sum(CASE WHEN t.converted THEN coalesce(t.value, 0.0) ELSE 0.0 END), 2) AS value
WHERE customers >= $minimum
RETURN household, customers, touchpoints, value
ORDER BY customers DESC, household LIMIT $top
