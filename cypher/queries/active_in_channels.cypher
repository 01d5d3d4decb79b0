// Which customers were met in every one of some channels?
// param channels texts: the channels, commas between
// param top whole = 50: at most so many rows
// returns customer, touchpoints, last
MATCH (c:Customer)-[:MADE]->(t:Touchpoint)
WHERE t.channel IN $channels
WITH c, count(DISTINCT t.channel) AS met, count(t) AS touchpoints, max(t.ts) AS last
WHERE met = size($channels)
RETURN c.id AS customer, touchpoints, last
ORDER BY touchpoints DESC, customer LIMIT $top
