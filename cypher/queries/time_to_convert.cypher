// How many days pass from a customer's first touchpoint to the first conversion?
// returns days, customers
MATCH (c:Customer)-[:MADE]->(t:Touchpoint {converted: true})
WHERE t.ts_ms IS NOT NULL
WITH c, min(t.ts_ms) AS bought
MATCH (c)-[:MADE]->(f:Touchpoint {seq: 1})
WHERE f.ts_ms IS NOT NULL
WITH (bought - f.ts_ms) / 86400000 AS days, c
RETURN days, count(c) AS customers
ORDER BY days
