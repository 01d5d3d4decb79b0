// Which customers were met in several channels?
// param minimum whole = 2: at least so many channels
// param top whole = 50: at most so many rows
// returns customer, channels, touchpoints
MATCH (c:Customer)-[:MADE]->(t:Touchpoint)
WITH c.id AS customer, count(DISTINCT t.channel) AS channels, count(t.seq) AS touchpoints
WHERE channels >= $minimum
RETURN customer, channels, touchpoints
ORDER BY channels DESC, touchpoints DESC, customer LIMIT $top
